"""Pictures of articles: the owner brings them, the till shows them."""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from merchant import commands, queries
from merchant.commands.pictures import BYTES_MAX
from merchant.views.frame import Place, at_desk, at_till, pages
from web import forms


@pages.post("/shop/articles/<int(max=9223372036854775807):article_id>/picture")
@forms.takes_files(BYTES_MAX + 64 * 1024)
@at_desk
def set_article_picture(article_id: int) -> Answer:
    """This picture from now on; without a file, none."""
    sent = request.files.get("file")
    content = None
    if sent and sent.filename:
        with sent.stream as stream:
            content = stream.read(BYTES_MAX + 1)
    commands.set_picture(g.session, g.who, g.shop.id, article_id, content, now=g.clock())
    return redirect(url_for(".article", article_id=article_id), 303)


@pages.get("/shop/articles/<int(max=9223372036854775807):article_id>/picture.jpg")
@at_desk
def owners_picture(article_id: int) -> Response:
    """As the owner's page shows it."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return _jpeg(queries.article_picture(g.session, g.shop.district_id, g.shop.id, article_id), "private, no-cache")


@pages.get("/till/register/pictures/<int(max=9223372036854775807):article_id>/<digest>.jpg")
@at_till
def till_picture(article_id: int, digest: str) -> Response:
    """As the tile shows it. Another picture has another address, so this one may be kept."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    content = queries.article_picture(g.session, place.who.district_id, place.shop.id, article_id)
    return _jpeg(content, "private, max-age=31536000, immutable")


def _jpeg(content: bytes, kept: str) -> Response:
    answer = Response(content, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = kept
    return answer
