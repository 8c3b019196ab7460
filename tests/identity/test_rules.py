"""What may be typed, and where one may be sent."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.rules import clean_code, clean_email, clean_nickname, device_label, pin_is_strong, safe_next


@pytest.mark.parametrize(
    "pin",
    [
        "0000",
        "1234",
        "4321",
        "9876",
        "0987",
        "7890",
        "1212",
        "123123",
        "12341234",
        "99999999",
        "123",
        "123456789",
        "12a4",
        "",
        "１２３４",
        "1111",
    ],
)
def test_pins_that_everybody_tries_first_are_refused(pin):
    """Nobody can choose 0000, 1234, a run, a repeated pair, or anything but 4 to 8 plain digits."""
    assert not pin_is_strong(pin)


@pytest.mark.parametrize("pin", ["2580", "7391", "10293847", "4173", "1223", "80042"])
def test_an_ordinary_pin_is_taken(pin):
    """Four to eight digits without a pattern."""
    assert pin_is_strong(pin)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:/evil.example",
        "evil.example",
        "",
        None,
        "/" + "a" * 1000,
        "/%0d%0aSet-Cookie:x\r\n",
        " /wallet/",
        "/\u2028evil",
    ],
)
def test_nobody_is_sent_to_another_site(wanted):
    """Whatever stands in `next`, one stays on this site."""
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/wallet/", "/q/abc.def-_~?x=1&y=2", "/wallet/pay/request/0?a=//b"])
def test_a_path_of_this_site_is_kept(wanted):
    """A scanned code survives."""
    assert safe_next(wanted) == wanted


@given(st.text(max_size=60))
def test_whatever_is_asked_for_is_a_local_path(wanted):
    """A browser resolving the answer against our address stays at our address."""
    target = urlsplit(urljoin("https://meguri.test/sign-in", safe_next(wanted)))
    assert (target.scheme, target.netloc) == ("https", "meguri.test")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  花子 ", "花子"),
        ("は\u3000な", "は な"),
        ("か\u3099", "が"),
        ("", None),
        ("   ", None),
        ("a" * 25, None),
        ("a\u202eb", None),
        ("a\x00b", None),
        ("👪", "👪"),
    ],
)
def test_a_nickname_is_short_and_readable(typed, kept):
    """Blanks are tidied; signs that turn a name around are not taken."""
    assert clean_nickname(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Hanako@Example.JP", "hanako@example.jp"),
        (" ｈａｎａ＠example.jp ", "hana@example.jp"),
        ("a.b+c@mail.example.co.jp", "a.b+c@mail.example.co.jp"),
        ("hanako@example", None),
        ("hanako", None),
        ("a@b@c.jp", None),
        ("a b@c.jp", None),
        ("a@c.jp\r\nBcc: x@y.jp", None),
        ("花@example.jp", None),
        ("=?utf-8?q?=0Aa?=@example.jp", None),
        ("=?utf-8?q?x=40y.jp=2C?=@example.jp", None),
        ("a" * 250 + "@b.jp", None),
    ],
)
def test_an_address_is_read_as_people_type_it(typed, kept):
    """Width and capitals do not matter; what cannot be an address is refused before any mail."""
    assert clean_email(typed) == kept


def test_a_recovery_code_may_be_typed_anyhow():
    """Small letters, full width, with or without the hyphen."""
    assert clean_code("abcde-fghjk") == clean_code("ＡＢＣＤＥ ＦＧＨＪＫ") == clean_code("ABCDE‐FGHJK") == "ABCDEFGHJK"


def test_a_device_has_a_coarse_name():
    """Enough to recognise one's own phone, and no more."""
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"
    assert device_label(phone) == "iPhone · Safari"
    assert device_label("curl/8") == ""
