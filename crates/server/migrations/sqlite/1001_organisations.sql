-- Who founded what, who belongs where (a memory, not a right), and invitations. Times are milliseconds since 1970 (UTC).
CREATE TABLE founded (
    organisation_id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX founded_person ON founded (person_id);
CREATE TABLE belongs (
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    organisation_id BLOB NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (person_id, organisation_id)
) STRICT;
CREATE TABLE invitation (
    id BLOB PRIMARY KEY NOT NULL,
    organisation_id BLOB NOT NULL,
    email TEXT NOT NULL,
    offer TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    invited_by BLOB NOT NULL REFERENCES person (id),
    invited_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    closed_at INTEGER,
    accepted_by BLOB REFERENCES person (id)
) STRICT;
CREATE INDEX invitation_organisation ON invitation (organisation_id, email);
