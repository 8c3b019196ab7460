-- What a town needs on a Saturday: agents, top-up codes, the drawer's float and difference, coupons, payout, expiry.

ALTER TABLE ledger.kind
    ADD COLUMN needs_approval boolean NOT NULL DEFAULT false,  -- posts only what a proposal has laid before a second person
    ADD COLUMN refundable boolean NOT NULL DEFAULT false,
    ADD COLUMN after_end text NOT NULL DEFAULT 'never' CHECK (after_end IN ('never', 'too', 'only')),  -- moves a series that has ended
    DROP CONSTRAINT kind_appends_check,
    ADD CONSTRAINT kind_appends_check CHECK (appends IN (-1, 0, 1));  -- 0: both sides have accounts that are only raised

INSERT INTO ledger.role VALUES
    ('agent',         'asset',      1, true,  false, 0,    NULL),  -- what a shop that sells coin has taken in cash for us
    ('over_short',    'expense',    1, false, false, NULL, NULL),
    ('top_up_code',   'liability', -1, true,  true,  0,    NULL),  -- owner: the batch
    ('funder',        'asset',      1, false, false, NULL, NULL),  -- what somebody else owes for discounts
    ('coupon_issued', 'asset',      1, false, true,  NULL, NULL),  -- pieces: issued = in stock + held + used
    ('coupon_stock',  'liability', -1, true,  true,  0,    NULL),  -- owner: the shard
    ('coupon_used',   'liability', -1, false, true,  0,    NULL),
    ('in_transit',    'liability', -1, false, false, 0,    NULL),  -- payout approved, not yet with the bank
    ('fee_income',    'income',    -1, false, false, NULL, NULL),
    ('fee_tax',       'liability', -1, false, false, NULL, NULL);

INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable, after_end) VALUES
    ('top_up_large',     '{safe+,consumer-}',                            '{meguri_web,meguri_demo}', false, false, true,  NULL,     false, NULL, true,  false, 'never'),
    ('agent_top_up',     '{agent+,consumer-}',                           '{meguri_web,meguri_demo}', false, false, true,  NULL,     true,  NULL, false, false, 'never'),
    ('agent_pays_in',    '{drawer+,safe+,bank+,agent-}',                 '{meguri_web,meguri_demo}', false, false, true,  NULL,     false, NULL, false, false, 'never'),
    ('code_issue',       '{safe+,bank+,promotion+,funder+,top_up_code-}', '{meguri_web,meguri_demo}', false, false, false, NULL,    false, NULL, true,  false, 'never'),
    ('code_redeem',      '{top_up_code+,consumer-}',                     '{meguri_web,meguri_demo}', true,  false, true,  NULL,     false, NULL, false, false, 'never'),
    ('code_cancel',      '{top_up_code+,safe-,bank-,promotion-,funder-}', '{meguri_web,meguri_demo}', false, false, false, NULL,    false, NULL, true,  false, 'too'),
    ('drawer_float',     '{drawer+,safe-}',                              '{meguri_web,meguri_demo}', false, false, true,  NULL,     false, NULL, false, false, 'never'),
    ('drawer_difference', '{drawer+,drawer-,over_short+,over_short-}',   '{meguri_web,meguri_demo}', false, false, false, NULL,     false, NULL, false, false, 'never'),
    ('bank_deposit',     '{bank+,safe-}',                                '{meguri_web,meguri_demo}', false, false, false, NULL,     false, NULL, false, false, 'never'),
    ('coupon_issue',     '{coupon_issued+,coupon_stock-}',               '{meguri_web,meguri_demo}', true,  false, false, NULL,     false, NULL, true,  false, 'never'),
    ('coupon_claim',     '{coupon_stock+,consumer-}',                    '{meguri_web,meguri_demo}', true,  false, true,  NULL,     false, NULL, false, false, 'never'),
    ('coupon_payment',   '{consumer+,promotion+,funder+,payable-,coupon_used-}', '{meguri_web,meguri_demo}', false, true, false, NULL, false, 0, false, true, 'never'),
    ('coupon_refund',    '{payable+,coupon_used+,consumer-,promotion-,funder-}', '{meguri_web,meguri_demo}', false, false, false, 'refund', false, NULL, false, false, 'never'),
    ('funder_pays',      '{safe+,bank+,funder-}',                        '{meguri_web,meguri_demo}', false, false, false, NULL,     false, NULL, false, false, 'never'),
    ('refund_late',      '{payable+,suspense-}',                         '{meguri_web,meguri_demo}', true,  false, false, 'refund', false, NULL, false, false, 'only'),
    ('suspense_release', '{suspense+,consumer-,breakage-}',              '{meguri_web,meguri_demo}', false, false, true,  NULL,     false, NULL, true,  false, 'too'),
    ('settlement',       '{payable+,agent-,in_transit-,fee_income-,fee_tax-}', '{meguri_web,meguri_demo}', false, false, false, NULL, false, NULL, true, false, 'too'),
    ('payout',           '{in_transit+,bank-}',                          '{meguri_web,meguri_demo}', false, false, false, NULL,     false, NULL, true,  false, 'never'),
    ('expiry',           '{consumer+,breakage-}',                        '{meguri_web,meguri_demo}', false, false, false, NULL,     false, NULL, false, false, 'only');
UPDATE ledger.kind SET refundable = true WHERE name = 'payment';
UPDATE ledger.kind SET moves = '{drawer-,agent-,consumer+}' WHERE name = 'reversal';

-- The law's limits, within which each series sets its own (payment-law 30, 31). One row; yen.
CREATE TABLE ledger.law (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    payment_max bigint NOT NULL,
    balance_max bigint NOT NULL,
    transfer_max bigint NOT NULL
);
INSERT INTO ledger.law VALUES (true, 1000000, 300000, 100000);
ALTER TABLE ledger.series
    DROP CONSTRAINT series_payment_max_check, ADD CONSTRAINT series_payment_max_check CHECK (payment_max >= 1),
    DROP CONSTRAINT series_balance_max_check, ADD CONSTRAINT series_balance_max_check CHECK (balance_max >= 1),
    DROP CONSTRAINT series_transfer_max_check, ADD CONSTRAINT series_transfer_max_check CHECK (transfer_max >= 0);
GRANT SELECT ON ledger.law TO meguri_web, meguri_desk;
