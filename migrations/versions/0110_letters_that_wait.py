"""Who applied on paper is told by a letter: of how many units the last one told, so that a letter that waits is counted."""

from __future__ import annotations

from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE voucher_application ADD COLUMN told_given bigint")
    # Whoever was told of a draw before this was counted has their letter already: it does not wait once more.
    op.execute("UPDATE voucher_application SET told_given = given WHERE given IS NOT NULL")
    op.execute(
        "ALTER TABLE voucher_application ADD CONSTRAINT voucher_application_letter_tells_units CHECK (told_given BETWEEN 0 AND units)"
    )
    op.execute(
        "CREATE INDEX letters_that_wait ON voucher_application (district_id, voucher_id)"
        " WHERE way = 'paper' AND state = 'accepted' AND given > COALESCE(told_given, -1)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX letters_that_wait")
    op.execute("ALTER TABLE voucher_application DROP COLUMN told_given")
