"""The border of identity's pages: what a browser may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, validate

from identity.errors import EmailInvalid, HomeAreaInvalid, NicknameInvalid
from identity.rules import clean_email, clean_home_area, clean_nickname, safe_next


class Nickname(fields.String):
    """As it will be kept, or the sentence of NicknameInvalid."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        name = clean_nickname(super()._deserialize(value, attr, data, **kwargs) or "")
        if name is None:
            raise ValidationError(gettext(NicknameInvalid.text))
        return name


class Email(fields.String):
    """As it will be looked up, or the sentence of EmailInvalid."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        address = clean_email(super()._deserialize(value, attr, data, **kwargs) or "")
        if address is None:
            raise ValidationError(gettext(EmailInvalid.text))
        return address


class HomeArea(fields.String):
    """As it will be kept ("" for nothing), or the sentence of HomeAreaInvalid."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        area = clean_home_area(super()._deserialize(value, attr, data, **kwargs) or "")
        if area is None:
            raise ValidationError(gettext(HomeAreaInvalid.text))
        return area


class Next(fields.String):
    """Where to go afterwards: a path of this site, `/` for anything else."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return safe_next(super()._deserialize(value, attr, data, **kwargs))


class JoinSchema(Schema):
    """A nickname, and either what a device answered or an address for the code."""

    nickname = Nickname(required=True)
    credential = fields.String(load_default="", validate=validate.Length(max=20_000))
    email = fields.String(load_default="")
    next = Next(load_default="/")


class JoinByEmailSchema(JoinSchema):
    """The same without a passkey: now the address is needed."""

    email = Email(required=True)


class PasskeySchema(Schema):
    """What a device answered."""

    credential = fields.String(load_default="", validate=validate.Length(max=20_000))
    next = Next(load_default="/")


class EmailSchema(Schema):
    """Where to send a code."""

    email = Email(required=True)
    next = Next(load_default="/")


class CodeSchema(Schema):
    """A code from a mail or from paper, as it was typed."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=40))


class NicknameSchema(Schema):
    """What to call somebody."""

    nickname = Nickname(required=True)


class HomeAreaSchema(Schema):
    """Where somebody lives, or nothing."""

    home_area = HomeArea(load_default="")


class PinSchema(Schema):
    """A new PIN, twice, and the present one if there is one and it is known."""

    pin = fields.String(required=True, validate=validate.Length(min=1, max=16), load_only=True)
    again = fields.String(required=True, validate=validate.Length(min=1, max=16), load_only=True)
    current = fields.String(load_default="", validate=validate.Length(max=16), load_only=True)
