"""Rule data of the calls (公募), one file each: every value with the rule it serves, where it is said and how certain that is.

A file holds versions; a later one says only what it changes. `call_of` gives the values of any version, so a calculation that
noted its scheme and version is made again to the yen. A value here is data: no calculator has a rate, cap, month or day of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NEWEST = "it-multi-2023"
CERTAINTIES = ("overview", "official", "guides", "assumed", "ours")
SORTS = {"a": {"software", "pc", "register"}, "b": {"software", "hardware"}, "c": {"office", "expert"}}
FUNCTIONS = ("accounting", "ordering", "payment", "ec")
CHOICES = {"regime": ("R3", "R4"), "ab_kept_first": ("a", "b"), "goal_reading": ("geometric", "simple", "arithmetic", "either_year")}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from. `otherwise`: how it may be read else, empty if nobody doubts it.

    `other`: the value that it would have then, None where no sum can be made with it.
    """

    rule: str
    source: str
    certainty: str
    otherwise: str
    other: Any = None


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the catalogue. `category` a, b or c; `sort` one of SORTS; `function` of A's software, else empty."""

    code: str
    name: str
    category: str
    sort: str
    function: str


@dataclass(frozen=True, slots=True)
class Report:
    """One effect report (事業実施効果報告): the year that it is about, and the days on which it is filed, all included."""

    period_from: date
    period_to: date
    file_from: date
    file_to: date


@dataclass(frozen=True, slots=True)
class Values:
    """What a call says. Caps are whole yen, rates exact fractions, months and members counts; why each is so: `Call.sources`."""

    call_opens: date
    group_min: int
    representative_counts_in_size: bool
    association_kinds: tuple[str, ...]
    regional_kinds: tuple[str, ...]
    ordinary_kinds: tuple[str, ...]
    representative_without_business_holds_b: bool
    business_types: int
    amount_max: int
    tax_rates: tuple[int, ...]
    a_cloud_months: int
    b_cloud_months: int
    decision_day_counts: bool
    a_low_rate: Fraction
    a_low_subsidy_max: int
    a_high_rate: Fraction
    a_high_rate_on_whole: bool
    a_cap_one_function: int
    a_cap_two_functions: int
    functions_across_tools: bool
    a_pc_rate: Fraction
    a_pc_cap: int
    a_register_rate: Fraction
    a_register_cap: int
    b_rate: Fraction
    b_cap_per_member: int
    representative_counts_in_b_cap: bool
    ab_cap: int
    ab_kept_first: str
    c_rate: Fraction
    c_share: Fraction
    c_cap: int
    blocking_frames: tuple[str, ...]
    call_year: int
    waiting_year: int
    waiting_months: int
    last_waiting_day_blocks: bool
    reports: tuple[Report, ...]
    goal_rate: Fraction
    goal_reading: str

    @property
    def representative_kinds(self) -> tuple[str, ...]:
        """Every kind of body that may represent a group (S-09)."""
        return self.association_kinds + self.regional_kinds + self.ordinary_kinds


@dataclass(frozen=True, slots=True)
class Duties:
    """What the desk goes by and no sum does. `closed_from`: the first day without a call; `regime`: which papers are wanted (S-50).

    `certificate_months`: how old a certificate may be on the day of applying; `office_quote_from`: yen from which an office cost needs a
    quote; `registration_required`: costs count only through a registered provider and tool; `keep_years`: after the end of the
    project's fiscal year.
    """

    closed_from: date
    regime: str
    certificate_months: int
    office_quote_from: int
    registration_required: bool
    keep_years: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call at one version of its table. `sources` has a line for every name of `Values` and `Duties`."""

    scheme: str
    title: str
    version: int
    since: date
    because: str
    values: Values
    duties: Duties
    items: Mapping[str, Item]
    sources: Mapping[str, Source]

    def value_of(self, name: str) -> object:
        """A value or a duty, by its name in the table."""
        return getattr(self.values if hasattr(self.values, name) else self.duties, name)


@cache
def call_of(scheme: str = NEWEST, version: int | None = None) -> Call:
    """The rules of a call; without `version` the newest. Raises KeyError for a scheme or version that there is not."""
    path = FOLDER / f"{scheme}.toml"
    if path not in FOLDER.glob("*.toml"):
        raise KeyError(f"no call {scheme}")
    return read_call(tomllib.loads(path.read_text(encoding="utf-8")), version)


def read_call(table: Mapping[str, Any], version: int | None = None) -> Call:
    """A call from its table as TOML reads it: versions 1 to `version` laid one over the other.

    Raises KeyError for a version that there is not, ValueError for a table that is not whole or says something unknown.
    """
    numbers = [each["number"] for each in table["version"]]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"versions are numbered from 1 without a gap, not {numbers}")
    if version is not None and version not in numbers:
        raise KeyError(f"no version {version} of {table['scheme']}")
    laid = table["version"][:version]
    entries = {name: entry for each in laid for name, entry in each.get("values", {}).items()}
    duties = {name: entry for each in laid for name, entry in each.get("duties", {}).items()}
    items = {code: _item(code, entry) for each in laid for code, entry in each.get("items", {}).items()}
    kinds = {field.name: str(field.type) for shape in (Values, Duties) for field in fields(shape)}
    sources = {name: _source(name, kinds.get(name, ""), entry) for name, entry in (entries | duties).items()}
    found = Values(**_typed_all(Values, entries)), Duties(**_typed_all(Duties, duties)), items, sources
    return Call(table["scheme"], table["title"], len(laid), laid[-1]["since"], laid[-1]["because"], *found)


def _typed_all(shape: type, entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    wanted = {field.name: str(field.type) for field in fields(shape)}
    if wrong := wanted.keys() ^ entries.keys():
        raise ValueError(f"missing or unknown values: {sorted(wrong)}")
    return {name: _typed(name, kind, entries[name]["value"]) for name, kind in wanted.items()}


def _typed(name: str, kind: str, value: Any) -> Any:
    """One value as its kind wants it. A number for a yes, a text for a number, a decimal for a rate are all refused."""
    if kind == "Fraction" and isinstance(value, str):
        return Fraction(value)
    if kind == "tuple[Report, ...]":
        return tuple(Report(**each) for each in value)
    if kind.startswith("tuple") and isinstance(value, list):
        inner = {"tuple[str, ...]": str, "tuple[int, ...]": int}[kind]
        if all(type(each) is inner for each in value):
            return tuple(value)
    if kind in ("int", "bool", "str", "date") and type(value).__name__ == kind and value in CHOICES.get(name, (value,)):
        return value
    raise ValueError(f"{name}: {value!r} is no {kind}")


def _source(name: str, kind: str, entry: Mapping[str, Any]) -> Source:
    if entry["certainty"] not in CERTAINTIES or not entry["source"]:
        raise ValueError(f"{name}: no source, or a certainty that is none of {CERTAINTIES}")
    other = _typed(name, kind, entry["other"]) if "other" in entry else None
    if other is not None and (other == entry["value"] or "else" not in entry):
        raise ValueError(f"{name}: another reading has its words, and another value")
    return Source(entry["rule"], entry["source"], entry["certainty"], entry.get("else", ""), other)


def _item(code: str, entry: Mapping[str, str]) -> Item:
    category, sort, function = entry["category"], entry["sort"], entry.get("function", "")
    if sort not in SORTS[category] or (function in FUNCTIONS) != (category == "a" and sort == "software"):
        raise ValueError(f"{code}: {sort} with function {function!r} does not go in category {category}")
    return Item(code, entry["name"], category, sort, function)
