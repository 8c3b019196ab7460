"""Families of refusals. The family says whether sending it again can help, the class says why.

A package's refusals live in its `errors.py`. `code` is the stable machine-readable word, `number` the
short one that people read out over the telephone (E-2101); both never change and are never reused.
`text` is the sentence a person reads, in Japanese (the source language of the catalogue), with named
gaps that the facts given to the constructor fill. `shop_text` is what the shop's side of the counter
reads, where it differs. Facts are plain values: amounts are int, shown with separators.
"""

from __future__ import annotations

from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark a text for extraction; it is translated when it is shown."""
    return text


class MeguriError(Exception):
    """The root. `facts` fill the gaps of `text`."""

    status: ClassVar[int] = 500
    retry_helps: ClassVar[bool] = False
    code: ClassVar[str] = "fault"
    number: ClassVar[str] = "E-0000"
    text: ClassVar[str] = N_("思いがけないことが起きました。時間をおいて、もう一度お試しください。")
    shop_text: ClassVar[str | None] = None

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class Invalid(MeguriError):
    """What was sent cannot be read or breaks a rule of its form. Mend it and send again (422)."""

    status = 422
    code = "invalid"
    number = "E-1001"
    text = N_("入力を確かめてください。")


class NotSignedIn(MeguriError):
    """Nobody is signed in, or the session has ended (401)."""

    status = 401
    code = "not_signed_in"
    number = "E-1002"
    text = N_("ログインしてください。")


class Forbidden(MeguriError):
    """Signed in, but this is not theirs to do (403)."""

    status = 403
    code = "forbidden"
    number = "E-1003"
    text = N_("この操作はできません。担当の人に頼んでください。")


class NotFound(MeguriError):
    """There is no such thing in this district, or it belongs to somebody else (404)."""

    status = 404
    code = "not_found"
    number = "E-1004"
    text = N_("見つかりませんでした。")


class Refused(MeguriError):
    """Well-formed, but the rules say no. Sending it again will not help (409)."""

    status = 409
    code = "refused"
    number = "E-1005"
    text = N_("この操作はできません。")


class Later(MeguriError):
    """Not now: the same thing may go through later (503)."""

    status = 503
    retry_helps = True
    code = "later"
    number = "E-1006"
    text = N_("いま混み合っています。少し待って、もう一度お試しください。")


class TooMany(MeguriError):
    """Too many tries; `seconds` says when the next one is allowed (429)."""

    status = 429
    retry_helps = True
    code = "too_many"
    number = "E-1007"
    text = N_("回数が多すぎます。%(seconds)s秒ほど待って、もう一度お試しください。")
