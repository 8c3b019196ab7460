"""Vouchers that are not for whoever comes first: applications, purchase codes, the list of residents, the draw."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class CallUnknown(NotFound):
    """No such campaign here, it is not approved, or nobody has to apply for it."""

    code = "voucher_call_unknown"
    number = "E-6800"
    text = N_("この商品券の申し込みは見つかりません。お金は動いていません。")


class CallNotYet(Refused):
    """`day`: the first day on which people apply."""

    code = "voucher_call_not_yet"
    number = "E-6801"
    text = N_("申し込みは %(day)sからです。まだ何も受け付けていません。")


class CallOver(Refused):
    """Applications have ended, or the list of the draw is fixed."""

    code = "voucher_call_over"
    number = "E-6802"
    text = N_("申し込みの受付は終わりました。これまでの申し込みは変わっていません。窓口におたずねください。")


class ApplicantOutside(Refused):
    """The address does not name the area that the campaign is for."""

    code = "voucher_applicant_outside"
    number = "E-6803"
    field = "address"
    text = N_("この商品券は「%(area)s」に住む人が対象です。住所に「%(area)s」を入れて、もう一度送ってください。まだ受け付けていません。")


class VoucherApplicationUnknown(NotFound):
    """No such number in this campaign, or it was withdrawn."""

    code = "voucher_application_unknown"
    number = "E-6804"
    text = N_("この申し込み番号の申し込みは見つかりません。番号を確かめてください。何も変わっていません。")


class PurchaseCodeUnreadable(Invalid):
    """Not twenty signs, or the check sign is wrong: a sign was misread."""

    code = "purchase_code_unreadable"
    number = "E-6805"
    field = "code"
    text = N_("引換券の文字を確かめてください。20文字のどれかが違っています。引換券は使われていません。")


class PurchaseCodeUnknown(Refused):
    """Nobody has printed this code for this campaign."""

    code = "purchase_code_unknown"
    number = "E-6806"
    field = "code"
    text = N_("この引換券は、この商品券のものではありません。券の商品券の名前を確かめてください。まだ受け付けていません。")


class PurchaseCodeUsed(Refused):
    """Another application was made with it."""

    code = "purchase_code_used"
    number = "E-6807"
    field = "code"
    text = N_("この引換券では、もう申し込みがあります。心当たりがなければ、窓口に券を持ってきてください。まだ受け付けていません。")


class PurchaseCodeStopped(Refused):
    """It was reported as lost, and another was printed."""

    code = "purchase_code_stopped"
    number = "E-6808"
    field = "code"
    text = N_("この引換券は止められています。新しい券を使うか、窓口におたずねください。まだ受け付けていません。")


class UnitsTooMany(Refused):
    """`units`: how many one may ask for."""

    code = "voucher_units_too_many"
    number = "E-6809"
    field = "units"
    text = N_("申し込めるのは %(units)s口までです。口数を減らして、もう一度送ってください。まだ受け付けていません。")


class ApplicationsWaiting(Refused):
    """`count`: applications that nobody has decided on: the list cannot be fixed without them."""

    code = "voucher_applications_waiting"
    number = "E-6810"
    text = N_("確かめていない申し込みが %(count)s件あります。受け付けるか断るかを決めてから、締め切ってください。まだ締め切っていません。")


class LettersChanged(Refused):
    """Units went down the list after the letters were printed."""

    code = "voucher_letters_changed"
    number = "E-7520"
    text = N_("印刷したあとに、繰り上げがありました。新しい手紙を印刷してから、もう一度押してください。まだ何も記録していません。")


class DrawTooEarly(Refused):
    """`day`: the last day of applications."""

    code = "voucher_draw_too_early"
    number = "E-6811"
    text = N_("申し込みは %(day)sまで受け付けます。その翌日から締め切れます。まだ締め切っていません。")


class DrawPublished(Refused):
    """The list is fixed, or the draw is made: it is made once, and everybody can do it again."""

    code = "voucher_draw_published"
    number = "E-6812"
    text = N_("この抽選の名簿は確定しています。結果は変えられず、やり直しもできません。公開のページに同じ結果が出ています。")


class NotChosen(Refused):
    """Only those may buy whose application was accepted, and who won where there was a draw."""

    code = "voucher_not_chosen"
    number = "E-6813"
    text = N_("この人は、いまこの商品券を買えません。申し込みと抽選の結果を確かめ、現金をお返しください。まだ記帳していません。")


class PaymentLate(Refused):
    """`day`: the last day on which this winner could pay; the units have gone down the list, or are about to."""

    code = "voucher_payment_late"
    number = "E-6814"
    text = N_("この人の支払いの期限は %(day)sでした。口数は次の人に回ります。現金をお返しください。まだ記帳していません。")


class ApplicationDecided(Refused):
    """Refused, withdrawn, or already linked to somebody: nothing more can be done with it."""

    code = "voucher_application_decided"
    number = "E-6815"
    text = N_("この申し込みは、もう変えられません。窓口で申し込み番号を伝えておたずねください。何も変わっていません。")


class ResidentTaken(Refused):
    """Somebody of the list for whom another application counts, or who was taken out of it."""

    code = "voucher_resident_taken"
    number = "E-6816"
    text = N_("名簿のこの人には、ほかの申し込みがあるか、名簿から外されています。まだ何も決めていません。")


class ApplicationTwice(Refused):
    """One application a person."""

    code = "voucher_application_twice"
    number = "E-6817"
    text = N_("この人には、この商品券の申し込みがもうあります。申し込みは1人1件です。何も変わっていません。")


class ResidentsMissing(Invalid):
    """No file, or nothing in it but its head."""

    code = "voucher_residents_missing"
    number = "E-6818"
    field = "file"
    text = N_("名簿のCSVファイルを選んでください。1行目に項目名、2行目から1人ずつ入れます。まだ取り込んでいません。")


class ResidentsTooLarge(Invalid):
    """`lines`: how many a list may have."""

    code = "voucher_residents_too_large"
    number = "E-6819"
    field = "file"
    text = N_("名簿は %(lines)s行までです。いくつかに分けてください。まだ取り込んでいません。")


class ResidentsUnreadable(Invalid):
    """`line`: where the letters or the commas break. Neither UTF-8 nor Shift_JIS, or cut off."""

    code = "voucher_residents_unreadable"
    number = "E-6820"
    field = "file"
    text = N_("名簿の%(line)s行目が読めません。UTF-8かShift_JISのCSVで保存し直してください。まだ取り込んでいません。")


class ResidentColumnsMissing(Invalid):
    """No column whose head says name, or none that says address."""

    code = "voucher_resident_columns_missing"
    number = "E-6821"
    field = "file"
    text = N_("名簿の1行目に「氏名」と「住所」の項目名が要ります。まだ取り込んでいません。")


class NothingToSend(Refused):
    """Nobody of this kind applied on paper, or their addresses were deleted when their time was over."""

    code = "voucher_nothing_to_send"
    number = "E-6822"
    text = N_("印刷する宛先がありません。紙の申し込みがないか、住所の保存期間が終わっています。何も変わっていません。")


class BuyingNumberUnknown(NotFound):
    """No application has this number, its four digits are others, or it belongs to nobody's wallet."""

    code = "buying_number_unknown"
    number = "E-6963"
    field = "number"
    text = N_("この購入番号の申し込みは見つかりません。もう一度読み上げてもらってください。まだ何も売っていません。")
