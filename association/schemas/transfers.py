"""振込データの設定, the file of a run, and transfers that come back."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewReturn, NewTransferTerms, ReturnedTransfer
from association.rules.zengin import FEE_BEARERS, Band, Sender
from association.rules.zengin.files import PLACE_NAME_MAX, SENDER_KINDS, SENDER_NAME_MAX
from association.schemas.bank_details import BankName, Figures
from association.schemas.parts import Day, Line, without_blanks
from web.fields import Yen

RETURN_REASONS = ("closed", "unknown", "name", "other")


class Fee(Yen):
    """Yen of a bank's fee, with tax; 0 where it takes nothing."""

    def __init__(self) -> None:
        super().__init__(load_default=0, validate=validate.Range(0, 100_000))


class TransferTermsSchema(Schema):
    """From where shops are paid. Fees in two bands: below `from_yen`, and from it on."""

    code = Figures(20)
    name = BankName(SENDER_NAME_MAX)
    bank_code = Figures(8)
    bank_name = BankName(PLACE_NAME_MAX, optional=True)
    branch_code = Figures(8)
    branch_name = BankName(PLACE_NAME_MAX, optional=True)
    kind = fields.String(load_default="1", validate=validate.OneOf(SENDER_KINDS))
    number = Figures(12)
    fee_bearer = fields.String(required=True, validate=validate.OneOf(FEE_BEARERS))
    from_yen = Yen(load_default=30_000, validate=validate.Range(2, 10_000_000))
    same_branch, same_bank, other = Fee(), Fee(), Fee()
    same_branch_from, same_bank_from, other_from = Fee(), Fee(), Fee()
    minimum = Yen(load_default=1, validate=validate.Range(1, 1_000_000))
    lead_days = fields.Integer(required=True, validate=validate.Range(0, 10))
    recall_bearer = fields.String(required=True, validate=validate.OneOf(FEE_BEARERS))
    recall_fee = Fee()
    has_line_ends = fields.Boolean(load_default=False)
    has_end_mark = fields.Boolean(load_default=False)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        figures = (
            "same_branch",
            "same_bank",
            "other",
            "same_branch_from",
            "same_bank_from",
            "other_from",
            "recall_fee",
            "minimum",
            "from_yen",
        )
        return without_blanks(data, figures)

    @validates_schema(skip_on_field_errors=True)
    def codes(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, list[Any]] = {}
        for name, form, sentence in (
            ("code", r"[0-9]{10}", _l("10桁の数字で入れてください。")),
            ("bank_code", r"[0-9]{4}", _l("4桁の数字で入れてください。")),
            ("branch_code", r"[0-9]{3}", _l("3桁の数字で入れてください。")),
            ("number", r"[0-9]{1,7}", _l("7桁までの数字で入れてください。")),
        ):
            if not re.fullmatch(form, data[name]):
                wrong[name] = [sentence]
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewTransferTerms:
        sender = Sender(
            bank_code=data["bank_code"],
            bank_name=data["bank_name"],
            branch_code=data["branch_code"],
            branch_name=data["branch_name"],
            account_type=data["kind"],
            account_number=data["number"].rjust(7, "0"),
            name=data["name"],
            code=data["code"],
        )
        bands = (
            Band(1, data["same_branch"], data["same_bank"], data["other"]),
            Band(data["from_yen"], data["same_branch_from"], data["same_bank_from"], data["other_from"]),
        )
        names = ("fee_bearer", "minimum", "lead_days", "recall_bearer", "recall_fee", "has_line_ends", "has_end_mark")
        return NewTransferTerms(sender=sender, bands=bands, **{name: data[name] for name in names})


class BankDaySchema(Schema):
    """A day that is, or is not, a holiday of the banks."""

    day = Day(required=True)
    is_holiday = fields.Boolean(required=True)
    note = Line(80)


class TransferDateSchema(Schema):
    """振込指定日."""

    transfer_date = Day(required=True)


class ReturnsSchema(Schema):
    """Transfers that came back, line by line: `take` names the lines that are ticked, the others are lists of all lines. `transfer`:
    the run and its shops, as 12:3,4."""

    take = fields.List(fields.Integer(validate=validate.Range(0, 10_000)), load_default=list)
    transfer = fields.List(fields.String(), load_default=list)
    reason = fields.List(fields.String(validate=validate.OneOf(RETURN_REASONS)), load_default=list)
    day = fields.List(Day(), load_default=list)
    charge = fields.List(Fee(), load_default=list)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> list[ReturnedTransfer]:
        found = []
        for place in data["take"]:
            try:
                written, reason, day, charge = (data[name][place] for name in ("transfer", "reason", "day", "charge"))
            except IndexError as error:
                raise ValidationError(_l("どの振込かを選んでください。"), "transfer") from error
            if not re.fullmatch(r"[0-9]{1,18}:[0-9]{1,18}(,[0-9]{1,18})*", written):
                raise ValidationError(_l("どの振込かを選んでください。"), "transfer")
            run_id, _colon, shops = written.partition(":")
            found.append(ReturnedTransfer(int(run_id), tuple(map(int, shops.split(","))), reason, day, charge))
        return found


class ReturnSchema(Schema):
    """A transfer that came back."""

    merchant_id = fields.Integer(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(RETURN_REASONS))
    returned_on = Day(required=True)
    charge = Fee()

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("charge",))

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewReturn:
        return NewReturn(**data)
