"""オープンデータ: the page and the files that outside may have, and the desk's switch."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from analytics import commands
from analytics.open_data.files import LICENCE, catalog
from analytics.open_data.tables import KINDS
from analytics.queries.open_data import open_file, open_files, switched
from analytics.views.frame import pages
from identity.permissions import may

outside = Blueprint("open_data", __name__, template_folder="../templates")
DAY_S = 86_400


@outside.get("/open-data")
def page() -> str:
    """What there is, month by month, and what is withheld and why."""
    files = open_files(g.session, g.district.id)
    months = sorted({file.month for file in files}, reverse=True)
    of_month = {month: {file.name: file for file in files if file.month == month} for month in months}
    return render_template("analytics/open_data.html", kinds=KINDS, months=months, files=of_month, licence=LICENCE, back=None)


@outside.get("/open-data/<month>/<name>.csv")
def file(month: str, name: str) -> Response:
    """One table of one month; the same bytes for ever."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        abort(404)
    content = open_file(g.session, g.district.id, first, name)
    if content is None:
        abort(404)
    answer = Response(content, content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{g.district.slug}-{name}-{month}.csv"'
    return _for_everybody(answer)


@outside.get("/open-data/catalog.jsonld")
def catalogue() -> Response:
    """All files with what they mean, for machines (DCAT)."""
    base = url_for(".page", _external=True)
    files = open_files(g.session, g.district.id)
    answer = jsonify(catalog(base, g.district.name, g.district.association, files))
    answer.mimetype = "application/ld+json"
    return _for_everybody(answer)


def _for_everybody(answer: Response) -> Response:
    """Pages of other sites may read it, and anybody may keep it for a day."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.cache_control.public, answer.cache_control.max_age = True, DAY_S
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@pages.get("/desk/open-data")
def desk_open_data() -> str:
    """Whether it is on, what it means, and what is out."""
    newest = switched(g.session, g.who)
    files = open_files(g.session, g.district.id)
    return render_template(
        "analytics/open_data_desk.html",
        switched=newest,
        decides=may(g.who.roles, None, "analytics.switch_open_data"),
        by=identity.queries.nicknames(g.session, g.who.district_id, [newest.by]).get(newest.by) if newest else None,
        kinds=KINDS,
        months=sorted({file.month for file in files}, reverse=True),
        withheld={month: sum(file.withheld for file in files if file.month == month) for month in {file.month for file in files}},
        own_name=identity.queries.person_profile(g.session, g.who).nickname,
    )


@pages.post("/desk/open-data")
def switch_open_data() -> Answer:
    """公開する・止める."""
    commands.switch_open_data(g.session, g.who, is_on=request.form.get("on") == "yes", now=g.clock())
    return redirect(url_for(".desk_open_data"), 303)
