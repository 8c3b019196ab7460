-- A log of a tablet only goes on: what is closed stays closed, as it was closed, and what the tablet has once said it has is never unsaid.
CREATE FUNCTION till_log_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL AND (NEW.closed_at, NEW.closed_how, NEW.closed_by, NEW.reason)
            IS DISTINCT FROM (OLD.closed_at, OLD.closed_how, OLD.closed_by, OLD.reason) OR NEW.told < OLD.told THEN
        RAISE EXCEPTION 'log % of till % does not go back', OLD.log, OLD.till_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goes_on BEFORE UPDATE ON till_log FOR EACH ROW EXECUTE FUNCTION till_log_goes_on();
