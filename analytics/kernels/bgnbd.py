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
from analytics.kernels.fitting import Fit, Look, maximum, symmetric, trigamma
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
    """Log-likelihood of the part that differs from person to person, its slopes and its curvature.

    It is log(A + B), A that they stay and B that they have left. With the shares A / (A + B) = still and B / (A + B) = left the slopes are
    still × A' + left × B' and the curvature is still × A'' + left × B'' + still × left × (A' - B')(A' - B')ᵀ, A and B in logarithms.
    float64[15]: the value; slopes by r, alpha, a, b; the upper triangle of the curvature by rows.
    """
    log_a = np.log(a)
    value = by_r = by_alpha = by_a = by_b = 0.0
    r_r = r_alpha = r_a = r_b = alpha_alpha = alpha_a = alpha_b = a_a = a_b = b_b = 0.0
    for i in range(repeats.size):
        x = repeats[i]
        power = r + x
        per_age, log_age = 1 / (alpha + age[i]), np.log(alpha + age[i])
        alive = -power * log_age
        if x == 0:
            value += alive
            by_r -= log_age
            by_alpha -= power * per_age
            r_alpha -= per_age
            alpha_alpha += power * per_age * per_age
            continue
        per_recency, log_recency = 1 / (alpha + recency[i]), np.log(alpha + recency[i])
        per_b = 1 / (b + x - 1)
        further = log_a + np.log(per_b) - power * log_recency - alive  # how much likelier it is, in logarithms, that they have left
        small = np.exp(-abs(further))
        value += max(alive, alive + further) + np.log1p(small)
        left = (1.0 if further > 0 else small) / (1 + small)
        still = 1 - left
        rate = still * per_age + left * per_recency
        by_r -= still * log_age + left * log_recency
        by_alpha -= power * rate
        by_a += left
        by_b -= left * per_b
        both, off_r, off_alpha = still * left, log_age - log_recency, power * (per_age - per_recency)  # B' - A' by r, and by alpha
        r_r += both * off_r * off_r
        r_alpha += both * off_r * off_alpha - rate
        r_a += both * off_r
        r_b -= both * off_r * per_b
        alpha_alpha += both * off_alpha * off_alpha + power * (still * per_age * per_age + left * per_recency * per_recency)
        alpha_a += both * off_alpha
        alpha_b -= both * off_alpha * per_b
        a_a += both - left
        a_b -= both * per_b
        b_b += (both + left) * per_b * per_b
    of_a = 1 / a  # the slope of log a, by which all of a is still to be multiplied
    slopes = (by_r, by_alpha, by_a * of_a, by_b)
    curvature = (r_r, r_alpha, r_a * of_a, r_b, alpha_alpha, alpha_a * of_a, alpha_b, a_a * of_a * of_a, a_b * of_a, b_b)
    return np.array((value, *slopes, *curvature))


class Likelihood:
    """Log-likelihood of all persons, its gradient and its curvature. What depends on the number of repeats alone is worked out once a
    number."""

    def __init__(self, repeats: Int64, recency: Float, age: Float) -> None:
        self.pieces = cut(i64(repeats), f64(recency), f64(age), pieces=THREADS if repeats.size >= WORTH_THREADS else 1)
        self.x, self.persons = np.unique(repeats, return_counts=True)

    def __call__(self, parameters: Float) -> Look:
        r, alpha, a, b = (float(parameter) for parameter in parameters)
        sums = np.sum(mapped(_sums, self.pieces, r=r, alpha=alpha, a=a, b=b), axis=0)
        x, n, total = self.x, self.persons, self.persons.sum()
        value = float(n @ (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x)))
        value += total * float(gammaln(a + b) - gammaln(b) - gammaln(r) + r * np.log(alpha))
        shared = digamma(a + b) * total - n @ digamma(a + b + x)
        slopes = (
            n @ digamma(r + x) + total * (np.log(alpha) - digamma(r)),
            total * r / alpha,
            shared,
            shared + n @ digamma(b + x) - total * digamma(b),
        )
        curved = trigamma(a + b) * total - n @ trigamma(a + b + x)
        curvature = symmetric(sums[5:])
        curvature[:2, :2] += [[n @ trigamma(r + x) - total * trigamma(r), total / alpha], [total / alpha, -total * r / alpha**2]]
        curvature[2:, 2:] += curved
        curvature[3, 3] += n @ trigamma(b + x) - total * trigamma(b)
        return Look(value + float(sums[0]), sums[1:5] + slopes, curvature)


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
