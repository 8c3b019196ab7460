"""The refusals of signing in, and of what people do with their own account. `field`: beside which one a page says it."""

from __future__ import annotations

from base.errors import N_, Forbidden, Invalid, NotFound, Refused, TooMany


class DistrictUnknown(NotFound):
    """No district has this name or address."""

    code = "district_unknown"
    number = "E-3001"
    text = N_("この地域は見つかりませんでした。")


class PersonUnknown(NotFound):
    """Nobody with this number lives in the district, or their data has been erased."""

    code = "person_unknown"
    number = "E-3002"
    text = N_("この人は見つかりませんでした。")


class EmailInvalid(Invalid):
    """What was typed cannot be an e-mail address."""

    field = "email"
    code = "email_invalid"
    number = "E-3010"
    text = N_("メールアドレスを確かめてください。")


class EmailTaken(Refused):
    """Somebody else in the district has shown that this address is theirs."""

    field = "email"
    code = "email_taken"
    number = "E-3011"
    text = N_("このメールアドレスは、すでに使われています。")


class CodeWrong(Invalid):
    """The code from the mail does not match. `left`: tries that remain."""

    field = "code"
    code = "code_wrong"
    number = "E-3012"
    text = N_("番号が違います。あと %(left)s回試せます。")


class CodeEnded(Refused):
    """The code is too old, used, or was tried too often; a new mail helps."""

    field = "code"
    code = "code_ended"
    number = "E-3013"
    text = N_("この番号は、もう使えません。新しい番号をメールで受け取ってください。")


class NicknameInvalid(Invalid):
    """A nickname is 1 to 24 characters, and none of them a control character."""

    field = "nickname"
    code = "nickname_invalid"
    number = "E-3014"
    text = N_("ニックネームは 1〜24文字で入れてください。")


class HomeAreaInvalid(Invalid):
    """What was typed is neither three digits nor a whole postcode."""

    field = "home_area"
    code = "home_area_invalid"
    number = "E-7735"
    text = N_("郵便番号の上3けた（例: 384）を入れてください。")


class PasskeyRefused(Invalid):
    """The device's answer does not prove what it should. Nothing was changed."""

    field = "credential"
    code = "passkey_refused"
    number = "E-3020"
    text = N_("この端末で本人の確認ができませんでした。もう一度試すか、メールの番号でログインしてください。")


class PasskeyUnknown(Refused):
    """The passkey is not, or no longer, known here."""

    field = "credential"
    code = "passkey_unknown"
    number = "E-3021"
    text = N_("このパスキーは登録されていません。メールの番号か回復コードでログインしてください。")


class LastWayIn(Refused):
    """Removing this would lock the person out for good."""

    code = "last_way_in"
    number = "E-3022"
    text = N_("これを消すと、ログインできなくなります。先に別のログイン方法を登録してください。")


class NoPasskey(Refused):
    """A passkey must confirm this, and the person has none."""

    field = "credential"
    code = "no_passkey"
    number = "E-3024"
    text = N_(
        "画面ロックでの確認が要りますが、登録されていません。「端末とログイン」で登録してから、もう一度お試しください。何も変わっていません。"
    )


class RecoveryCodeWrong(Invalid):
    """No unused recovery code reads like this."""

    field = "code"
    code = "recovery_code_wrong"
    number = "E-3023"
    text = N_("回復コードが違うか、すでに使われています。")


class AlreadyFrozen(Refused):
    """The person is stopped already, by the same hands, for the same reason."""

    code = "already_frozen"
    number = "E-3100"
    text = N_("この人の残高は、すでに一時停止中です。残高はそのままです。")


class NotFrozen(Refused):
    """There is nothing to lift."""

    code = "not_frozen"
    number = "E-3101"
    text = N_("一時停止はされていません。そのまま使えます。")


class LiftAtDesk(Refused):
    """The desk stopped it, so the desk lifts it."""

    code = "lift_at_desk"
    number = "E-3102"
    text = N_("この一時停止は、窓口で届けを受けたものです。残高はそのままです。解除するには、案内所へお越しください。")


class LiftWithProof(Forbidden):
    """Lifting one's own freeze asks for a sign-in by passkey or mailed code, after it began."""

    code = "lift_with_proof"
    number = "E-3103"
    text = N_("一時停止を解除するには、パスキーかメールの番号でログインし直してください。残高はそのままです。")


class RolesRemain(Refused):
    """Somebody who still works for a shop or the association cannot leave for good."""

    code = "roles_remain"
    number = "E-3104"
    text = N_("お店や組合の役割があるあいだは、退会できません。先に管理者に役割を外してもらってください。何も変わっていません。")


class PinWeak(Invalid):
    """The PIN is not 4 to 8 digits, or is among those that everybody tries first."""

    field = "pin"
    code = "pin_weak"
    number = "E-3030"
    text = N_("暗証番号は 4〜8桁の数字で、0000 や 1234 のような並びは避けてください。")


class PinWrong(Invalid):
    """The PIN does not match. `left`: tries that remain before it is locked."""

    field = "pin"
    code = "pin_wrong"
    number = "E-3031"
    text = N_("暗証番号が違います。あと %(left)s回試せます。")


class PinLocked(TooMany):
    """Too many wrong PINs, from whichever device. `minutes`: how long it stays locked, `seconds` the same."""

    code = "pin_locked"
    number = "E-3032"
    text = N_("続けて間違えたため、%(minutes)s分間使えません。お急ぎのときは案内所へお越しください。残高はそのままです。")
    shop_text = N_("続けて間違えたため、%(minutes)s分間使えません。店主に頼んでください。")


class PinMissing(Refused):
    """No PIN has been set yet."""

    code = "pin_missing"
    number = "E-3033"
    text = N_("暗証番号がまだ決まっていません。設定で決めてください。")


class PinUnlike(Invalid):
    """The two typings of a new PIN differ."""

    field = "again"
    code = "pin_unlike"
    number = "E-3035"
    text = N_("2回の暗証番号が同じではありません。")


class SignInAgain(Forbidden):
    """The change asks for a sign-in of the last ten minutes."""

    code = "sign_in_again"
    number = "E-3034"
    text = N_("大切な変更なので、もう一度ログインしてください。")


class OwnRole(Refused):
    """Nobody gives a role to themselves."""

    code = "own_role"
    number = "E-3040"
    text = N_("自分に役割を付けることはできません。ほかの管理者に頼んでください。")


class RoleTakesTwo(Refused):
    """A role that proposes or decides about value is given by two people, through a proposal."""

    code = "role_takes_two"
    number = "E-8150"
    text = N_("発行担当・承認者・管理者の役割は、管理者が申請し、別の人が承認して付けます。役割はまだ付いていません。")


class DeputyOver(Invalid):
    """A deputy's last day has passed already."""

    field = "last_day"
    code = "deputy_over"
    number = "E-3043"
    text = N_("終わりの日が過ぎています。今日か、それより後の日を入れてください。役割はまだ付いていません。")


class RoleUnknown(Invalid):
    """There is no such role, or it does not fit: shop roles need a shop, other roles have none."""

    code = "role_unknown"
    number = "E-3041"
    text = N_("この役割は選べません。")


class ScopeUnknown(Invalid):
    """An API token was asked for with a scope that does not exist, or with none."""

    code = "scope_unknown"
    number = "E-3042"
    text = N_("この権限は選べません。")
