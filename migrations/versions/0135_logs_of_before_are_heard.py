"""Logs of before it was kept when a tablet was heard: it was when its last entry came, and a removed tablet's whole log is done."""

from __future__ import annotations

from alembic import op

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None

UP = """
UPDATE till_log SET closed_at = till.revoked_at, closed_how = 'done'
FROM till
WHERE till.district_id = till_log.district_id AND till.id = till_log.till_id AND till.revoked_at IS NOT NULL
  AND till_log.closed_at IS NULL
  AND (till_log.heard_at IS NULL OR till.revoked_at - till_log.heard_at <= interval '10 minutes')
  AND till_log.told <= (
    SELECT coalesce(max(entry.seq), 0) FROM till_log_entry entry
    WHERE (entry.district_id, entry.till_id, entry.log) = (till_log.district_id, till_log.till_id, till_log.log)
  );
UPDATE till_log SET heard_at = coalesce((
    SELECT max(entry.arrived_at) FROM till_log_entry entry
    WHERE (entry.district_id, entry.till_id, entry.log) = (till_log.district_id, till_log.till_id, till_log.log)
), opened_at)
WHERE heard_at IS NULL;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """What is known of a log stays known."""
