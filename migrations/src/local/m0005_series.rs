use crate::sql::Sql;

/// Posts that come again.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0005_series",
    up: &[
        "CREATE TABLE series (
            id TEXT PRIMARY KEY NOT NULL,
            ended INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "ALTER TABLE post ADD COLUMN series TEXT",
        "CREATE INDEX post_by_series ON post (series, due_at) WHERE series IS NOT NULL",
    ],
};
