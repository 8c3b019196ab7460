"""Cash that is counted: drawers, floats, the safe and the bank."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from association.commands import BankDeposit, CloseDrawer, CountSafe
from association.rules.cash import DENOMINATIONS
from association.schemas.parts import Line, at_least, without_blanks
from web.fields import Key, Yen


class Pieces(Yen):
    """How many of one note or coin; nothing typed is none."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _l("枚数は数字だけで入れてください。"),
        "invalid_amount": _l("枚数は数字だけで入れてください。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(load_default=0, validate=validate.Range(0, 99_999, error=_l("枚数は数字だけで入れてください。")), **kwargs)


class CountSchema(Schema.from_dict({f"n{value}": Pieces() for value in DENOMINATIONS})):
    """金種: a field for each note and coin, `n10000` to `n1`, as `pieces` for the command."""

    key = Key(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, (*(f"n{value}" for value in DENOMINATIONS), "stays"))

    def taken_together(self, data: dict[str, Any]) -> dict[str, Any]:
        pieces = {value: data.pop(f"n{value}") for value in DENOMINATIONS}
        return {**data, "pieces": {value: count for value, count in pieces.items() if count}}


class CloseDrawerSchema(CountSchema):
    """What was found in a clerk's drawer, and what the page had said of it."""

    stays = Yen(load_default=0, validate=at_least(0))
    expected = fields.Integer(required=True, validate=validate.Range(0, 2**53))
    after = fields.Integer(required=True, validate=validate.Range(0, 2**53))
    reason = Line(200, optional=True)

    def __init__(self, clerk_id: int) -> None:
        super().__init__()
        self.context_clerk = clerk_id

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> CloseDrawer:
        return CloseDrawer(clerk_id=self.context_clerk, **self.taken_together(data))


class DepositSchema(CountSchema):
    """Cash on its way from the safe to the bank."""

    note = Line(80, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> BankDeposit:
        return BankDeposit(**self.taken_together(data))


class CountSafeSchema(CountSchema):
    """What lies in the safe, and what the page had said of it."""

    expected = fields.Integer(required=True, validate=validate.Range(-(2**53), 2**53))
    reason = Line(200, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> CountSafe:
        return CountSafe(**self.taken_together(data))


class CashSchema(Schema):
    """So much cash: a float for a drawer, or what an agent brings."""

    amount = Yen(required=True, validate=at_least(1))
    key = Key(required=True)


class SafeSchema(Schema):
    """Where the safe's list goes on: position and number of the last line shown."""

    class Meta:
        unknown = EXCLUDE

    before = fields.String(load_default=None, validate=validate.Regexp(r"[0-9]{1,18}\.[0-9]{1,18}$"))

    @post_load
    def to_position(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        position = tuple(int(part) for part in data["before"].split(".")) if data["before"] else None
        return {"before": position}


class CashBudgetSchema(Schema):
    """What may be topped up against cash in a day."""

    class Meta:
        unknown = EXCLUDE

    most = Yen(required=True, validate=at_least(1))
    note = Line(200, optional=True)
