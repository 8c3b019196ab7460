"""The border: what the pages of a group send becomes a command value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from base.ids import squeezed
from subsidy.commands import Answers, Known, NewFact, NewLink, NewParty, NewProject, Shape
from subsidy.models.group import PARTY_ROLES
from subsidy.queries import Contact, Sought
from subsidy.rules.calls import call_of
from subsidy.rules.evidence import KINDS as EVIDENCE
from subsidy.rules.frames import STATUSES, Earlier
from subsidy.rules.group import is_corporate_number
from subsidy.rules.progress import FOLLOWS, WITH_AMOUNTS
from subsidy.rules.wanted import KINDS
from subsidy.schemas.parts import CorporateNumber, Day, Form, Line, Mail, Registration, Text, YesNo
from web.api_frame import is_plain
from web.fields import Key, Yen

FRAMES = ("normal", "digital_base", "security")


YEARS = validate.Range(2020, 2099)
"""Of calls: which of them counts is the table's to say."""


ASKED = re.compile(rf"(?:{'|'.join(KINDS)}|(?:{'|'.join(EVIDENCE)}):[1-9][0-9]{{0,5}})\Z")
"""A paper of a party, or an evidence of a cost line by its number."""


class ShapeSchema(Schema):
    """What the project is."""

    name = Line(80)
    setting = fields.String(required=True, validate=validate.OneOf(["cluster", "supply_chain"]))
    business_types = fields.List(fields.Integer(validate=validate.Range(1, 10)), load_default=list)
    representative_kind = fields.String(required=True, validate=validate.OneOf(list(call_of().values.representative_kinds)))
    has_district_body = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})

    def shape(self, data: dict[str, Any]) -> Shape:
        return Shape(data["name"], data["setting"], tuple(data["business_types"]), data["representative_kind"], data["has_district_body"])

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Any:
        return self.shape(data)


class SettingsSchema(ShapeSchema):
    """The settings of a project, on top of the revision that was seen."""

    revision = fields.Integer(load_default=0, validate=validate.Range(0, 2**31 - 1))

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> tuple[Shape, int]:
        return self.shape(data), data["revision"]


class MoveSchema(Schema):
    """To which version of the rules, on top of which revision of the project."""

    version = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))
    revision = fields.Integer(required=True, validate=validate.Range(0, 2**31 - 1))


class NewProjectSchema(ShapeSchema):
    """補助事業をはじめる: the project and its representative."""

    representative_name = Line(80)
    corporate_number = CorporateNumber(load_default=None)
    operates_business = YesNo()
    key = Key(required=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewProject:
        known = Known(operates_business=data["operates_business"])
        lead = NewParty(data["representative_name"], False, data["corporate_number"], known=known)
        return NewProject(self.shape(data), lead, data["key"])


class PartySchema(Form):
    """A party as the lead writes it down. `earlier`: empty (not asked), none, or one application to another frame."""

    role = fields.String(load_default="participant", validate=validate.OneOf(PARTY_ROLES))
    name = Line(80)
    is_sole = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    corporate_number = CorporateNumber(load_default=None)
    merchant_id = fields.String(load_default="", validate=validate.Regexp(r"[0-9]{0,15}\Z"))
    is_small = YesNo()
    is_association_member = YesNo()
    operates_business = YesNo()
    has_gbiz_id = YesNo()
    contact_name = Line(60, optional=True)
    contact_phone = Line(20, optional=True)
    contact_address = Line(200, optional=True)
    contact_mail = Mail()
    revision = fields.Integer(load_default=0)
    earlier = fields.String(load_default="", validate=validate.OneOf(["", "none", "some"]))
    earlier_year = fields.Integer(load_default=call_of().values.waiting_year, validate=YEARS)
    earlier_scheme = fields.String(load_default="normal", validate=validate.OneOf(FRAMES))
    earlier_status = fields.String(load_default="granted", validate=validate.OneOf(STATUSES))
    earlier_decided = Day()

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        answers = {name: data[name] for name in ("is_small", "is_association_member", "operates_business", "has_gbiz_id")}
        party = NewParty(
            data["name"],
            data["is_sole"],
            data["corporate_number"],
            int(data["merchant_id"]) if data["merchant_id"] else None,
            Known(**answers, earlier=earlier_of(data)),
            Contact(data["contact_name"], data["contact_phone"], data["contact_address"], data["contact_mail"]),
        )
        return {"role": data["role"], "party": party, "revision": data["revision"]}


class AnswersSchema(Form):
    """What a party says of itself, by its link."""

    is_small = YesNo()
    earlier = fields.String(load_default="", validate=validate.OneOf(["", "none", "some"]))
    earlier_year = fields.Integer(load_default=call_of().values.waiting_year, validate=YEARS)
    earlier_scheme = fields.String(load_default="normal", validate=validate.OneOf(FRAMES))
    earlier_status = fields.String(load_default="granted", validate=validate.OneOf(STATUSES))
    earlier_decided = Day()

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Answers:
        return Answers(data["is_small"], earlier_of(data))


def earlier_of(data: Mapping[str, Any]) -> tuple[Earlier, ...] | None:
    """None where nobody has answered. Raises ValidationError for a decision without its day."""
    if data["earlier"] != "some":
        return () if data["earlier"] == "none" else None
    if data["earlier_status"] == "granted" and data["earlier_decided"] is None:
        raise ValidationError(_l("交付決定の日を入れてください。"), "earlier_decided")
    return (Earlier(data["earlier_year"], data["earlier_scheme"], data["earlier_status"], data["earlier_decided"]),)


class LeaveSchema(Schema):
    """From when a party is out of the group, and why."""

    day = fields.Date(required=True)
    reason = Line(200)


class LinkSchema(Schema):
    """What is asked of a party."""

    asked = fields.List(fields.String(validate=validate.Regexp(ASKED)), load_default=list)
    words = Text(400, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewLink:
        return NewLink(tuple(dict.fromkeys(data["asked"])), data["words"])


class PaperSchema(Form):
    """Beside a file: what it is, and its day of issue."""

    party_id = fields.Integer(load_default=0, validate=validate.Range(0, 2**53))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    issued_on = Day()
    is_scan = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})


class SearchSchema(Form):
    """What files are looked for; an empty field asks nothing."""

    class Meta:
        unknown = EXCLUDE

    day_from = Day()
    day_to = Day()
    amount_from = fields.String(load_default="")
    amount_to = fields.String(load_default="")
    name = Line(80, optional=True)

    @post_load
    def to_question(self, data: dict[str, Any], **_: Any) -> Sought:
        yens = {name: _amount(typed, name) if (typed := data[name].strip()) else None for name in ("amount_from", "amount_to")}
        return Sought(**{**data, **yens})


class AskedSchema(Form):
    """A file that a link asks for: which of the papers asked for it is, and what is written on it."""

    asked = fields.String(required=True, validate=validate.Regexp(ASKED))
    issued_on = Day()
    day = Day()
    amount = fields.String(load_default="")
    number = Registration()
    issuer = Line(80, optional=True)

    @post_load
    def to_facts(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        kind, _colon, line = data["asked"].partition(":")
        amount = _amount(data["amount"], "amount") if data["amount"].strip() else None
        told = {name: data[name] for name in ("issued_on", "day", "number", "issuer")}
        return {"kind": kind, "line": int(line) if line else None, "amount": amount, **told}


class CheckSchema(Schema):
    """What the lead says of a file; `explained`: it is good though something lacks, and the reason is kept."""

    verdict = fields.String(required=True, validate=validate.OneOf(["good", "explained", "returned"]))
    words = Text(400, optional=True)

    @post_load
    def with_reason(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["verdict"] == "returned" and not data["words"]:
            raise ValidationError(_l("差し戻す理由を書いてください。送った人が読みます。"), "words")
        if data["verdict"] == "explained" and not data["words"]:
            raise ValidationError(_l("登録番号がないわけを書いてください。実績報告書に載ります。"), "words")
        return {"is_good": data["verdict"] != "returned", "words": "" if data["verdict"] == "good" else data["words"]}


class FactSchema(Form):
    """What happened; without a day it is taken back."""

    kind = fields.String(required=True, validate=validate.OneOf(list(FOLLOWS)))
    day = Day()
    takes_back = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    a = fields.String(load_default="")
    b = fields.String(load_default="")
    c = fields.String(load_default="")
    words = Line(200, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewFact:
        if data["takes_back"]:
            return NewFact(data["kind"], None, None, data["words"])
        if data["day"] is None:
            raise ValidationError(_l("日付を入れてください。"), "day")
        a, b, c = (_amount(data[name], name) if data["kind"] in WITH_AMOUNTS else 0 for name in "abc")
        amounts = (a, b, c) if data["kind"] in WITH_AMOUNTS else None
        return NewFact(data["kind"], data["day"], amounts, data["words"])


def _amount(typed: str, name: str) -> int:
    try:
        found = Yen().deserialize(typed, name)
    except ValidationError as error:
        raise ValidationError(error.messages, name) from error
    if not isinstance(found, int) or found < 0:
        raise ValidationError(_l("金額は0以上にしてください。"), name)
    return found


class FilterSchema(Schema):
    """Which kind of fact the form begins with."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(load_default="", validate=validate.Regexp(re.compile(r"[a-z0-9_]{0,20}\Z")))
