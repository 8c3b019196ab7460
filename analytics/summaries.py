"""Summary rows of customers as JSON, in and out of the models: for whoever tries a model without the product around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from analytics.errors import ModelUnfit, SummaryWrong
from analytics.kernels import bgnbd, gammagamma
from analytics.kernels.columns import Float
from analytics.kernels.fitting import Fit, FitFailed

LARGEST = 1e12
"""Of days or yen: beyond it a row is a mistake, and sums lose their last digits."""

STAGES = 3
"""Rows are read, their columns are sound, the model is fitted: `heard` is called after each."""
Heard = Callable[[], None]


def fit_bgnbd(source: str, heard: Heard = lambda: None) -> dict[str, Any]:
    """BG/NBD of rows with `frequency` (repeats, a whole number), `recency` and `T` (days or weeks, the same in all rows).

    Raises SummaryWrong, ModelUnfit.
    """
    rows = _rows(source)
    heard()
    frequency, recency, age = (_column(rows, name) for name in ("frequency", "recency", "T"))
    _refuse(frequency != np.floor(frequency), "frequency is not a whole number")
    _refuse(recency > age, "recency is after T")
    _refuse((frequency == 0) != (recency == 0), "recency is 0 without repeats, and only then")
    heard()
    return _answer("bgnbd", lambda: bgnbd.fit(frequency.astype(np.int64), recency, age), heard)


def fit_gammagamma(source: str, heard: Heard = lambda: None) -> dict[str, Any]:
    """Gamma-Gamma of rows with `frequency` and `monetary_value` (mean of a payment); rows without a repeat tell nothing, and are left out.

    Raises SummaryWrong, ModelUnfit.
    """
    rows = _rows(source)
    heard()
    frequency, mean = _column(rows, "frequency"), _column(rows, "monetary_value")
    _refuse(frequency != np.floor(frequency), "frequency is not a whole number")
    _refuse((frequency > 0) & (mean <= 0), "monetary_value is not above 0")
    came_again = frequency > 0
    heard()
    return _answer("gammagamma", lambda: gammagamma.fit(frequency[came_again].astype(np.int64), mean[came_again]), heard)


def _answer(model: str, fit: Any, heard: Heard) -> dict[str, Any]:
    try:
        fitted: Fit = fit()
    except FitFailed as why:
        raise ModelUnfit(reason=why.args[0]) from None
    heard()
    return {
        "model": model,
        "customers": fitted.rows,
        "parameters": dict(zip(fitted.names, fitted.values, strict=True)),
        "standard_errors": dict(zip(fitted.names, fitted.errors, strict=True)),
        "log_likelihood": fitted.log_likelihood,
    }


def _rows(source: str) -> list[dict[str, Any]]:
    """A JSON list of objects, or an object with such a list as `rows`, or one object a line."""
    try:
        found = json.loads(source)
    except ValueError:
        found = []
        for line, text in enumerate(source.splitlines(), 1):
            try:
                found += [json.loads(text)] if text.strip() else []
            except ValueError:
                raise SummaryWrong(line=line, detail="not JSON") from None
    if isinstance(found, dict):
        found = found.get("rows", [found])
    if not isinstance(found, list):
        raise SummaryWrong(line=0, detail="not a list of rows")
    for line, row in enumerate(found, 1):
        if not isinstance(row, dict):
            raise SummaryWrong(line=line, detail="not an object")
    return found


def _column(rows: list[dict[str, Any]], name: str) -> Float:
    column = np.zeros(len(rows))
    for line, row in enumerate(rows, 1):
        value = row.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise SummaryWrong(line=line, detail=f"{name} is not a number" if name in row else f"{name} is missing")
        if not 0 <= value <= LARGEST:
            raise SummaryWrong(line=line, detail=f"{name} is not between 0 and {LARGEST:.0f}")
        column[line - 1] = value
    return column


def _refuse(wrong: Any, detail: str) -> None:
    if wrong.any():
        raise SummaryWrong(line=int(np.argmax(wrong)) + 1, detail=detail)
