-- Instants are whole microseconds since 1970 (UTC), `data` and `body` JSON as the bytes that were hashed (so not jsonb).
CREATE TABLE ledger_org (
    org_id uuid PRIMARY KEY,
    seq bigint NOT NULL,
    epoch uuid NOT NULL,
    chain bytea NOT NULL,
    floor bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE ledger_row (
    org_id uuid NOT NULL,
    kind smallint NOT NULL,
    id bytea NOT NULL,
    scope text COLLATE "C" NOT NULL,
    q bigint NOT NULL,
    hash bytea NOT NULL,
    post uuid,
    data text NOT NULL,
    PRIMARY KEY (org_id, kind, id)
);
CREATE INDEX ledger_row_by_scope ON ledger_row (org_id, scope, q, kind, id);
CREATE INDEX ledger_row_by_post ON ledger_row (org_id, post) WHERE post IS NOT NULL;

CREATE TABLE ledger_exit (
    org_id uuid NOT NULL,
    scope text COLLATE "C" NOT NULL,
    kind smallint NOT NULL,
    id bytea NOT NULL,
    q bigint NOT NULL,
    PRIMARY KEY (org_id, scope, kind, id)
);
CREATE INDEX ledger_exit_by_scope ON ledger_exit (org_id, scope, q, kind, id);

CREATE TABLE ledger_scope (
    org_id uuid NOT NULL,
    scope text COLLATE "C" NOT NULL,
    sum bytea NOT NULL,
    live bigint NOT NULL,
    PRIMARY KEY (org_id, scope)
) WITH (fillfactor = 70);

CREATE TABLE ledger_log (
    org_id uuid NOT NULL,
    seq bigint NOT NULL,
    client uuid NOT NULL,
    n bigint NOT NULL,
    mid uuid NOT NULL,
    h bytea NOT NULL,
    v smallint NOT NULL,
    kind text NOT NULL,
    actor uuid NOT NULL,
    claimed_at bigint NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL,
    result bytea NOT NULL,
    chain bytea NOT NULL,
    PRIMARY KEY (org_id, seq)
);
CREATE UNIQUE INDEX ledger_log_by_mid ON ledger_log (org_id, mid);
CREATE UNIQUE INDEX ledger_log_by_client ON ledger_log (org_id, client, n);

CREATE TABLE ledger_client (
    org_id uuid NOT NULL,
    client uuid NOT NULL,
    person uuid NOT NULL,
    last_n bigint NOT NULL,
    PRIMARY KEY (org_id, client)
) WITH (fillfactor = 70);

CREATE TABLE ledger_receipt (
    org_id uuid NOT NULL,
    client uuid NOT NULL,
    n bigint NOT NULL,
    h bytea NOT NULL,
    answer text NOT NULL,
    PRIMARY KEY (org_id, client, n)
);

CREATE TABLE ledger_quarantine (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    client uuid NOT NULL,
    person uuid NOT NULL,
    received_at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX ledger_quarantine_by_client ON ledger_quarantine (org_id, client);

-- The second layer: whatever a statement asks for, a transaction sees and writes the rows of the organisation that it named, and
-- none without a name. The owner of the tables is bound as well.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger_row', 'ledger_exit', 'ledger_scope', 'ledger_log', 'ledger_client', 'ledger_receipt',
        'ledger_quarantine']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY of_organisation ON %I USING (org_id = nullif(current_setting(''sendoff.org'', true), '''')::uuid)',
            name);
    END LOOP;
END
$$;

ALTER TABLE ledger_org ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_org FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON ledger_org USING (org_id = nullif(current_setting('sendoff.org', true), '')::uuid);
-- for the poll of those that somebody listens to: their names, separated by commas
CREATE POLICY of_listed ON ledger_org FOR SELECT
    USING (org_id = ANY (string_to_array(nullif(current_setting('sendoff.orgs', true), ''), ',')::uuid[]));
