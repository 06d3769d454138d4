use crate::sql::Sql;

/// What may become a post, and the board that it stands on.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0007_ideas",
    up: &[
        "CREATE TABLE idea (
            id TEXT PRIMARY KEY NOT NULL,
            deleted INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE INDEX idea_by_post ON idea (json_extract(data, '$.post'))",
        "CREATE TABLE board (
            id TEXT PRIMARY KEY NOT NULL,
            deleted INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
    ],
};
