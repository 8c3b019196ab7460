"""登録番号 by periods, a registration after another under another number; and whether a till's slip is a receipt for money, by the
scheme of the contract with the shops."""

from __future__ import annotations

from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE shop_registration (
    district_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    place       bigint GENERATED ALWAYS AS IDENTITY,
    number      varchar(14) NOT NULL,
    first_day   date,
    last_day    date,
    CONSTRAINT shop_registration_pkey PRIMARY KEY (district_id, merchant_id, place),
    CONSTRAINT shop_registration_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT shop_registration_number_has_its_form CHECK (number ~ '^T[0-9]{13}$'),
    CONSTRAINT shop_registration_ends_after_it_began CHECK (last_day >= first_day)
);
INSERT INTO shop_registration (district_id, merchant_id, number, first_day, last_day)
SELECT m.district_id, m.id, m.registration_number, s.registered_from, s.registered_until
FROM merchant m LEFT JOIN register_settings s ON s.district_id = m.district_id AND s.merchant_id = m.id
WHERE m.registration_number IS NOT NULL;
GRANT SELECT, INSERT ON shop_registration TO meguri_web;
GRANT UPDATE (first_day, last_day) ON shop_registration TO meguri_web;
ALTER TABLE register_settings DROP COLUMN registered_from, DROP COLUMN registered_until;
CREATE TABLE settlement_scheme (
    district_id             bigint NOT NULL,
    version                 bigint NOT NULL,
    scheme                  varchar(12) NOT NULL,
    counts_as_money_receipt boolean NOT NULL,
    cleared_by              varchar(80) NOT NULL,
    set_by                  bigint NOT NULL,
    set_at                  timestamptz NOT NULL,
    CONSTRAINT settlement_scheme_pkey PRIMARY KEY (district_id, version),
    CONSTRAINT settlement_scheme_scheme_is_known CHECK (scheme IN ('unclear', 'agency', 'advance', 'assignment', 'assumption')),
    CONSTRAINT settlement_scheme_no_receipt_is_cleared CHECK (counts_as_money_receipt OR (scheme <> 'unclear' AND cleared_by <> ''))
);
GRANT SELECT, INSERT ON settlement_scheme TO meguri_web;
"""
DOWN = """
DROP TABLE settlement_scheme;
ALTER TABLE register_settings ADD COLUMN registered_from date, ADD COLUMN registered_until date;
DROP TABLE shop_registration;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
