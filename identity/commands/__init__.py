"""Door 1: everything that writes about people, their roles, their sign-in and their sessions."""

from identity.commands.access import authorise, log
from identity.commands.districts import NewDistrict, create_district
from identity.commands.people import (
    LANGUAGES,
    NewPerson,
    choose_language,
    rename,
    set_email,
    sign_up,
)
from identity.commands.roles import appoint, end_role, grant_role
from identity.commands.sessions import (
    Browser,
    Opened,
    choose_merchant,
    end_session,
    end_sessions,
    end_till_session,
    forget_device,
    keep_alive,
    open_session,
    open_till_session,
    set_till_staff,
    sign_out_everywhere,
)

__all__ = [
    "LANGUAGES",
    "Browser",
    "NewDistrict",
    "NewPerson",
    "Opened",
    "appoint",
    "authorise",
    "choose_language",
    "choose_merchant",
    "create_district",
    "end_role",
    "end_session",
    "end_sessions",
    "end_till_session",
    "forget_device",
    "grant_role",
    "keep_alive",
    "log",
    "open_session",
    "open_till_session",
    "rename",
    "set_email",
    "set_till_staff",
    "sign_out_everywhere",
    "sign_up",
]
