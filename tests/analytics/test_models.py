"""Who comes again and what they spend: models against published answers, against slow ones, and against people made by the model itself.

`data/cdnow.csv` is the sample of 2,357 people who began to buy at CDNOW in the first quarter of 1997, 39 weeks (Fader & Hardie 2001), as
`bgnbd` and `gammagamma` of the papers summarise it: repeats, weeks to the last one, weeks looked at, mean amount of repeats.
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln, gammaln

import wsgi
from analytics.errors import ModelUnfit, SummaryWrong
from analytics.kernels import bgnbd, gammagamma, rhythm
from analytics.kernels.fitting import Fit, FitFailed
from tests.analytics.payments import CONSUMERS, DAY, PAYMENTS, QUICK, columns

POSITIVE = st.floats(0.05, 20)


@pytest.fixture(scope="module")
def cdnow():
    with (Path(__file__).parent / "data" / "cdnow.csv").open() as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    return rows


@pytest.fixture(scope="module")
def people(cdnow):
    frequency, recency, age = (np.array([row[name] for row in cdnow]) for name in ("frequency", "recency", "T"))
    return frequency.astype(np.int64), recency, age


def plain(parameters, repeats, recency, age):
    """Equation 6 of the paper, person by person, as it is printed."""
    r, alpha, a, b = parameters
    total = 0.0
    for x, last, whole in zip(repeats.tolist(), recency.tolist(), age.tolist(), strict=True):
        alive = betaln(a, b + x) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * math.log(alpha) - (r + x) * math.log(alpha + whole)
        gone = -math.inf
        if x:
            gone = (
                betaln(a + 1, b + x - 1)
                - betaln(a, b)
                + gammaln(r + x)
                - gammaln(r)
                + r * math.log(alpha)
                - (r + x) * math.log(alpha + last)
            )
        total += np.logaddexp(alive, gone)
    return total


def errors(likelihood, values):
    """Standard errors from second differences of a log-likelihood: its curvature, turned around."""
    steps = np.diag([2e-3 * value for value in values])
    here = np.array(values)

    def sides(one, other):
        return sum(sign * other_sign * likelihood(here + sign * one + other_sign * other) for sign in (1, -1) for other_sign in (1, -1))

    curvature = [[-sides(one, other) / (4 * one.sum() * other.sum()) for other in steps] for one in steps]
    return np.sqrt(np.diag(np.linalg.inv(curvature)))


def plain_amounts(parameters, repeats, mean):
    """Equation 1a of the note, over all people at once: how likely so many payments have this mean."""
    p, q, gamma = parameters
    shares = np.log(gamma / (gamma + repeats * mean)), np.log(repeats * mean / (gamma + repeats * mean))
    return float((q * shares[0] + p * repeats * shares[1] - np.log(mean) - betaln(p * repeats, q)).sum())


def test_bgnbd_finds_what_the_paper_found(people):
    """Parameters: table 2 of the paper. Standard errors of all four: from the curvature of the paper's own formula, in steps by hand."""
    found = bgnbd.fit(*people)
    assert found.values == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.0006)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert found.errors == pytest.approx(errors(lambda parameters: plain(parameters, *people), found.values), rel=2e-3)


def test_gamma_gamma_finds_what_the_note_found(cdnow):
    bought = [row for row in cdnow if row["frequency"]]
    repeats, mean = np.array([int(row["frequency"]) for row in bought]), np.array([row["monetary_value"] for row in bought])
    found = gammagamma.fit(repeats, mean)
    assert found.values == pytest.approx((6.25, 3.74, 15.44), abs=0.011)
    assert found.errors == pytest.approx(errors(lambda parameters: plain_amounts(parameters, repeats, mean), found.values), rel=2e-3)
    in_yen = gammagamma.fit(repeats, mean * 150)
    assert in_yen.values == pytest.approx((found.values[0], found.values[1], found.values[2] * 150), rel=1e-3)
    assert in_yen.errors == pytest.approx((found.errors[0], found.errors[1], found.errors[2] * 150), rel=1e-2)
    # The more often they came, the more their own mean counts.
    often, seldom, new = gammagamma.expected(found, np.array([50, 1, 0]), np.array([100.0, 100.0, 0.0]))
    assert 95 < often < 100 and new < seldom < often


def test_who_comes_again_and_who_has_left(people):
    """The person of the paper's example: 2 repeats, the last in week 30.43 of 38.86: 1.226 more in the next 39 weeks."""
    found = bgnbd.fit(*people)
    person = np.array([2]), np.array([30.43]), np.array([38.86])
    assert bgnbd.expected(found, *person, ahead=39.0) == pytest.approx([1.226], abs=0.001)
    silent = bgnbd.alive(found, np.array([0, 20, 20]), np.array([0.0, 38.0, 20.0]), np.array([38.86] * 3))
    assert silent[0] == 1 and silent[1] > 0.9 and silent[2] < 0.05


@QUICK
@given(
    st.tuples(POSITIVE, POSITIVE, POSITIVE, POSITIVE),
    st.lists(st.tuples(st.integers(0, 300), st.floats(0, 1), st.floats(0, 400)), max_size=6),
)
def test_the_likelihood_is_that_of_the_paper_and_its_slopes_and_curvature_are_its_own(parameters, rows):
    repeats = np.array([x for x, _, _ in rows], np.int64)
    age = np.array([age for _, _, age in rows], np.float64)
    recency = np.where(repeats > 0, age * [share for _, share, _ in rows], 0.0)
    likelihood = bgnbd.Likelihood(repeats, recency, age)
    value, slopes, curvature = likelihood(np.array(parameters))
    assert value == pytest.approx(plain(parameters, repeats, recency, age), rel=1e-9, abs=1e-9)
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-5 * parameters[i]
        after, before = likelihood(parameters + step), likelihood(parameters - step)
        assert slopes[i] == pytest.approx((after.value - before.value) / (2 * step[i]), rel=1e-3, abs=1e-3)
        assert curvature[i] == pytest.approx((after.slopes - before.slopes) / (2 * step[i]), rel=1e-3, abs=1e-3)


def test_gamma_gamma_is_the_mean_over_all_that_people_may_be():
    """A person's amounts have shape p and rate nu, and nu is gamma(q, gamma): integrated by hand for one person."""
    p, q, gamma, x, mean = 3.0, 2.5, 8.0, 4, 5.0

    def density(nu):
        own = p * x * math.log(nu * x) + (p * x - 1) * math.log(mean) - nu * x * mean - gammaln(p * x)
        return math.exp(own + q * math.log(gamma) + (q - 1) * math.log(nu) - gamma * nu - gammaln(q))

    value = gammagamma.Likelihood(np.array([x]), np.array([mean]))(np.array([p, q, gamma])).value
    assert value == pytest.approx(math.log(quad(density, 0, 50)[0]), rel=1e-6)
    fitted = Fit(gammagamma.NAMES, (p, q, gamma), (0.0, 0.0, 0.0), value, 1, 1)
    later = quad(lambda nu: p / nu * density(nu), 1e-9, 50)[0] / math.exp(value)
    assert gammagamma.expected(fitted, np.array([x]), np.array([mean])) == pytest.approx([later], rel=1e-6)


@QUICK
@given(PAYMENTS, st.integers(-3, 800))
def test_a_summary_is_what_the_days_say(rows, after):
    at, consumer, *_ = columns(rows)
    seen = sorted({(c, (t + 32_400) // DAY) for t, c in zip(at.tolist(), consumer.tolist(), strict=True)})
    as_of = (seen[0][1] if seen else 0) + after
    by_person: dict[int, list[int]] = {}
    for person, day in seen:
        if day <= as_of:
            by_person.setdefault(person, []).append(day)
    got = bgnbd.summary(rhythm.days_part(at, consumer, consumers=CONSUMERS), as_of=as_of)
    assert [tuple(row) for row in zip(*(column.tolist() for column in got), strict=True)] == [
        (person, len(days) - 1, days[-1] - days[0], as_of - days[0]) for person, days in by_person.items()
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(0, 0.0, 0.0)] * 3, "few_rows"),
        ([(0, 0.0, 30.0)] * 50, "no_maximum"),
        ([(5, 30.0, 30.0)] * 50, "no_maximum"),
    ],
    ids=["three people", "nobody came twice", "all did the same"],
)
def test_data_that_do_not_tell_are_said_to(rows, reason):
    repeats, recency, age = (np.array(column) for column in zip(*rows, strict=True))
    with pytest.raises(FitFailed, match=reason):
        bgnbd.fit(repeats, recency, age)


def ask(verb: str, text: str):
    return CliRunner().invoke(wsgi.meguri, ["analytics", verb], input=text)


def test_the_terminal_takes_rows_and_answers_parameters(cdnow):
    lines = "\n".join(json.dumps(row) for row in cdnow)
    for text in (json.dumps(cdnow), json.dumps({"rows": cdnow}), lines):
        told = ask("bgnbd", text)
        answer = json.loads(told.stdout)
        assert "bgnbd" in told.stderr, "a bar, beside the answer"
        assert answer["customers"] == 2357 and round(answer["parameters"]["alpha"], 3) == 4.414
    answer = json.loads(ask("gammagamma", json.dumps(cdnow)).stdout)
    assert answer["customers"] == 946 and answer["standard_errors"]["gamma"] > 0


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("[1]", 1, "not an object"),
        ("3", 0, "not a list of rows"),
        ('{"frequency": 1}\nx', 2, "not JSON"),
        ('[{"frequency": 1, "recency": 2}]', 1, "T is missing"),
        ('[{"frequency": 1.5, "recency": 2, "T": 3}]', 1, "frequency is not a whole number"),
        ('[{"frequency": 1, "recency": 4, "T": 3}]', 1, "recency is after T"),
        ('[{"frequency": 1, "recency": 0, "T": 3}]', 1, "recency is 0 without repeats, and only then"),
        ('[{"frequency": 1, "recency": -1, "T": 3}]', 1, "recency is not between 0 and 1000000000000"),
        ('[{"frequency": 1, "recency": NaN, "T": 3}]', 1, "recency is not between 0 and 1000000000000"),
        ('[{"frequency": 1, "recency": "2", "T": 3}]', 1, "recency is not a number"),
    ],
)
def test_a_wrong_row_is_named(text, line, detail):
    refusal = ask("bgnbd", text).exception
    assert isinstance(refusal, SummaryWrong) and refusal.facts == {"line": line, "detail": detail}


def test_nobody_is_told_of_as_such():
    assert isinstance(ask("bgnbd", "[]").exception, ModelUnfit)
    assert isinstance(ask("gammagamma", '[{"frequency": 0, "monetary_value": 0}]').exception, ModelUnfit)
