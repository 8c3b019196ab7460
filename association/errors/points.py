"""Points: their programmes, and what pays for them."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class PointsWrong(Invalid):
    """The terms of a programme contradict each other."""

    code = "points_wrong"
    number = "E-6850"
    text = N_(
        "ポイントの内容を確かめてください。付けられるのは支払いの20パーセントまで、使えるまでの日数は1日から28日まで、期限は1か月から24か月まで、"
        "負担の割合は合わせて100パーセントです。まだ何も決まっていません。"
    )


class PointsUnknown(NotFound):
    """No such programme here."""

    code = "points_unknown"
    number = "E-6851"
    text = N_("このポイントは見つかりません。")


class PointsOverlap(Refused):
    """Another programme runs, or waits for its approval, in the same days: a payment earns by one rate."""

    code = "points_overlap"
    number = "E-6852"
    text = N_("同じ期間に、ほかのポイントがあります。先にそれを終わらせるか、期間をずらしてください。まだ何も決まっていません。")


class CampaignWrong(Invalid):
    """The terms of a campaign contradict each other."""

    code = "campaign_wrong"
    number = "E-6854"
    text = N_(
        "キャンペーンの内容を確かめてください。1.1倍から20倍まで、予算は1ポイント以上、期間はこれからの日、負担は組合かほかの負担者で"
        "合わせて100パーセントです。まだ何も決まっていません。"
    )


class EventWrong(Invalid):
    """The terms of an event contradict each other."""

    code = "point_event_wrong"
    number = "E-6855"
    text = N_(
        "参加ポイントの内容を確かめてください。1ポイントから10,000ポイント、1人から100,000人まで、質問の答えは2つから8つ、"
        "負担は組合かほかの負担者で合わせて100パーセントです。まだ何も決まっていません。"
    )


class EventUnknown(NotFound):
    """No such event here, or it was never approved."""

    code = "point_event_unknown"
    number = "E-6856"
    text = N_("この参加ポイントは見つかりません。ポスターのQRを、もう一度読み取ってください。ポイントは変わっていません。")


class EventNotNow(Refused):
    """Before its first day, after its last one, ended, or while no points are given here at all. `first`, `last`: days."""

    code = "point_event_not_now"
    number = "E-6857"
    text = N_("このポイントは、いまは受け取れません（%(first)sから %(last)sまで）。ポイントは変わっていません。")


class EventFull(Refused):
    """As many have taken part as there were points for."""

    code = "point_event_full"
    number = "E-6858"
    text = N_("このポイントは、先着の人数に達しました。ポイントは変わっていません。")


class AnswerMissing(Invalid):
    """A survey's question was not answered."""

    field = "choice"
    code = "answer_missing"
    number = "E-6859"
    text = N_("答えを1つ選んでから、もう一度押してください。ポイントは変わっていません。")


class NotSkipped(Refused):
    """Nothing of this transaction waits: it was booked meanwhile, or somebody has said already why it is not."""

    code = "not_skipped"
    number = "E-6941"
    text = N_("この分は、もう済んでいます。ページを開き直してください。何も変わっていません。")


class PointsOver(Refused):
    """A programme whose last day has passed cannot begin, and one that was ended cannot be ended again."""

    code = "points_over"
    number = "E-6853"
    text = N_("このポイントの期間は、もう終わっています。何も変わっていません。")
