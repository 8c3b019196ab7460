"""Greatest likelihood of a model with positive parameters, and how sure the answer is."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import polygamma

from analytics.kernels.columns import Float

BORDER = 1e-4, 1e4
"""Where a parameter is taken to run away: times the unit of the scaled data."""


class FitFailed(Exception):
    """The data do not tell: too few rows, or a parameter that runs away or has no certain value. `args[0]` is why, a stable word."""


class Fit(NamedTuple):
    """Parameters, and the standard error of each from the curvature at the maximum (observed information)."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    errors: tuple[float, ...]
    log_likelihood: float
    rows: int
    looks: int
    """how often the likelihood was worked out"""

    def rescaled(self, name: str, scale: float, *, log_likelihood: float) -> Fit:
        """The same model for data in units smaller by `scale`: one parameter grows with it, and so does its error."""
        factors = [scale if each == name else 1.0 for each in self.names]
        return self._replace(
            values=tuple(value * factor for value, factor in zip(self.values, factors, strict=True)),
            errors=tuple(error * factor for error, factor in zip(self.errors, factors, strict=True)),
            log_likelihood=log_likelihood,
        )


class Look(NamedTuple):
    """A likelihood at one place: its logarithm, and the first and second derivatives of that by the parameters."""

    value: float
    slopes: Float
    curvature: Float
    """float64[parameters, parameters], symmetric"""


def symmetric(upper: Float) -> Float:
    """The whole matrix from its upper triangle by rows."""
    size = math.isqrt(2 * upper.size)
    matrix = np.zeros((size, size))
    matrix[np.triu_indices(size)] = upper
    return matrix + np.triu(matrix, 1).T


def trigamma(x: Any) -> Any:
    """The slope of digamma."""
    return polygamma(1, x)


def maximum(likelihood: Callable[[Float], Look], names: tuple[str, ...], start: Float, *, rows: int) -> Fit:
    """The greatest `likelihood` of parameters that are all above zero.

    Searched over their logarithms by Newton's steps within a region of trust (Conn, Gould & Toint 2000) with the exact curvature: that
    takes a third of the looks that gradients alone do, and tells the errors as well. Raises `FitFailed`: "few_rows" with fewer rows than
    parameters, "no_maximum" when the search leaves `BORDER` or ends without rest, "flat" when the curvature there is not that of a
    maximum, so that other values fit as well.
    """
    if rows <= len(names):
        raise FitFailed("few_rows")
    looks = 0

    @lru_cache(maxsize=1)  # value, slopes and curvature of one place are asked for one after the other
    def cost(*logs: float) -> Look:
        nonlocal looks
        looks += 1
        parameters = np.exp(logs)
        if not ((BORDER[0] < parameters) & (parameters < BORDER[1])).all():
            return Look(np.inf, np.zeros(len(names)), np.eye(len(names)))
        found = likelihood(parameters)
        slopes = found.slopes * parameters
        curvature = found.curvature * np.outer(parameters, parameters) + np.diag(slopes)
        return Look(-found.value / rows, -slopes / rows, -curvature / rows)

    found = minimize(
        lambda logs: cost(*logs).value,
        np.log(start),
        jac=lambda logs: cost(*logs).slopes,
        hess=lambda logs: cost(*logs).curvature,
        method="trust-exact",
        options={"gtol": 1e-8, "maxiter": 100},
    )
    parameters: Float = np.exp(found.x)
    here = cost(*found.x)
    if not np.abs(here.slopes).max() < 1e-6:
        raise FitFailed("no_maximum")
    if np.linalg.eigvalsh(here.curvature).min() <= 0:
        raise FitFailed("flat")
    errors = parameters * np.sqrt(np.diag(np.linalg.inv(here.curvature)) / rows)
    values, sure = (tuple(each.tolist()) for each in (parameters, errors))
    return Fit(names, values, sure, -float(found.fun) * rows, rows, looks)
