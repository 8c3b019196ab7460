"""The calculators of the subsidy as pure functions: exact integers, rule data by call and version, each amount with its chain.

Standard library and base only, no session, no clock. `RULES` answers the questions of `meguri rules` by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from subsidy.rules import questions

RULES: dict[str, Callable[[dict[str, Any]], object]] = {
    "subsidy.grant": questions.answer_grant,
    "subsidy.explain": questions.answer_explain,
    "subsidy.effect": questions.answer_effect,
    "subsidy.effect_window": questions.answer_effect_window,
    "subsidy.documents": questions.answer_documents,
    "subsidy.duplicate": questions.answer_duplicate,
    "subsidy.allocate": questions.answer_allocate,
    "subsidy.finalise": questions.answer_finalise,
}
