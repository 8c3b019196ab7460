"""勘定科目 and the statements made of them. Amounts are yen; sums are debit positive until they are shown on their natural side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DEBIT_KINDS = ("asset", "expense")
BALANCE_KINDS = ("asset", "liability", "equity")
RESULT_KINDS = ("income", "expense")
KINDS = BALANCE_KINDS + RESULT_KINDS
RETAINED = "retained"
"""What earlier fiscal years have left: nothing is ever booked on it, the statements carry it."""
NAME_MAX = 12
"""Full-width letters of a name: 弥生会計 cuts what is longer (24 half-width ones)."""
FIRST_MONTH = 4
"""The fiscal year begins in April where a district has not decided otherwise."""


@dataclass(frozen=True, slots=True)
class Account:
    """勘定科目 of a role of the ledger. `number`: four digits; `kind`: one of KINDS. Of one number: one account to readers."""

    role: str
    number: int
    name: str
    name_en: str
    kind: str


DEFAULTS = (
    Account("drawer", 1110, "現金（窓口）", "Cash, counter", "asset"),
    Account("safe", 1120, "現金（金庫）", "Cash, safe", "asset"),
    Account("bank", 1130, "普通預金", "Bank", "asset"),
    Account("agent", 1210, "代理販売未収金", "Due from agents", "asset"),
    Account("funder", 1220, "未収金（負担者）", "Due from funders", "asset"),
    Account("premium", 1230, "プレミアム（未使用分）", "Premium not used yet", "asset"),
    Account("consumer", 2110, "預り金（利用者）", "Held for consumers", "liability"),
    Account("top_up_code", 2120, "預り金（チャージ券）", "Top-up codes not redeemed", "liability"),
    Account("voucher_paper", 2130, "預り金（紙の商品券）", "Vouchers on paper", "liability"),
    Account("payable", 2210, "未払金（加盟店）", "Owed to shops", "liability"),
    Account("dispute", 2215, "未払金（留め置き）", "Owed to shops, held", "liability"),
    Account("in_transit", 2220, "未払金（振込中）", "Transfers under way", "liability"),
    Account("suspense", 2310, "仮受金", "Suspense", "liability"),
    Account("voucher_expired", 2330, "商品券の失効（精算前）", "Vouchers expired, not shared", "liability"),
    Account("point_pending", 2140, "預り金（ポイント）", "Points pending", "liability"),
    Account("point_expired", 2340, "ポイント失効精算前", "Points expired, not shared", "liability"),
    Account("fee_tax", 2320, "仮受消費税", "Consumption tax received", "liability"),
    Account(RETAINED, 3100, "前期までの損益", "Result of earlier years", "equity"),
    Account("fee_income", 4110, "受取手数料", "Fees from shops", "income"),
    Account("breakage", 4210, "雑収入", "Expired balances", "income"),
    Account("interest", 4220, "受取利息", "Interest received", "income"),
    Account("other_income", 4230, "雑収入（その他）", "Other income", "income"),
    Account("promotion", 5110, "販促費", "Promotion", "expense"),
    Account("over_short", 5210, "現金過不足", "Cash over and short", "expense"),
    Account("bank_fee", 5310, "支払手数料", "Bank charges", "expense"),
    Account("bank_charge", 5310, "支払手数料", "Bank charges", "expense"),
)
"""The chart of a district that has changed nothing. Every role of the ledger that holds yen is in it."""

BANK_ROLES = ("bank_fee", "interest", "other_income")
"""What a line of the bank may be booked on that nobody here caused: fees, interest, anything else that came in."""


def chart_of(changed: Mapping[str, Account]) -> list[Account]:
    """The chart with what the district has changed, in the order of the numbers."""
    return sorted((changed.get(account.role, account) for account in DEFAULTS), key=lambda account: account.number)


def may_become(was: str, kind: str) -> bool:
    """What stands in the balance sheet stays in it; so does what stands in the income statement."""
    return (was in BALANCE_KINDS) == (kind in BALANCE_KINDS) and kind in KINDS


def clashes(chart: Iterable[Account]) -> set[str]:
    """The roles whose number another account has as well: one of another name or kind."""
    called: dict[int, set[tuple[str, str]]] = {}
    roles: dict[int, set[str]] = {}
    for account in chart:
        called.setdefault(account.number, set()).add((account.name, account.kind))
        roles.setdefault(account.number, set()).add(account.role)
    return {role for number, names in called.items() if len(names) > 1 for role in roles[number]}


def year_start(day: date, first_month: int) -> date:
    """The first day of the fiscal year in which `day` lies."""
    return date(day.year if day.month >= first_month else day.year - 1, first_month, 1)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def periods(today: date, first_month: int) -> dict[str, tuple[date, date]]:
    """今月・先月・今年度・前年度, whole: (first day, last day)."""
    month, year = today.replace(day=1), year_start(today, first_month)
    last_month, last_year = (month - timedelta(days=1)).replace(day=1), date(year.year - 1, first_month, 1)
    one = timedelta(days=1)
    return {
        "this_month": (month, next_month(month) - one),
        "last_month": (last_month, month - one),
        "this_year": (year, date(year.year + 1, first_month, 1) - one),
        "last_year": (last_year, year - one),
    }


@dataclass(frozen=True, slots=True)
class Sum:
    """What a role did in a period. `before_year` (of earlier fiscal years) and `opening`, which includes it: debit positive."""

    role: str
    before_year: int
    opening: int
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A line of the 合計残高試算表. `opening` and `closing` on the account's natural side."""

    account: Account
    opening: int
    debit: int
    credit: int
    closing: int


def natural(account: Account, amount: int) -> int:
    """A debit-positive amount as the account's readers see it."""
    return amount if account.kind in DEBIT_KINDS else -amount


def trial_lines(chart: Sequence[Account], sums: Iterable[Sum]) -> list[TrialLine]:
    """A line for each account that ever moved. Results of earlier fiscal years stand on the account of RETAINED."""
    totals: dict[str, Sum] = {}
    for each in sums:
        had = totals.get(each.role, Sum(each.role, 0, 0, 0, 0))
        totals[each.role] = Sum(
            each.role,
            had.before_year + each.before_year,
            had.opening + each.opening,
            had.debit + each.debit,
            had.credit + each.credit,
        )
    earlier = sum(totals[account.role].before_year for account in chart if account.role in totals and account.kind in RESULT_KINDS)
    lines = []
    for account in chart:
        total = totals.get(account.role, Sum(account.role, 0, 0, 0, 0))
        opening = total.opening - (total.before_year if account.kind in RESULT_KINDS else 0)
        if account.role == RETAINED:
            opening += earlier
        if not (opening or total.debit or total.credit):
            continue
        closing = opening + total.debit - total.credit
        lines.append(TrialLine(account, natural(account, opening), total.debit, total.credit, natural(account, closing)))
    return lines


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a statement: its accounts with their natural amounts, and their sum."""

    kind: str
    lines: tuple[tuple[Account, int], ...]

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.lines)


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """貸借対照表 at the end of a day. `result`: of the fiscal year up to then, a part of the equity."""

    assets: Section
    liabilities: Section
    equity: Section
    result: int

    @property
    def difference(self) -> int:
        """0 as long as the books are whole."""
        return self.assets.total - self.liabilities.total - self.equity.total - self.result


@dataclass(frozen=True, slots=True)
class IncomeStatement:
    """損益計算書 of a period."""

    income: Section
    expenses: Section

    @property
    def result(self) -> int:
        """当期純損益: what was earned, less what it cost."""
        return self.income.total - self.expenses.total


def balance_sheet(lines: Sequence[TrialLine]) -> BalanceSheet:
    """Of a trial balance that begins with the fiscal year."""
    assets, liabilities, equity = (_section(kind, lines, of_period=False) for kind in BALANCE_KINDS)
    return BalanceSheet(assets, liabilities, equity, income_statement(lines).result)


def income_statement(lines: Sequence[TrialLine]) -> IncomeStatement:
    """What moved in the period of a trial balance, whatever stood before."""
    income, expenses = (_section(kind, lines, of_period=True) for kind in RESULT_KINDS)
    return IncomeStatement(income, expenses)


def _section(kind: str, lines: Sequence[TrialLine], *, of_period: bool) -> Section:
    amounts = (
        (line.account, natural(line.account, line.debit - line.credit) if of_period else line.closing)
        for line in lines
        if line.account.kind == kind
    )
    return Section(kind, tuple((account, amount) for account, amount in amounts if amount))
