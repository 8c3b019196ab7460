"""A booklet of tickets that was lost or spoiled can be printed anew: each print is an edition, and only the newest pays."""

from __future__ import annotations

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE booklet ADD COLUMN edition smallint NOT NULL DEFAULT 0, ADD COLUMN handed_edition smallint NOT NULL DEFAULT 0,"
        " ADD COLUMN replace_id bigint,"
        " ADD CONSTRAINT booklet_editions_are_in_order CHECK (0 <= handed_edition AND handed_edition <= edition)"
    )
    op.execute("GRANT UPDATE (edition, handed_edition, replace_id) ON booklet TO meguri_web")


def downgrade() -> None:
    """Refused where a booklet was printed anew: the codes of before would pay again."""
    op.execute("ALTER TABLE booklet ADD CONSTRAINT only_first_editions CHECK (edition = 0)")
    op.execute("ALTER TABLE booklet DROP COLUMN edition, DROP COLUMN handed_edition, DROP COLUMN replace_id")
