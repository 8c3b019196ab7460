"""Which frame fits a member: what another frame would give for its lines (概要: 類型の概要), beside its part of the group's subsidy.

Rough on purpose: a member compares, nobody applies by this. What is not known of a frame is None, never a guess.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

from subsidy.rules.application import Line
from subsidy.rules.calls import CERTAINTIES, Call
from subsidy.rules.costs import net_of
from subsidy.rules.grant import Grant
from subsidy.rules.shares import shares_of

KINDS = ("as_a", "one_rate", "unknown")


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a frame with its source. `otherwise`: how it may be read else."""

    value: str | int
    source: str
    certainty: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, `short` for the head of a column.

    `kind`: as_a (like A of the group's call), one_rate (software alone, between two amounts) or unknown.
    """

    code: str
    title: str
    short: str
    kind: str
    told: Mapping[str, Told]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a frame gives a member at most, yen. `subsidy`: None where it is not known; `why`: small, large or empty."""

    code: str
    subsidy: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Frames:
    """Those beside the group's own, in order, at one version of their table."""

    version: int
    since: date
    because: str
    all: tuple[Frame, ...]


@cache
def frames_of(version: int | None = None) -> Frames:
    """The frames as a version has them; without one the newest. Raises KeyError for one that there is not, ValueError for a wrong table."""
    return read_frames(tomllib.loads((Path(__file__).parent / "others.toml").read_text(encoding="utf-8")), version)


def read_frames(table: Mapping[str, Any], version: int | None = None) -> Frames:
    """Versions 1 to `version` laid one over the other, frame by frame. Raises as `frames_of`."""
    numbers = [each["number"] for each in table["version"]]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"versions are numbered from 1 without a gap, not {numbers}")
    if version is not None and version not in numbers:
        raise KeyError(f"no version {version} of the other frames")
    laid = table["version"][:version]
    found = {each["code"]: _frame(each) for one in laid for each in one.get("frame", [])}
    return Frames(len(laid), laid[-1]["since"], laid[-1]["because"], tuple(found.values()))


def frames() -> tuple[Frame, ...]:
    """The newest."""
    return frames_of().all


def fits(member: str, lines: Sequence[Line], grant: Grant, call: Call) -> list[Fit]:
    """The group's own first (code `group`: A, B and C that fall to the member), then each other frame."""
    share = shares_of(grant).get(member)
    mine = [line for line in lines if line.member == member]
    return [Fit("group", share.total if share else 0), *(_fit(frame, member, mine, grant, call) for frame in frames())]


def _fit(frame: Frame, member: str, lines: Sequence[Line], grant: Grant, call: Call) -> Fit:
    if frame.kind == "unknown":
        return Fit(frame.code, None)
    if frame.kind == "as_a":
        own = grant.members.get(member)
        return Fit(frame.code, own.subsidy.yen if own else 0)
    rate, least, most, months = (frame.told[name].value for name in ("rate", "least", "most", "cloud_months"))
    asked = floor(Fraction(rate) * sum(_software(line, int(months), call) for line in lines))
    if asked < int(least):
        return Fit(frame.code, 0, "small" if asked else "")
    return Fit(frame.code, min(asked, int(most)), "large" if asked > int(most) else "")


def _software(line: Line, months: int, call: Call) -> int:
    """Eligible yen of a line: software alone, cloud fees by the months that count."""
    if call.items[line.item].sort != "software":
        return 0
    net = net_of(line).yen
    return net * min(months, line.months) // line.months if line.cost_kind == "cloud" and line.months else net


def _frame(entry: Mapping[str, Any]) -> Frame:
    told = {name: _told(name, value) for name, value in entry["values"].items()}
    if entry["kind"] not in KINDS or (entry["kind"] == "one_rate") != ({"rate", "least", "most", "cloud_months"} <= told.keys()):
        raise ValueError(f"{entry['code']}: values do not fit its kind")
    return Frame(entry["code"], entry["title"], entry["short"], entry["kind"], told)


def _told(name: str, entry: Mapping[str, Any]) -> Told:
    if entry["certainty"] not in CERTAINTIES or not entry["source"]:
        raise ValueError(f"{name}: no source, or a certainty that is none of {CERTAINTIES}")
    return Told(entry["value"], entry["source"], entry["certainty"], entry.get("else", ""))
