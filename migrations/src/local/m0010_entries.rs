use crate::sql::Sql;

/// What stands in the calendar beside the posts.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0010_entries",
    up: &["CREATE TABLE entry (
        id TEXT PRIMARY KEY NOT NULL,
        deleted INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        data TEXT NOT NULL
    ) STRICT"],
};
