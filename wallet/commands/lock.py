"""The wallet's lock: what one consumer does with their money happens one after the other."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wallet.models import ConsumerSettings


def lock_wallet(session: Session, district_id: int, person_id: int) -> ConsumerSettings:
    """Wait for this consumer's other commands, then see what they have committed. Held until the commit.

    Taken before anything of the book. So a key that is sent twice at once is answered from the first one's
    payment, and never refused because that payment has emptied the wallet or ended the code.
    """
    mine = (ConsumerSettings.district_id == district_id, ConsumerSettings.person_id == person_id)
    query = select(ConsumerSettings).where(*mine).with_for_update(key_share=True).execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        session.execute(insert(ConsumerSettings).values(district_id=district_id, person_id=person_id).on_conflict_do_nothing())
        row = session.scalars(query).one()
    return row
