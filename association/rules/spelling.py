"""Names and addresses as they are compared: what is surely the same, and what may be. The second is shown to people, never guessed.

髙 and 高 are two letters of one family's name on two papers, or two families: no program knows. So `same_name` leaves them apart, and
`like_name` brings the two together to be looked at.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from base.ids import HYPHENS

VARIANTS = (
    "高髙 崎﨑嵜碕 徳德 浜濱濵 辺邊邉 斎齋齊斉 沢澤 島嶋嶌 桜櫻 広廣 国國 真眞 恵惠 藪薮籔 橋𣘺 吉𠮷 "
    "曽曾 条條 竜龍 滝瀧 渕淵 万萬 与與 寿壽 礼禮 栄榮 実實 会會 円圓 静靜 済濟 縄繩 聡聰 応應 "
    "弥彌 晋晉 柳栁 桑桒 館舘 槙槇 郷鄕 園薗 富冨 峰峯 岳嶽 総總 増增 鉄鐵鉃 巌巖 亀龜 浅淺 満滿 "
    "穂穗 蔵藏 豊豐 薫薰 船舩 鶴靍靏 鴎鷗 黒黑 徹轍 来來 関關 沖冲 梅楳 松枩 兎兔 芦蘆 桧檜 祢禰 "
    "亜亞 読讀 声聲 学學 覚覺 勲勳 顕顯 巻卷 渋澁 藤籐 "
)
"""Letters that stand for one another in names and places: the usual one first, then its old and its other forms."""

_USUAL = {ord(other): group[0] for group in VARIANTS.split() for other in group[1:] if other != group[0]}
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BLANKS = re.compile(r"\s+")
_HYPHEN = re.compile(rf"(?<=\d)[{HYPHENS}](?=\d)")
_BLOCKS = re.compile(r"(?<=\d)(?:丁目|番地の?|番|号|の)(?=\d)")
_LAST = re.compile(r"(?<=\d)(?:丁目|番地|番|号)(?!\w)")
_PREFECTURE = re.compile(r"^(?:東京都|北海道|大阪府|京都府|[^\d]{2,3}県)(?=.)")
_COUNTY = re.compile(r"^[^\d]{1,5}?郡(?=[^\d]*[町村])")
_COUNTERS = re.compile(r"(?<=\d)(?:丁目|番地|番|号室|号|室)")
_FIGURES = {figure: str(value) for value, figure in enumerate("〇一二三四五六七八九")}
_COUNTED = re.compile(r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=丁目|番|号)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one person is compared. `same`: name and address as written; `like_name`, `like_address`: with all that is often mixed up."""

    same: str
    like_name: str
    like_address: str


def spelling(name: str, address: str) -> Spelling:
    """What of a name and an address is compared."""
    return Spelling(f"{same_name(name)}\n{same_address(address)}", like(name), like_address(address))


def same_name(text: str) -> str:
    """Half and full width and blanks make no difference; another letter does, even one that Unicode calls compatible."""
    return _narrow(_BLANKS.sub("", _narrow(text))).casefold()  # again: a mark that stood apart may join its letter now


def same_address(text: str) -> str:
    """The same, and 三丁目2番地1号, ３－２－１ and 3-2-1 are one."""
    plain = _COUNTED.sub(lambda found: _figure(found[1]), same_name(text))
    return _LAST.sub("", _BLOCKS.sub("-", _HYPHEN.sub("-", plain)))


def like(text: str) -> str:
    """What is left when variants of letters, small and large kana, and ヶ and ケ are one."""
    apart = _BLANKS.sub("", unicodedata.normalize("NFKC", _SELECTORS.sub("", text)))
    plain = unicodedata.normalize("NFKC", apart).casefold().translate(_USUAL)
    kana = "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in plain)
    return unicodedata.normalize("NFKC", kana.translate(_SMALL)).translate(_USUAL)


def like_address(text: str) -> str:
    """An address without what one paper has and the next leaves out: prefecture and county, 大字 and 字, and the 号 of a house or 号室 of a
    room before or after the name of a building."""
    plain = _COUNTY.sub("", _PREFECTURE.sub("", like(same_address(text))))
    return _COUNTERS.sub("", plain.replace("大字", "").replace("字", ""))


def lies_in(address: str, area: str) -> bool:
    """Whether an address names the area, however both are written; any does where there is none."""
    return not area or like(same_address(area)) in like(same_address(address))


def _narrow(text: str) -> str:
    """NFKC, but for the letters that it would exchange for others: a 神 of 1980 stays what it is."""
    return "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(_COMPATIBILITY.split(text)))


def _figure(counted: str) -> str:
    """十二 as 12."""
    tens, ten, ones = counted.rpartition("十")
    if not ten:
        return _FIGURES[counted]
    return str((int(_FIGURES[tens]) if tens else 1) * 10 + (int(_FIGURES[ones]) if ones else 0))
