"""休業: a member that was closed for a year says why, and has no hours in it; nobody else has none."""

from __future__ import annotations

from alembic import op

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE subsidy_figure ADD COLUMN closed_because TEXT NOT NULL DEFAULT '';
ALTER TABLE subsidy_figure DROP CONSTRAINT subsidy_figure_somebody_works;
ALTER TABLE subsidy_figure
    ADD CONSTRAINT subsidy_figure_work_in_range CHECK (employees BETWEEN 0 AND 100000 AND hours_per_employee BETWEEN 0 AND 8784),
    ADD CONSTRAINT subsidy_figure_whoever_is_closed_says_why CHECK ((employees * hours_per_employee = 0) = (closed_because <> ''));
"""
DOWN = """
ALTER TABLE subsidy_figure DROP CONSTRAINT subsidy_figure_whoever_is_closed_says_why, DROP CONSTRAINT subsidy_figure_work_in_range;
ALTER TABLE subsidy_figure
    ADD CONSTRAINT subsidy_figure_somebody_works CHECK (employees BETWEEN 1 AND 100000 AND hours_per_employee BETWEEN 1 AND 8784) NOT VALID;
ALTER TABLE subsidy_figure DROP COLUMN closed_because;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
