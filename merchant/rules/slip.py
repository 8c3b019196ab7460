"""レシート as data: everything that a receipt says, from what the till knows and nothing else. Paper, page and PDF are drawn from it.

A till that has its shop's words, its bill, its tenders and the next number of its own range makes the very same receipt, with or
without a network. Source of the particulars: Consumption Tax Act art. 57-4(2) and (3); Stamp Tax Act, table no. 17.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from merchant.rules.bill import Bill, WorkedOut, bill_from, goods
from merchant.rules.invoice import RATES, Line, ReceiptRefused, Tender, needs_stamp
from merchant.rules.refunds import in_proportion

PART = "（一部）"
"""Behind the name of what came back in part: one of a box of four."""
FORM = 1
"""The form of the content; another one where its names change."""
NUMBER_ENDS = re.compile(r"^(?:[0-9]+-)*(?:O(?P<series>[0-9]{1,7})-)?(?P<place>[0-9]{1,9})$", re.ASCII)
WHOLE_NUMBER = re.compile(r"[0-9]+-(?P<till>[0-9]{1,18})-(?:O[0-9]{1,7}-)?[0-9]{1,9}", re.ASCII)
SERIES = 1_000_000_000
"""A till counts its receipts in series that have no gap: 1, 2, 3 … with the network; and for each log that it keeps without one
(device_log.py), log × SERIES + 1, 2, 3 …, printed as O1-000001."""
PRINTED_DIGITS = 6
"""Of a serial, with zeros before it; one that has more is printed whole."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose receipt it is, as the words stand at that moment. `registration`: of a registered business, else None."""

    name: str
    name_en: str
    address: str
    phone: str
    number: str
    registration: str | None


@dataclass(frozen=True, slots=True)
class Paid:
    """One means of payment in yen. `kind`: cash, card, coin, voucher, point or funded_coupon. `number`: of the payment in the book.

    `bearer`: of a coupon who pays the shop for it: association, funder or shop (itself); `funder`: its name, where it is a third.
    `of`: of what comes back, the number of the payment that it was paid with; slips of before it was kept don't say it."""

    kind: str
    amount: int
    name: str = ""
    name_en: str = ""
    number: str | None = None
    bearer: str = ""
    funder: str = ""
    of: str = ""

    def as_json(self) -> dict[str, Any]:
        """As a receipt's content keeps it."""
        absent = {*(() if self.bearer else ("bearer", "funder")), *(() if self.of else ("of",))}
        return {name: value for name, value in asdict(self).items() if name not in absent}


@dataclass(frozen=True, slots=True)
class Made:
    """Where, when and by whom. `serial`: the till's own count, without gaps. `of`: of a return, the receipt that it gives back.
    `corrects`: of a corrected receipt, the wrong one."""

    till_id: int
    till_name: str
    serial: int
    staff: str | None
    at: datetime
    of: Mapping[str, Any] | None = None
    corrects: Mapping[str, Any] | None = None


def slip(
    kind: str,
    issuer: Issuer,
    made: Made,
    bill: Bill,
    done: WorkedOut,
    paid: Sequence[Paid],
    received: int,
    *,
    own_coupon: tuple[str, str] | None = None,
    counts_as_money_receipt: bool = True,
) -> dict[str, Any]:
    """The content of a receipt (`sale`) or of a return slip (`return`). `received`: the cash that was handed over, in yen.

    `own_coupon`: both names of the coupon that the bill's last discount is, which the shop itself bears.
    `counts_as_money_receipt`: of coin and vouchers, by the contract with the shops (invoice 32)."""
    cash = sum(each.amount for each in paid if each.kind == "cash")
    return {
        "form": FORM,
        "kind": kind,
        "shop": asdict(issuer),
        "till": {"id": made.till_id, "name": made.till_name},
        "serial": made.serial,
        "number": number_of(issuer.number, made.till_id, made.serial),
        "staff": made.staff,
        "at": f"{made.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "of": None if made.of is None else dict(made.of),
        **({"corrects": dict(made.corrects)} if made.corrects is not None else {}),
        **goods(bill, done, own_coupon=own_coupon),
        "paid": [each.as_json() for each in paid],
        "received": max(received, cash) if cash else 0,
        "change": max(received - cash, 0) if cash else 0,
        "stamp": stamp(done, paid, counts_as_money_receipt=counts_as_money_receipt) if kind == "sale" else False,
    }


def stamp(done: WorkedOut, paid: Sequence[Paid], *, counts_as_money_receipt: bool) -> bool:
    """Whether the paper needs a stamp."""
    tenders = [Tender(each.kind, each.amount) for each in paid]
    cash = sum(each.amount for each in paid if each.kind == "cash")
    whole = type(done.totals)(done.totals.by_rate, done.totals.shares, done.totals.marked, 0, cash)
    return needs_stamp(whole, tenders, on_paper=True, counts_as_money_receipt=counts_as_money_receipt)


def number_of(shop: str, till_id: int, serial: int) -> str:
    """What people read out: shop, terminal, serial; of a receipt that was made without the network O and its log before the serial."""
    series, place = divmod(serial, SERIES)
    printed = f"{place:0{PRINTED_DIGITS}d}"
    return f"{shop}-{till_id}-O{series}-{printed}" if series else f"{shop}-{till_id}-{printed}"


def till_of(words: str) -> int | None:
    """The till that a whole number names: 7 in 000017-7-000003. None: the number is not whole."""
    found = WHOLE_NUMBER.fullmatch(words)
    return None if found is None else int(found["till"])


def serial_of(words: str) -> int | None:
    """The serial that a number, or the end of one, names: 000003, 000017-7-000003, O1-000003. None: it is no number."""
    found = NUMBER_ENDS.search(words)
    return None if found is None else int(found["series"] or 0) * SERIES + int(found["place"])


def digest_of(before: bytes | None, content: Mapping[str, Any]) -> bytes:
    """SHA-256 over the receipt before it and this one's content: a till's receipts are a chain in which none can be exchanged."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((before or b"") + text.encode()).digest()


def hangs_together(sale: Mapping[str, Any]) -> bool:
    """Whether a sale that somebody else wrote down is a receipt throughout, whatever its sums are: an amount a line, each rate that it
    sells at once, and no discount of what is not there. So it can be drawn, added up by rate and given back."""
    lines, gross = sale["lines"], [qty * price for _name, qty, price, _rate, _article in sale["lines"]]
    rates = {line[3] for line in lines}
    if len(sale["amounts"]) != len(lines) or sorted(row[0] for row in sale["by_rate"]) != sorted(rates):
        return False
    bill = bill_from(sale)
    for discount in sale["discounts"]:
        line, amount, shares = discount["line"], discount["amount"], discount["shares"]
        of = [rate for rate, _part in shares]
        if sum(part for _rate, part in shares) != amount or len(set(of)) != len(of) or not rates.issuperset(of):
            return False
        if line is None:
            for rate, part in shares:
                if part > sum(left for left, each in zip(gross, bill.lines, strict=True) if each.rate == rate):
                    return False
                _take(gross, bill, rate, part)
        elif line < len(lines) and of == [lines[line][3]] and amount <= gross[line]:
            gross[line] -= amount
        else:
            return False
    return True


def left_of(sale: Mapping[str, Any], returns: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Of each line of a sale how many pieces and how many yen, tax and all, have not come back.

    A slip of before funders' parts went by the goods may have taken a yen more than its line had: the largest line bears it.
    """
    pieces = [line[1] for line in sale["lines"]]
    yen = _gross_by_line(sale)
    for back in returns:
        for index, qty, amount in back["of"]["lines"]:
            pieces[index] -= qty
            yen[index] -= amount
    for index in (index for index, amount in enumerate(yen) if amount < 0):
        yen[max(range(len(yen)), key=yen.__getitem__)] += yen[index]
        yen[index] = 0
    return list(zip(pieces, yen, strict=True))


def _gross_by_line(sale: Mapping[str, Any]) -> list[int]:
    """What each line came to: discounts of the whole and the tax of each rate are spread over its lines in proportion."""
    bill = bill_from(sale)
    left = [line.amount for line in bill.lines]
    for discount in sale["discounts"]:
        if discount["line"] is not None:
            left[discount["line"]] -= discount["amount"]
            continue
        for rate, amount in discount["shares"]:
            _take(left, bill, rate, amount)
    gross = [0] * len(left)
    for rate, total, _tax, _net in sale["by_rate"]:
        places = [index for index, line in enumerate(bill.lines) if line.rate == rate]
        for index, part in zip(places, _spread(total, [left[index] for index in places]), strict=True):
            gross[index] = part
    return gross


def _take(left: list[int], bill: Bill, rate: int, amount: int) -> None:
    places = [index for index, line in enumerate(bill.lines) if line.rate == rate]
    for index, part in zip(places, in_proportion(amount, [left[index] for index in places]), strict=True):
        left[index] -= part


def _spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` over the weights to the yen; it may be above their sum, since tax comes on top, and a yen of tax may be all that is left."""
    weights = weights if any(weights) else [1] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    for place in sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))[: total - sum(parts)]:
        parts[place] += 1
    return parts


def coupon_part(content: Mapping[str, Any]) -> int:
    """What of a coupon the shop itself bears, in yen with tax; of a return slip, what of that came back. Receipts of before the tax was
    kept say it as it was printed, and return slips of then say nothing."""
    if content["kind"] == "return":
        return int(content["of"].get("shop_part", 0))
    return sum(int(off.get("with_tax", off["amount"])) for off in content["discounts"] if off.get("coupon"))


def coupon_part_of(sale: Mapping[str, Any], returns: Sequence[Mapping[str, Any]], amount: int) -> int:
    """What of the shop's part of a coupon comes back with so many yen of the sale: in proportion, all of it with the last of them."""
    gone = amount + sum(int(each["total"]) for each in returns)
    return coupon_part(sale) * gone // max(int(sale["total"]), 1) - sum(coupon_part(each) for each in returns)


def by_line(sale: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Of each line of a sale its pieces and what they came to, tax and all: together the receipt's total."""
    return [(line[1], yen) for line, yen in zip(sale["lines"], _gross_by_line(sale), strict=True)]


def returned_lines(left: Sequence[tuple[int, int]], quantities: Sequence[int], amounts: Sequence[int] = ()) -> list[tuple[int, int, int]]:
    """What `quantities[i]` pieces of line i are worth: index, pieces, yen. The last piece of a line takes what is left of it, to the yen.

    `amounts[i]`: yen of line i beside its whole pieces, one of a box of four; none of them where it is empty. Raises ReceiptRefused for
    more than is left, for nothing, or for other lines than the sale has.
    """
    amounts = amounts or [0] * len(left)
    if not len(left) == len(quantities) == len(amounts):
        raise ReceiptRefused("bad_line")
    found = []
    for index, ((pieces, yen), qty, amount) in enumerate(zip(left, quantities, amounts, strict=True)):
        worth = yen * qty // max(pieces, 1) + amount
        if not 0 <= qty <= pieces or not 0 <= amount <= worth <= yen:
            raise ReceiptRefused("return_exceeds_sale")
        if qty or amount:
            found.append((index, qty, worth))
    if not sum(yen for _index, _qty, yen in found):
        raise ReceiptRefused("bad_amount")
    return found


def spread_lines(left: Sequence[tuple[int, int]], amount: int) -> list[tuple[int, int, int]]:
    """A return of so many yen without naming what came back: over all lines by what is left of them. Raises ReceiptRefused."""
    yen = [each for _pieces, each in left]
    if not 1 <= amount <= sum(yen):
        raise ReceiptRefused("return_exceeds_sale" if amount >= 1 else "bad_amount")
    return [(index, 0, part) for index, part in enumerate(in_proportion(amount, yen)) if part]


def return_bill(sale: Mapping[str, Any], back: Sequence[tuple[int, int, int]], words: str, *, named: bool = False) -> Bill:
    """The bill of a return, tax inside: its lines by name, or, where no goods were `named`, one of `words` for each rate."""
    bill = bill_from(sale)
    lines: list[Line] = []
    if named or any(qty for _index, qty, _yen in back):
        for index, qty, yen in back:
            name = bill.lines[index].name
            said = f"{name}{PART}" if not qty else name if qty < 2 else f"{name} × {qty}"
            lines.append(Line(said, 1, yen, bill.lines[index].rate))
    else:
        by_rate = {rate: sum(yen for index, _qty, yen in back if bill.lines[index].rate == rate) for rate in RATES}
        lines = [Line(words, 1, yen, rate) for rate, yen in by_rate.items() if yen]
    return Bill(tuple(lines), (None,) * len(lines), (), bill.eat_in, "inclusive", bill.rounding)
