-- Files of organisations, by the SHA-256 of their bytes, and uploads on their way, each of one person. Times are milliseconds since
-- 1970 (UTC).
CREATE TABLE media (
    organisation_id BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    added_by BLOB NOT NULL,
    verified_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, sha256)
) STRICT;
CREATE TABLE media_upload (
    organisation_id BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, sha256, person_id)
) STRICT;
CREATE INDEX media_upload_person ON media_upload (person_id);
CREATE INDEX media_upload_begun ON media_upload (begun_at);
CREATE TABLE media_part (
    organisation_id BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    person_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (organisation_id, sha256, person_id, number),
    FOREIGN KEY (organisation_id, sha256, person_id) REFERENCES media_upload (organisation_id, sha256, person_id) ON DELETE CASCADE
) STRICT;
