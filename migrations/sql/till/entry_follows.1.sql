-- What a tablet wrote down without a network: entries 1, 2, 3 and so on of a log, each over the hash of the one before it, while the log is
-- open and its till is not revoked. The lock on the log's row lets one after the other in.
CREATE FUNCTION till_log_entry_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_seq bigint;
    last_hash bytea;
BEGIN
    PERFORM 1 FROM till_log l JOIN till t ON t.district_id = l.district_id AND t.id = l.till_id
    WHERE l.district_id = NEW.district_id AND l.till_id = NEW.till_id AND l.log = NEW.log AND l.closed_at IS NULL AND t.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'log % of till % is closed', NEW.log, NEW.till_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT seq, hash INTO last_seq, last_hash FROM till_log_entry
    WHERE district_id = NEW.district_id AND till_id = NEW.till_id AND log = NEW.log ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(last_seq, 0) + 1 OR NEW.before IS DISTINCT FROM last_hash THEN
        RAISE EXCEPTION 'entry % of log % of till % does not follow %', NEW.seq, NEW.log, NEW.till_id, coalesce(last_seq, 0)
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON till_log_entry FOR EACH ROW EXECUTE FUNCTION till_log_entry_follows();
