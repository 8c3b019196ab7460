"""The secret of a lot of codes: random, and kept beside the lot, sealed with the master key and bound to that lot.

So neither the key without the database nor the database without the key tells a code.
"""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy.orm import Session

from identity.vault import vault


def new_secret(session: Session, *context: int | str) -> bytes:
    """256 random bits for a new lot, as they are kept."""
    return vault(session).seal(secrets.token_hex(32), *context)


def opened_secret(session: Session, sealed: bytes, *context: int | str) -> bytes:
    """The secret itself."""
    return bytes.fromhex(vault(session).unseal(sealed, *context))


def code_under(secret: bytes, *parts: int) -> bytes:
    """The MAC from which one code is spelled: 32 bytes."""
    return hmac.digest(secret, " ".join(map(str, parts)).encode(), "sha256")
