"""Proposals end after two weeks; roles may end by themselves; large approvals ask for the administrator, or for a passkey."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE role_grant ADD COLUMN until timestamptz, ADD CONSTRAINT role_grant_until_is_later CHECK (until > granted_at);
ALTER TABLE passkey_challenge
    DROP CONSTRAINT passkey_challenge_purpose_is_known,
    ADD CONSTRAINT passkey_challenge_purpose_is_known CHECK (purpose IN ('sign_up', 'sign_in', 'add', 'approve'));
CREATE TABLE approval_limits (
    district_id bigint PRIMARY KEY,
    approver_max bigint,
    passkey_above bigint,
    set_by bigint NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT approval_limits_are_yen CHECK (approver_max >= 0 AND passkey_above >= 0)
);
GRANT SELECT, INSERT, UPDATE ON approval_limits TO meguri_web;
"""

DOWN = """
DROP TABLE approval_limits;
DELETE FROM passkey_challenge WHERE purpose = 'approve';
ALTER TABLE passkey_challenge
    DROP CONSTRAINT passkey_challenge_purpose_is_known,
    ADD CONSTRAINT passkey_challenge_purpose_is_known CHECK (purpose IN ('sign_up', 'sign_in', 'add'));
ALTER TABLE role_grant DROP CONSTRAINT role_grant_until_is_later, DROP COLUMN until;
DROP FUNCTION ledger.expire_proposals();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/decide.3.sql"))
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
    op.get_bind().exec_driver_sql(read_sql("ledger/decide.2.sql"))
    op.execute("DROP FUNCTION ledger.proposal_life()")
