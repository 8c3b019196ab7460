"""お住まいの地域: a person may tell the first digits of their postcode; sealed like the rest, and gone with it."""

from __future__ import annotations

from alembic import op

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN home_area bytea")
    op.execute("ALTER TABLE person DROP CONSTRAINT person_erased_means_empty")
    op.execute(
        "ALTER TABLE person ADD CONSTRAINT person_erased_means_empty"
        " CHECK (erased_at IS NULL OR num_nonnulls(nickname, email, language, email_lookup, home_area) = 0)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE person DROP COLUMN home_area")  # and the constraint with it
    op.execute(
        "ALTER TABLE person ADD CONSTRAINT person_erased_means_empty"
        " CHECK (erased_at IS NULL OR num_nonnulls(nickname, email, language, email_lookup) = 0)"
    )
