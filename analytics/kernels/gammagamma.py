"""How much a person spends when they come: the Gamma-Gamma model.

Source: Fader & Hardie (2013), note 025, "The Gamma-Gamma Model of Monetary Value". A person's payments vary around a mean of their
own (shape p), and these means vary over people (shape q, scale gamma). Amount and number of payments are taken to be independent.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln

from analytics.kernels.columns import Float, Int64, f64, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.fitting import Fit, Look, maximum, symmetric, trigamma

NAMES = ("p", "q", "gamma")


@kernel
def _sums(repeats: Any, mean: Any, p: float, q: float, gamma: float) -> Any:
    """Over all persons: log(gamma + x z) and x times that; p x + q, x and 1, divided by gamma + x z; p x + q divided by its square."""
    logs = weighted = shares = rate = inverse = squares = 0.0
    for i in range(repeats.size):
        x = repeats[i]
        sum_of_yen = gamma + x * mean[i]
        log = np.log(sum_of_yen)
        logs += log
        weighted += x * log
        shares += (p * x + q) / sum_of_yen
        rate += x / sum_of_yen
        inverse += 1 / sum_of_yen
        squares += (p * x + q) / (sum_of_yen * sum_of_yen)
    return logs, weighted, shares, rate, inverse, squares


class Likelihood:
    """Log-likelihood of all persons, its gradient and its curvature; `repeats` ≥ 1."""

    def __init__(self, repeats: Int64, mean: Float) -> None:
        self.columns = i64(repeats), f64(mean)
        self.x, self.persons = np.unique(repeats, return_counts=True)
        self.log_means = float(np.log(mean).sum())
        self.spent = float(repeats @ np.log(mean)) + float(repeats @ np.log(repeats))

    def __call__(self, parameters: Float) -> Look:
        p, q, gamma = (float(parameter) for parameter in parameters)
        logs, weighted, shares, rate, inverse, squares = _sums(*self.columns, p, q, gamma)
        x, n, total = self.x, self.persons, self.persons.sum()
        value = float(n @ (gammaln(p * x + q) - gammaln(p * x))) + total * float(q * np.log(gamma) - gammaln(q))
        value += p * self.spent - self.log_means - p * weighted - q * logs
        slopes = (
            (n * x) @ (digamma(p * x + q) - digamma(p * x)) + self.spent - weighted,
            n @ digamma(p * x + q) + total * (np.log(gamma) - digamma(q)) - logs,
            total * q / gamma - shares,
        )
        both = trigamma(p * x + q)
        by_p = (n * x * x) @ (both - trigamma(p * x)), (n * x) @ both, -rate
        by_q = n @ both - total * trigamma(q), total / gamma - inverse
        return Look(float(value), np.array(slopes), symmetric(np.array((*by_p, *by_q, squares - total * q / gamma**2))))


def fit(repeats: Int64, mean: Float) -> Fit:
    """Parameters p, q and gamma (in the unit of `mean`, usually yen) with the greatest likelihood.

    `repeats` int64[n] ≥ 1: payments of each person; `mean` float64[n] > 0: their mean amount. Raises `FitFailed`.
    """
    scale = float(mean.mean()) if mean.size else 1.0
    found = maximum(Likelihood(repeats, mean / scale), NAMES, np.array([1.0, 2.0, 1.0]), rows=int(repeats.size))
    return found.rescaled("gamma", scale, log_likelihood=found.log_likelihood - repeats.size * math.log(scale))


def expected(fitted: Fit, repeats: Int64, mean: Float) -> Float:
    """Mean amount expected of each person's next payments, float64[n], in the unit of `mean` (equation 5 of the note).

    Whoever has no repeat (0) gets the mean over all people; with q ≤ 1 that is infinite, and nan is answered.
    """
    p, q, gamma = fitted.values
    below = p * repeats + q - 1
    return np.where(below > 0, p * (gamma + repeats * mean) / np.where(below > 0, below, 1.0), np.nan)
