use crate::sql::Sql;

/// What is said about posts among those who write them.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0009_comments",
    up: &[
        "CREATE TABLE comment (
            id TEXT PRIMARY KEY NOT NULL,
            deleted INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE INDEX comment_by_post ON comment (json_extract(data, '$.post'), created_at)",
        "CREATE INDEX comment_open ON comment (json_extract(data, '$.post'))
            WHERE deleted = 0 AND json_extract(data, '$.resolved') IS NULL AND json_extract(data, '$.reply_to') IS NULL",
    ],
};
