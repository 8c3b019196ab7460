"""Door 2: who is asking, and what identity may say about districts, people and devices. Reads only."""

from identity.queries.account import (
    Access,
    LogSearch,
    Token,
    access_log,
    api_tokens,
    devices,
    done_so_far,
    has_pin,
    passkeys,
    sensor_tokens,
    ways_in,
)
from identity.queries.areas import areas_of, is_area_answered, own_area
from identity.queries.contacts import Compared, Particulars, alike, are_kept, likely_doubles, particulars
from identity.queries.districts import District, district, district_by_host, district_by_slug, districts
from identity.queries.mail import Letter, Post, mailbox, undelivered_since
from identity.queries.patterns import crowded_devices, wrong_tries
from identity.queries.people import (
    Freeze,
    Grant,
    Profile,
    Standing,
    first_holder,
    freeze_of,
    freezes_of,
    grants,
    nickname,
    nicknames,
    open_words,
    people_called,
    person_by_email,
    person_profile,
    profile,
    shops_held_together,
    standing,
    standings,
    unused_since,
)
from identity.queries.principals import (
    Principal,
    device_is_new,
    is_signed_in,
    nobody,
    person_topic,
    principal_for_cookie,
    principal_for_till,
    principal_for_token,
)
from identity.queries.push import (
    Subscription,
    Waiting,
    beyond_reach,
    own_subscriptions,
    push_districts,
    subscription,
    waiting_browsers,
)
