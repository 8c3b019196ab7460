"""What a nickname, an address, a PIN and a way back may look like. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from base.ids import squeezed

NICKNAME_MAX = 24
EMAIL_MAX = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets

_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f<>(),;:\\\"\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_POSTCODE = re.compile(r"[0-9]{3}(?:[0-9]{4})?", re.ASCII)
_PIN = re.compile(r"[0-9]{4,8}", re.ASCII)
_RUNS = ("01234567890", "09876543210")


def clean_nickname(typed: str) -> str | None:
    """The nickname as it is kept: composed, one space between words. None if it is empty, too long or unreadable."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= NICKNAME_MAX:
        return None
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs"} for sign in name):
        return None  # control and direction signs could make one name look like another
    return name


def sought_name(typed: str) -> str:
    """A nickname as it is looked for: half and full width, capitals, kana of either kind and blanks make no difference."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).casefold()
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in plain)


def clean_email(typed: str) -> str | None:
    """The address as it is looked up: half width, lower case. None if it cannot be one.

    "=?" begins an encoded word (RFC 2047), by which one address could be another one to whoever reads the head of a mail.
    """
    address = unicodedata.normalize("NFKC", typed).strip().lower()
    if len(address) > EMAIL_MAX or not address.isascii() or "=?" in address or not _EMAIL.fullmatch(address):
        return None
    return address


def clean_home_area(typed: str) -> str | None:
    """Where somebody lives, as far as it is kept: the first three digits of a postcode that was typed whole or so far. "" for nothing.

    None if it is no postcode; 000 is none.
    """
    digits = squeezed(typed).lstrip("〒")
    if not digits:
        return ""
    return digits[:3] if _POSTCODE.fullmatch(digits) and digits[:3] != "000" else None


def hidden_email(address: str) -> str:
    """An address by which its owner recognises it and nobody else learns it: `y…@hinosawa.example`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def clean_code(typed: str) -> str:
    """What was typed into a field for a recovery code: half width, capitals, without blanks and hyphens."""
    return squeezed(typed).upper()


def pin_is_strong(pin: str) -> bool:
    """4 to 8 digits, and not what everybody tries first: one digit, a run up or down, one pair or half repeated."""
    if not _PIN.fullmatch(pin):
        return False
    if any(pin in run * 2 for run in _RUNS) or len(set(pin)) == 1:
        return False
    return not any(len(pin) % width == 0 and pin == pin[:width] * (len(pin) // width) for width in (2, 3, 4) if width < len(pin))


def safe_next(wanted: str | None, fallback: str = "/") -> str:
    """`wanted` if it is a path of this very site, else `fallback`: nobody is sent elsewhere after signing in.

    Browsers read a backslash as a slash and drop tabs and line ends, so anything of the kind falls back.
    """
    if not wanted or len(wanted) > 1000 or not wanted.startswith("/"):
        return fallback
    if not wanted.isprintable() or "\\" in wanted or wanted.startswith("//"):
        return fallback
    parts = urlsplit(wanted)
    return fallback if parts.scheme or parts.netloc or parts.path.startswith("//") else wanted


_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_label(user_agent: str) -> str:
    """A coarse name by which a person recognises their own device, e.g. `iPhone · Safari`. Nothing finer is kept."""
    found = [next((name for sign, name in names if sign in user_agent), "") for names in (_SYSTEMS, _BROWSERS)]
    return " · ".join(name for name in found if name)
