"""Requests made up from the OpenAPI document: whatever a program sends, the answer is documented and never a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.api.conftest import MakeProgram
from tests.town import CARD_PIN, Town
from web.pace import Pace

ELSEWHERE = [ignored_auth, positive_data_acceptance]
"""Who may come in is tested resource by resource; and a value may fit the document and still be refused (834.0 yen, a made-up
cursor), which is what 422 is for."""
EXAMPLES = 15
"""For each operation and token: enough to find a slip, few enough for a minute."""


@pytest.fixture
def real(district: Town) -> dict[str, list[Any]]:
    """Numbers and codes that exist, so that the fuzz reaches beyond the first refusal."""
    hanako, yamada, bakery = district.consumer(coins=50_000), district.card_holder(coins=50_000), district.shop().is_agent()
    paid = [hanako.pays(bakery, amount).transaction_id for amount in (100, 2_000)]
    return {
        "shop": [bakery],
        "payment_id": [*paid, bakery.refunds(paid[1], 10).transaction_id],
        "request_id": [str(bakery.asks(300).id), str(bakery.asks(400).id)],
        "code": [hanako.shows_code().text, yamada.card.text, yamada.card.number, district.blank_card().text],
        "pin": [CARD_PIN],
        "series": ["akari"],
    }


def with_real_values(case: Case, real: dict[str, list[Any]], draw: Callable[..., Any]) -> None:
    """Half of the time, put something that exists where the document asks for a number or a code."""
    for part in (case.path_parameters, case.body):
        if isinstance(part, dict):
            for name in part.keys() & real.keys():
                if draw(st.booleans()):
                    part[name] = draw(st.sampled_from(real[name]))


def fuzz(operation: APIOperation, send: Callable[[Case], None], real: dict[str, list[Any]]) -> None:
    """Send what fits the document, with real values among it, and what does not."""
    made_up = {mode: operation.as_strategy(generation_mode=mode) for mode in GenerationMode}

    @given(mode=st.sampled_from(list(GenerationMode)), data=st.data())
    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def one(mode: GenerationMode, data: st.DataObject) -> None:
        case = data.draw(made_up[mode])
        if mode is GenerationMode.POSITIVE:
            with_real_values(case, real, data.draw)
        send(case)

    one()


@pytest.mark.parametrize("holder", ["shop", "clerk"])
def test_no_request_makes_the_api_fail(
    app: Flask, monkeypatch: pytest.MonkeyPatch, district: Town, program: MakeProgram, real: dict[str, list[Any]], holder: str
) -> None:
    """No 5xx, nothing undocumented, always the shape that the document promises."""
    caller = program(shop=real["shop"][0]) if holder == "shop" else program(clerk=district.clerk().person_id)
    monkeypatch.setitem(app.extensions, "meguri.api.pace", Pace(per_second=1_000, burst=100_000))  # this program may hurry
    address = f"https://{district.host}"
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, base_url=address)
    seen: set[int] = set()

    def send(case: Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {caller.token}"}, base_url=address)
        seen.add(answer.status_code)
        case.validate_response(answer, excluded_checks=ELSEWHERE)

    for result in schema.get_all_operations():
        fuzz(result.ok(), send, real)
    assert {200, 422} <= seen and all(status < 500 for status in seen)
    assert district.difference() == 0
