"""A coupon and a campaign of points may be for small shops, or for those of some trades, whoever joins later among them."""

from __future__ import annotations

from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

EVERY = {"coupon": "all_shops", "point_campaign": "shops IS NULL"}


def upgrade() -> None:
    for table, is_every in EVERY.items():
        op.execute(f"""
            ALTER TABLE {table} ADD COLUMN shop_class text NOT NULL DEFAULT 'all', ADD COLUMN trades text[] NOT NULL DEFAULT '{{}}',
                ADD CONSTRAINT {table}_shop_class_is_known CHECK (shop_class IN ('all', 'small', 'trades')),
                ADD CONSTRAINT {table}_shops_are_named_once CHECK (shop_class = 'all' OR {is_every}),
                ADD CONSTRAINT {table}_trades_are_whole CHECK ((shop_class = 'trades') = (cardinality(trades) > 0))
        """)


def downgrade() -> None:
    for table in EVERY:
        op.execute(f"ALTER TABLE {table} DROP COLUMN shop_class, DROP COLUMN trades")
