"""EMV texts: what we build, others can parse, and what others build never breaks us."""

from __future__ import annotations

import base64
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis.strategies import builds, characters, integers, lists, none, sampled_from, text

from merchant.rules.emv.build import Shop, Value, build, shop_fields
from merchant.rules.emv.consumer import consumer_code
from merchant.rules.emv.crc import crc
from merchant.rules.emv.elements import EmvError, join
from merchant.rules.emv.parse import must_be_payable, parse

LATIN = characters(min_codepoint=0x20, max_codepoint=0x7E)
JAPANESE = sampled_from("丸屋そば髙﨑𠮷①㈱カフェ゛がばぱ ")
SHOPS = builds(
    Shop,
    district_code=text("D0123456789", min_size=1, max_size=8),
    shop_code=text("S0123456789", min_size=1, max_size=12),
    name=text(LATIN, min_size=1, max_size=25),
    city=text(LATIN, min_size=1, max_size=15),
    category=text("0123456789", min_size=4, max_size=4),
    postcode=none() | text("0123456789", min_size=7, max_size=7),
    name_ja=none() | text(JAPANESE, min_size=1, max_size=25),
    city_ja=none() | text(JAPANESE, min_size=1, max_size=15),
)
SOBA = Shop("D0001", "S00000001", "MARUYA SOBA", "HAKONE")
REASONS = {
    "empty", "truncated", "bad_tag", "bad_length", "pfi_not_first", "duplicate_tag", "crc_missing", "crc_not_last",
    "bad_crc", "missing_mandatory", "bad_value", "bad_template",
}  # fmt: skip


def outcome(payload: str) -> str:
    """The reason of a refusal, or "read"."""
    try:
        parse(payload)
    except EmvError as refused:
        return refused.reason
    return "read"


def changed(*changes: tuple[str, Value | None]) -> list[tuple[str, Value]]:
    """The fields of a good code, some of them replaced, added or (None) left out."""
    fields: dict[str, Value | None] = {**dict(shop_fields(SOBA)), **dict(changes)}
    return [(tag, value) for tag, value in fields.items() if value is not None]


@given(SHOPS, none() | integers(1, 10**13 - 1), none() | text(LATIN, min_size=1, max_size=25))
def test_parse_gives_back_what_build_was_given(shop: Shop, amount: int | None, bill: str | None) -> None:
    """A district that joins a network of readers exports codes that say exactly what its list says."""
    fields = shop_fields(shop, amount=amount, bill=bill)
    elements = parse(build(fields))
    must_be_payable(elements)
    assert [element.tag for element in elements] == [tag for tag, _ in fields] + ["63"]
    for element, (_, value) in zip(elements, fields, strict=False):
        if isinstance(value, str):
            assert (element.value, element.children) == (value, None)
        else:
            assert [(child.tag, child.value) for child in element.children or ()] == [
                (tag, unicodedata.normalize("NFC", text)) for tag, text in value
            ]
    assert join(elements) == build(fields)


@given(SHOPS, integers(0), sampled_from("0123456789ABCDEFxyz丸"))
def test_one_changed_sign_never_passes(shop: Shop, place: int, sign: str) -> None:
    """A CRC of 16 bits finds every burst of 16; a changed letter is shorter than that."""
    payload = build(shop_fields(shop))
    place %= len(payload)
    assume(payload[place] != sign and ord(payload[place]) < 128 and ord(sign) < 128)
    with pytest.raises(EmvError):
        parse(payload[:place] + sign + payload[place + 1 :])


@given(text())
def test_any_text_gets_aoutcome(scanned: str) -> None:
    """Whatever the camera reads, there is a reason and no fault."""
    with pytest.raises(EmvError) as refused:
        parse(scanned)
    assert refused.value.reason in REASONS


@given(
    lists(sampled_from(["000201", "5303392", "5802JP", "26", "0004abcd", "62", "64", "99", "01", "63", "04", "て", "5204"]), max_size=20)
)
def test_a_heap_of_right_looking_pieces_gets_aoutcome(pieces: list[str]) -> None:
    """Also when the checksum is right."""
    body = "000201" + "".join(pieces) + "6304"
    assert outcome(body + crc(body)) in REASONS | {"read"}


def test_a_broken_letter_is_refused_by_its_checksum() -> None:
    """Half a surrogate pair cannot be written as UTF-8, but must not stop the till."""
    with pytest.raises(EmvError):
        parse("0002\ud800")


def test_a_decomposed_name_counts_as_it_is_seen() -> None:
    """が typed as か and a mark is one character, and comes out as one."""
    assert parse(build(changed(("64", [("00", "ja"), ("01", "か\u3099")]))))[-2].value == "0002ja0101が"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("00", "02"), "bad_value"),
        (("00", None), "pfi_not_first"),
        (("01", "13"), "bad_value"),
        (("26", None), "missing_mandatory"),
        (("26", [("01", "D0001")]), "bad_template"),
        (("26", [("00", "a"), ("01", "b"), ("01", "c")]), "bad_template"),
        (("26", [("00", "a" * 33)]), "bad_value"),
        (("52", "581"), "bad_value"),
        (("52", "５８１２"), "bad_value"),
        (("52", [("00", "5812")]), "bad_template"),
        (("54", "0"), "bad_value"),
        (("54", "10.5"), "bad_value"),
        (("54", "1e3"), "bad_value"),
        (("54", "12345678901234"), "bad_value"),
        (("55", "02"), "bad_value"),
        (("56", "100"), "bad_value"),
        (("57", "5.00"), "bad_value"),
        (("58", "JPN"), "bad_value"),
        (("59", "丸屋"), "bad_value"),
        (("59", "A" * 26), "bad_value"),
        (("59", ""), "bad_length"),
        (("61", "1" * 11), "bad_value"),
        (("62", [("01", "A" * 26)]), "bad_value"),
        (("62", [("09", "AX")]), "bad_value"),
        (("62", [("50", "A" * 99)]), "bad_length"),
        (("64", [("00", "ja")]), "bad_template"),
        (("64", [("00", "ja"), ("01", "丸" * 26)]), "bad_value"),
        (("6", "x"), "bad_tag"),
        (("６５", "x"), "bad_tag"),
        (("63", "ABCD"), "duplicate_tag"),
        (("80", [("01", "x")]), "bad_template"),
    ],
)
def test_we_never_write_what_we_would_refuse_to_read(change: tuple[str, Value | None], reason: str) -> None:
    """A mistake in the shop's list is found when the code is made, not at another company's till."""
    with pytest.raises(EmvError) as refused:
        build(changed(change))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "change",
    [
        ("55", "01"),
        ("62", [("03", "***"), ("09", "AME"), ("10", "T1234567890123"), ("11", "401")]),
        ("70", "any text 丸"),
        ("80", [("00", "jp.meguri.pay"), ("01", "campaign7")]),
        ("02", "4000123456789012"),
    ],
)
def test_what_the_standard_allows_is_written(change: tuple[str, Value]) -> None:
    """Tips asked for, labels, reserved tags and templates of others."""
    assert parse(build(changed(change)))


@pytest.mark.parametrize(("tip", "fee"), [("02", ("56", "100")), ("03", ("57", "5.00")), ("03", ("57", "99.99"))])
def test_a_fee_goes_with_its_indicator(tip: str, fee: tuple[str, str]) -> None:
    """Fixed with 02, per cent with 03."""
    assert parse(build(changed(("55", tip), fee)))


def test_dollars_and_other_countries_are_read_but_not_paid() -> None:
    """Yen in Japan is all that a district's money can settle."""
    dollars = parse(build(changed(("53", "840"), ("54", "12.50"))))
    with pytest.raises(EmvError, match="unsupported_currency"):
        must_be_payable(dollars)
    with pytest.raises(EmvError, match="unsupported_country"):
        must_be_payable(parse(build(changed(("58", "CN")))))


def test_the_first_reason_is_the_one_that_is_given() -> None:
    """Duplicate before missing checksum, checksum before missing fields, fields before values, values before templates."""
    assert outcome("000201000201") == "duplicate_tag"
    assert outcome("000201") == "crc_missing"
    assert outcome("6304ABCD") == "pfi_not_first"
    assert outcome("00020163040000") == "bad_crc"
    assert outcome(_signed("000209")) == "missing_mandatory"
    good = build(changed(("54", "1")))
    assert outcome(_signed(good[:-8].replace("54011", "54010").replace("0013jp.meguri.pay", "0113jp.meguri.pay"))) == "bad_value"


def _signed(body: str) -> str:
    return body + "6304" + crc(body + "6304")


@given(text("0123456789", min_size=1, max_size=20))
def test_a_consumer_code_of_emv_begins_as_all_of_them_do(label: str) -> None:
    """A reader tells it by its first letters."""
    code = consumer_code(bytes.fromhex("A0000000651010"), [(bytes.fromhex("50"), label.encode())])
    assert code.startswith("hQVDUFYwM")
    assert base64.b64decode(code).endswith(label.encode())
