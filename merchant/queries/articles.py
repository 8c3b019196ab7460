"""Articles of a shop, in the order of the till."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from merchant.errors import ArticleUnknown
from merchant.models import Article
from merchant.queries.register_choice import RegisterChoice
from merchant.queries.shops import plain
from merchant.rules.bill import Bill, rate_of, work_out
from merchant.rules.invoice import REDUCED, Line


@dataclass(frozen=True, slots=True)
class Coming:
    """What holds from the midnight (Tokyo) on which `day` begins: yen and percent, None for what stays as it is."""

    day: date
    price: int | None = None
    rate: int | None = None
    eat_in_price: int | None = None


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What a shop says of an article. `price` in yen, None where it is typed at the till; `eat_in_price` None where it is the same.

    `tax_inside`: as the shop writes all its prices and receipts: one that were counted over would be a yen off its price tag.
    `rate`: percent; `eat_in`: of a reduced article, whether it is also eaten here, at the standard rate. `place`: small ones first.
    `coming`: what changes by itself, on which day.
    """

    name: str
    reading: str
    category: str
    price: int | None
    tax_inside: bool
    rate: int
    eat_in: bool
    eat_in_price: int | None
    barcode: str | None
    place: int
    coming: Coming | None = None

    def on(self, day: date) -> ArticleFacts:
        """As it is sold on a day in Tokyo. What is not reduced any more has one price, wherever it is eaten."""
        coming = self.coming
        if coming is None or day < coming.day:
            return self
        changed = {name: said for name in ("price", "rate", "eat_in_price") if (said := getattr(coming, name)) is not None}
        then = replace(self, coming=None, **changed)
        return then if then.rate == REDUCED else replace(then, eat_in=False, eat_in_price=None)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One that is sold now. `facts`: as the owner last wrote them; on a day that has come they are `facts.on(day)`."""

    id: int
    facts: ArticleFacts

    def on(self, day: date) -> ArticleRow:
        return ArticleRow(self.id, self.facts.on(day))


def articles(session: Session, district_id: int, merchant_id: int) -> list[ArticleRow]:
    """Everything that is sold now, as the till shows it."""
    query = (
        select(Article)
        .where(Article.district_id == district_id, Article.merchant_id == merchant_id, Article.ended_at.is_(None))
        .order_by(Article.place, Article.id)
        .execution_options(populate_existing=True)
    )
    return [_as_row(row) for row in session.scalars(query)]


def article(session: Session, district_id: int, merchant_id: int, article_id: int) -> ArticleRow:
    """One that is sold now. Raises ArticleUnknown, also for another shop's."""
    row = session.get(Article, (district_id, article_id), populate_existing=True)
    if row is None or row.merchant_id != merchant_id or row.ended_at is not None:
        raise ArticleUnknown
    return _as_row(row)


def article_names(session: Session, district_id: int, merchant_id: int, numbers: Iterable[int]) -> dict[int, str]:
    """What the shop calls these articles of its own now, or called them last."""
    mine = (Article.district_id == district_id, Article.merchant_id == merchant_id, Article.id.in_(numbers))
    return {row.id: row.name for row in session.execute(select(Article.id, Article.name).where(*mine))}


def articles_mark(session: Session, district_id: int, merchant_id: int) -> str:
    """Another word whenever an article of the shop has changed: what a till kept is still good while it is the same."""
    query = select(func.count(), func.max(Article.changed_at)).where(Article.district_id == district_id, Article.merchant_id == merchant_id)
    count, changed = session.execute(query).one()
    return f"{count}-{int(changed.timestamp() * 1_000_000)}" if count else ""


def categories(rows: Iterable[ArticleRow]) -> list[str]:
    """分類 in the order in which they first appear, without the empty one."""
    return list(dict.fromkeys(row.facts.category for row in rows if row.facts.category))


def article_answers_to(row: ArticleRow, part: str) -> bool:
    """Whether name or reading has this part in it, or the barcode begins with it; width, capitals, blanks and kind of kana aside."""
    wanted = plain(part)
    return (
        not wanted
        or any(wanted in plain(word) for word in (row.facts.name, row.facts.reading))
        or (row.facts.barcode or "").startswith(wanted)
    )


def bill_of_articles(choice: RegisterChoice, taken: Sequence[tuple[ArticleRow, int]], *, eat_in: bool) -> tuple[Bill, int]:
    """A bill of so many pieces of each, at the articles' own prices (none of them typed), and what it comes to in yen."""
    lines = []
    for row, qty in taken:
        it = row.facts
        rate = rate_of(it.rate, eat_in=eat_in, also_eaten_here=it.eat_in)
        price = it.eat_in_price if eat_in and it.eat_in_price is not None else it.price
        assert price is not None, it.name
        lines.append(Line(it.name, qty, price, rate))
    articles = tuple(row.id for row, _ in taken)
    bill = Bill(tuple(lines), articles, (), eat_in, choice.mode, choice.rounding)
    return bill, work_out(bill).totals.total


def facts_of(row: Article) -> ArticleFacts:
    """As the owner last wrote them."""
    return ArticleFacts(
        name=row.name,
        reading=row.reading,
        category=row.category,
        price=row.price,
        tax_inside=row.tax_inside,
        rate=row.rate,
        eat_in=row.eat_in,
        eat_in_price=row.eat_in_price,
        barcode=row.barcode,
        place=row.place,
        coming=Coming(row.next_day, row.next_price, row.next_rate, row.next_eat_in_price) if row.next_day else None,
    )


def _as_row(row: Article) -> ArticleRow:
    return ArticleRow(row.id, facts_of(row))
