-- Opening a series. Replaced by create_series.2.sql.

CREATE OR REPLACE FUNCTION ledger.create_series(
    p_district bigint, p_code text, p_name text, p_name_en text, p_unit text, p_valid_from timestamptz, p_valid_until timestamptz,
    p_payment_max bigint, p_balance_max bigint, p_transfer_max bigint, p_ask_above bigint, p_pin_above bigint,
    p_new_device_max bigint, p_refund_cashier_max bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.series_id_seq');
BEGIN
    INSERT INTO ledger.series VALUES (p_district, new_id, p_code, p_name, p_name_en, p_unit, p_valid_from, p_valid_until,
        p_payment_max, p_balance_max, p_transfer_max, p_ask_above, p_pin_above, p_new_device_max, p_refund_cashier_max);
    RETURN new_id;
EXCEPTION
    WHEN unique_violation THEN
        PERFORM ledger.refuse('MG032', 'series_exists', jsonb_build_object('series_code', p_code));
    WHEN check_violation OR not_null_violation THEN
        PERFORM ledger.refuse('MG033', 'series_wrong');
END $$;
