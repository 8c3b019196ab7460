"""Refusals about the figures of an effect report."""

from __future__ import annotations

from base.errors import N_, Invalid, Refused


class FiguresNoHours(Invalid):
    """S-84: nobody worked, so nothing can be divided by their hours."""

    code = "subsidy_figures_no_hours"
    number = "E-7350"
    text = N_(
        "従業員数か労働時間が0だと、生産性を計算できません（E_EFF_NO_HOURS、規則 S-84）。保存していません。"
        "一人でしているお店は、自分を1人と数えます。病気や災害で1年休んだときは、その理由も書いてください。"
    )
    field = "hours_per_employee"


class FiguresNotClosed(Invalid):
    """A reason for no hours beside hours: one of the two is a slip."""

    code = "subsidy_figures_not_closed"
    number = "E-7765"
    text = N_(
        "労働時間があるのに、休業の理由が書いてあります。保存していません。休業した年なら労働時間を0に、そうでなければ理由を消してください。"
    )
    field = "closed_because"


class FiguresChanged(Refused):
    """Somebody else saved these figures after the form was opened. `name`: who, `when`."""

    code = "subsidy_figures_changed"
    number = "E-7351"
    text = N_(
        "%(name)sさんが %(when)sに先に保存しました。あなたの入力はこの画面に残っています。いまの数字を見て、もう一度保存してください。"
    )
    field = "revision"


class FiguresFixed(Refused):
    """What was filed is not changed behind the office's back."""

    code = "subsidy_figures_fixed"
    number = "E-7352"
    text = N_("この年の数字は、もう提出に使いました（規則 S-84）。変えていません。直すときは、先に事務局に相談してください。")
    field = "sales"


class FiguresTooSoon(Refused):
    """The year is not over yet. `until`: its last day."""

    code = "subsidy_figures_too_soon"
    number = "E-7353"
    text = N_("この年の数字は、%(until)sが過ぎてから入れてください（規則 S-80）。保存していません。")
    field = "sales"


class LocalAboveSales(Invalid):
    """A part that is more than the whole. `local`, `sales`: yen."""

    code = "subsidy_local_above_sales"
    number = "E-7354"
    text = N_(
        "地域通貨の売上（%(local)s円）が、売上の全体（%(sales)s円）より多くなっています。保存していません。全体の額を確かめてください。"
    )
    field = "local_sales"


class FiguresNotAsked(Refused):
    """Of whoever is no member, or has left."""

    code = "subsidy_figures_not_asked"
    number = "E-7356"
    text = N_("この事業者は、効果報告の数字を出しません。保存していません。")
    field = "sales"


class FiguresUndecided(Refused):
    """Of a year after the project, before anything was decided: there is no such report yet."""

    code = "subsidy_figures_undecided"
    number = "E-8221"
    text = N_("交付決定の前は、基準の1年の数字だけを入れられます。保存していません。")
    field = "sales"
