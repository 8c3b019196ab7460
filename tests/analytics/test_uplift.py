"""What a coupon brought, in towns where that is known: people choose it themselves, and those who come often choose it more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.guard import publish_effect
from analytics.guard.effects import may_be_set_off
from analytics.rules.keeping import kept_uplift, uplift_as_json
from analytics.rules.uplift import CALIPER, FEW, LESS, MORE, SAYS, SHORT, TREND, UNLIKE, ZERO, pairs, uplift
from tests.analytics.payments import QUICK

START, WEEKS = 18, 26


def town(seed: int, *, effect: float = 400.0, rising: float = 0.0, on_a_whim: bool = False, people: int = 1000):
    """Weekly yen of people with rates, amounts and passing moods of their own, and who took the coupon: the more they come, the likelier.

    `on_a_whim`: by the mood of the week before the start, which passes.
    `rising`: yen by which takers pay more with each week anyway, from six before the start on.
    """
    dice = np.random.default_rng(seed)
    rate = np.clip(dice.gamma(1.0, 0.5, people), 0.02, 5)
    mood = np.empty((people, WEEKS))
    mood[:, 0] = dice.normal(0, 0.4, people)
    for week in range(1, WEEKS):
        mood[:, week] = 0.7 * mood[:, week - 1] + dice.normal(0, 0.4 * np.sqrt(0.51), people)
    visits = dice.poisson(rate[:, None] * np.exp(mood - 0.08) * (1 + 0.02 * np.arange(WEEKS)))
    yen = visits * dice.lognormal(7, 0.5, people)[:, None] * dice.lognormal(-0.08, 0.4, (people, WEEKS))
    took = dice.random(people) < 0.35 * (1 - np.exp(-rate * np.exp(mood[:, START - 1 if on_a_whim else START - 9])))
    yen[took, START:] += effect * dice.gamma(2, 0.5, (took.sum(), WEEKS - START))
    yen[took] += rising * np.maximum(np.arange(WEEKS) - START + 6, 0)
    return np.maximum(yen, 0).round().astype(np.int64), took


@pytest.mark.parametrize(
    ("effect", "on_a_whim"), [(400.0, False), (0.0, False), (0.0, True)], ids=["it helps", "it does nothing", "taken on a whim"]
)
def test_the_interval_holds_the_truth_nineteen_times_in_twenty(effect, on_a_whim):
    """40 towns; what takers pay more than the others is off by hundreds of yen."""
    holds, told, found, plain = 0, 0, [], []
    for seed in range(40):
        yen, took = town(seed, effect=effect, on_a_whim=on_a_whim)
        seen = uplift(yen, took, may_tell=may_be_set_off, start=START)
        found.append(seen.effect)
        holds += seen.low <= effect <= seen.high
        told += seen.can_tell
        plain.append(yen[took, START:].mean() - yen[~took, START:].mean())
    assert holds >= 36
    assert np.mean(plain) > effect + 500
    assert np.mean(found) == pytest.approx(effect, abs=80)
    assert told >= 16 if effect else told <= 3


def test_the_weeks_before_are_shown_and_their_trend_forbids_an_answer():
    """Takers pay 200 yen more each week anyway, for ever: without the look back the coupon would get the praise."""
    verdicts = []
    for seed in range(10):
        yen, took = town(seed, effect=0, rising=200, people=4000)
        seen = uplift(yen, took, may_tell=may_be_set_off, start=START, proof=6)
        verdicts.append(seen.verdict)
        assert seen.by_week.size == seen.by_week_room.size == WEEKS - START + 6 and seen.before == 6
        assert seen.by_week[:6].mean() == pytest.approx(0, abs=1e-6) and seen.by_week[6:].mean() == pytest.approx(seen.effect)
    assert verdicts.count(TREND) >= 9
    assert not seen.can_tell and seen.says() == (SAYS[TREND], {})


def twins(takers: int, *, more: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Takers who all behave alike, twice as many others, and what takers pay more after the start."""
    dice = np.random.default_rng(0)
    yen = np.full((takers * 3, 12), 1000) + dice.integers(0, 2, (takers * 3, 12)) * np.arange(12)[None] // 8
    took = np.arange(takers * 3) % 3 == 0
    yen[took, 8:] += more
    return yen, took


def test_many_who_behave_exactly_alike_each_get_a_neighbour():
    yen, took = twins(300, more=250)
    seen = uplift(yen, took, may_tell=may_be_set_off, start=8, proof=3)
    assert (seen.takers, seen.pairs) == (300, 300)
    assert seen.verdict in (MORE, TREND) and seen.effect == pytest.approx(250, abs=1)
    yen, took = twins(300)
    yen[:, 5:8] = 1000
    yen[took, 8:] -= 99 + np.arange(300)[:, None] % 3
    seen = uplift(yen, took, may_tell=may_be_set_off, start=8, proof=3)
    assert seen.verdict == LESS and seen.says() == (SAYS[LESS], {"effect": 100, "low": 100, "high": 100})


@pytest.mark.parametrize("verdict", [SHORT, FEW, UNLIKE, "one person", "nobody"])
def test_what_cannot_be_told_is_not_told(verdict):
    yen, took = twins(9 if verdict == FEW else 30)
    start, proof = (6, 3) if verdict == SHORT else (8, 3)
    if verdict == UNLIKE:
        yen[np.flatnonzero(took)[:16]] *= np.random.default_rng(1).integers(2, 900, (16, 1))
    if verdict == "one person":
        yen[np.flatnonzero(took)[0], start:] = 10**9
    if verdict == "nobody":
        yen[:], verdict = 0, ZERO
    seen = uplift(yen, took, may_tell=may_be_set_off, start=start, proof=proof)
    assert seen.verdict == {"one person": FEW}.get(verdict, verdict) and not seen.can_tell
    text, facts = seen.says()
    assert text.startswith("まだ言えません") and (text % facts) and np.isnan(seen.effect) == (verdict != ZERO)


@QUICK
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 3, width=16)), min_size=2, max_size=30))
def test_pairs_are_those_that_a_patient_hand_would_make(rows):
    """Closest first, nobody twice, none beyond the caliper."""
    took = np.array([taker for taker, _ in rows])
    features = np.array([[value] for _, value in rows])
    if took.all() or not took.any():
        return
    spread = features[took].std() or 1.0
    place = np.column_stack([features[:, 0] / spread, np.arange(len(rows)) * (5**0.5 - 1) / 2 % 1 * 0.01])
    wanted, used = {}, set()
    away = sorted((np.hypot(*(place[a] - place[b])), a, b) for a in np.flatnonzero(took) for b in np.flatnonzero(~took))
    for far, taker, other in away:
        if far < CALIPER and taker not in wanted and other not in used:
            wanted[taker] = other
            used.add(other)
    assert dict(zip(*(side.tolist() for side in pairs(features, took)), strict=True)) == wanted


@pytest.mark.parametrize("spread", [0, 300], ids=["all alike", "as people are"])
def test_two_nights_do_not_tell_what_the_one_person_paid_who_took_it_in_between(spread):
    """Whoever knows all the others' payments and last night's answer tries every sum for the one: those that would give tonight's answer
    lie apart by two fifths, though before that one the pairs differed by nearly nothing."""
    dice = np.random.default_rng(2)
    yen, took = twins(100)
    yen[:, 8:] = 1_000 + dice.normal(0, spread, (300, 4)).astype(int)
    someone = np.flatnonzero(took)[0]
    yen[someone, 10] = 4_000

    def answer(paid):
        yen[someone, 10] = 1_000 + paid
        seen = publish_effect(yen, took, start=8)
        return [each.tolist() if isinstance(each, np.ndarray) else each for each in seen._replace(trend_p=0)]

    tonight = repr(answer(3_000))
    same = [paid for paid in range(0, 9_000, 200) if repr(answer(paid)) == tonight]
    assert max(same) - min(same) >= 0.4 * 3_000


def test_what_few_people_or_one_of_them_make_is_told_neither_in_all_nor_week_by_week():
    """Ten takers of whom two pay four fifths and one fifth: the second would know the first one's. A week in which three of sixty pay is a
    gap in the picture, and what is kept of it too."""
    yen, took = twins(30, more=250)
    yen[:, 8:] = 0
    yen[np.flatnonzero(took)[:2], 8] = 80_000, 19_000
    assert publish_effect(yen, took, start=8).verdict == FEW
    yen, took = twins(300, more=250)
    yen[:, 9] = 0
    yen[np.flatnonzero(took)[:3], 9] = 4_000
    seen = publish_effect(yen, took, start=8)
    assert np.isnan(seen.by_week).nonzero()[0].tolist() == [5] == np.isnan(seen.by_week_room).nonzero()[0].tolist()
    assert kept_uplift(uplift_as_json(seen)).by_week.tolist()[:5] == seen.by_week.tolist()[:5]


def test_what_is_kept_of_an_effect_is_coarse_already():
    """People in full tens, yen in few digits: whoever reads the table of effects learns no more than the page."""
    yen, took = town(3)
    seen = publish_effect(yen, took, start=START)
    assert seen.takers % 10 == seen.pairs % 10 == 0
    figures = [seen.effect, seen.low, seen.high, *seen.by_week.tolist(), *seen.by_week_room.tolist()]
    assert all(len(str(abs(int(each))).rstrip("0")) <= 2 and each == int(each) for each in figures if np.isfinite(each))
