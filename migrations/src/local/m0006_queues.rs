use crate::sql::Sql;

/// Times of the week that wait for posts.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0006_queues",
    up: &["CREATE TABLE queue (
        id TEXT PRIMARY KEY NOT NULL,
        deleted INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        data TEXT NOT NULL
    ) STRICT"],
};
