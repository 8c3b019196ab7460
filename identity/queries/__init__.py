"""Door 2: who is asking, and what identity may say about districts, people and devices. Reads only."""

from identity.queries.districts import (
    District,
    default_district,
    district,
    district_by_host,
    district_by_slug,
    districts,
)
from identity.queries.people import (
    Grant,
    Profile,
    grants,
    merchants_of,
    nickname,
    nicknames,
    person_by_email,
    person_profile,
    profile,
)
from identity.queries.principals import (
    Principal,
    device_is_new,
    nobody,
    principal_for_cookie,
    principal_for_till,
    principal_for_token,
)

__all__ = [
    "District",
    "Grant",
    "Principal",
    "Profile",
    "default_district",
    "device_is_new",
    "district",
    "district_by_host",
    "district_by_slug",
    "districts",
    "grants",
    "merchants_of",
    "nickname",
    "nicknames",
    "nobody",
    "person_by_email",
    "person_profile",
    "principal_for_cookie",
    "principal_for_till",
    "principal_for_token",
    "profile",
]
