"""A picture of an article, drawn anew and small, for the till's tiles."""

from __future__ import annotations

from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE article_picture (
    district_id bigint NOT NULL,
    article_id  bigint NOT NULL,
    digest      bytea NOT NULL,
    content     bytea NOT NULL,
    CONSTRAINT article_picture_pkey PRIMARY KEY (district_id, article_id),
    CONSTRAINT article_picture_article_fkey FOREIGN KEY (district_id, article_id) REFERENCES article (district_id, id),
    CONSTRAINT article_picture_is_small CHECK (octet_length(content) BETWEEN 1 AND 65536 AND octet_length(digest) = 32)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON article_picture TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP TABLE article_picture")
