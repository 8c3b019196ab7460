-- 非常停止. One person stops paying, issuing or passing on in a whole district, or everything of one series; two people start it again.
-- What is stopped stands in the row of the series, which every posting reads anyway: a payment costs no statement and no lock more.
-- A posting that has read that row before is finished; the next one is refused. Refunds, undoing, expiry and settlement are never
-- stopped: whoever is owed something gets it.

ALTER TABLE ledger.series ADD COLUMN stopped text[];  -- of 'paying', 'issuing', 'transfers', in that order of the alphabet; NULL: nothing

-- Which switch holds up a kind; one that is not here is never stopped. A table of its own: a payment reads `ledger.kind`, and each page and
-- column of that costs it.
CREATE TABLE ledger.kind_switch (
    kind text PRIMARY KEY REFERENCES ledger.kind ON DELETE CASCADE,
    switch text NOT NULL CHECK (switch IN ('paying', 'issuing', 'transfers'))
);
INSERT INTO ledger.kind_switch VALUES
    ('payment', 'paying'), ('coupon_payment', 'paying'),
    ('top_up', 'issuing'), ('top_up_large', 'issuing'), ('agent_top_up', 'issuing'), ('code_issue', 'issuing'), ('code_redeem', 'issuing'),
    ('benefit', 'issuing'), ('voucher_issue', 'issuing'), ('voucher_sale', 'issuing'), ('coupon_issue', 'issuing'), ('coupon_claim', 'issuing');

CREATE TABLE ledger.stop (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    what text NOT NULL CHECK (what IN ('paying', 'issuing', 'transfers', 'series')),
    series_id bigint NOT NULL,  -- 0: every series of the district, also those to come
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    stopped_by bigint NOT NULL,
    stopped_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, id),
    CHECK ((what = 'series') = (series_id <> 0))
);
CREATE SEQUENCE ledger.stop_id_seq;
CREATE TABLE ledger.stop_end (
    district_id bigint NOT NULL,
    stop_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, stop_id),
    FOREIGN KEY (district_id, stop_id) REFERENCES ledger.stop
);

CREATE FUNCTION ledger.stop_reason(p_what text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_what WHEN 'paying' THEN 'MG050' WHEN 'issuing' THEN 'MG051' ELSE 'MG052' END
$$;

-- The SQLSTATE with which a kind is refused while `p_stopped` of a series is held up; NULL: it is not. Asked only where anything is.
CREATE FUNCTION ledger.stop_of(p_kind text, p_stopped text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT ledger.stop_reason(switch) FROM ledger.kind_switch WHERE kind = p_kind AND switch = ANY (p_stopped)
$$;

-- What is stopped of a series: by a switch of its own, or by one for the whole district.
CREATE FUNCTION ledger.stopped_of(p_district bigint, p_series bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(DISTINCT part ORDER BY part)
    FROM ledger.stop s
    CROSS JOIN unnest(CASE s.what WHEN 'series' THEN '{paying,issuing,transfers}' ELSE ARRAY[s.what] END) AS part
    WHERE s.district_id = p_district AND s.series_id IN (0, p_series)
      AND NOT EXISTS (SELECT FROM ledger.stop_end e WHERE e.district_id = s.district_id AND e.stop_id = s.id)
$$;

-- Stopping, starting and opening a series wait for each other; none of them is on the paying path.
CREATE FUNCTION ledger.lock_stops(p_district bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(format('ledger.stops %s', p_district), 0))
$$;

CREATE FUNCTION ledger.show_stops(p_district bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE ledger.series SET stopped = ledger.stopped_of(p_district, id)
    WHERE district_id = p_district AND stopped IS DISTINCT FROM ledger.stopped_of(p_district, id)
$$;

CREATE FUNCTION ledger.new_series_stops() RETURNS trigger LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
BEGIN
    PERFORM ledger.lock_stops(NEW.district_id);
    NEW.stopped := ledger.stopped_of(NEW.district_id, NEW.id);
    RETURN NEW;
END $$;
CREATE TRIGGER is_stopped_too BEFORE INSERT ON ledger.series FOR EACH ROW EXECUTE FUNCTION ledger.new_series_stops();

-- One person, at once. While the same is stopped already, the stop that holds.
CREATE FUNCTION ledger.stop(p_district bigint, p_what text, p_series bigint, p_person bigint, p_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    stop_id bigint;
BEGIN
    PERFORM ledger.lock_stops(p_district);
    SELECT id INTO stop_id FROM ledger.stop s WHERE district_id = p_district AND what = p_what AND series_id = p_series
        AND NOT EXISTS (SELECT FROM ledger.stop_end e WHERE e.district_id = p_district AND e.stop_id = s.id);
    IF NOT FOUND THEN
        PERFORM FROM ledger.series WHERE p_series = 0 OR district_id = p_district AND id = p_series;
        IF NOT FOUND AND p_series <> 0 THEN
            PERFORM ledger.refuse('MG031', 'series_unknown');
        END IF;
        stop_id := nextval('ledger.stop_id_seq');
        INSERT INTO ledger.stop VALUES (p_district, stop_id, p_what, p_series, p_reason, p_person, clock_timestamp());
        PERFORM ledger.show_stops(p_district);
    END IF;
    RETURN stop_id;
END $$;

-- What two people have decided: an approved proposal of the purpose `start_again` names the stop. Again is harmless.
CREATE FUNCTION ledger.start_again(p_district bigint, p_proposal bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    which bigint;
BEGIN
    PERFORM ledger.lock_stops(p_district);
    SELECT (p.facts ->> 'stop')::bigint INTO which FROM ledger.proposal p
    JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
    WHERE p.district_id = p_district AND p.id = p_proposal AND p.purpose = 'start_again';
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
    INSERT INTO ledger.stop_end VALUES (p_district, which, p_proposal, clock_timestamp()) ON CONFLICT DO NOTHING;
    PERFORM ledger.show_stops(p_district);
END $$;

-- Says no to a line, with the facts that its sentence needs.
CREATE OR REPLACE FUNCTION ledger.refuse_line(p_state text, a ledger.account, s ledger.series, p_amount bigint, p_natural_after bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger.refuse(p_state,
        CASE p_state WHEN 'MG001' THEN 'insufficient_balance' WHEN 'MG004' THEN 'account_unknown' WHEN 'MG005' THEN 'account_' || a.state
            WHEN 'MG006' THEN 'series_not_yet' WHEN 'MG007' THEN 'series_ended' WHEN 'MG008' THEN 'payment_too_large'
            WHEN 'MG009' THEN 'ceiling_passed' WHEN 'MG011' THEN 'movement_forbidden' WHEN 'MG013' THEN 'lines_unsorted' ELSE 'stopped' END,
        jsonb_strip_nulls(CASE p_state
            WHEN 'MG001' THEN jsonb_build_object('role', a.role, 'shortage', a.floor - p_natural_after)
            WHEN 'MG006' THEN jsonb_build_object('role', a.role, 'from', s.valid_from)
            WHEN 'MG007' THEN jsonb_build_object('role', a.role, 'until', s.valid_until)
            WHEN 'MG008' THEN jsonb_build_object('role', a.role, 'limit', s.payment_max)
            WHEN 'MG009' THEN jsonb_build_object('role', a.role, 'room',
                GREATEST(0, COALESCE(a.ceiling, s.balance_max) - p_natural_after + a.sign * p_amount))
            WHEN 'MG050' THEN jsonb_build_object('series', s.id)
            WHEN 'MG051' THEN jsonb_build_object('series', s.id)
            WHEN 'MG052' THEN jsonb_build_object('series', s.id)
            ELSE jsonb_build_object('role', a.role) END));
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['stop', 'stop_end'] LOOP
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.never()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()', t);
    END LOOP;
END $$;
GRANT SELECT ON ledger.kind_switch, ledger.stop, ledger.stop_end TO meguri_web, meguri_desk;
REVOKE EXECUTE ON FUNCTION ledger.stop_reason, ledger.stop_of, ledger.stopped_of, ledger.lock_stops, ledger.show_stops,
    ledger.new_series_stops, ledger.stop, ledger.start_again FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.stop, ledger.start_again TO meguri_web;
