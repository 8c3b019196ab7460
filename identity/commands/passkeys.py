"""Passkeys (WebAuthn level 2): resident, user verified, no attestation.

The device's answer names the challenge that it signs; ours is kept for five minutes and taken out by the answer
that is accepted, so none is used twice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from base.db import atomic
from identity.commands.access import authorise
from identity.commands.limits import limit_caller
from identity.commands.persons import own_number
from identity.errors import LastWayIn, NicknameInvalid, NoPasskey, PasskeyRefused, PasskeyUnknown
from identity.models import Passkey, PasskeyChallenge, Person, RecoveryCode
from identity.queries import Principal, device_is_new, person_profile
from identity.rules import clean_nickname

LIFE, HOUR = timedelta(minutes=5), timedelta(hours=1)
MUST = AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED)


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys belong: exact origin, its host as relying party, and the name that the device shows."""

    origin: str
    name: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A verified new passkey, not yet stored. `handle`: what it calls its person."""

    verified: VerifiedRegistration
    handle: bytes


def sign_up_options(
    session: Session, district_id: int, site: Site, nickname: str, *, address: str, device: str | None = None, now: datetime
) -> dict[str, Any]:
    """What a browser needs to make a passkey for somebody who joins. Raises NicknameInvalid, TooMany."""
    name = clean_nickname(nickname)
    if name is None:
        raise NicknameInvalid
    limit_caller(session, "identity.sign_up_options", address, device=device, each=60, place=1_200, per=HOUR, district_id=district_id)
    return _creation(session, district_id, site, name, secrets.token_bytes(32), "sign_up", None, [], now)


def add_options(session: Session, who: Principal, site: Site, *, now: datetime) -> dict[str, Any]:
    """What a browser needs to make one more passkey for the person that asks."""
    authorise(session, who, "identity.manage_self", subject="passkey")
    person_id = own_number(who)
    person = session.get_one(Person, (who.district_id, person_id))
    held = session.scalars(select(Passkey.credential_id).where(Passkey.district_id == who.district_id, Passkey.person_id == person_id))
    nickname = person_profile(session, who).nickname
    return _creation(session, who.district_id, site, nickname, person.handle, "add", person_id, list(held), now)


def _creation(
    session: Session,
    district_id: int,
    site: Site,
    name: str,
    handle: bytes,
    purpose: str,
    person_id: int | None,
    held: list[bytes],
    now: datetime,
) -> dict[str, Any]:
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=handle,
        user_name=name,
        user_display_name=name,
        authenticator_selection=MUST,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential_id) for credential_id in held],
        timeout=LIFE // timedelta(milliseconds=1),
    )
    _keep(session, district_id, options.challenge, purpose, now, handle=handle, person_id=person_id)
    return options_to_json_dict(options)


def sign_in_options(
    session: Session, district_id: int, site: Site, *, address: str, device: str | None = None, now: datetime
) -> dict[str, Any]:
    """What a browser needs to ask for any passkey of this site. Raises TooMany."""
    limit_caller(session, "identity.sign_in_options", address, device=device, each=120, place=2_400, per=HOUR, district_id=district_id)
    options = generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED, timeout=LIFE // timedelta(milliseconds=1)
    )
    _keep(session, district_id, options.challenge, "sign_in", now)
    return options_to_json_dict(options)


def approve_options(session: Session, who: Principal, site: Site, what: str, *, now: datetime) -> dict[str, Any]:
    """What a browser needs to ask for a passkey of the person that asks, for `what` alone. Raises NoPasskey where there is none."""
    mine = select(Passkey.credential_id).where(Passkey.district_id == who.district_id, Passkey.person_id == own_number(who))
    held = [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in session.scalars(mine)]
    if not held:
        raise NoPasskey
    options = generate_authentication_options(
        rp_id=site.host,
        allow_credentials=held,
        user_verification=UserVerificationRequirement.REQUIRED,
        timeout=LIFE // timedelta(milliseconds=1),
    )
    _keep(session, who.district_id, options.challenge, "approve", now, handle=what.encode(), person_id=who.person_id)
    return options_to_json_dict(options)


def confirm_by_passkey(session: Session, who: Principal, site: Site, what: str, credential: str, *, now: datetime) -> None:
    """Face or finger of the very person that asks, shown for `what` and within five minutes. Raises PasskeyRefused, PasskeyUnknown."""
    with atomic(session):
        passkey = _verify(session, who.district_id, site, credential, "approve", now, what.encode())
        if passkey.person_id != who.person_id:
            raise PasskeyRefused


def _keep(
    session: Session,
    district_id: int,
    challenge: bytes,
    purpose: str,
    now: datetime,
    *,
    handle: bytes | None = None,
    person_id: int | None = None,
) -> None:
    with atomic(session):
        kept = PasskeyChallenge(district_id=district_id, challenge=challenge, purpose=purpose, expires_at=now + LIFE)
        kept.handle, kept.person_id = handle, person_id
        session.add(kept)


def _take(session: Session, district_id: int, challenge: bytes, purpose: str, now: datetime) -> tuple[bytes | None, int | None]:
    """Take the challenge out for good: handle and person that it was made for. Raises PasskeyRefused."""
    with atomic(session):
        ours = (PasskeyChallenge.district_id == district_id, PasskeyChallenge.challenge == challenge, PasskeyChallenge.purpose == purpose)
        taken = session.execute(
            delete(PasskeyChallenge)
            .where(*ours)
            .returning(PasskeyChallenge.handle, PasskeyChallenge.person_id, PasskeyChallenge.expires_at)
        ).one_or_none()
    if taken is None or taken.expires_at <= now:
        raise PasskeyRefused
    return taken.handle, taken.person_id


def verify_new(session: Session, district_id: int, site: Site, credential: str, purpose: str, *, now: datetime) -> NewPasskey:
    """Check what a device made. `credential`: its answer as JSON. `purpose`: sign_up or add. Raises PasskeyRefused."""
    try:
        answer = parse_registration_credential_json(credential)
        challenge = parse_client_data_json(answer.response.client_data_json).challenge
        handle, _ = _take(session, district_id, challenge, purpose, now)
        assert handle is not None, "kept with every challenge for a new passkey"
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error
    return NewPasskey(verified, handle)


def keep_passkey(
    session: Session, district_id: int, person_id: int, new: NewPasskey, label: str, *, trusted_from: datetime, now: datetime
) -> None:
    """Store a verified passkey. A device that it signs in on has lower limits until `trusted_from`. Raises PasskeyRefused."""
    with atomic(session):
        same = (Passkey.district_id == district_id, Passkey.credential_id == new.verified.credential_id)
        if session.scalar(select(Passkey.id).where(*same)) is not None:
            raise PasskeyRefused
        session.add(
            Passkey(
                district_id=district_id,
                person_id=person_id,
                credential_id=new.verified.credential_id,
                public_key=new.verified.credential_public_key,
                sign_count=new.verified.sign_count,
                label=label,
                created_at=now,
                trusted_from=trusted_from,
            )
        )
        session.flush()


def add_passkey(session: Session, who: Principal, site: Site, credential: str, label: str, *, now: datetime) -> None:
    """One more passkey for the person that asks. Made on a new device, it vouches for others only a day later."""
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject="passkey")
        person_id = own_number(who)
        new = verify_new(session, who.district_id, site, credential, "add", now=now)
        if session.get_one(Person, (who.district_id, person_id)).handle != new.handle:
            raise PasskeyRefused  # the options were made for somebody else, who was signed in here before
        trusted_from = who.limited_until if device_is_new(who, now) and who.limited_until else now
        keep_passkey(session, who.district_id, person_id, new, label, trusted_from=trusted_from, now=now)


def remove_passkey(session: Session, who: Principal, passkey_id: int, *, now: datetime) -> None:
    """Forget one of one's own passkeys. Raises PasskeyUnknown, LastWayIn."""
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject=f"remove_passkey:{passkey_id}")
        person_id = own_number(who)
        person = session.get_one(Person, (who.district_id, person_id), with_for_update=True)
        mine = (Passkey.district_id == who.district_id, Passkey.person_id == person_id)
        passkeys = {row.id: row for row in session.scalars(select(Passkey).where(*mine))}
        if passkey_id not in passkeys:
            raise PasskeyUnknown
        unused = (RecoveryCode.district_id == who.district_id, RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        if len(passkeys) == 1 and person.email is None and session.scalar(select(RecoveryCode).where(*unused).limit(1)) is None:
            raise LastWayIn
        session.delete(passkeys[passkey_id])


def verify_known(session: Session, district_id: int, site: Site, credential: str, *, now: datetime) -> Passkey:
    """The passkey that signed our challenge to sign in, its use noted. Raises PasskeyRefused, PasskeyUnknown."""
    return _verify(session, district_id, site, credential, "sign_in", now, None)


def _verify(session: Session, district_id: int, site: Site, credential: str, purpose: str, now: datetime, handle: bytes | None) -> Passkey:
    """The passkey that signed a challenge made for this purpose and `handle`."""
    try:
        answer = parse_authentication_credential_json(credential)
        challenge = parse_client_data_json(answer.response.client_data_json).challenge
        if _take(session, district_id, challenge, purpose, now)[0] != handle:
            raise PasskeyRefused
        known = (Passkey.district_id == district_id, Passkey.credential_id == answer.raw_id)
        passkey = session.scalar(select(Passkey).where(*known).with_for_update())
        if passkey is None:
            raise PasskeyUnknown
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error
    passkey.sign_count, passkey.used_at = verified.new_sign_count, now
    return passkey
