"""商品券の募集: who may buy, an application on paper, and what staff decide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import Apply, NewCall
from association.schemas.codes import PartSchema
from association.schemas.parts import Count, Day, Line, without_blanks
from base.clock import TOKYO
from base.row_file import NamedRow
from identity.queries import Particulars
from web.fields import Key
from web.i18n import day
from web.pasted import WrongLine, wrong_lines

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
APPLY_DAYS = ("apply_first_day", "apply_last_day", "draw_day", "draw_time", "pay_days")
PHONE = re.compile(r"[0-9０-９+()（） -]{6,20}")
ONE_OR_MORE = validate.Range(1, 1_000, error=_l("1口から1,000口までにしてください。"))


class VoucherCallSchema(Schema):
    """The step on who may buy: whoever comes, whoever shows that they may, or whoever wins. The sale's days come from the step before."""

    class Meta:
        unknown = EXCLUDE

    sold_to = fields.String(load_default="open", validate=validate.OneOf(("open", "eligible", "application")))
    proof = fields.String(load_default="none", validate=validate.OneOf(("none", "code", "list")))
    area = Line(40, optional=True)
    apply_first_day = Day(load_default=None, allow_none=True)
    apply_last_day = Day(load_default=None, allow_none=True)
    draw_day = Day(load_default=None, allow_none=True)
    draw_time = fields.String(load_default="12:00", validate=validate.Regexp(CLOCK))
    pay_days = Count(load_default=14, validate=validate.Range(1, 90, error=_l("1日から90日までにしてください。")))
    sale_first_day = Day(load_default=None, allow_none=True)
    sale_last_day = Day(load_default=None, allow_none=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        given = {name: value for name, value in dict(data).items() if name not in APPLY_DAYS or value is not None}
        return without_blanks(given, APPLY_DAYS)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["sold_to"] == "open":
            return
        first, last, drawn = data["apply_first_day"], data["apply_last_day"], data["draw_day"]
        for name in ("apply_first_day", "apply_last_day") + (("draw_day",) if data["sold_to"] == "application" else ()):
            if data[name] is None:
                raise ValidationError(_l("日付を入れてください。"), name)
        if last < first:
            raise ValidationError(_l("始める日か、それより後の日にしてください。"), "apply_last_day")
        if data["sold_to"] == "eligible":
            self._of_the_eligible(data)
            return
        if data["sale_first_day"] and last >= data["sale_first_day"]:
            raise ValidationError(_l("販売のはじめ（%(day)s）より前にしてください。", day=day(data["sale_first_day"])), "apply_last_day")
        if drawn <= last:
            raise ValidationError(_l("申し込みのおわりの翌日からにしてください。"), "draw_day")
        if data["sale_last_day"] and drawn > data["sale_last_day"]:
            raise ValidationError(_l("販売のおわりまでの日にしてください。"), "draw_day")

    def _of_the_eligible(self, data: dict[str, Any]) -> None:
        if data["proof"] == "none":
            raise ValidationError(_l("引換券か名簿のどちらかを選んでください。"), "proof")
        if data["sale_last_day"] and data["apply_last_day"] > data["sale_last_day"]:
            raise ValidationError(_l("販売のおわりまでの日にしてください。"), "apply_last_day")


def call_of_draft(data: dict[str, Any]) -> NewCall | None:
    """What the step has said, as part of the campaign; None: whoever comes."""
    if data["sold_to"] == "open":
        return None
    draws = data["sold_to"] == "application"
    return NewCall(
        way=data["sold_to"],
        proof=data["proof"],
        area=data["area"],
        first_day=data["apply_first_day"],
        last_day=data["apply_last_day"],
        draw_at=_moment(data["draw_day"], data["draw_time"]) if draws else None,
        pay_days=data["pay_days"] if draws else None,
    )


def _moment(on: date, clock: str) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), TOKYO)


class PaperSchema(Schema):
    """代理入力: one application as it stands on paper. Gives `says`, `units`, `code` and `key`."""

    class Meta:
        unknown = EXCLUDE

    name = Line(60)
    kana = Line(80, optional=True)
    postal = Line(10, optional=True)
    address = Line(200)
    phone = Line(20, optional=True)
    units = Count(required=True, validate=ONE_OR_MORE)
    code = Line(64, optional=True)
    key = Key(required=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        says = Particulars(data["name"], data["kana"], data["postal"], " ".join(data["address"].split()), data["phone"])
        return {"says": says, "units": data["units"], "code": data["code"], "key": data["key"]}


PAPER_COLUMNS = ("name", "kana", "postal", "address", "phone", "units", "code")


@dataclass(slots=True)
class PaperPlan:
    """Lines of a spreadsheet as papers, each with its line; and those that the form itself would refuse."""

    papers: list[tuple[int, Apply]] = field(default_factory=list)
    wrong: list[WrongLine] = field(default_factory=list)


def plan_papers(rows: Iterable[NamedRow], voucher_id: int, key: UUID) -> PaperPlan:
    """Each row as the form of one paper would take it. `key`: of the press; each line has one of its own that follows from it."""
    plan, schema = PaperPlan(), PaperSchema()
    for row in rows:
        cells = {name: cell for name, cell in row.cells.items() if name in PAPER_COLUMNS}
        try:
            plan.papers.append((row.line, Apply(voucher_id, **schema.load(cells | {"key": str(uuid5(key, str(row.line)))}))))
        except ValidationError as error:
            plan.wrong += wrong_lines(row.line, cells.get("name", ""), error)
    return plan


class PaperListSchema(Schema):
    """The press that sends a list of papers: its key, whatever else the form holds."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)


class DecideApplicationSchema(Schema):
    """受け付ける (perhaps as somebody of the list) or 断る, with its reason."""

    class Meta:
        unknown = EXCLUDE

    decision = fields.String(required=True, validate=validate.OneOf(("accept", "refuse")))
    resident_id = fields.UUID(load_default=None)
    reason = Line(200, optional=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("resident_id",))

    @validates_schema(skip_on_field_errors=True)
    def says_why(self, data: dict[str, Any], **_: Any) -> None:
        if data["decision"] == "refuse" and not data["reason"]:
            raise ValidationError(_l("断るわけを入れてください。申し込んだ人が読みます。"), "reason")


class PurchaseCodesSchema(Schema):
    """More 購入引換券."""

    pieces = Count(required=True, validate=validate.Range(1, 20_000, error=_l("1枚から20,000枚までにしてください。")))
    units = Count(required=True, validate=ONE_OR_MORE)


class SlipSchema(Schema):
    """Which 購入引換券 is stopped."""

    place = Count(required=True, validate=validate.Range(1, 1_000_000, error=_l("券の番号を確かめてください。")))


class ResidentSchema(Schema):
    """Who is taken out of the list."""

    contact_id = fields.UUID(required=True)


class CallPageSchema(Schema):
    """Which applications a page shows, from where on, and which part of a long file."""

    class Meta:
        unknown = EXCLUDE

    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("checking", "accepted", "refused", "withdrawn")))
    after = fields.Integer(load_default=0, validate=validate.Range(0, 10**9))


class CounterCodeSchema(Schema):
    """A 購入引換券 that somebody has brought to the counter."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(required=True, validate=validate.Length(max=400))
    voucher_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    units = Count(required=True, validate=ONE_OR_MORE)
    code = Line(64)
    key = Key(required=True)


class BuyingNumberSchema(Schema):
    """購入番号, as it was told."""

    class Meta:
        unknown = EXCLUDE

    number = Line(40)


class LinkSchema(Schema):
    """申し込み番号 of a paper application, for whoever stands at the counter."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(required=True, validate=validate.Length(max=400))
    voucher_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    number = Count(load_default=None, validate=validate.Range(1, 10**9, error=_l("申し込み番号を確かめてください。")))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("number",))


class LettersSchema(PartSchema):
    """Which letters a file holds: all, or those that wait to be sent."""

    due = fields.Boolean(load_default=False)


class LettersSentSchema(Schema):
    """出した: how many rounds the result had when the letters were printed."""

    rounds = fields.Integer(required=True, validate=validate.Range(1, 10_000))
