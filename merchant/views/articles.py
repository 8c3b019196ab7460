"""品目: the owner's list of what the till sells, one by one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import g, redirect, request, url_for
from marshmallow import EXCLUDE
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import tokyo_day
from merchant import commands, queries
from merchant.queries import ArticleRow
from merchant.schemas import ArticleSchema, ArticlesPageSchema, KeySchema, NewArticlePageSchema
from merchant.views.frame import at_desk, desk_page, pages
from web import forms

PAGE = 100


@pages.get("/shop/articles")
@at_desk
def articles() -> str:
    """What is sold, in the order of the till; found by name, reading or barcode."""
    wanted = ArticlesPageSchema().load(request.args)
    every = every_article()
    found = [row for row in every if queries.article_answers_to(row, wanted["q"]) and wanted["category"] in ("", row.facts.category)]
    shown = found[(wanted["page"] - 1) * PAGE : wanted["page"] * PAGE]
    more = len(found) > wanted["page"] * PAGE
    return desk_page(
        "merchant/articles.html",
        rows=shown,
        found=len(found),
        total=len(every),
        wanted=wanted,
        more=more,
        categories=queries.categories(every),
    )


@pages.get("/shop/articles/new")
@at_desk
def new_article() -> str:
    """The empty form; what stands in the address is filled in."""
    every = every_article()
    barcode = NewArticlePageSchema().load(request.args)["barcode"]
    return _form(None, every, max((row.facts.place for row in every), default=0) + 10, barcode)


@pages.post("/shop/articles/new")
@at_desk
def add_article() -> Answer:
    """One more. Pressed twice, it is there once."""
    key: UUID = forms.load(KeySchema)["key"]
    commands.add_article(g.session, g.who, g.shop.id, _facts(), key=key, now=g.clock())
    return redirect(url_for(".articles"), 303)


@pages.get("/shop/articles/<int(max=9223372036854775807):article_id>")
@at_desk
def article(article_id: int) -> str:
    """One article: what it costs and what it is called."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    row = queries.article(g.session, g.shop.district_id, g.shop.id, article_id).on(tokyo_day(g.clock()))
    return _form(row, every_article(), row.facts.place)


@pages.post("/shop/articles/<int(max=9223372036854775807):article_id>")
@at_desk
def edit_article(article_id: int) -> Answer:
    """From the next receipt on it is so."""
    commands.edit_article(g.session, g.who, g.shop.id, article_id, _facts(), now=g.clock())
    return redirect(url_for(".articles"), 303)


@pages.post("/shop/articles/<int(max=9223372036854775807):article_id>/end")
@at_desk
def end_article(article_id: int) -> Answer:
    """It is sold no more; receipts keep its name."""
    commands.end_article(g.session, g.who, g.shop.id, article_id, now=g.clock())
    return redirect(url_for(".articles"), 303)


def every_article() -> list[ArticleRow]:
    """What the shop sells, as it is today."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    today = tokyo_day(g.clock())
    return [row.on(today) for row in queries.articles(g.session, g.shop.district_id, g.shop.id)]


def _facts() -> queries.ArticleFacts:
    """What the form says of an article; the key of its intention stands beside it."""
    facts: queries.ArticleFacts = forms.load(ArticleSchema(today=tokyo_day(g.clock()), unknown=EXCLUDE))
    return facts


def _form(row: ArticleRow | None, every: list[ArticleRow], place: int, barcode: str = "") -> str:
    choice = queries.register_choice(g.session, g.shop.district_id, g.shop.id)
    has_picture = row is not None and row.id in queries.article_pictures(g.session, g.shop.district_id, g.shop.id)
    return desk_page(
        "merchant/article.html",
        row=row,
        place=place,
        categories=queries.categories(every),
        choice=choice,
        tomorrow=tokyo_day(g.clock()) + timedelta(days=1),
        barcode=barcode,
        has_picture=has_picture,
    )
