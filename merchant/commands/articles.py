"""品目: the owner says what the till sells. What is over stays in the books; a list comes in whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from base.db import atomic
from identity.queries import Principal
from ledger.errors import KeyReused
from merchant.commands.owner import authorise_owner
from merchant.errors import ArticlesTooMany, ArticleTaxDiffers, ArticleUnknown, BarcodeTaken
from merchant.models import Article, Merchant
from merchant.queries.articles import ArticleFacts, facts_of
from merchant.queries.register_choice import register_choice

MOST = 10_000
"""Articles of one shop: a till searches all of them at each letter."""


@dataclass(frozen=True, slots=True)
class ArticleList:
    """A list that was looked at. `edits`: number and facts; `new`: line of the file and facts. `key`: one for each list that is sent."""

    edits: tuple[tuple[int, ArticleFacts], ...]
    new: tuple[tuple[int, ArticleFacts], ...]
    key: UUID


def add_article(session: Session, who: Principal, merchant_id: int, facts: ArticleFacts, *, key: UUID, now: datetime) -> int:
    """Sell something more; the same key adds it once, and is no key for another one. The number of the article.

    Raises ArticleTaxDiffers, BarcodeTaken, ArticlesTooMany, KeyReused.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_articles", merchant_id)
        _keep(session, who.district_id, merchant_id, [], [(key, facts)], now)
        row = session.scalars(select(Article).where(Article.district_id == who.district_id, Article.key == key)).one()
        untouched = row.changed_at == row.made_at
        if row.merchant_id != merchant_id or (untouched and facts_of(row) != facts):
            raise KeyReused
        return row.id


def edit_article(session: Session, who: Principal, merchant_id: int, article_id: int, facts: ArticleFacts, *, now: datetime) -> None:
    """Say something else of it, from the next receipt on. Raises ArticleTaxDiffers, ArticleUnknown, BarcodeTaken."""
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_articles", merchant_id, subject=f"article:{article_id}")
        _keep(session, who.district_id, merchant_id, [(article_id, facts)], [], now)


def end_article(session: Session, who: Principal, merchant_id: int, article_id: int, *, now: datetime) -> None:
    """Sell it no more. Twice is once. Raises ArticleUnknown for what never was this shop's."""
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_articles", merchant_id, subject=f"article:{article_id}")
        row = session.get(Article, (who.district_id, article_id), with_for_update=True, populate_existing=True)
        if row is None or row.merchant_id != merchant_id:
            raise ArticleUnknown
        if row.ended_at is None:
            row.ended_at = row.changed_at = now


def keep_articles(session: Session, who: Principal, merchant_id: int, listed: ArticleList, *, now: datetime) -> None:
    """All rows of a list, or none of them; sent twice, it is kept once.

    Raises ArticleTaxDiffers, ArticleUnknown, BarcodeTaken, ArticlesTooMany.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_articles", merchant_id, subject="list")
        new = [(uuid5(listed.key, str(line)), facts) for line, facts in listed.new]
        _keep(session, who.district_id, merchant_id, listed.edits, new, now)


def _keep(
    session: Session,
    district_id: int,
    merchant_id: int,
    edits: Sequence[tuple[int, ArticleFacts]],
    new: Sequence[tuple[UUID, ArticleFacts]],
    now: datetime,
) -> None:
    """Change and add, one list after the other. `new` by key: what is there already is left as it is."""
    session.execute(select(Merchant.id).where(Merchant.district_id == district_id, Merchant.id == merchant_id).with_for_update())
    tax_inside = register_choice(session, district_id, merchant_id).tax_inside
    if any(facts.tax_inside != tax_inside for _, facts in (*edits, *new)):
        raise ArticleTaxDiffers
    there = (Article.district_id == district_id, Article.merchant_id == merchant_id)
    known = set(session.scalars(select(Article.key).where(*there, Article.key.in_([key for key, _ in new]))))
    new = [(key, facts) for key, facts in new if key not in known]
    live = {row.id: row for row in session.scalars(select(Article).where(*there, Article.ended_at.is_(None)))}
    if any(article_id not in live for article_id, _ in edits):
        raise ArticleUnknown
    if len(live) + len(new) > MOST:
        raise ArticlesTooMany(most=MOST)
    edited = {article_id for article_id, _ in edits}
    taken = {row.barcode: row.name for row in live.values() if row.id not in edited}
    for facts in [facts for _, facts in (*edits, *new)]:
        if facts.barcode and facts.barcode in taken:
            raise BarcodeTaken(barcode=facts.barcode, name=taken[facts.barcode])
        taken[facts.barcode] = facts.name
    for article_id, _ in edits:
        live[article_id].barcode = None  # two that exchange their codes
    session.flush()
    for article_id, facts in edits:
        for name, value in _columns(facts).items():
            setattr(live[article_id], name, value)
        live[article_id].changed_at = now
    session.flush()
    same = {"district_id": district_id, "merchant_id": merchant_id, "made_at": now, "changed_at": now, "ended_at": None}
    if new:
        session.execute(insert(Article), [{"key": key, **same, **_columns(facts)} for key, facts in new])


def _columns(facts: ArticleFacts) -> dict[str, Any]:
    coming = facts.coming
    said = {each.name: getattr(facts, each.name) for each in fields(facts) if each.name != "coming"}
    then = {f"next_{name}": None if coming is None else getattr(coming, name) for name in ("day", "price", "rate", "eat_in_price")}
    return said | then
