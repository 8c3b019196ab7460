"""Fields that more than one package needs, and the sentences of marshmallow in our words.

Importing this module teaches marshmallow's own checks to speak through gettext, so that a schema
needs no message of its own for the ordinary cases.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate

from base.yen import YEN_MAX, parse_yen


class Yen(fields.Integer):
    """Whole yen: an integer in JSON; in a form also digits of full width, with separators or 円.

    500.9 and true are errors (`invalid_amount`), not 500 and 1.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _l("金額は数字だけで、円の単位で入れてください。"),
        "invalid_amount": _l("金額は数字だけで、円の単位で入れてください。"),
        "required": _l("金額を入れてください。"),
        "null": _l("金額を入れてください。"),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str):
            if not value.strip():
                raise self.make_error("required")
            amount = parse_yen(value)
        else:
            amount = value if type(value) is int and abs(value) <= YEN_MAX else None
        if amount is None:
            raise self.make_error("invalid_amount", input=value)
        return amount


class Key(fields.UUID):
    """The idempotency key of a caller, who may choose it. Keys that this software derives by itself (RFC 9562, version 5) can be reckoned
    by anybody who reads its source, so a caller's key of that version becomes another one, always the same: nobody takes a key beforehand
    by which a neighbour's receipt, paper or booking will be made."""

    CALLERS = UUID("8a3c5c0e-5b0f-4b53-9d0e-3f2f6c0b7f41")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:
        key = super()._deserialize(value, attr, data, **kwargs)
        assert key is not None
        return uuid5(self.CALLERS, str(key)) if key.version == 5 else key


class Scanned(fields.Field[tuple[str, ...]]):
    """Codes that were scanned in a row, one a line; the same one twice is one."""

    MOST, LENGTH = 500, 60

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        lines = tuple(dict.fromkeys(line.strip() for line in str(value).splitlines() if line.strip()))
        if not lines:
            raise ValidationError(_l("券を読み取ってください。"))
        if len(lines) > self.MOST or any(len(line) > self.LENGTH for line in lines):
            raise ValidationError(_l("一度に読み取れるのは500枚までです。分けて受け取ってください。"))
        return lines


def speak_our_words() -> None:
    """Replace marshmallow's English by sentences of the catalogue."""
    Schema.error_messages = {"unknown": _l("この項目はありません。画面から送ったときは、開き直してください。")}
    fields.Field.default_error_messages |= {
        "required": _l("入力してください。"),
        "null": _l("入力してください。"),
        "validator_failed": _l("この値は使えません。"),
    }
    numbers: tuple[type[fields.Field[Any]], ...] = (fields.Number, fields.Integer)
    for kind in numbers:
        kind.default_error_messages |= {"invalid": _l("数字で入れてください。"), "too_large": _l("数字が大きすぎます。")}
    sentences: tuple[tuple[type[fields.Field[Any]], str], ...] = (
        (fields.String, _l("文字で入れてください。")),
        (fields.UUID, _l("この画面は古くなっています。前の画面からやり直してください。")),
        (fields.Boolean, _l("はい・いいえのどちらかを選んでください。")),
        (fields.Date, _l("日付を確かめてください。")),
        (fields.DateTime, _l("日時を確かめてください。")),
        (fields.Email, _l("メールアドレスを確かめてください。")),
        (fields.Url, _l("URLを確かめてください。")),
    )
    for kind, sentence in sentences:
        kind.default_error_messages |= {"invalid": sentence, "invalid_uuid": sentence, "invalid_utf8": sentence}
    validate.Email.default_message = _l("メールアドレスを確かめてください。")
    validate.URL.default_message = _l("URLを確かめてください。")
    validate.OneOf.default_message = _l("この中から選んでください。")
    validate.Regexp.default_message = _l("書き方を確かめてください。")
    validate.Range.message_min = _l("{{min}} 以上にしてください。")
    validate.Range.message_max = _l("{{max}} 以下にしてください。")
    validate.Range.message_all = _l("{{min}} から {{max}} までにしてください。")
    validate.Length.message_min = _l("{min}文字以上にしてください。")
    validate.Length.message_max = _l("{max}文字以内にしてください。")
    validate.Length.message_all = _l("{min}文字以上、{max}文字以内にしてください。")
    validate.Length.message_equal = _l("{equal}文字にしてください。")


speak_our_words()
