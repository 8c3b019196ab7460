"""今月の報告書 as it was made when the month was over, with the digest that the database itself checks."""

from __future__ import annotations

from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE insight_paper (
    district_id BIGINT NOT NULL,
    month DATE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    digest BYTEA NOT NULL,
    pdf BYTEA NOT NULL,
    CONSTRAINT insight_paper_pkey PRIMARY KEY (district_id, month),
    CONSTRAINT insight_paper_district_id_fkey FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT insight_paper_month_is_its_first_day CHECK (extract(day FROM month) = 1),
    CONSTRAINT insight_paper_digest_is_of_the_paper CHECK (digest = sha256(pdf))
);
GRANT SELECT, INSERT ON insight_paper TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON insight_paper FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON insight_paper FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE insight_paper")
