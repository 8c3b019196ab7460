"""Why the queue of findings says no."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


class FindingUnknown(NotFound):
    """There is no such finding here."""

    code = "finding_unknown"
    number = "E-6910"
    text = N_("この項目は見つかりません。お金は動いていません。「見てください」の一覧から開いてください。")


class FindingNotStoppable(Refused):
    """It concerns several people or a device: each is stopped on their own page."""

    code = "finding_not_stoppable"
    number = "E-6911"
    text = N_("この項目からは、まとめて止められません。まだ何も止めていません。お金もそのままです。1人ずつ開いて決めてください。")


class LimitOutside(Invalid):
    """A limit of a rule beyond what it may be: `least` to `most`."""

    field: ClassVar[str] = "value"
    code = "risk_limit_outside"
    number = "E-6912"
    text = N_("%(least)sから%(most)sまでの数にしてください。まだ何も変えていません。")


class LiftByAnother(Refused):
    """Whoever stopped a person or a shop on the association's own judgement does not let them go again alone."""

    code = "lift_by_another"
    number = "E-6913"
    text = N_("組合の判断で止めたものは、止めた人とは別の人が解きます。まだ止まったままで、お金もそのままです。別の人に頼んでください。")


class FunderUnknown(NotFound):
    """There is no such funder here."""

    code = "funder_unknown"
    number = "E-6920"
    text = N_("この負担者は見つかりません。まだ何も記帳していません。「負担者への請求」の一覧から選んでください。")
