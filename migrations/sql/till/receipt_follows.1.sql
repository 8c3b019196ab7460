-- A till's receipts: 1, 2, 3 and so on, each over the digest of the one before it. Whoever inserts something else is refused, and since
-- nothing is ever changed or taken away, there is no gap. A number that was rolled back is free for the next one.
CREATE FUNCTION till_receipt_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_serial bigint;
    last_digest bytea;
BEGIN
    SELECT serial, digest INTO last_serial, last_digest FROM till_receipt
    WHERE district_id = NEW.district_id AND till_id = NEW.till_id ORDER BY serial DESC LIMIT 1;
    IF NEW.serial <> coalesce(last_serial, 0) + 1 OR NEW.before IS DISTINCT FROM last_digest THEN
        RAISE EXCEPTION 'receipt % of till % does not follow %', NEW.serial, NEW.till_id, coalesce(last_serial, 0)
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON till_receipt FOR EACH ROW EXECUTE FUNCTION till_receipt_follows();
