-- Takes 5_proposals.sql and 6_town.sql back. Refused by the foreign keys where an account of a new role was opened.
DROP TABLE ledger.law;
ALTER TABLE ledger.series
    DROP CONSTRAINT series_payment_max_check, ADD CONSTRAINT series_payment_max_check CHECK (payment_max BETWEEN 1 AND 1000000),
    DROP CONSTRAINT series_balance_max_check, ADD CONSTRAINT series_balance_max_check CHECK (balance_max BETWEEN 1 AND 300000),
    DROP CONSTRAINT series_transfer_max_check, ADD CONSTRAINT series_transfer_max_check CHECK (transfer_max BETWEEN 0 AND 100000);
DROP FUNCTION ledger.propose, ledger.decide, ledger.is_approved;
DROP TABLE ledger.decision, ledger.proposal_item, ledger.proposal;
DROP SEQUENCE ledger.proposal_id_seq;
DELETE FROM ledger.kind WHERE name IN ('top_up_large', 'agent_top_up', 'agent_pays_in', 'code_issue', 'code_redeem', 'code_cancel', 'drawer_float',
    'drawer_difference', 'bank_deposit', 'coupon_issue', 'coupon_claim', 'coupon_payment', 'coupon_refund', 'funder_pays', 'refund_late',
    'suspense_release', 'settlement', 'payout', 'expiry');
UPDATE ledger.kind SET moves = '{drawer-,consumer+}' WHERE name = 'reversal';
DELETE FROM ledger.role WHERE name IN ('agent', 'over_short', 'top_up_code', 'funder', 'coupon_issued', 'coupon_stock', 'coupon_used',
    'in_transit', 'fee_income', 'fee_tax');
ALTER TABLE ledger.kind DROP CONSTRAINT kind_appends_check, DROP COLUMN needs_approval, DROP COLUMN refundable, DROP COLUMN after_end;
ALTER TABLE ledger.kind ADD CONSTRAINT kind_appends_check CHECK (appends IN (-1, 1));
