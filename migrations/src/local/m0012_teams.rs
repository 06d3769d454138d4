use crate::sql::Sql;

/// The organisation that a profile belongs to, and its members.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0012_teams",
    up: &[
        "CREATE TABLE organisation (
            id TEXT PRIMARY KEY NOT NULL,
            deleted INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE TABLE member (
            person TEXT PRIMARY KEY NOT NULL,
            active INTEGER NOT NULL,
            joined_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
    ],
};
