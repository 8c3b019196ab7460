"""The file itself: written and read back by the same table of fields. Numbers in brackets are rules of rules/settlement.md.

One byte a sign (Shift_JIS, JIS X 0201), 120 of them a record, CR LF after each (1, 2).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from association.rules.zengin.accounts import KINDS
from association.rules.zengin.names import NameWrong, normalised

RECORD = 120
AMOUNT_MAX = 9_999_999_999
NAME_MAX, SENDER_NAME_MAX, PLACE_NAME_MAX = 30, 40, 15
"""Bytes of a receiver's, the sender's and a bank's or branch's name."""
SENDER_KINDS = ("1", "2", "9")
ENCODING = "shift_jis"

Field = tuple[str, int, str]  # name, bytes, "N" (figures, from the right) or "C" (signs, from the left)
HEADER: tuple[Field, ...] = (
    ("record", 1, "N"),
    ("business", 2, "N"),
    ("code_kind", 1, "N"),
    ("code", 10, "N"),
    ("name", SENDER_NAME_MAX, "C"),
    ("transfer_date", 4, "N"),
    ("bank_code", 4, "N"),
    ("bank_name", PLACE_NAME_MAX, "C"),
    ("branch_code", 3, "N"),
    ("branch_name", PLACE_NAME_MAX, "C"),
    ("account_type", 1, "N"),
    ("account_number", 7, "N"),
    ("dummy", 17, "C"),
)
DATA: tuple[Field, ...] = (
    ("record", 1, "N"),
    ("bank_code", 4, "N"),
    ("bank_name", PLACE_NAME_MAX, "C"),
    ("branch_code", 3, "N"),
    ("branch_name", PLACE_NAME_MAX, "C"),
    ("clearing_house", 4, "N"),
    ("account_type", 1, "N"),
    ("account_number", 7, "N"),
    ("name", NAME_MAX, "C"),
    ("amount", 10, "N"),
    ("new_code", 1, "N"),
    ("customer_code1", 10, "N"),
    ("customer_code2", 10, "N"),
    ("transfer_kind", 1, "N"),
    ("mark", 1, "C"),
    ("dummy", 7, "C"),
)
TRAILER: tuple[Field, ...] = (("record", 1, "N"), ("count", 6, "N"), ("total", 12, "N"), ("dummy", 101, "C"))
END: tuple[Field, ...] = (("record", 1, "N"), ("dummy", 119, "C"))


class ZenginWrong(ValueError):
    """`code`: as in (9), or what a file that is read breaks. `record`: from 1, `transfer`: index from 0, where one is meant."""

    def __init__(self, code: str, *, transfer: int | None = None, record: int | None = None) -> None:
        super().__init__(code, transfer, record)
        self.code, self.transfer, self.record = code, transfer, record


@dataclass(frozen=True, slots=True)
class Party:
    """An account at a bank, names as somebody wrote them."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_type: str
    account_number: str
    name: str


@dataclass(frozen=True, slots=True)
class Sender(Party):
    """振込依頼人. `code`: ten figures that its bank gave it."""

    code: str


@dataclass(frozen=True, slots=True)
class Transfer(Party):
    """A data record. `amount` in yen; `new_code`: 1 the first one, 2 the first to a changed account, 0 otherwise."""

    amount: int
    customer_code1: str = ""
    customer_code2: str = ""
    new_code: str = "0"


@dataclass(frozen=True, slots=True)
class Profile:
    """What banks differ in (1, 6)."""

    eol: bytes = b"\r\n"
    eof: bool = False
    clearing_house: str = "0000"


CRLF = Profile()


@dataclass(frozen=True, slots=True)
class Written:
    """A file. `truncated`: indexes of the transfers whose receiver's name was cut (13)."""

    content: bytes
    truncated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, recomputed from its bytes."""

    sender: Sender
    transfer_date: str  # MMDD
    transfers: tuple[Transfer, ...]
    sha256: str

    @property
    def total(self) -> int:
        return sum(transfer.amount for transfer in self.transfers)


def faults(transfers: Sequence[Transfer]) -> list[ZenginWrong]:
    """Everything that is wrong with the transfers, one fault for each of them: a desk wants to see all at once (9)."""
    return [ZenginWrong(code, transfer=index) for index, transfer in enumerate(transfers) if (code := _fault_of_transfer(transfer))]


def written(sender: Sender, day: date, transfers: Sequence[Transfer], profile: Profile = CRLF) -> Written:
    """The bytes of a file. Raises ZenginWrong with the first fault."""
    if not transfers:
        raise ZenginWrong("no_transfers")
    wrong = _fault_of_sender(sender)
    if wrong:
        raise ZenginWrong(wrong)
    for fault in faults(transfers):
        raise fault
    lines = [_header(sender, day), *(_data(transfer, profile) for transfer in transfers)]
    lines.append(_record(TRAILER, {"record": "8", "count": str(len(transfers)), "total": str(sum(each.amount for each in transfers))}))
    lines.append(_record(END, {"record": "9"}))
    cut = tuple(at for at, transfer in enumerate(transfers) if len(normalised(transfer.name)) > NAME_MAX)
    content = b"".join(line.encode(ENCODING) + profile.eol for line in lines)
    return Written(content + (b"\x1a" if profile.eof else b""), cut)


def parse(content: bytes) -> Read:
    """Read a file back and check its order, lengths, fields, count and sum. Raises ZenginWrong: bad_encoding, bad_length, bad_order,
    bad_field, bad_count, bad_total, or a transfer's fault as in (9).
    """
    records = [_split(number, line) for number, line in enumerate(_lines(content), 1)]
    order = "".join(record["record"] for record in records)
    if not re.fullmatch(r"12+89", order):
        raise ZenginWrong("bad_order")
    head, *data, trailer, _end = records
    transfers = tuple(_transfer_of(record) for record in data)
    if int(trailer["count"]) != len(transfers):
        raise ZenginWrong("bad_count")
    if int(trailer["total"]) != sum(each.amount for each in transfers):
        raise ZenginWrong("bad_total")
    for fault in faults(transfers):
        raise fault
    sender = Sender(**{name: head[name].rstrip(" ") for name in _names(Sender)})
    wrong = _fault_of_sender(sender)
    if wrong:
        raise ZenginWrong(wrong, record=1)
    return Read(sender, head["transfer_date"], transfers, hashlib.sha256(content).hexdigest())


def _lines(content: bytes) -> Iterator[str]:
    """The records as text, with or without line ends and end mark."""
    body = content.removesuffix(b"\x1a")
    step = RECORD + 2 if body[RECORD : RECORD + 2] == b"\r\n" else RECORD
    if not body or len(body) % step:
        raise ZenginWrong("bad_length")
    for start in range(0, len(body), step):
        line = body[start : start + RECORD]
        if step > RECORD and body[start + RECORD : start + step] != b"\r\n":
            raise ZenginWrong("bad_length", record=start // step + 1)
        if any((byte > 0x7E and not 0xA1 <= byte <= 0xDF) or byte < 0x20 for byte in line):
            raise ZenginWrong("bad_encoding", record=start // step + 1)
        yield line.decode(ENCODING)


KINDS_OF_RECORD = {"1": HEADER, "2": DATA, "8": TRAILER, "9": END}


def _split(number: int, line: str) -> dict[str, str]:
    layout = KINDS_OF_RECORD.get(line[:1])
    if layout is None:
        raise ZenginWrong("bad_order", record=number)
    found, at = {}, 0
    for name, length, kind in layout:
        found[name] = line[at : at + length]
        if kind == "N" and not re.fullmatch("[0-9]+", found[name]) and not (name == "clearing_house" and not found[name].strip()):
            raise ZenginWrong("bad_field", record=number)
        at += length
    if found.get("dummy", "").strip(" "):
        raise ZenginWrong("bad_field", record=number)
    return found


def _transfer_of(record: dict[str, str]) -> Transfer:
    texts = {name: record[name].rstrip(" ") for name in _names(Transfer) if name != "amount"}
    return Transfer(amount=int(record["amount"]), **texts)


def _names(kind: type[Party]) -> list[str]:
    return [field.name for field in fields(kind)]


def _record(layout: Sequence[Field], values: dict[str, str]) -> str:
    return "".join(
        values.get(name, "").rjust(length, "0") if kind == "N" else values.get(name, "")[:length].ljust(length)
        for name, length, kind in layout
    )


def _place(party: Party) -> dict[str, str]:
    return {
        "bank_code": party.bank_code,
        "bank_name": normalised(party.bank_name),
        "branch_code": party.branch_code,
        "branch_name": normalised(party.branch_name),
        "account_type": party.account_type,
        "account_number": party.account_number,
        "name": normalised(party.name),
    }


def _header(sender: Sender, day: date) -> str:
    return _record(
        HEADER, {**_place(sender), "record": "1", "business": "21", "code_kind": "0", "code": sender.code, "transfer_date": f"{day:%m%d}"}
    )


def _data(transfer: Transfer, profile: Profile) -> str:
    values = {
        **_place(transfer),
        "record": "2",
        "amount": str(transfer.amount),
        "new_code": transfer.new_code,
        "customer_code1": transfer.customer_code1,
        "customer_code2": transfer.customer_code2,
        "clearing_house": profile.clearing_house,
        "transfer_kind": "7",
    }
    return _record(DATA, values)


def _fault_of_sender(sender: Sender) -> str | None:
    if not re.fullmatch("[0-9]{10}", sender.code):
        return "bad_consignor_code"
    return _fault_of_party(sender, SENDER_KINDS)


def _fault_of_transfer(transfer: Transfer) -> str | None:
    wrong = _fault_of_party(transfer, KINDS)
    if wrong:
        return wrong
    if not 1 <= transfer.amount <= AMOUNT_MAX:
        return "bad_amount"
    codes = (transfer.customer_code1, transfer.customer_code2)
    return None if all(re.fullmatch("[0-9]{0,10}", code) for code in codes) else "bad_customer_code"


def _fault_of_party(party: Party, kinds: Sequence[str]) -> str | None:
    checks = (
        ("bad_bank_code", re.fullmatch("[0-9]{4}", party.bank_code)),
        ("bad_branch_code", re.fullmatch("[0-9]{3}", party.branch_code)),
        ("bad_account_type", party.account_type in kinds),
        ("bad_account_number", re.fullmatch("[0-9]{1,7}", party.account_number)),
    )
    for code, good in checks:
        if not good:
            return code
    try:
        names = [normalised(each) for each in (party.name, party.bank_name, party.branch_name)]
    except NameWrong:
        return "unsupported_character"
    return None if names[0] else "empty_name"


def _answer(question: dict[str, Any]) -> dict[str, object]:
    asked = question["input"]
    sender = Sender(**asked["consignor"])
    transfers = [Transfer(**each) for each in asked["transfers"]]
    try:
        made = written(sender, date.fromisoformat(asked["transfer_date"]), transfers)
    except ZenginWrong as wrong:
        return {"ok": False, "error": wrong.code}
    read = parse(made.content)
    return {
        "ok": True,
        "lines": made.content.decode(ENCODING).split("\r\n")[:-1],
        "bytes_length": len(made.content),
        "sha256": read.sha256,
        "count": len(read.transfers),
        "total": read.total,
        "truncated_names": list(made.truncated),
    }


RULES: dict[str, Callable[[dict[str, Any]], object]] = {"zengin.files": _answer}
