use crate::sql::Sql;

/// Texts that are used in many posts.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0008_snippets",
    up: &["CREATE TABLE snippet (
        id TEXT PRIMARY KEY NOT NULL,
        deleted INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        data TEXT NOT NULL
    ) STRICT"],
};
