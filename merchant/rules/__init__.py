"""Codes and receipts as pure functions: standard library and base only, no session, no clock. Source of the rules: qr.md, invoice.md.

`RULES` answers the questions of `meguri rules` by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from merchant.rules.questions import answer_build, answer_cpm, answer_crc, answer_parse, answer_token
from merchant.rules.receipt_questions import answer_receipts, answer_return_tenders, answer_returns

RULES: dict[str, Callable[[dict[str, Any]], object]] = {
    "qr.crc": answer_crc,
    "qr.build": answer_build,
    "qr.parse": answer_parse,
    "qr.token": answer_token,
    "qr.cpm": answer_cpm,
    "invoice.receipts": answer_receipts,
    "invoice.returns": answer_returns,
    "invoice.return_tenders": answer_return_tenders,
}
