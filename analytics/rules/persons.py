"""What would identify somebody: a table that holds it is refused whole, before anything of it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

HEADS = re.compile(
    r"氏名|^お?名前$|姓名|ふりがな|フリガナ|電話|携帯|^tel(no|$|ephone)|phone|メール|mail|住所|番地|郵便|address|生年月日|誕生日|birth"
    r"|^mac$|bssid|imei|imsi|idfa|cookie|uuid|ipaddr|ipアドレス|clientip|remoteip|useragent|顔|^face|ナンバー|カード番号|端末(id|番号)"
    r"|デバイスid|deviceid|(visitor|person|user|member|login|訪問者)(id|name|名|番号|$)|(利用者|会員|お客様|個人)(名|番号|id|$)|^ip$|^id$"
)
"""Of a head without blanks, signs and capitals. A place or a sensor has a name too, so 場所名 and センサー名 are none of them."""

CELLS = re.compile(
    r"(?i)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:\d{1,3}\.){3}\d{1,3}|[^@\s]+@[^@\s]+\.[a-z]{2,}|0\d{1,4}-\d{1,4}-\d{3,4}|0[789]0\d{8}"
)
"""A hardware address, an IPv4 address, a mail address, a Japanese telephone number."""


def head_is_personal(head: str) -> bool:
    """Whether a column of this head says something about one person."""
    plain = re.sub(r"[\s_\-・/()]", "", unicodedata.normalize("NFKC", head).lower())
    return bool(HEADS.search(plain))


def personal_cell(cells: Iterable[str]) -> int | None:
    """The place of the first cell that is an address or a number of a person or of a device that somebody carries."""
    return next((place for place, cell in enumerate(cells) if CELLS.fullmatch(unicodedata.normalize("NFKC", cell).strip())), None)
