"""振込先: an account at a bank as somebody types it, by its codes or by Japan Post's symbol and number."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from association.rules.zengin import KINDS, NAME_MAX, Account, NameWrong, from_post_office, normalised
from association.rules.zengin.accounts import POST_BANK
from association.rules.zengin.files import PLACE_NAME_MAX
from association.schemas.parts import Line

POST_NAME = "ﾕｳﾁﾖ"


class Figures(Line):
    """Figures as people type them: full width, blanks and hyphens are taken."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return re.sub(r"[\sー−‐–—-]", "", unicodedata.normalize("NFKC", super()._deserialize(value, attr, data, **kwargs)))


class BankName(Line):
    """A name in the bank's signs; `most` bytes of them. What the format has no sign for is named, never dropped."""

    def __init__(self, most: int, *, optional: bool = False) -> None:
        super().__init__(80, optional=optional)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            name = normalised(super()._deserialize(value, attr, data, **kwargs))
        except NameWrong as wrong:
            raise ValidationError(_l("銀行で使えない文字があります: %(signs)s", signs=" ".join(wrong.signs))) from wrong
        if self.required and not name:
            raise self.make_error("required")
        if len(name) > self.most:
            raise ValidationError(
                _l("銀行の文字で%(most)s字までです（濁点も1字）。いまは%(many)s字あります。", most=self.most, many=len(name))
            )
        return name


class ShopAccountSchema(Schema):
    """振込先の口座. With `symbol` (記号) filled, bank, branch, kind and number come from it."""

    bank_code = Figures(8, optional=True)
    bank_name = BankName(PLACE_NAME_MAX, optional=True)
    branch_code = Figures(8, optional=True)
    branch_name = BankName(PLACE_NAME_MAX, optional=True)
    kind = fields.String(load_default="1", validate=validate.OneOf(KINDS))
    number = Figures(12, optional=True)
    symbol = Figures(12, optional=True)
    post_number = Figures(12, optional=True)
    holder = BankName(NAME_MAX)

    @validates_schema(skip_on_field_errors=False)
    def codes(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("symbol"):
            if from_post_office(data["symbol"], data.get("post_number", "")) is None:
                raise ValidationError(_l("記号は5桁、番号は8桁までです。通帳のとおりに入れてください。"), "symbol")
            return
        wrong: dict[str, list[Any]] = {}
        for name, form, sentence in (
            ("bank_code", r"[0-9]{4}", _l("4桁の数字で入れてください。")),
            ("branch_code", r"[0-9]{3}", _l("3桁の数字で入れてください。")),
            ("number", r"[0-9]{1,7}", _l("7桁までの数字で入れてください。")),
        ):
            if not re.fullmatch(form, data.get(name, "")):
                wrong[name] = [sentence]
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Account:
        post = from_post_office(data["symbol"], data["post_number"]) if data["symbol"] else None
        if post is not None:
            return Account(POST_BANK, POST_NAME, post[0], "", post[1], post[2], data["holder"])
        return Account(
            bank_code=data["bank_code"],
            bank_name=data["bank_name"],
            branch_code=data["branch_code"],
            branch_name=data["branch_name"],
            kind=data["kind"],
            number=data["number"].rjust(7, "0"),
            holder=data["holder"],
        )
