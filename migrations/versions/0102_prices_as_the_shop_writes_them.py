"""A shop writes all its prices with tax or all without: articles that were written otherwise cost what the till has asked for a piece."""

from __future__ import annotations

from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

UP = """
WITH other AS (
    SELECT a.district_id, a.id, coalesce(s.tax_inside, true) AS inside, a.price, a.rate, a.eat_in,
           coalesce(a.eat_in_price, a.price) AS here,
           CASE WHEN a.eat_in THEN 10 ELSE a.rate END AS here_rate
      FROM article a LEFT JOIN register_settings s ON (s.district_id, s.merchant_id) = (a.district_id, a.merchant_id)
     WHERE a.ended_at IS NULL AND a.tax_inside <> coalesce(s.tax_inside, true)
), counted AS (
    SELECT district_id, id, inside, eat_in,
           CASE WHEN inside THEN least(price + price * rate / 100, 9999999) ELSE price - price * rate / (100 + rate) END AS price,
           CASE WHEN inside THEN least(here + here * here_rate / 100, 9999999) ELSE here - here * here_rate / (100 + here_rate) END AS here
      FROM other
)
UPDATE article a
   SET tax_inside = c.inside, price = c.price, eat_in_price = CASE WHEN c.eat_in AND c.here <> c.price THEN c.here END, changed_at = now()
  FROM counted c
 WHERE (a.district_id, a.id) = (c.district_id, c.id);
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """What the prices were before is not kept: they stay as the till has asked them."""
