-- Times are milliseconds since 1970 (UTC); hashes are SHA-256 of whole tokens.
CREATE TABLE person (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX identity_person ON identity (person_id);
CREATE TABLE device (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    public_key BLOB NOT NULL,
    name TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX device_key ON device (person_id, public_key) WHERE revoked_at IS NULL;
CREATE TABLE session (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    device_id BLOB NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    idle_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_for TEXT
) STRICT;
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_device ON session (device_id);
CREATE TABLE refresh_token (
    hash BLOB PRIMARY KEY NOT NULL,
    session_id BLOB NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    asked INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER,
    successor BLOB
) STRICT;
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE TABLE flow (
    id BLOB PRIMARY KEY NOT NULL,
    browser BLOB NOT NULL,
    redirect_uri TEXT NOT NULL,
    state TEXT NOT NULL,
    challenge TEXT NOT NULL,
    person_id BLOB REFERENCES person (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX flow_expires ON flow (expires_at);
CREATE TABLE email_challenge (
    id BLOB PRIMARY KEY NOT NULL,
    flow_id BLOB NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    email TEXT NOT NULL,
    display_name TEXT,
    password_hash TEXT,
    code BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX email_challenge_flow ON email_challenge (flow_id, kind);
CREATE TABLE authorization_code (
    hash BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    asked INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL,
    session_id BLOB REFERENCES session (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE provider_login (
    hash BLOB PRIMARY KEY NOT NULL,
    flow_id BLOB NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE known_browser (
    hash BLOB NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (hash, person_id)
) STRICT;
CREATE INDEX known_browser_person ON known_browser (person_id);
CREATE TABLE mail (
    id BLOB PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_next ON mail (next_at);
CREATE TABLE event (
    id BLOB PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    person_id BLOB,
    device_id BLOB
) STRICT;
CREATE INDEX event_person ON event (person_id, at);
CREATE INDEX event_at ON event (at);
