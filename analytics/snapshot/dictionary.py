"""Whose each account is: dense codes in the order in which the sealed log first names somebody, so that they never change."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.orm import Session

import ledger.queries
from analytics.snapshot.lines import columns
from analytics.snapshot.schema import CLASSES, PEOPLE, SHOPS, Accounts, Int64

SORT_OF = {name: 0 if name in PEOPLE else 1 if name in SHOPS else number for number, name in enumerate(CLASSES[1:], start=2)}
"""Role → whose code space it has: people's, shops', or one of its own."""
SORT_OF_CLASS = np.array([len(CLASSES) + 2, *SORT_OF.values()], np.int64)
SERIES_MAX = 2**15


@dataclass
class Dictionary:
    """Grows with the log and is never rewritten. `account`, …: as in `Accounts`; `series_ids`: series by code; `counts`: codes by sort."""

    account: list[int] = field(default_factory=list)
    owner_class: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    series: list[int] = field(default_factory=list)
    is_piece: list[int] = field(default_factory=list)
    series_ids: list[int] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, accounts: Accounts, series_ids: Int64) -> Dictionary:
        """As it was written."""
        found = cls(*(each.tolist() for each in (*accounts, series_ids)))
        sorts = SORT_OF_CLASS[accounts.owner_class]
        for sort in np.unique(sorts).tolist():
            found.counts[sort] = int(accounts.owner[sorts == sort].max()) + 1
        return found

    @property
    def consumers(self) -> int:
        return self.counts.get(SORT_OF["consumer"], 0)

    @property
    def shops(self) -> int:
        return self.counts.get(SORT_OF["payable"], 0)

    def table(self) -> Accounts:
        return Accounts(
            np.array(self.account, np.int64),
            np.array(self.owner_class, np.int8),
            np.array(self.owner, np.int32),
            np.array(self.series, np.int16),
            np.array(self.is_piece, np.int8),
        )

    def learn(self, session: Session, district_id: int, named: Int64) -> bool:
        """Put down accounts that the log names for the first time, in its order (`named`, with repetitions). Whether there were any."""
        distinct, first = np.unique(named, return_index=True)
        is_new = ~np.isin(distinct, np.array(self.account, np.int64))
        unknown = distinct[is_new][np.argsort(first[is_new])].tolist()
        if not unknown:
            return False
        copied = ledger.queries.copy_accounts(session, district_id, unknown, SORT_OF)
        given = columns(copied, ledger.queries.ACCOUNTS)
        about = {row[0]: row[1:] for row in zip(*(each.tolist() for each in given.values()), strict=True)}
        known = {each: (self.owner_class[nth], self.owner[nth]) for nth, each in enumerate(self.account) if each in about}
        codes = {(int(SORT_OF_CLASS[known[each][0]]), about[each][1]): known[each][1] for each in known}
        series_codes = {each: code for code, each in enumerate(self.series_ids)}
        for account in unknown:
            role, owner, series, unit = about[account]
            self.account.append(account)
            self.owner_class.append(role)
            self.owner.append(self._code(codes, (int(SORT_OF_CLASS[role]), owner)))
            self.series.append(self._series_code(series_codes, series) if series else -1)
            self.is_piece.append(int(unit != 0))
        return True

    def _code(self, codes: dict[tuple[int, int], int], owner: tuple[int, int]) -> int:
        if owner not in codes:
            codes[owner] = self.counts.get(owner[0], 0)
            self.counts[owner[0]] = codes[owner] + 1
        return codes[owner]

    def _series_code(self, codes: dict[int, int], series: int) -> int:
        if series not in codes:
            codes[series] = len(self.series_ids)
            self.series_ids.append(series)
            if len(self.series_ids) > SERIES_MAX:
                raise OverflowError("more series than int16 counts: the format must change")
        return codes[series]
