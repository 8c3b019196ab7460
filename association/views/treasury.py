"""今夜・今週・月次: the treasurer's checklists. Each line is right by itself, from the books; nothing is ticked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, url_for

from association import queries, titles
from association.queries import Evening, Month, Round, RunHead, Transfer, Week
from association.rules.treasury import CASH
from association.schemas import WhichMonthSchema
from association.views.frame import asked, desk_page, pages, watched
from base.clock import tokyo_day
from base.db import one_moment
from base.yen import grouped
from web.i18n import _, between, named, translate
from web.i18n import day as day_of

DAY = timedelta(days=1)
BANK_EVERY = 7
"""Days after which the bank's file is asked for again, and the safe is counted again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a list. `state`: todo (somebody must do it), wait (somebody else, or a day to come), look (know it), done.

    `action`: the one thing to press; `is_mine`: whoever looks may press it now.
    """

    sign: str
    title: str
    detail: str
    state: str
    href: str = ""
    action: str = ""
    amount: int | None = None
    is_mine: bool = True


@pages.get("/desk/treasury")
def tonight() -> str:
    """今夜: drawers, differences, cash to the safe and the bank, what is not decided; and then home."""
    found = queries.evening(g.session, g.who, now=g.clock())
    return desk_page("association/treasury_evening.html", found=found, lines=list(_evening_lines(found)), today=found.day)


@pages.get("/desk/treasury/week")
def this_week() -> str:
    """今週: runs, the bank's file, transfers, returns, the bank's word."""
    found = queries.week(g.session, g.who, now=g.clock())
    return desk_page("association/treasury_week.html", found=found, lines=list(_week_lines(found)), today=found.day)


@pages.get("/desk/treasury/month")
def this_month() -> str:
    """月次: the bank as one equation, and what closes the month. The last month, unless another is asked for."""
    first = chosen_month()
    with one_moment(g.session):  # the terms are explained by figures that are read one after the other
        found, seen = queries.month(g.session, g.who, first, now=g.clock()), watched()
        lines, equation = list(_month_lines(found, seen)), equation_terms(found)
    return desk_page(
        "association/treasury_month.html",
        found=found,
        lines=lines,
        equation=equation,
        before=(first - DAY).replace(day=1),
        after=None if found.last >= tokyo_day(g.clock()) else (found.last + DAY).replace(day=1),
    )


def chosen_month() -> date:
    """The first day of the month that the address asks for; of the last one where it asks for none, or for one that lies ahead."""
    today = tokyo_day(g.clock())
    asked_for: date | None = asked(WhichMonthSchema)["month"]
    return asked_for if asked_for is not None and asked_for <= today else (today.replace(day=1) - DAY).replace(day=1)


def may_decide() -> bool:
    return bool(g.who.has("approver") or g.who.has("administrator"))


def may_make() -> bool:
    return bool(g.who.has("issuer") or g.who.has("administrator"))


def _evening_lines(found: Evening) -> Iterator[Line]:
    for each in found.stops:
        title = _(
            "非常停止が続いています：%(what)s", what=named(each.series) if each.series else translate(titles.STOPS[each.stop.what][0])
        )
        yield Line("warn", title, each.stop.reason, "alarm", url_for("association.stops"), _("見る"))
    for drawer in found.open_drawers:
        name, mine = drawer.clerk_name or _("退会した人"), may_decide() and not drawer.is_mine
        yield Line(
            "bank",
            _("%(name)sの引き出しを数えて閉める", name=name),
            _("自分の引き出しは、ほかの人が数えます") if drawer.is_mine else _("残す分のほかは、金庫へ移します"),
            "todo",
            url_for("association.drawer", clerk_id=drawer.clerk_id),
            _("数える") if mine else _("見る"),
            drawer.cash,
            mine,
        )
    if not found.open_drawers:
        yield Line("bank", _("引き出しはすべて閉まっています"), "", "done", url_for("association.drawers"))
    off = [each for each in found.counts if each.difference]
    for count in off:
        whose = _("金庫") if count.is_of_safe else count.clerk_name or _("退会した人")
        href = url_for("association.safe") if count.is_of_safe else url_for("association.drawer_closed", count_id=count.id)
        yield Line("warn", _("%(name)sの過不足", name=whose), count.reason, "look", href, _("見る"), count.difference)
    if found.counts and not off:
        yield Line("check", _("今日数えた現金に、過不足はありません"), _("%(count)s回数えました", count=len(found.counts)), "done")
    yield from _cash_lines(found)
    for proposal in found.waiting:
        mine = may_decide() and proposal.maker != g.who.person_id
        yield Line(
            "check",
            _("「%(what)s」を承認する", what=translate(titles.PURPOSES[proposal.purpose])),
            _("まだ記帳されていません") if mine or proposal.maker != g.who.person_id else _("ほかの人が承認します"),
            "todo" if mine else "wait",
            url_for("association.approval", proposal_id=proposal.id),
            _("承認へ") if mine else _("見る"),
            proposal.amount or None,
            mine,
        )
    if not found.waiting:
        yield Line("check", _("承認を待つものはありません"), "", "done", url_for("association.approvals"))
    for run in found.half:
        yield _half(run)


def _cash_lines(found: Evening) -> Iterator[Line]:
    moved = sum(each.counted - each.stays for each in found.counts if not each.is_of_safe)
    if moved:
        yield Line("lock", _("引き出しから金庫へ移しました"), "", "done", url_for("association.safe"), "", moved)
    for deposit in found.deposits:
        href = url_for("association.deposited", count_id=deposit.id)
        yield Line("bank", _("銀行へ入金しました"), _("入金票があります"), "done", href, "", deposit.counted)
    if found.safe:
        action = _("入金する") if may_decide() else _("見る")
        href = url_for("association.deposit_page") if may_decide() else url_for("association.safe")
        yield Line("lock", _("金庫の現金"), _("銀行へ入れる日なら、ここから入金します"), "look", href, action, found.safe)


def _week_lines(found: Week) -> Iterator[Line]:
    for due in found.due:
        yield Line(
            "calendar",
            _("%(day)s締めの換金を申請する", day=day_of(due.closes_on)),
            _("%(day)sに振り込みます", day=day_of(due.pay_on)) + (f"・{due.cycle.name}" if due.cycle.name else ""),
            "todo" if may_make() else "wait",
            url_for("association.settlement_draft", closing=due.closes_on.isoformat(), cycle=due.cycle.number),
            _("申請へ") if may_make() else _("見る"),
            is_mine=may_make(),
        )
    if not found.due:
        yield Line("calendar", _("申請を待つ締め日はありません"), "", "done", url_for("association.settlement"))
    for run in found.unfinished:
        yield _half(run) if run.state.startswith("posting") else _undecided(run)
    for transfer in found.transfers:
        yield from _transfer_lines(transfer, found.day)
    for run in found.paid:
        href = url_for("association.settlement_run", run_id=run.id)
        yield Line("bank", _("%(day)s締めの振込は済みました", day=day_of(run.closes_on)), "", "done", href, "", run.net)
    if found.came_back:
        href = url_for("association.transfer_returns")
        title = _("銀行の明細に、戻った振込が %(count)s件あります", count=found.came_back)
        yield Line("undo", title, _("元の振込と組み合わせて、まとめて申請します"), "todo", href, _("確かめる"), is_mine=may_make())
    for proposal in found.returns:
        mine = may_decide() and proposal.maker != g.who.person_id
        href = url_for("association.approval", proposal_id=proposal.id)
        title, detail = _("戻った振込の承認"), str(proposal.facts.get("shop", ""))
        yield Line("undo", title, detail, "todo" if mine else "wait", href, _("承認へ") if mine else _("見る"), proposal.amount, mine)
    for shop in found.to_check:
        href = url_for("association.shop_account", merchant_id=shop.id)
        detail = _("前の振込が戻りました。直るまで、換金から外れます")
        yield Line("warn", _("%(name)sの振込先を確かめる", name=named(shop)), detail, "todo", href, _("振込先へ"))
    yield from _bank_lines(found)


def _undecided(run: RunHead) -> Line:
    closes = day_of(run.closes_on)
    title = _("%(day)s締めの換金の承認", day=closes) if run.state == "waiting" else _("%(day)s締めの振込の確認", day=closes)
    return Line(
        "check",
        title,
        _("申請した人とは別の人が承認します"),
        "todo" if may_decide() else "wait",
        url_for("association.settlement_run", run_id=run.id),
        _("承認へ") if may_decide() else _("見る"),
        run.net,
        may_decide(),
    )


def _half(run: RunHead) -> Line:
    href = url_for("association.settlement_run", run_id=run.id)
    title = _("%(day)s締めの記帳が途中です", day=day_of(run.closes_on))
    return Line(
        "warn", title, _("もう一度押すと、残りだけを記帳します。二度は記帳しません"), "todo", href, _("続きへ"), run.net, may_decide()
    )


def _transfer_lines(transfer: Transfer, today: date) -> Iterator[Line]:
    """The bank's file, and then the bank's payment."""
    run, file = transfer.run, transfer.file
    href, closes = url_for("association.settlement_run", run_id=run.id), day_of(run.closes_on)
    taken = 0 if file is None else len(file.downloads)
    by = _("%(day)sまでに銀行へ渡します", day=day_of(transfer.send_by))
    late = transfer.send_by < today
    if transfer.has_terms and file is None:
        yield Line("bank", _("%(day)s締めの振込データを作る", day=closes), by, "todo", href + "#file", _("作る"), run.net)
    elif file is not None and taken == 0:
        says = _("銀行に渡す日を過ぎています。振込指定日を銀行と確かめます") if late else by
        yield Line("download", _("%(day)s締めの振込データを受け取る", day=closes), says, "todo", href + "#file", _("受け取る"), file.total)
    elif file is not None and taken > 1:
        says = _("銀行に2回渡すと、2回振り込まれます。渡したのが1回だけかを、銀行と確かめてください")
        title = _("%(day)s締めの振込データは %(count)s回取り出されています", day=closes, count=taken)
        yield Line("warn", title, says, "alarm", href + "#file", _("見る"), file.total)
    elif file is not None:
        yield Line("download", _("%(day)s締めの振込データは受け取りました", day=closes), by, "done", href + "#file", "", file.total)
    day = run.pay_on if file is None else file.transfer_date
    if (not transfer.has_terms or taken) and day <= today:
        says = _("通帳で、振り込まれたことを見てから押します")
        yield Line("bank", _("%(day)s締めを振込済みにする", day=closes), says, "todo", href, _("確かめる"), run.net, may_make())
    elif not transfer.has_terms or taken:
        yield Line("clock", _("%(day)s締めの振込を待っています", day=closes), _("%(day)sに振り込まれます", day=day_of(day)), "wait", href)


def _bank_lines(found: Week) -> Iterator[Line]:
    href = url_for("association.bank")
    if not found.accounts:
        yield Line("bank", _("銀行の明細を取り込む"), _("まだ一度も取り込んでいません"), "todo", href, _("取り込む"), is_mine=may_make())
    for account in found.accounts:
        old = None if account.last_day is None else (found.day - account.last_day).days
        if old is None or old > BANK_EVERY:
            says = (
                _("%(day)sまで取り込んであります", day=day_of(account.last_day)) if account.last_day else _("まだ一度も取り込んでいません")
            )
            yield Line("bank", _("%(name)sの明細を取り込む", name=account.name), says, "todo", href, _("取り込む"), is_mine=may_make())
        else:
            assert account.last_day is not None, account
            says = _("%(day)sまで取り込んであります", day=day_of(account.last_day))
            yield Line("bank", _("%(name)sの明細", name=account.name), says, "done", href)
    is_open = len(found.bank.lines) + len(found.bank.entries)
    if is_open and found.accounts:
        says = _("いちばん古いものは %(days)s日たっています", days=found.bank.oldest)
        yield Line("list", _("未照合 %(count)s件", count=grouped(is_open)), says, "todo", href, _("組み合わせる"), is_mine=may_make())
    elif found.accounts:
        yield Line("list", _("未照合はありません"), "", "done", href)
    counted = found.safe_counted
    if found.safe and (counted is None or (found.day - counted).days > BANK_EVERY):
        says = _("前に数えたのは %(day)s", day=day_of(counted)) if counted else _("まだ一度も数えていません")
        where = url_for("association.count_page") if may_decide() else url_for("association.safe")
        yield Line("lock", _("金庫を数える"), says, "todo", where, _("数える") if may_decide() else _("見る"), found.safe, may_decide())
    elif counted:
        yield Line("lock", _("金庫を数えました"), day_of(counted), "done", url_for("association.safe"))


def _month_lines(found: Month, seen: Round) -> Iterator[Line]:
    yield _bank_of_month(found)
    for due in found.unsettled:
        href = url_for("association.settlement_draft", closing=due.closes_on.isoformat(), cycle=due.cycle.number)
        title = _("%(day)s締めの換金を申請する", day=day_of(due.closes_on))
        yield Line("calendar", title, due.cycle.name or "", "todo", href, _("申請へ"), is_mine=may_make())
    unpaid = [run for run in found.runs if run.state not in ("paid", "void")]
    for run in unpaid:
        href, word = url_for("association.settlement_run", run_id=run.id), translate(titles.RUN_STATES[run.state][1])
        yield Line("calendar", _("%(day)s締めの換金", day=day_of(run.closes_on)), word, "wait", href, _("見る"), run.net)
    if not unpaid and not found.unsettled:
        paid = sum(run.net for run in found.runs)
        yield Line("calendar", _("この月の換金はすべて済みました"), "", "done", url_for("association.settlement"), "", paid)
    for claim in found.claims:
        about = named(claim.about)
        href = url_for("association.ledger_page", account="funder", first=found.first, last=found.last, each="on")
        yield Line("yen", _("%(name)sへの請求", name=claim.funder or _("負担者")), about, "look", href, _("見る"), claim.amount)
    if not found.claims:
        yield Line("yen", _("負担者から受け取る分はありません"), "", "done", url_for("association.coupons"))
    yield from _law_lines(found)
    names = between().join(translate(each.control.title) for each in (*seen.to_act, *seen.to_look))
    state = "done" if seen.is_well else "alarm" if seen.must_act else "todo"
    title = _("点検はすべて正常です") if seen.is_well else _("点検で見つかったことがあります。")
    yield Line("shield", title, names, state, url_for("association.controls"), "" if seen.is_well else _("見る"))
    yield _closing_line(found)


def _bank_of_month(found: Month) -> Line:
    """Whether book and bank agree at the month's end."""
    href, bank = url_for("association.bank", at=found.last), found.bank
    reach = [each.account.last_day for each in bank.balances]
    if not reach or any(day is None or day < found.last for day in reach):
        says = _("%(day)sまでの明細がまだです", day=day_of(found.last))
        return Line("bank", _("銀行の明細を取り込む"), says, "todo", href, _("取り込む"), is_mine=may_make())
    if bank.explained is None:
        return Line("bank", _("銀行の残高を書く"), _("通帳の残高が分かりません"), "todo", href, _("書く"), is_mine=may_make())
    if bank.explained.rest:
        return Line("warn", _("説明のつかない差があります"), "", "alarm", href, _("見る"), bank.explained.rest)
    open_items = len(bank.lines) + len(bank.entries)
    if open_items:
        title = _("未照合 %(count)s件", count=grouped(open_items))
        return Line("bank", title, _("月を締める前に、一つずつ説明します"), "todo", href, _("組み合わせる"), is_mine=may_make())
    return Line("bank", _("帳簿と銀行は合っています"), day_of(found.last), "done", href, "", bank.explained.bank)


def _law_lines(found: Month) -> Iterator[Line]:
    href = url_for("association.base_dates")
    if found.report is not None:
        day, frozen = found.report
        where = url_for("association.base_date", day=day.isoformat())
        if frozen is None:
            yield Line("lock", _("%(day)sの基準日の報告を確定する", day=day_of(day)), "", "todo", where, _("報告へ"), is_mine=may_decide())
        else:
            required = frozen.figures.total.required
            short = required > found.secured
            says = _("要供託額 %(required)s円・保全 %(secured)s円", required=grouped(required), secured=grouped(found.secured))
            title = _("供託・保全が足りません") if short else _("%(day)sの基準日は報告済みです", day=day_of(day))
            yield Line("lock", title, says, "alarm" if short else "done", href, _("見る") if short else "")
    ahead = found.forecast
    says = _("あと%(days)s日・見込みの要供託額 %(amount)s円", days=ahead.days_left, amount=grouped(ahead.required))
    state = "todo" if ahead.shortfall else "look"
    yield Line("lock", _("次の基準日は %(day)s", day=day_of(ahead.base_date)), says, state, href, _("見る"), ahead.shortfall or None)


def _closing_line(found: Month) -> Line:
    href = url_for("association.closings")
    if found.was_changed:
        return Line("warn", _("締めた月の帳簿が変わっています"), "", "alarm", href, _("見る"))
    if found.is_closed:
        return Line("book", _("この月は締めました"), "", "done", href)
    if not found.is_over:
        return Line("book", _("月を締める"), _("月が終わると、締められます"), "wait", href)
    return Line("book", _("月を締める"), _("ほかの行が済んでから締めます"), "todo", href, _("締めへ"), is_mine=may_decide())


def equation_terms(found: Month) -> list[tuple[str, int, list[tuple[str, int, str]]]]:
    """預金 = 利用者 + お店 + 組合: each term in words, yen, and what it consists of with where that is proven."""
    equation, last = found.equation, found.last
    sheet = url_for("association.balance_sheet_page", last=last)

    def ledger(role: str) -> str:
        return url_for("association.ledger_page", account=role, first=found.first, last=last)

    series = [
        (named(each) if each else _("チャージ券"), amount, url_for("association.series") if each else ledger("top_up_code"))
        for each, amount in queries.outstanding_on(g.session, g.who, last)
    ]
    elsewhere = equation.sum_of("asset", but=CASH)
    own = [
        (_("純資産と損益"), equation.sum_of("equity", "income", "expense"), sheet),
        (_("そのほかの預り金"), equation.sum_of("liability", but=CASH), sheet),
        (_("金庫と引き出しにある分"), equation.sum_of("asset", "liability", only=CASH), url_for("association.bank")),
        (_("代理店・負担者からこれから受け取る分"), elsewhere, sheet),
    ]
    return [
        (_("預金（帳簿）"), equation.bank, [(_("銀行照合"), equation.bank, url_for("association.bank", at=last))]),
        (_("利用者のお金"), equation.outstanding, series),
        (_("お店のお金"), equation.payables, [(_("月次の証明"), equation.payables, url_for("association.settlement_proof", at=last))]),
        (_("組合のお金"), equation.own, [part for part in own if part[1]]),
    ]
