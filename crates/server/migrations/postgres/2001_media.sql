-- Files of organisations, by the SHA-256 of their bytes, and uploads on their way, each of one person. Times are milliseconds since
-- 1970 (UTC).
CREATE TABLE media (
    organisation_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    mime text NOT NULL,
    added_by uuid NOT NULL,
    verified_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, sha256)
);
CREATE TABLE media_upload (
    organisation_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    size bigint NOT NULL,
    mime text NOT NULL,
    begun_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, sha256, person_id)
);
CREATE INDEX media_upload_person ON media_upload (person_id);
CREATE INDEX media_upload_begun ON media_upload (begun_at);
CREATE TABLE media_part (
    organisation_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    person_id uuid NOT NULL,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organisation_id, sha256, person_id, number),
    FOREIGN KEY (organisation_id, sha256, person_id) REFERENCES media_upload ON DELETE CASCADE
);
