use crate::sql::Sql;

/// Which files the server of an organisation has, as far as this computer knows.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0015_media_sent",
    up: &["CREATE TABLE media_sent (media TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID"],
};
