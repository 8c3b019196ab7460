"""What an EMV-M text says about one of our shops (rule 17), and the reasons why it pays nothing here."""

from __future__ import annotations

from dataclasses import dataclass

from merchant.rules.emv.build import DOMAIN
from merchant.rules.emv.elements import Element, EmvError, split
from merchant.rules.emv.parse import must_be_payable, parse
from merchant.rules.emv.values import YEN

ACCOUNTS = tuple(f"{tag:02d}" for tag in range(26, 52))
TIP = "55"


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where it points. `amount`: the yen written in it, None where the consumer types them. Neither is to be trusted."""

    district_code: str
    shop_code: str
    amount: int | None


def read_ours(payload: str) -> Pointed:
    """The shop and the amount in an EMV-M text that carries our template.

    Raises EmvError: what `parse` says of it, and then, the first that applies: unsupported_amount (yen with decimals),
    other_network (no template of ours), unsupported_currency, unsupported_country, unsupported_tip, bad_template.
    """
    elements = _parsed(payload)
    values = {element.tag: element.value for element in elements}
    ours = next((element for element in elements if element.tag in ACCOUNTS and _identifier(element) == DOMAIN), None)
    if ours is None:
        raise EmvError("other_network")
    must_be_payable(elements)
    if TIP in values:
        raise EmvError("unsupported_tip")
    parts = {child.tag: child.value for child in ours.children or ()}
    if "01" not in parts or "02" not in parts:
        raise EmvError("bad_template")
    amount = values.get("54")
    return Pointed(parts["01"], parts["02"], None if amount is None else int(amount))


def _parsed(payload: str) -> list[Element]:
    """`parse`, but yen with decimals are told from other values that are wrong."""
    try:
        return parse(payload)
    except EmvError as error:
        if error.reason == "bad_value":
            values = {element.tag: element.value for element in split(payload)}
            if values.get("53") == YEN and "." in values.get("54", ""):
                raise EmvError("unsupported_amount") from error
        raise


def _identifier(template: Element) -> str:
    return next((child.value for child in template.children or () if child.tag == "00"), "")
