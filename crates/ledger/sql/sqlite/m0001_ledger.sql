-- Ids are their bytes, instants whole microseconds since 1970 (UTC), `data` and `body` JSON.
CREATE TABLE ledger_org (
    org_id BLOB PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    chain BLOB NOT NULL,
    floor INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger_row (
    org_id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    scope TEXT NOT NULL,
    q INTEGER NOT NULL,
    hash BLOB NOT NULL,
    post BLOB,
    data TEXT NOT NULL,
    PRIMARY KEY (org_id, kind, id)
) STRICT;
CREATE INDEX ledger_row_by_scope ON ledger_row (org_id, scope, q, kind, id);
CREATE INDEX ledger_row_by_post ON ledger_row (org_id, post) WHERE post IS NOT NULL;

CREATE TABLE ledger_exit (
    org_id BLOB NOT NULL,
    scope TEXT NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    q INTEGER NOT NULL,
    PRIMARY KEY (org_id, scope, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_exit_by_scope ON ledger_exit (org_id, scope, q, kind, id);

CREATE TABLE ledger_scope (
    org_id BLOB NOT NULL,
    scope TEXT NOT NULL,
    sum BLOB NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (org_id, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_log (
    org_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    client BLOB NOT NULL,
    n INTEGER NOT NULL,
    mid BLOB NOT NULL,
    h BLOB NOT NULL,
    v INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor BLOB NOT NULL,
    claimed_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    result BLOB NOT NULL,
    chain BLOB NOT NULL,
    PRIMARY KEY (org_id, seq)
) STRICT;
CREATE UNIQUE INDEX ledger_log_by_mid ON ledger_log (org_id, mid);
CREATE UNIQUE INDEX ledger_log_by_client ON ledger_log (org_id, client, n);

CREATE TABLE ledger_client (
    org_id BLOB NOT NULL,
    client BLOB NOT NULL,
    person BLOB NOT NULL,
    last_n INTEGER NOT NULL,
    PRIMARY KEY (org_id, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_receipt (
    org_id BLOB NOT NULL,
    client BLOB NOT NULL,
    n INTEGER NOT NULL,
    h BLOB NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (org_id, client, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_quarantine (
    org_id BLOB NOT NULL,
    id BLOB NOT NULL,
    client BLOB NOT NULL,
    person BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX ledger_quarantine_by_client ON ledger_quarantine (org_id, client);
