-- The book. Only the functions beside this file write it; docs/ledger.md tells the whole story.
-- Amounts are int64, debit positive. "Natural" is the side that a person sees: sign * amount.

CREATE SCHEMA ledger;

-- Positions grow with PostgreSQL's transaction ids. Those start again in a restored cluster: `ledger.rebase` then
-- lifts the offset, so that every new position is above every old one.
CREATE TABLE ledger.epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position_offset bigint NOT NULL
);
INSERT INTO ledger.epoch VALUES (true, 0);

CREATE TABLE ledger.role (
    name text PRIMARY KEY,
    class text NOT NULL CHECK (class IN ('asset', 'liability', 'income', 'expense', 'equity')),
    sign smallint NOT NULL CHECK (sign IN (-1, 1)),
    locked boolean NOT NULL,        -- true: its row is locked and kept exact; false: entries are appended, folded later
    in_series boolean NOT NULL,     -- true: holds units of one series; false: plain yen (series 0)
    floor bigint,                   -- natural; NULL: none
    ceiling bigint,                 -- natural; NULL: the series' balance_max where there is one, else none
    CHECK ((class IN ('asset', 'expense')) = (sign = 1))
);
INSERT INTO ledger.role VALUES
    ('consumer',  'liability', -1, true,  true,  0,       NULL),
    ('payable',   'liability', -1, false, true,  -100000, NULL),  -- a shop already paid out can still refund
    ('drawer',    'asset',      1, true,  false, 0,       500000),  -- a clerk issues no more than this before a count
    ('safe',      'asset',      1, false, false, NULL,    NULL),
    ('bank',      'asset',      1, false, false, NULL,    NULL),
    ('promotion', 'expense',    1, false, false, NULL,    NULL),
    ('breakage',  'income',    -1, false, false, NULL,    NULL),
    ('suspense',  'liability', -1, false, true,  0,       NULL);

-- Which kind may move between which roles ('consumer+' = a consumer account is debited), and who may post it.
CREATE TABLE ledger.kind (
    name text PRIMARY KEY,
    moves text[] NOT NULL,
    posters text[] NOT NULL,
    keeps_series boolean NOT NULL,  -- sums to zero in each series, not only in each unit
    is_capped boolean NOT NULL,     -- no line above the series' payment_max
    fills boolean NOT NULL,         -- meets ceilings; giving back never does
    refers text CHECK (refers IN ('refund', 'reversal')),
    reversible boolean NOT NULL,
    appends int CHECK (appends IN (-1, 1))  -- the sign of the side that is always an appended account, only raised: never locked
);
INSERT INTO ledger.kind VALUES
    ('top_up',       '{drawer+,consumer-}',  '{meguri_web,meguri_demo}', false, false, true,  NULL,       true,  NULL),
    ('payment',      '{consumer+,payable-}', '{meguri_web,meguri_demo}', true,  true,  false, NULL,       false, -1),
    ('refund',       '{payable+,consumer-}', '{meguri_web,meguri_demo}', true,  false, false, 'refund',   false, NULL),
    ('reversal',     '{drawer-,consumer+}',  '{meguri_web,meguri_demo}', false, false, false, 'reversal', false, NULL),
    ('drawer_close', '{drawer-,safe+}',      '{meguri_web,meguri_demo}', false, false, false, NULL,       false, 1),
    ('correction',   '{consumer+,consumer-,payable+,payable-,drawer+,drawer-,safe+,safe-,bank+,bank-,promotion+,promotion-,suspense+,suspense-}',
                                             '{meguri_desk}',            false, false, true,  NULL,       false, NULL),
    ('key_closed',   '{}',                   '{}',                       true,  false, false, NULL,       false, NULL);

-- Every limit of a series stands here and nowhere else: keypad, schemas and functions read it.
CREATE TABLE ledger.series (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,31}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 40),
    unit text NOT NULL CHECK (unit IN ('yen', 'piece')),
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,                -- the first moment at which it has ended; NULL: no end
    payment_max bigint NOT NULL CHECK (payment_max BETWEEN 1 AND 1000000),
    balance_max bigint NOT NULL CHECK (balance_max BETWEEN 1 AND 300000),       -- payment-law rule 31
    transfer_max bigint NOT NULL CHECK (transfer_max BETWEEN 0 AND 100000),     -- payment-law rule 30
    ask_above bigint NOT NULL CHECK (ask_above BETWEEN 0 AND payment_max),      -- a shown code pays up to this without asking
    pin_above bigint NOT NULL CHECK (pin_above BETWEEN 0 AND payment_max),
    new_device_max bigint NOT NULL CHECK (new_device_max BETWEEN 0 AND payment_max),
    refund_cashier_max bigint NOT NULL CHECK (refund_cashier_max >= 0),
    PRIMARY KEY (district_id, id),
    UNIQUE (district_id, code),
    CHECK (valid_until IS NULL OR valid_until > valid_from)
);
CREATE SEQUENCE ledger.series_id_seq;

CREATE TABLE ledger.account (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    role text NOT NULL REFERENCES ledger.role,
    owner_id bigint NOT NULL,
    series_id bigint NOT NULL,              -- 0: plain yen
    unit bigint NOT NULL,                   -- 0: yen; else the series whose pieces it counts
    sign smallint NOT NULL,
    locked boolean NOT NULL,
    floor bigint,
    ceiling bigint,
    state text NOT NULL DEFAULT 'open',     -- open, frozen, closed: see account_state
    -- Derived from the entries, may be rebuilt:
    balance bigint NOT NULL DEFAULT 0,
    entry_count bigint NOT NULL DEFAULT 0,
    folded_below bigint NOT NULL DEFAULT 0, -- appended entries at lower positions are in `balance`
    hold_until timestamptz NOT NULL DEFAULT '-infinity',  -- no hold of this account lives longer
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, id),
    UNIQUE (district_id, role, owner_id, series_id),
    CONSTRAINT floor_holds CHECK (NOT locked OR floor IS NULL OR sign * balance >= floor)
) WITH (fillfactor = 50);                   -- room for HOT updates: no index holds a column that a payment changes
CREATE SEQUENCE ledger.account_id_seq;
CREATE INDEX account_to_fold ON ledger.account (district_id, id) WHERE NOT locked;

CREATE TABLE ledger.account_state (
    district_id bigint NOT NULL,
    account_id bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'frozen', 'closed')),
    PRIMARY KEY (district_id, account_id, changed_at)
);

CREATE TABLE ledger.transaction (
    district_id bigint NOT NULL,
    id bigint NOT NULL,                     -- drawn under the locks: its order is a legal serial order
    key uuid NOT NULL,
    command_hash bytea NOT NULL,
    kind text NOT NULL,                     -- no foreign key: it would cost a look-up a payment, and post has looked already
    posted_at timestamptz NOT NULL,
    position bigint NOT NULL,
    refers_to bigint,
    hold_id bigint,
    accounts bigint[] NOT NULL,             -- ascending
    amounts bigint[] NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (district_id, id),
    CONSTRAINT one_answer_a_key UNIQUE (district_id, key),
    CHECK (cardinality(accounts) = cardinality(amounts) AND length(command_hash) = 32 AND (kind = 'key_closed') = (cardinality(accounts) = 0))
);
CREATE SEQUENCE ledger.transaction_id_seq;
-- What refers to a transaction, and at once: it is reversed no more than once.
CREATE UNIQUE INDEX reversed_once ON ledger.transaction (district_id, refers_to, (CASE WHEN kind = 'reversal' THEN 0 ELSE id END))
    WHERE refers_to IS NOT NULL;
CREATE INDEX transaction_posted ON ledger.transaction USING brin (posted_at) WITH (pages_per_range = 16, autosummarize = on);

-- One index is enough: it is the statement of an account, the proof of a gap, and the list of what is not folded yet.
CREATE TABLE ledger.entry (
    district_id bigint NOT NULL,
    account_id bigint NOT NULL,
    position bigint NOT NULL,               -- locked account: 1, 2, 3, …; appended: the position of its transaction
    transaction_id bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    balance_after bigint,                   -- locked accounts only; debit positive, as the amount
    posted_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, account_id, position, transaction_id)
);

CREATE TABLE ledger.hold (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),  -- natural
    key uuid NOT NULL,
    command_hash bytea NOT NULL CHECK (length(command_hash) = 32),
    placed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, id),
    UNIQUE (district_id, key),
    CHECK (expires_at > placed_at)
);
CREATE SEQUENCE ledger.hold_id_seq;
CREATE INDEX hold_of_account ON ledger.hold (district_id, account_id, expires_at);

CREATE TABLE ledger.hold_end (
    district_id bigint NOT NULL,
    hold_id bigint NOT NULL,
    ended_at timestamptz NOT NULL,
    transaction_id bigint,                  -- NULL: given back
    PRIMARY KEY (district_id, hold_id)
);

CREATE FUNCTION ledger.never() RETURNS trigger LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'MG000', MESSAGE = 'the_book_is_never_edited';
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['transaction', 'entry', 'hold', 'hold_end', 'account_state'] LOOP
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.never()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()', t);
    END LOOP;
END $$;
