"""A package that the worker makes, on the page on which it is asked for: how far it is, やめる, and its bytes."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, redirect, stream_with_context, url_for
from werkzeug.wrappers import Response as Answer

from identity.commands import authorise
from subsidy import commands, queries
from subsidy.errors import PackageFailed, ProjectUnknown
from subsidy.queries import PackageRow
from subsidy.views.filed import ZIP
from subsidy.views.frame import pages
from web.frame import error_classes

WHERE = "/group/<int:project_id>/<any(filing, result):kind>/package"


@pages.post(f"{WHERE}/stop")
def stop_package(project_id: int, kind: str) -> Answer:
    """やめる."""
    commands.stop_package(g.session, g.who, project_id, kind, now=g.clock())
    return back(project_id, kind)


@pages.get(f"{WHERE}/progress")
def package_progress(project_id: int, kind: str) -> Response:
    """How far it is, for the page that shows it."""
    authorise(g.session, g.who, "subsidy.read")
    if not queries.seat_of(g.session, g.who, project_id).is_lead:
        raise ProjectUnknown
    row = queries.newest_package(g.session, g.who.district_id, project_id, kind)
    return jsonify(done=row.done if row else 0, moves=row is not None and row.state == "moving")


def shown(row: PackageRow | None) -> dict[str, Any]:
    """The package that was asked for last, and why it could not be made; one of other things than now is no longer offered."""
    number = row.failed if row else None
    known = (kind for kind in error_classes() if kind.number == number and "%(" not in kind.text)
    return {"package": row, "refusal": next(known, PackageFailed)}


def given(row: PackageRow, name: str) -> Answer:
    """Its bytes, as a file of this name."""
    parts = stream_with_context(queries.package_bytes(g.session, g.who.district_id, row.id))
    return Response(parts, mimetype=ZIP, headers={"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"})


def back(project_id: int, kind: str) -> Answer:
    """To the page on which it is asked for."""
    return redirect(url_for(f".{kind}", project_id=project_id, _anchor="files"), 303)
