"""Greatest likelihood of a model with positive parameters, and how sure the answer is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

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


def maximum(likelihood: Callable[[Float], tuple[float, Float]], names: tuple[str, ...], start: Float, *, rows: int) -> Fit:
    """The greatest `likelihood`, which answers its value and its gradient at the parameters, all above zero.

    Searched by L-BFGS-B over the logarithms, within `BORDER`, so that no parameter becomes negative. Raises `FitFailed`: "few_rows" with
    fewer rows than parameters, "no_maximum" when the search ends at the border or without rest, "flat" when the curvature there is
    not that of a maximum, so that other values fit as well.
    """
    if rows <= len(names):
        raise FitFailed("few_rows")
    looks = 0

    def cost(logs: Float) -> tuple[float, Float]:
        nonlocal looks
        looks += 1
        parameters = np.exp(logs)
        value, gradient = likelihood(parameters)
        return -value / rows, -gradient * parameters / rows

    borders = [(float(np.log(BORDER[0])), float(np.log(BORDER[1])))] * len(names)
    found = minimize(
        cost, np.log(start), jac=True, method="L-BFGS-B", bounds=borders, options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 500}
    )
    at_border = any(min(abs(log - low), abs(log - high)) < 1e-6 for log, (low, high) in zip(found.x, borders, strict=True))
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e-4 or at_border:
        raise FitFailed("no_maximum")
    parameters: Float = np.exp(found.x)
    return Fit(
        names,
        tuple(float(value) for value in parameters),
        _errors(likelihood, parameters),
        -float(found.fun) * rows,
        rows,
        looks,
    )


def _errors(likelihood: Callable[[Float], tuple[float, Float]], parameters: Float) -> tuple[float, ...]:
    """Square roots of the diagonal of the inverse of the observed information, by central differences of the exact gradient."""
    steps = 1e-5 * parameters
    curvature = np.empty((parameters.size, parameters.size))
    for i, step in enumerate(steps):
        move = np.zeros(parameters.size)
        move[i] = step
        curvature[i] = (likelihood(parameters - move)[1] - likelihood(parameters + move)[1]) / (2 * step)
    curvature = (curvature + curvature.T) / 2
    if np.linalg.eigvalsh(curvature * np.outer(parameters, parameters)).min() <= 0:
        raise FitFailed("flat")
    return tuple(float(error) for error in np.sqrt(np.diag(np.linalg.inv(curvature))))
