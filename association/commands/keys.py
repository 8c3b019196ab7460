"""Keys of what the association books by itself: the same for the same thing, and foretold by nobody.

Consumers and tills choose the keys of their own payments, and may have a key closed for good. Were these spelled from numbers
alone, whoever reads this could use one up first, and an expiry or a settlement would never be posted.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from identity.vault import vault


def own_key(session: Session, purpose: str, *what: int | str) -> UUID:
    """The key of `what` is booked for `purpose`, by the master key. `what` begins with the district's number."""
    return UUID(bytes=vault(session).keyed_hash(f"association.key {purpose}", *what)[:16], version=5)


def own_seed(session: Session, purpose: str, *what: int | str) -> bytes:
    """32 bytes, of which the keys of a whole list are made (`ledger.commands.Alike`); as `own_key` otherwise."""
    return vault(session).keyed_hash(f"association.seed {purpose}", *what)
