"""The bank's file: vectors, and what holds for any transfers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from association.cli import zengin
from association.rules import RULES
from association.rules.zengin import (
    ABBREVIATIONS,
    AMOUNT_MAX,
    Band,
    NameWrong,
    Owed,
    Policy,
    Profile,
    Sender,
    Transfer,
    ZenginWrong,
    bank_fee,
    consolidate,
    from_post_office,
    masked,
    normalised,
    parse,
    written,
)
from association.rules.zengin.names import ALLOWED, KANA

VECTORS = Path(__file__).parents[1] / "vectors"
CASES = [
    (name, case)
    for name in ("zengin.files", "zengin.names", "zengin.payouts", "invoice.registration_numbers")
    for case in json.loads((VECTORS / f"{name.replace('.', '/', 1)}.json").read_text(encoding="utf-8"))
]
US = Sender("0990", "ﾒｸﾞﾘ", "001", "ﾎﾝﾃﾝ", "1", "1234567", "ﾒｸﾞﾘｼﾖｳﾃﾝｶﾞｲ", "1234567890")

names = st.text(sorted(KANA + "AZ09 ()-./"), min_size=1, max_size=40).filter(str.strip)
transfers = st.builds(
    Transfer,
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    names,
    st.from_regex(r"[0-9]{3}", fullmatch=True),
    st.just(""),
    st.sampled_from("1249"),
    st.from_regex(r"[0-9]{1,7}", fullmatch=True),
    names,
    st.integers(1, AMOUNT_MAX),
    st.from_regex(r"[0-9]{0,10}", fullmatch=True),
    st.from_regex(r"[0-9]{0,10}", fullmatch=True),
)
profiles = st.builds(Profile, st.sampled_from([b"\r\n", b""]), st.booleans(), st.sampled_from(["0000", "    "]))


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case['id']}" for name, case in CASES])
def test_as_in_the_vectors(name: str, case: dict[str, Any]) -> None:
    """Files to the byte, names, payouts, registration numbers."""
    assert RULES[name](case) == case["expect"]


@given(st.lists(transfers, min_size=1, max_size=20), st.dates(), profiles)
def test_what_is_written_can_be_read_back(sent: list[Transfer], day: date, profile: Profile) -> None:
    """Every record has 120 bytes; accounts, amounts and names come back as they went, long names cut and reported."""
    made = written(US, day, sent, profile)
    body = made.content.removesuffix(b"\x1a")
    assert len(body) == (len(sent) + 3) * (120 + len(profile.eol))
    read = parse(made.content)
    assert (read.transfer_date, read.total) == (f"{day:%m%d}", sum(each.amount for each in sent))
    for at, (before, after) in enumerate(zip(sent, read.transfers, strict=True)):
        assert (after.amount, after.bank_code, after.branch_code) == (before.amount, before.bank_code, before.branch_code)
        assert after.account_number == before.account_number.rjust(7, "0")
        assert after.name == normalised(before.name)[:30].rstrip(" ")
        assert (at in made.truncated) == (len(normalised(before.name)) > 30)


@given(st.lists(transfers, min_size=1, max_size=5), st.data())
def test_a_file_that_somebody_changed_is_found_out(sent: list[Transfer], data: st.DataObject) -> None:
    """Another amount, a record less, a byte lost: it no longer holds."""
    content = written(US, date(2026, 12, 10), sent).content
    record = data.draw(st.integers(1, len(sent))) * 122
    amount = content[record + 80 : record + 90]
    other = str((int(amount) + 1) % (AMOUNT_MAX + 1)).rjust(10, "0").encode()
    for broken in (content[: record + 80] + other + content[record + 90 :], content[:record] + content[record + 122 :], content[:-1]):
        with pytest.raises(ZenginWrong):
            parse(broken)


def test_a_file_is_checked_in_the_terminal_without_settings(tmp_path: Path) -> None:
    """Count and sum are printed and the exit status says whether it holds; so an auditor needs nothing but the file."""
    transfer = Transfer("0991", "", "012", "", "1", "55", "ﾏﾙﾔ", 12_345)
    file = tmp_path / "SOUFURI.txt"
    file.write_bytes(written(US, date(2026, 12, 10), [transfer, transfer]).content)
    good = CliRunner().invoke(zengin, ["parse", str(file)])
    assert good.exit_code == 0 and "count     2\ntotal     24690\n" in good.output
    file.write_bytes(file.read_bytes().replace(b"0000024690", b"0000024691"))
    broken = CliRunner().invoke(zengin, ["parse", str(file)])
    assert broken.exit_code == 1 and "bad_total" in broken.output


@given(st.text(max_size=40))
def test_a_name_is_taken_whole_or_not_at_all(typed: str) -> None:
    """What comes out has only signs of the format, one byte each, and stays as it is when it is typed again."""
    try:
        name = normalised(typed)
    except NameWrong:
        return
    assert set(name) <= ALLOWED and normalised(name) == name and len(name.encode("shift_jis")) == len(name)


def test_a_refused_sign_is_named() -> None:
    with pytest.raises(NameWrong) as wrong:
        normalised("株式会社丸屋&丸屋")
    assert wrong.value.signs == ("株", "式", "会", "社", "丸", "屋", "&")


def test_what_the_form_offers_is_in_the_format() -> None:
    assert all(normalised(sign) == sign for _word, *signs in ABBREVIATIONS for sign in signs)


def test_japan_posts_symbols_become_branch_and_number() -> None:
    """記号 12340 番号 12345671 is branch 238, ordinary, 1234567."""
    assert from_post_office("12340", "12345671") == ("238", "1", "1234567")
    assert from_post_office("１０１８０", "1231") == ("018", "1", "0000123")
    assert from_post_office("01230-", "45678") == ("129", "2", "0045678")
    assert from_post_office("12340", "12345672") is None  # an ordinary account's number ends with 1
    assert from_post_office("1234", "12345671") is None


@given(st.text("0123456789", min_size=7, max_size=7))
def test_a_number_is_shown_by_its_end(number: str) -> None:
    assert masked(number) == "****" + number[-3:]


owed = st.lists(
    st.builds(Owed, st.integers(0, 10**6), st.sampled_from("abcd"), st.integers(-(10**6), 10**6)),
    max_size=20,
    unique_by=lambda one: one.id,
)


@given(owed, st.integers(0, 880), st.integers(0, 5_000))
def test_every_yen_is_transferred_kept_as_a_fee_or_carried_over(shops: list[Owed[str]], fee: int, minimum: int) -> None:
    pays, carried = consolidate(Policy(lambda _account, _gross: fee, minimum), shops)
    assert sum(one.balance for one in shops) == sum(pay.amount + pay.fee for pay in pays) + sum(one.balance for one in carried)
    assert all(pay.amount >= max(minimum, 1) for pay in pays)
    assert len({pay.account for pay in pays}) == len(pays) and {pay.account for pay in pays}.isdisjoint(one.account for one in carried)


def test_the_fee_is_the_banks_for_place_and_amount() -> None:
    bands = [Band(1, 0, 110, 330), Band(30_000, 0, 220, 550)]
    us = ("0990", "001")
    assert [bank_fee(bands, us, to, 29_999) for to in (us, ("0990", "002"), ("0001", "001"))] == [0, 110, 330]
    assert bank_fee(bands, us, ("0001", "001"), 30_000) == 550 and bank_fee([], us, ("0001", "001"), 5) == 0
