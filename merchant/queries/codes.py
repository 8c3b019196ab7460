"""What stands behind a code that a phone has read, and what a printed code must say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.queries
from base.errors import MeguriError, NotFound
from identity.queries import District
from merchant.errors import (
    CodeOfAnotherDistrict,
    CodeReplaced,
    CodeTampered,
    CodeUnknown,
    CodeUnreadable,
    EmvAmountWrong,
    EmvDamaged,
    EmvNotYen,
    EmvOfAnotherNetwork,
    ShopSuspended,
    ShopUnknown,
)
from merchant.models import PaymentRequest, StaticCode
from merchant.queries.requests import Asked, coin_names, request
from merchant.queries.shops import Shop, merchant, shop_by_number
from merchant.rules import qr_token, qr_url
from merchant.rules.emv.elements import EmvError
from merchant.rules.emv.ours import read_ours


@dataclass(frozen=True, slots=True)
class CodeTarget:
    """Whom a code pays. `asked` is None for the printed code: then the consumer types the amount."""

    shop: Shop
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class EmvTarget:
    """Whom an EMV text points to. `amount` in yen, as written there; None: the consumer types it."""

    shop: Shop
    amount: int | None


EMV_REFUSALS: dict[str, type[MeguriError]] = {
    "other_network": EmvOfAnotherNetwork,
    "unsupported_currency": EmvNotYen,
    "unsupported_country": EmvNotYen,
    "unsupported_amount": EmvAmountWrong,
    "unsupported_tip": EmvAmountWrong,
}
"""By the rules' reason; every other one means that the text is damaged."""


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """What is printed around a shop's code. `check_word`: six letters that staff compare with their own list."""

    shop: Shop
    token: str
    url: str
    check_word: str
    serial: int
    made_at: datetime


def read_code(session: Session, district_id: int, token: str, *, keys: Sequence[bytes], now: datetime) -> CodeTarget:
    """The shop or the open request behind a merchant-presented token (the last part of the code's URL).

    `keys`: the district's signing keys, the current one first. Checks in the order of the rules (qr.md B.5):
    form, signature, look-up, district, shop, request. Raises CodeUnreadable, CodeTampered, CodeUnknown,
    CodeOfAnotherDistrict, CodeReplaced, ShopSuspended, RequestPaid, RequestCancelled, RequestExpired.
    """
    kind, code_id = _signed(token, keys)
    if kind == "dynamic":
        _must_be_here(session, district_id, PaymentRequest, code_id)
        asked = request(session, district_id, code_id, now=now)
        shop = merchant(session, district_id, asked.merchant_id)
        asked.must_be_open()
    else:
        _must_be_here(session, district_id, StaticCode, code_id)
        row = session.get_one(StaticCode, (district_id, code_id), populate_existing=True)
        shop, asked = merchant(session, district_id, row.merchant_id), None
        if row.ended_at is not None:
            raise CodeReplaced
    if not shop.is_open:
        raise ShopSuspended
    return CodeTarget(shop, asked)


def read_emv(session: Session, district_id: int, text: str) -> EmvTarget:
    """The shop behind an EMV merchant-presented text with our template, and the amount written in it.

    Such a text is not signed: it says no more than a shop's number typed by hand, and the consumer confirms. Raises
    EmvDamaged, EmvAmountWrong, EmvOfAnotherNetwork, EmvNotYen, CodeOfAnotherDistrict, CodeUnknown, ShopSuspended.
    """
    try:
        pointed = read_ours(text)
    except EmvError as error:
        raise EMV_REFUSALS.get(error.reason, EmvDamaged)(reason=error.reason) from error
    try:
        home = identity.queries.district_by_slug(session, pointed.district_code)
    except NotFound as error:
        raise EmvOfAnotherNetwork from error  # some other installation: its name here would be anybody's text
    if home.id != district_id:
        raise CodeOfAnotherDistrict(district=home.name)
    try:
        shop = shop_by_number(session, district_id, pointed.shop_code)
    except ShopUnknown as error:
        raise CodeUnknown from error
    if not shop.is_open:
        raise ShopSuspended
    return EmvTarget(shop, pointed.amount)


def request_token(request_id: UUID, key: bytes) -> str:
    """The signed token of a request, to be shown as a code by the till that asked."""
    return qr_token.make(key, "dynamic", request_id.bytes)


def request_url(public_url: str, request_id: UUID, key: bytes) -> str:
    """The address in a request's code: any phone's camera opens it."""
    return qr_url.url(public_url, request_token(request_id, key))


def code_sheet(session: Session, district_id: int, merchant_id: int, *, public_url: str, key: bytes) -> CodeSheet | None:
    """The live printed code of a shop, None before one has been made."""
    row = session.scalars(
        select(StaticCode).where(
            StaticCode.district_id == district_id, StaticCode.merchant_id == merchant_id, StaticCode.ended_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    token = qr_token.make(key, "static", row.id.bytes)
    return CodeSheet(
        shop=merchant(session, district_id, merchant_id),
        token=token,
        url=qr_url.url(public_url, token),
        check_word=qr_token.check_word(token),
        serial=row.serial,
        made_at=row.made_at,
    )


def sheet_words(session: Session, district: District, sheet: CodeSheet, *, public_url: str, now: datetime) -> dict[str, Any]:
    """What every paper with this code says, by the names of `web.papers`; the coin's names where there is one."""
    money, money_en = coin_names(session, district.id, now=now)
    return {
        "url": sheet.url,
        "check_word": sheet.check_word,
        "serial": sheet.serial,
        "made_at": sheet.made_at,
        "shop_name": sheet.shop.name,
        "shop_name_en": sheet.shop.name_en,
        "public_number": sheet.shop.public_number,
        "district": district.name,
        "association": district.association,
        "money": money,
        "money_en": money_en,
        "rules": f"{public_url.split('://', 1)[-1]}/series",
    }


def _signed(token: str, keys: Sequence[bytes]) -> tuple[str, UUID]:
    try:
        read = qr_token.read(token, keys)
    except qr_token.BadSignature as error:
        raise CodeTampered from error
    except qr_token.TokenError as error:
        raise CodeUnreadable from error
    return read.kind, UUID(bytes=read.id)


def _must_be_here(session: Session, district_id: int, model: type[PaymentRequest | StaticCode], code_id: UUID) -> None:
    """Raises CodeUnknown, or CodeOfAnotherDistrict naming where the code belongs."""
    homes = session.scalars(select(model.district_id).where(model.id == code_id)).all()
    if district_id in homes:
        return
    if not homes:
        raise CodeUnknown
    try:
        home = identity.queries.district(session, homes[0])
    except NotFound as error:
        raise CodeUnknown from error
    raise CodeOfAnotherDistrict(district=home.name)
