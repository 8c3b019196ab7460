"""Door 1: everything that writes about people, their roles, their sign-in and their sessions."""

from identity.commands.access import authorise, authorise_each, log
from identity.commands.codes import prove_email, send_code
from identity.commands.contacts import NewContact, forget_contacts, keep_contacts
from identity.commands.districts import NewDistrict, create_district
from identity.commands.entry import SignUp, enter_by_email, enter_by_passkey, join_by_email, join_by_passkey
from identity.commands.erasure import erase_person, forget_person, sweep
from identity.commands.freezes import FreezeOrder, freeze_by_code, freeze_person, unfreeze_person
from identity.commands.limits import forgive_tries, limit_caller, limit_tries
from identity.commands.mail import by_smtp, deliver_mail, queue_mail
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
from identity.commands.people import NewPerson, change_email, index_nicknames, rename, sign_up, tell_area
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
from identity.commands.roles import appoint, deputy_until, end_deputies, end_role, grant_role
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
