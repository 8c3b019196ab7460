"""Series and accounts: opened, frozen, closed; a piece of a coupon taken from its stock; folding."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import as_array
from ledger.commands.drafts import NewSeries, refusals


def open_account(session: Session, district_id: int, role: str, owner_id: int, series_id: int) -> int:
    """The id of the account with this role, owner and series (0 for plain yen), opened now if it was not there."""
    with refusals():
        return int(
            session.execute(
                text("SELECT ledger.open_account(:district_id, :role, :owner_id, :series_id)"),
                {
                    "district_id": district_id,
                    "role": role,
                    "owner_id": owner_id,
                    "series_id": series_id,
                },
            ).scalar_one()
        )


def open_accounts(session: Session, district_id: int, role: str, owner_ids: Sequence[int], series_id: int) -> list[int]:
    """The same for many owners as a set, in their order. Whoever opens one holds a lock for its owner: thousands go in pieces."""
    values = {"district_id": district_id, "role": role, "owner_ids": as_array(owner_ids), "series_id": series_id}
    many = text("SELECT ledger.open_accounts(:district_id, :role, CAST(:owner_ids AS bigint[]), :series_id)")
    with refusals():
        return list(session.execute(many, values).scalar_one())


def set_account_state(session: Session, district_id: int, account_id: int, state: str) -> None:
    """'open', 'frozen' (nothing moves, the balance stays) or 'closed' (for good)."""
    with refusals():
        session.execute(
            text("SELECT ledger.set_account_state(:district_id, :account_id, :state)"),
            {"district_id": district_id, "account_id": account_id, "state": state},
        )


def set_owner_state(session: Session, district_id: int, role: str, owner_id: int, state: str) -> None:
    """The same for all accounts of an owner in a role, and for those that are opened later. 'closed' is never undone."""
    with refusals():
        session.execute(
            text("SELECT ledger.set_owner_state(:district_id, :role, :owner_id, :state)"),
            {"district_id": district_id, "role": role, "owner_id": owner_id, "state": state},
        )


def create_series(session: Session, district_id: int, new: NewSeries) -> int:
    """Open a series and give its id. Raises SeriesExists, SeriesWrong."""
    names = [
        "code",
        "name",
        "name_en",
        "unit",
        "valid_from",
        "valid_until",
        "payment_max",
        "balance_max",
        "transfer_max",
        "ask_above",
        "pin_above",
        "new_device_max",
        "refund_cashier_max",
    ]
    gaps = ", ".join(f":{name}" for name in names)
    with refusals():
        found = session.execute(
            text(f"SELECT ledger.create_series(:district_id, {gaps})"),
            {"district_id": district_id} | {name: getattr(new, name) for name in names},
        )
    session.info.pop("ledger.series", None)  # what this session has read of them (ledger/queries/series.py) is old now
    return int(found.scalar_one())


def end_series(session: Session, district_id: int, proposal_id: int) -> None:
    """A coin ends at the end of the day that an approved proposal `discontinue` names. Raises NotApproved, SeriesWrong."""
    with refusals():
        session.execute(text("SELECT ledger.end_series(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})
    session.info.pop("ledger.series", None)


def stop(session: Session, district_id: int, what: str, series_id: int, person_id: int, reason: str) -> int:
    """Stop `paying`, `issuing` or `transfers` of the district (`series_id` 0), or everything of one `series`; gives the stop's number.

    It holds from the commit on: what was at the book before is finished. While the same is stopped, that stop. Raises SeriesUnknown.
    """
    values = {"district_id": district_id, "what": what, "series_id": series_id, "person_id": person_id, "reason": reason}
    with refusals():
        found = session.execute(text("SELECT ledger.stop(:district_id, :what, :series_id, :person_id, :reason)"), values).scalar_one()
    session.info.pop("ledger.series", None)
    return int(found)


def start_again(session: Session, district_id: int, proposal_id: int) -> None:
    """End the stop that an approved proposal `start_again` names (`stop` in its facts). Again is harmless. Raises NotApproved."""
    with refusals():
        session.execute(text("SELECT ledger.start_again(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})
    session.info.pop("ledger.series", None)


def allow_transfers(session: Session, district_id: int, proposal_id: int) -> None:
    """A coin may be passed on from person to person, as an approved proposal `transfers` says. Raises NotApproved, SeriesWrong."""
    with refusals():
        session.execute(text("SELECT ledger.allow_transfers(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})
    session.info.pop("ledger.series", None)


def stop_transfers(session: Session, district_id: int, series_id: int) -> None:
    """From now on nobody passes this coin on; gifts that nobody has taken go back in their time."""
    session.execute(text("SELECT ledger.stop_transfers(:district_id, :id)"), {"district_id": district_id, "id": series_id})
    session.info.pop("ledger.series", None)


def take_piece(session: Session, district_id: int, series_id: int) -> int | None:
    """The account of a stock shard that holds a piece of this coupon, locked until the commit; None: all have been given out."""
    values = {"district_id": district_id, "series_id": series_id}
    found = session.execute(text("SELECT ledger.take_piece(:district_id, :series_id)"), values).scalar_one()
    return None if found is None else int(found)


def fold(session: Session, *, limit: int = 200) -> int:
    """Fold what was appended, of at most `limit` accounts; gives the number of entries folded. For the worker, each second."""
    due = session.execute(
        text("SELECT district_id, account_id FROM ledger.to_fold(:limit)"),
        {"limit": limit},
    ).all()
    folded = 0
    for row in due:
        folded += session.execute(text("SELECT ledger.fold(:district_id, :account_id)"), row._asdict()).scalar_one()
    return folded
