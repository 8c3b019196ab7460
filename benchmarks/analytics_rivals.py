"""The same questions for DuckDB, Polars and scipy.sparse, asked as well as we could.

What was tried for fairness: columns as narrow as ours; `n`, the number of a row in the order of time, as the one integer to sort by;
calendar by integer arithmetic and by timestamps; distinct persons by two groupings in place of COUNT(DISTINCT), which is slower in both;
Polars eager and streaming. An engine's fastest way counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl
from scipy import sparse

from benchmarks.analytics_payments import Payments


class Rival(NamedTuple):
    engine: str
    """`DuckDB`, or `DuckDB: another way`."""
    ask: Callable[[], Any]
    dense: Callable[[Any], list[Any]]
    """The answer as the arrays that ours gives; not measured."""


SEASON = "((month(moment) + 9) % 12) // 3"
SLOTS = f"""SELECT shop, ({SEASON}) * 168 + weekday * 24 + hour AS slot, consumer, yen FROM (
    SELECT shop, consumer, yen, hour, weekday, moment FROM (
        SELECT shop, consumer, yen, (t + 32400) // 3600 % 24 AS hour, ((t + 32400) // 86400 + 3) % 7 AS weekday,
               make_timestamp((t + 32400) * 1000000) AS moment FROM payment))"""
BY_DAY = "SELECT shop, consumer, yen, day.slot + (t + 32400) // 3600 % 24 AS slot FROM payment JOIN day ON day.day = (t + 32400) // 86400"
MONTH = "(year(make_timestamp((t + 32400) * 1000000)) - 1970) * 12 + month(make_timestamp((t + 32400) * 1000000)) - 1"

SQL: dict[str, dict[str, str]] = {
    "RFM by consumer": {
        "DuckDB": "SELECT consumer, max(t) AS last, count(*) AS payments, sum(yen)::BIGINT AS total FROM payment GROUP BY consumer",
        "DuckDB: last row": """SELECT best.consumer, t AS last, payments, total FROM (
            SELECT consumer, max(n) AS n, count(*) AS payments, sum(yen)::BIGINT AS total FROM payment GROUP BY consumer) best
            JOIN payment USING (n)""",
    },
    "monthly cohorts": {
        f"DuckDB: {way}": f"""WITH paid AS (
                SELECT consumer, month, count(*) AS payments, sum(yen)::BIGINT AS yen FROM ({months}) GROUP BY consumer, month),
            since AS ({first})
            SELECT cohort, month - cohort AS age, count(*) AS persons, sum(payments)::BIGINT AS payments, sum(yen)::BIGINT AS yen,
                max(yen) AS most FROM since GROUP BY cohort, age"""
        for way, months, first in (
            (
                "timestamps, window",
                f"SELECT consumer, yen, {MONTH} AS month FROM payment",
                "SELECT *, min(month) OVER (PARTITION BY consumer) AS cohort FROM paid",
            ),
            (
                "calendar, join",
                "SELECT consumer, yen, day.month FROM payment JOIN day ON day.day = (t + 32400) // 86400",
                "SELECT * FROM paid JOIN (SELECT consumer, min(month) AS cohort FROM paid GROUP BY consumer) USING (consumer)",
            ),
        )
    },
    "profiles: payments and yen": {
        f"DuckDB: {way}": f"SELECT shop, slot, count(*) AS payments, sum(yen)::BIGINT AS yen FROM ({slots}) GROUP BY shop, slot"
        for way, slots in (("timestamps", SLOTS), ("calendar", BY_DAY))
    },
    "profiles: persons and largest too": {
        f"DuckDB: {way}": f"""SELECT shop, slot, count(*) AS persons, sum(payments)::BIGINT AS payments, sum(yen)::BIGINT AS yen,
                max(payments) AS most_payments, max(yen) AS most FROM (
            SELECT shop, slot, consumer, count(*) AS payments, sum(yen)::BIGINT AS yen FROM ({slots}) GROUP BY shop, slot, consumer)
            GROUP BY shop, slot"""
        for way, slots in (("timestamps", SLOTS), ("calendar", BY_DAY))
    },
    "transitions ≤ 24 h": {
        f"DuckDB: {way}": f"""SELECT before, shop, count(*) AS persons, sum(moves)::BIGINT AS moves, sum(yen)::BIGINT AS yen,
                max(moves) AS most_moves, max(yen) AS most FROM (
            SELECT before, shop, consumer, count(*) AS moves, sum(yen)::BIGINT AS yen FROM ({lagged}) GROUP BY before, shop, consumer)
            GROUP BY before, shop"""
        for way, lagged in (
            (
                "partitions",
                """SELECT * FROM (SELECT consumer, shop, yen, t - lag(t) OVER person AS gap, lag(shop) OVER person AS before
                FROM payment WINDOW person AS (PARTITION BY consumer ORDER BY n)) WHERE gap <= 86400""",
            ),
            (
                "sorted, then streaming",
                """SELECT * FROM (SELECT consumer, shop, yen, t - lag(t) OVER () AS gap, lag(shop) OVER () AS before,
                lag(consumer) OVER () AS who FROM (SELECT * FROM payment ORDER BY consumer, n)) WHERE who = consumer AND gap <= 86400""",
            ),
        )
    },
    "rolling 28 days with visitors": {
        "DuckDB": """WITH paid AS (
                SELECT shop, (t + 32400) // 86400 - $since AS d, consumer, count(*) AS payments, sum(yen)::BIGINT AS yen
                FROM payment GROUP BY shop, d, consumer),
            stay AS (SELECT shop, d, lead(d) OVER (PARTITION BY shop, consumer ORDER BY d) AS next FROM paid),
            change AS (
                SELECT shop, d, sum(diff)::BIGINT AS change FROM (
                    SELECT shop, d, count(*) AS diff FROM stay GROUP BY shop, d
                    UNION ALL SELECT shop, least(coalesce(next, d + 28), d + 28) AS d, -count(*) AS diff FROM stay GROUP BY 1, 2)
                GROUP BY shop, d),
            daily AS (SELECT shop, d, sum(payments)::BIGINT AS payments, sum(yen)::BIGINT AS yen FROM paid GROUP BY shop, d),
            grid AS (SELECT shop.range AS shop, day.range AS d FROM range($shops) shop, range($days) day)
            SELECT shop, d, (sum(payments) OVER last)::BIGINT AS payments, (sum(yen) OVER last)::BIGINT AS yen,
                (sum(change) OVER past)::BIGINT AS visitors
            FROM (SELECT shop, d, coalesce(payments, 0) AS payments, coalesce(yen, 0) AS yen, coalesce(change, 0) AS change
                  FROM grid LEFT JOIN daily USING (shop, d) LEFT JOIN change USING (shop, d))
            WINDOW last AS (PARTITION BY shop ORDER BY d ROWS 27 PRECEDING),
                past AS (PARTITION BY shop ORDER BY d ROWS UNBOUNDED PRECEDING)""",
    },
}


def rivals(payments: Payments, *, consumers: int, shops: int) -> dict[str, list[Rival]]:
    """Every way of every engine, by question, with the columns loaded into each."""
    since = int((payments.at[0] + 32_400) // 86_400)
    days = int((payments.at[-1] + 32_400) // 86_400) - since + 1
    calendar = _calendar(since, days)
    months = int(calendar["month"][-1] - calendar["month"][0]) + 1
    shapes: dict[str, tuple[Sequence[str], tuple[int, ...], Any]] = {
        "RFM by consumer": (("consumer",), (consumers,), np.iinfo(np.int64).min),
        "monthly cohorts": (("cohort", "age"), (months, months), 0),
        "profiles: payments and yen": (("shop", "slot"), (shops, 4, 7, 24), 0),
        "profiles: persons and largest too": (("shop", "slot"), (shops, 4, 7, 24), 0),
        "transitions ≤ 24 h": (("before", "shop"), (shops, shops), 0),
        "rolling 28 days with visitors": (("d", "shop"), (days, shops), 0),
    }

    def dense(name: str) -> Callable[[Any], list[Any]]:
        keys, shape, empty = shapes[name]
        first = (int(calendar["month"][0]), 0) if name == "monthly cohorts" else (0,) * len(keys)
        return lambda table: _dense(table, keys, shape, first, empty)

    found: dict[str, list[Rival]] = {}
    database = _duckdb(payments, calendar)
    given = {"since": since, "days": days, "shops": shops}
    for name, ways in SQL.items():
        for way, sql in ways.items():
            known = {key: value for key, value in given.items() if f"${key}" in sql}
            found.setdefault(name, []).append(
                Rival(way, lambda sql=sql, known=known: database.execute(sql, known).fetchnumpy(), dense(name))
            )
    frame = pl.DataFrame({**payments._asdict(), "n": np.arange(len(payments.at), dtype=np.int32)}).with_columns(
        pl.col("at", "n").set_sorted()
    )
    for name, question in _polars(frame.lazy(), pl.DataFrame(calendar).lazy(), since, days, shops).items():
        for engine in ("in-memory", "streaming"):
            ask = lambda question=question, engine=engine: question.collect(engine=engine)  # noqa: E731  one line of two
            found[name].append(Rival(f"Polars: {engine}", ask, dense(name)))
    found["co-visits"] = [Rival("scipy.sparse", lambda: _sparse(payments, consumers, shops), lambda both: [both.toarray()])]
    return found


def _calendar(since: int, days: int) -> dict[str, Any]:
    """One row a day: its month since 1970 and the first cell of its season and weekday."""
    day = np.arange(since, since + days)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    slot = ((month + 10) % 12 // 3 * 7 + (day + 3) % 7) * 24
    return {"day": day.astype(np.int64), "month": month.astype(np.int32), "slot": slot.astype(np.int32)}


def _duckdb(payments: Payments, calendar: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    names = {"t": payments.at, "consumer": payments.consumer, "shop": payments.shop, "yen": payments.yen}  # "at" is a word of SQL
    _store(database, "payment", {**names, "n": np.arange(len(payments.at), dtype=np.int32)})
    _store(database, "day", calendar)
    return database


def _store(database: duckdb.DuckDBPyConnection, name: str, columns: dict[str, Any]) -> None:
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM columns")  # it finds the argument by its name


def _dense(table: Any, keys: Sequence[str], shape: tuple[int, ...], first: tuple[int, ...], empty: Any) -> list[Any]:
    columns = {name: np.asarray(table[name]) for name in (table.columns if isinstance(table, pl.DataFrame) else table)}
    place = tuple(columns.pop(key).astype(np.int64) - low for key, low in zip(keys, first, strict=True))
    flat = (shape[0], int(np.prod(shape[1:]))) if len(keys) == 2 else shape
    answer = []
    for number, values in enumerate(columns.values()):
        field = np.full(flat, empty if number == 0 else 0, np.int64)
        field[place] = values
        answer.append(field.reshape(shape))
    return answer


def _polars(paid: pl.LazyFrame, calendar: pl.LazyFrame, since: int, days: int, shops: int) -> dict[str, pl.LazyFrame]:
    day = ((pl.col("at") + 32_400) // 86_400).alias("day")
    count, yen = pl.len().cast(pl.Int64).alias("payments"), pl.col("yen").sum()
    slot = (pl.col("slot") + ((pl.col("at") + 32_400) // 3_600 % 24).cast(pl.Int32)).alias("slot")
    dated = paid.with_columns(day).join(calendar, on="day", how="left")
    slotted = dated.with_columns(slot)
    persons = (pl.len().alias("persons"), pl.col("payments").sum(), pl.col("yen").sum())
    most = (pl.col("payments").max().alias("most_payments"), pl.col("yen").max().alias("most"))
    by_month = dated.group_by("consumer", "month").agg(count, yen)
    first = by_month.group_by("consumer").agg(pl.col("month").min().alias("cohort"))
    moved = (
        paid.with_columns(pl.col("at").shift(1).over("consumer").alias("then"), pl.col("shop").shift(1).over("consumer").alias("before"))
        .filter(pl.col("at") - pl.col("then") <= 86_400)
        .group_by("before", "shop", "consumer")
        .agg(count, yen)
    )
    return {
        "RFM by consumer": paid.group_by("consumer").agg(pl.col("at").max(), count, yen),
        "monthly cohorts": by_month.join(first, on="consumer")
        .group_by("cohort", (pl.col("month") - pl.col("cohort")).alias("age"))
        .agg(*persons, most[1]),
        "profiles: payments and yen": slotted.group_by("shop", "slot").agg(count, yen),
        "profiles: persons and largest too": slotted.group_by("shop", "slot", "consumer")
        .agg(count, yen)
        .group_by("shop", "slot")
        .agg(*persons, *most),
        "transitions ≤ 24 h": moved.group_by("before", "shop").agg(*persons, *most),
        "rolling 28 days with visitors": _polars_rolling(paid.with_columns((day - since).cast(pl.Int32).alias("d")), days, shops),
    }


def _polars_rolling(paid: pl.LazyFrame, days: int, shops: int) -> pl.LazyFrame:
    mine = paid.group_by("shop", "d", "consumer").agg(pl.len().cast(pl.Int64).alias("payments"), pl.col("yen").sum())
    stay = mine.sort("shop", "consumer", "d").with_columns(pl.col("d").shift(-1).over("shop", "consumer").alias("next"))
    came = stay.group_by("shop", "d").agg(pl.len().cast(pl.Int64).alias("by"))
    ends = pl.min_horizontal(pl.col("next").fill_null(10**6), pl.col("d") + 28).alias("d")
    left = stay.select("shop", ends).group_by("shop", "d").agg(-pl.len().cast(pl.Int64).alias("by"))
    change = pl.concat([came, left.select("shop", "d", "by")]).group_by("shop", "d").agg(pl.col("by").sum())
    daily = mine.group_by("shop", "d").agg(pl.col("payments").sum(), pl.col("yen").sum())
    grid = pl.DataFrame(
        {"shop": np.repeat(np.arange(shops, dtype=np.int32), days), "d": np.tile(np.arange(days, dtype=np.int32), shops)}
    ).lazy()
    whole = grid.join(daily, on=("shop", "d"), how="left").join(change, on=("shop", "d"), how="left").fill_null(0).sort("shop", "d")
    return whole.select(
        "shop",
        "d",
        pl.col("payments").rolling_sum(28, min_samples=1).over("shop"),
        pl.col("yen").rolling_sum(28, min_samples=1).over("shop"),
        pl.col("by").cum_sum().over("shop"),
    )


def _sparse(payments: Payments, consumers: int, shops: int) -> Any:
    """Distinct persons shared by two shops: the incidence matrix times itself."""
    paid = sparse.coo_matrix((np.ones(len(payments.at), np.int32), (payments.consumer, payments.shop)), shape=(consumers, shops)).tocsr()
    paid.data[:] = 1  # duplicates were added up
    return paid.T @ paid
