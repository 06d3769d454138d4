use crate::sql::Sql;

/// What a profile that belongs to an organisation knows of the server's ledger, and what that has not taken yet.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0013_replica",
    up: &[
        // one row, or none: a profile of one person alone
        "CREATE TABLE replica (
            one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
            organisation TEXT NOT NULL,
            client TEXT NOT NULL,
            nonce TEXT NOT NULL,
            last_n INTEGER NOT NULL,
            epoch TEXT,
            cursor TEXT
        ) STRICT",
        // the exact bytes that are sent, in order
        "CREATE TABLE pending (
            n INTEGER PRIMARY KEY NOT NULL,
            mid TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            post TEXT,
            body TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            doubtful INTEGER NOT NULL
        ) STRICT",
        // what the server said, of each record that something pending has changed; no image: it was not there
        "CREATE TABLE shadow (key TEXT PRIMARY KEY NOT NULL, image TEXT) STRICT, WITHOUT ROWID",
        "CREATE TABLE confirmed (
            key TEXT PRIMARY KEY NOT NULL,
            scope TEXT NOT NULL,
            row_seq INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT, WITHOUT ROWID",
        "CREATE INDEX confirmed_by_scope ON confirmed (scope, key)",
        // taken by the server: kept until it cannot lose them any more
        "CREATE TABLE acked (
            n INTEGER PRIMARY KEY NOT NULL,
            mid TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            post TEXT,
            body TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            acked_at INTEGER NOT NULL
        ) STRICT",
        // refused by the server: nothing of it is lost until a person says so
        "CREATE TABLE attention (
            mid TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            post TEXT,
            reject TEXT NOT NULL,
            body TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            refused_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID",
    ],
};
