-- Times are milliseconds since 1970 (UTC); hashes are SHA-256 of whole tokens.
CREATE TABLE person (
    id UUID PRIMARY KEY NOT NULL,
    email TEXT UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_person ON identity (person_id);
CREATE TABLE device (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    public_key BYTEA NOT NULL,
    name TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX device_key ON device (person_id, public_key) WHERE revoked_at IS NULL;
CREATE TABLE session (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    device_id UUID NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    idle_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_for TEXT
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_device ON session (device_id);
CREATE TABLE refresh_token (
    hash BYTEA PRIMARY KEY NOT NULL,
    session_id UUID NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    asked BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    successor BYTEA
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE TABLE flow (
    id UUID PRIMARY KEY NOT NULL,
    browser BYTEA NOT NULL,
    redirect_uri TEXT NOT NULL,
    state TEXT NOT NULL,
    challenge TEXT NOT NULL,
    person_id UUID REFERENCES person (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX flow_expires ON flow (expires_at);
CREATE TABLE email_challenge (
    id UUID PRIMARY KEY NOT NULL,
    flow_id UUID NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    email TEXT NOT NULL,
    display_name TEXT,
    password_hash TEXT,
    code BYTEA NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX email_challenge_flow ON email_challenge (flow_id, kind);
CREATE TABLE authorization_code (
    hash BYTEA PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    asked BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    session_id UUID REFERENCES session (id) ON DELETE CASCADE
);
CREATE TABLE provider_login (
    hash BYTEA PRIMARY KEY NOT NULL,
    flow_id UUID NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE TABLE known_browser (
    hash BYTEA NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (hash, person_id)
);
CREATE INDEX known_browser_person ON known_browser (person_id);
CREATE TABLE mail (
    id UUID PRIMARY KEY NOT NULL,
    sealed BYTEA NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX mail_next ON mail (next_at);
CREATE TABLE event (
    id UUID PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person_id UUID,
    device_id UUID
);
CREATE INDEX event_person ON event (person_id, at);
CREATE INDEX event_at ON event (at);
