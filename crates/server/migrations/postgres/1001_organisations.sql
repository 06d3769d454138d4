-- Who founded what, who belongs where (a memory, not a right), and invitations. Times are milliseconds since 1970 (UTC).
CREATE TABLE founded (
    organisation_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    at bigint NOT NULL
);
CREATE INDEX founded_person ON founded (person_id);
CREATE TABLE belongs (
    person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    organisation_id uuid NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (person_id, organisation_id)
);
CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    email text NOT NULL,
    offer text NOT NULL,
    hash bytea NOT NULL UNIQUE,
    invited_by uuid NOT NULL REFERENCES person (id),
    invited_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    closed_at bigint,
    accepted_by uuid REFERENCES person (id)
);
CREATE INDEX invitation_organisation ON invitation (organisation_id, email);
