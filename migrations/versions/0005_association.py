"""The association: admissions, the law's statements to users, terms of a series, drawers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOTICE_TEXTS = ("address", "contact", "places", "cautions", "terms", "security", "loss_policy")


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "shop_admission",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("merchant_id", sa.BigInteger, nullable=False),
        sa.Column("registered_by", sa.BigInteger, nullable=False),
        _moment("registered_at"),
        sa.Column("decided_by", sa.BigInteger),
        _moment("decided_at", nullable=True),
        sa.Column("admission_check", sa.Text),
        sa.PrimaryKeyConstraint("district_id", "merchant_id", name="shop_admission_pkey"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="shop_admission_decision_is_whole"),
        sa.CheckConstraint("decided_by <> registered_by", name="shop_admission_two_persons"),
    )
    op.create_table(
        "issuer_notice",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("published_by", sa.BigInteger, nullable=False),
        _moment("published_at"),
        sa.Column("issuer_name", sa.Text, nullable=False),
        sa.Column("public_body", sa.Boolean, nullable=False),
        sa.Column("registration_number", sa.Text),
        sa.Column("registered_on", sa.Date),
        *(sa.Column(name, sa.Text, nullable=False) for name in NOTICE_TEXTS),
        sa.PrimaryKeyConstraint("district_id", "version", name="issuer_notice_pkey"),
        sa.CheckConstraint("(registration_number IS NULL) = (registered_on IS NULL)", name="issuer_notice_registration_is_whole"),
    )
    op.create_table(
        "series_terms",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("series_id", sa.BigInteger, nullable=False),
        sa.Column("first_issue", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("regime", sa.Text, nullable=False),
        sa.Column("notice_version", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("district_id", "series_id", name="series_terms_pkey"),
        sa.ForeignKeyConstraint(
            ["district_id", "notice_version"],
            ["issuer_notice.district_id", "issuer_notice.version"],
            name="series_terms_district_id_notice_version_fkey",
        ),
        sa.CheckConstraint("regime IN ('public_body', 'exempt', 'third_party')", name="series_terms_regime_is_known"),
        sa.CheckConstraint("last_day >= first_issue", name="series_terms_ends_after_it_begins"),
        sa.CheckConstraint("regime <> 'exempt' OR last_day IS NOT NULL", name="series_terms_exempt_series_ends"),
    )
    op.create_table(
        "drawer",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("clerk_id", sa.BigInteger, nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        _moment("opened_at"),
        sa.PrimaryKeyConstraint("district_id", "clerk_id", name="drawer_pkey"),
    )
    op.execute("GRANT SELECT, INSERT ON shop_admission, issuer_notice, series_terms, drawer TO meguri_web")
    op.execute("GRANT UPDATE (decided_by, decided_at, admission_check) ON shop_admission TO meguri_web")


def downgrade() -> None:
    for table in ("drawer", "series_terms", "issuer_notice", "shop_admission"):
        op.drop_table(table)
