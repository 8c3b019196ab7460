"""発行枠: what is created against a promise draws on what two people have approved; what they had approved before is written down."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

# A programme that was approved without a monthly budget gets one that no district has come near: ten million points a month.
COLUMN = """
ALTER TABLE point_programme ADD COLUMN monthly bigint NOT NULL DEFAULT 10000000,
    ADD CONSTRAINT point_programme_monthly_is_some CHECK (monthly BETWEEN 1 AND 100000000);
ALTER TABLE point_programme ALTER COLUMN monthly DROP DEFAULT;
"""

BEFORE = """
INSERT INTO ledger.mandate
SELECT c.district_id, c.proposal_id, 'piece',
       COALESCE((SELECT sum(s.amount) FROM coupon_share s
                 WHERE s.district_id = c.district_id AND s.coupon_id = c.id AND s.payer <> 'shop'), 0),
       NULL, false, c.id * 100, c.id * 100 + 59, c.id, NULL, NULL
FROM coupon c;
INSERT INTO ledger.mandate
SELECT v.district_id, v.proposal_id, 'piece', v.face - v.price, NULL, true, v.id, v.id, v.units_series_id,
       jsonb_strip_nulls(jsonb_build_object(v.id::text, v.face - v.local_face,
           COALESCE(v.local_series_id::text, 'none'), CASE WHEN v.local_face > 0 THEN v.local_face END)), NULL
FROM voucher v;
INSERT INTO ledger.mandate
SELECT p.district_id, p.proposal_id, 'month', p.monthly, NULL, false, p.id * 100 + 60, p.id * 100 + 69, NULL, NULL,
       format('point_%%s_', p.id)
FROM point_programme p;
INSERT INTO ledger.mandate
SELECT c.district_id, c.proposal_id, 'all', c.budget, l.payment_max / 5 * c.extra / 100, false, c.id * 100 + 70, c.id * 100 + 79,
       NULL, NULL, NULL
FROM point_campaign c CROSS JOIN ledger.law l;
INSERT INTO ledger.mandate
SELECT e.district_id, e.proposal_id, 'all', e.points * e.most, NULL, false, e.id * 100 + 80, e.id * 100 + 89, NULL, NULL, NULL
FROM point_event e;
INSERT INTO ledger.mandate_use
SELECT m.district_id, m.first_owner, '1970-01-01', sum(n.amount)
FROM ledger.mandate m
JOIN ledger.account a ON a.district_id = m.district_id AND a.role IN ('promotion', 'funder')
    AND a.owner_id BETWEEN m.first_owner AND m.last_owner
JOIN ledger.entry n ON n.district_id = a.district_id AND n.account_id = a.id
JOIN ledger.transaction t ON t.district_id = n.district_id AND t.id = n.transaction_id AND t.kind ~ '^point_'
WHERE m.per = 'all' GROUP BY m.district_id, m.first_owner HAVING sum(n.amount) > 0;
"""


def upgrade() -> None:
    op.execute(COLUMN)
    for name in ("22_mandates", "post_one.11", "post_set.5"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))
    op.get_bind().exec_driver_sql(BEFORE)


def downgrade() -> None:
    for name in ("post_one.10", "post_set.4"):
        found = re.search(r"CREATE OR REPLACE FUNCTION.*?^END \$\$;", read_sql(f"ledger/{name}.sql"), re.DOTALL | re.MULTILINE)
        assert found is not None
        op.get_bind().exec_driver_sql(found[0])
    op.execute("DROP TRIGGER lays_mandate ON ledger.proposal")
    op.execute("DROP FUNCTION ledger.draw, ledger.draw_points, ledger.looked_at, ledger.mandate_of, ledger.lay_mandate")
    op.execute("DROP TABLE ledger.mandate_use, ledger.mandate")
    op.execute("ALTER TABLE point_programme DROP COLUMN monthly")
