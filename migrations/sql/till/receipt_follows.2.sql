-- A till's receipts stand in series: 1, 2, 3 and so on as the server counts, and for each log that the tablet kept without a network
-- log * 1,000,000,000 + 1, 2, 3. Within its series each follows the one before it, over that one's digest. Whoever inserts something else
-- is refused, and since nothing is ever changed or taken away, there is no gap. A number that was rolled back is free for the next one.
CREATE OR REPLACE FUNCTION till_receipt_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    series CONSTANT bigint := NEW.serial / 1000000000 * 1000000000;
    last_serial bigint;
    last_digest bytea;
BEGIN
    SELECT serial, digest INTO last_serial, last_digest FROM till_receipt
    WHERE district_id = NEW.district_id AND till_id = NEW.till_id AND serial > series AND serial < series + 1000000000
    ORDER BY serial DESC LIMIT 1;
    IF NEW.serial <> coalesce(last_serial, series) + 1 OR NEW.before IS DISTINCT FROM last_digest THEN
        RAISE EXCEPTION 'receipt % of till % does not follow %', NEW.serial, NEW.till_id, coalesce(last_serial, series)
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
