"""Who will come again: the BG/NBD model of buying while alive.

Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2), 275-284; the likelihood in the
form of Fader & Hardie's note 027, which keeps large powers in logarithms.

A person buys at a rate of their own (gamma, shape r, rate alpha) until, after any purchase, they leave for good with a chance of
their own (beta, a and b). Nobody sees who has left: the model tells how probable it is.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, hyp2f1

from analytics.kernels.columns import THREADS, Float, Int64, cut, f64, i64, mapped
from analytics.kernels.compiler import kernel
from analytics.kernels.fitting import Fit, maximum
from analytics.kernels.rhythm import DaysPart

NAMES = ("r", "alpha", "a", "b")
WORTH_THREADS = 50_000
"""persons: below, starting threads takes longer than they save"""


class Summary(NamedTuple):
    """What the model needs of each person who ever paid; all of the same length, in days of the same clock."""

    person: Int64
    """int64: consumer code."""
    repeats: Int64
    """int64: days with a payment, without the first one (x)."""
    recency: Float
    """float64: days from the first payment to the last (t_x); 0 without repeats."""
    age: Float
    """float64: days from the first payment to the day of looking (T)."""


def summary(part: DaysPart, *, as_of: int) -> Summary:
    """The summary on the Tokyo day `as_of` (days since 1970-01-01), of everybody who paid on or before it.

    `part` is all days of visits (`rhythm.days_part`, months combined). Days after `as_of` are not looked at.
    """
    index = np.repeat(np.arange(part.start.size - 1), np.diff(part.start))
    seen = part.day <= as_of
    index, day = index[seen], part.day[seen].astype(np.int64)
    person, start, count = np.unique(index, return_index=True, return_counts=True)
    first, last = (day[start], day[start + count - 1]) if person.size else (day, day)
    return Summary(person, count - 1, (last - first).astype(np.float64), (as_of - first).astype(np.float64))


@kernel
def _sums(repeats: Any, recency: Any, age: Any, r: float, alpha: float, a: float, b: float) -> Any:
    """Log-likelihood of the part that differs from person to person, and its slopes."""
    value = slope_r = slope_alpha = slope_a = slope_b = 0.0
    log_a = np.log(a)
    for i in range(repeats.size):
        x = repeats[i]
        power = r + x
        log_alive = np.log(alpha + age[i])
        alive = -power * log_alive
        if x == 0:
            value += alive
            slope_r -= log_alive
            slope_alpha -= power / (alpha + age[i])
            continue
        log_gone = np.log(alpha + recency[i])
        further = log_a - np.log(b + x - 1) - power * log_gone - alive  # how much likelier it is, in logarithms, that they have left
        small = np.exp(-abs(further))
        value += max(alive, alive + further) + np.log1p(small)
        left = (1.0 if further > 0 else small) / (1 + small)
        still = 1 - left
        slope_r -= still * log_alive + left * log_gone
        slope_alpha -= power * (still / (alpha + age[i]) + left / (alpha + recency[i]))
        slope_a += left / a
        slope_b -= left / (b + x - 1)
    return value, slope_r, slope_alpha, slope_a, slope_b


class Likelihood:
    """Log-likelihood of all persons and its gradient. What depends on the number of repeats alone is worked out once a number."""

    def __init__(self, repeats: Int64, recency: Float, age: Float) -> None:
        self.pieces = cut(i64(repeats), f64(recency), f64(age), pieces=THREADS if repeats.size >= WORTH_THREADS else 1)
        self.x, self.persons = np.unique(repeats, return_counts=True)

    def __call__(self, parameters: Float) -> tuple[float, Float]:
        r, alpha, a, b = (float(parameter) for parameter in parameters)
        value, *slopes = np.sum(mapped(_sums, self.pieces, r=r, alpha=alpha, a=a, b=b), axis=0)
        x, n, total = self.x, self.persons, self.persons.sum()
        value += float(n @ (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x)))
        value += total * float(gammaln(a + b) - gammaln(b) - gammaln(r) + r * np.log(alpha))
        shared = digamma(a + b) * total - n @ digamma(a + b + x)
        same = (
            n @ digamma(r + x) + total * (np.log(alpha) - digamma(r)),
            total * r / alpha,
            shared,
            shared + n @ digamma(b + x) - total * digamma(b),
        )
        return float(value), np.add(slopes, same)


def fit(repeats: Int64, recency: Float, age: Float) -> Fit:
    """Parameters r, alpha (in the unit of time of `age`), a and b with the greatest likelihood; int64[n] and twice float64[n].

    Raises `FitFailed` (see `fitting.maximum`) when the data do not tell, as when nobody ever came twice.
    """
    scale = float(age.max(initial=0.0)) or 1.0
    likelihood = Likelihood(repeats, recency / scale, age / scale)
    moment = np.array([1.0, 1.0, 1.0, 1.0])
    found = maximum(likelihood, NAMES, moment, rows=int(repeats.size))
    # In the scaled clock each purchase has a density larger by `scale`.
    return found.rescaled("alpha", scale, log_likelihood=found.log_likelihood - float(repeats.sum()) * math.log(scale))


def alive(fitted: Fit, repeats: Int64, recency: Float, age: Float) -> Float:
    """Probability that each person has not left, float64[n] (Fader, Hardie & Lee 2008, note 021)."""
    r, alpha, a, b = fitted.values
    odds = a / np.maximum(b + repeats - 1, 1e-300) * np.exp((r + repeats) * np.log((alpha + age) / (alpha + recency)))
    return np.where(repeats > 0, 1 / (1 + odds), 1.0)


def expected(fitted: Fit, repeats: Int64, recency: Float, age: Float, *, ahead: float) -> Float:
    """Payments expected of each person in the next `ahead` units of time, float64[n] (equation 10 of the paper)."""
    r, alpha, a, b = fitted.values
    series = hyp2f1(r + repeats, b + repeats, a + b + repeats - 1, ahead / (alpha + age + ahead))
    grown: Float = 1 - ((alpha + age) / (alpha + age + ahead)) ** (r + repeats) * series
    return np.multiply((a + b + repeats - 1) / (a - 1) * grown, alive(fitted, repeats, recency, age))
