"""Door 1: everything that writes about people, their roles, their sign-in and their sessions."""

from identity.commands.access import authorise, log
from identity.commands.codes import prove_email, send_code
from identity.commands.contacts import NewContact, forget_contacts, keep_contacts
from identity.commands.districts import NewDistrict, create_district
from identity.commands.entry import SignUp, enter_by_email, enter_by_passkey, join_by_email, join_by_passkey
from identity.commands.erasure import erase_person, forget_person, sweep
from identity.commands.freezes import FreezeOrder, freeze_by_code, freeze_person, unfreeze_person
from identity.commands.limits import forgive_tries, limit_caller, limit_tries
from identity.commands.mail import Deliver, by_smtp, deliver_mail, queue_mail
from identity.commands.passkeys import (
    Site,
    add_options,
    add_passkey,
    approve_options,
    confirm_by_passkey,
    remove_passkey,
    sign_in_options,
    sign_up_options,
)
from identity.commands.people import LANGUAGES, NewPerson, change_email, index_nicknames, rename, sign_up, tell_area
from identity.commands.persons import seal_words
from identity.commands.pins import (
    card_pin_fits,
    check_card_pin,
    check_pin,
    check_staff_pin,
    set_card_pin,
    set_pin,
    set_staff_pin,
    staff_leaves,
)
from identity.commands.push import end_subscriptions, forget_browser, keep_subscription, lease_browser, note_told, note_untold
from identity.commands.recovery import make_recovery_codes, recover
from identity.commands.roles import appoint, end_deputies, end_role, grant_role
from identity.commands.sessions import (
    Browser,
    Opened,
    choose_merchant,
    end_session,
    end_sessions,
    end_till_session,
    forget_device,
    keep_alive,
    new_device_token,
    open_session,
    open_till_session,
    sign_out_everywhere,
    stand_at_till,
)
from identity.commands.tokens import NewToken, create_api_token, end_token_of_till, issue_token, revoke_api_token
from identity.commands.wrong import note_wrong

__all__ = [
    "LANGUAGES",
    "Browser",
    "Deliver",
    "FreezeOrder",
    "NewContact",
    "NewDistrict",
    "NewPerson",
    "NewToken",
    "Opened",
    "SignUp",
    "Site",
    "add_options",
    "add_passkey",
    "appoint",
    "approve_options",
    "authorise",
    "by_smtp",
    "card_pin_fits",
    "change_email",
    "check_card_pin",
    "check_pin",
    "check_staff_pin",
    "choose_merchant",
    "confirm_by_passkey",
    "create_api_token",
    "create_district",
    "deliver_mail",
    "end_deputies",
    "end_role",
    "end_session",
    "end_sessions",
    "end_subscriptions",
    "end_till_session",
    "end_token_of_till",
    "enter_by_email",
    "enter_by_passkey",
    "erase_person",
    "forget_browser",
    "forget_contacts",
    "forget_device",
    "forget_person",
    "forgive_tries",
    "freeze_by_code",
    "freeze_person",
    "grant_role",
    "index_nicknames",
    "issue_token",
    "join_by_email",
    "join_by_passkey",
    "keep_alive",
    "keep_contacts",
    "keep_subscription",
    "lease_browser",
    "limit_caller",
    "limit_tries",
    "log",
    "make_recovery_codes",
    "new_device_token",
    "note_told",
    "note_untold",
    "note_wrong",
    "open_session",
    "open_till_session",
    "prove_email",
    "queue_mail",
    "recover",
    "remove_passkey",
    "rename",
    "revoke_api_token",
    "seal_words",
    "send_code",
    "set_card_pin",
    "set_pin",
    "set_staff_pin",
    "sign_in_options",
    "sign_out_everywhere",
    "sign_up",
    "sign_up_options",
    "staff_leaves",
    "stand_at_till",
    "sweep",
    "tell_area",
    "unfreeze_person",
]
