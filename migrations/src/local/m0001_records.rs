use crate::sql::Sql;

/// People, personas, accounts, posts, media, the log of mutations, credentials and settings.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0001_records",
    up: &[
        "CREATE TABLE person (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE TABLE persona (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            deleted INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE TABLE account (
            id TEXT PRIMARY KEY NOT NULL,
            network TEXT NOT NULL,
            server TEXT NOT NULL,
            remote_id TEXT NOT NULL,
            removed INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE INDEX account_by_remote ON account (network, server, remote_id)",
        // `body` is all text for search, `signs` what of it the tokenizer would drop or run together, one word per sign;
        // `n` is spelled out because VACUUM renumbers an implied rowid, and the search index names posts by it
        "CREATE TABLE post (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            author TEXT NOT NULL,
            persona TEXT,
            status TEXT NOT NULL,
            deleted INTEGER NOT NULL,
            version INTEGER NOT NULL,
            due_at INTEGER,
            due_sort INTEGER NOT NULL GENERATED ALWAYS AS (ifnull(due_at, 9223372036854775807)) VIRTUAL,
            zone TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            title TEXT NOT NULL,
            first_line TEXT NOT NULL,
            body TEXT NOT NULL,
            signs TEXT NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        // these two carry what lists filter by, so that a page is found without touching the rows it leaves out
        "CREATE INDEX post_by_change ON post (deleted, updated_at, id, status, persona, due_at)",
        "CREATE INDEX post_by_due ON post (deleted, due_sort, id, status, persona, due_at)",
        "CREATE INDEX post_by_status ON post (deleted, status, updated_at, id)",
        "CREATE TABLE post_target (
            post TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            account TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (post, account)
        ) STRICT, WITHOUT ROWID",
        "CREATE INDEX post_target_by_account ON post_target (account, post)",
        "CREATE TABLE media (
            id TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        // `seq` is given by the writer as the highest plus one, inside the write lock: gap-free, because nothing is deleted
        "CREATE TABLE mutation_log (
            seq INTEGER PRIMARY KEY NOT NULL,
            began_at INTEGER NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            name TEXT NOT NULL,
            subject TEXT,
            data TEXT NOT NULL,
            inverse TEXT
        ) STRICT",
        "CREATE INDEX mutation_log_by_subject ON mutation_log (subject, seq) WHERE subject IS NOT NULL",
        // no foreign key: a credential is sealed before the mutation that connects its account
        "CREATE TABLE credential (
            account TEXT PRIMARY KEY NOT NULL,
            sealed BLOB NOT NULL,
            key_version INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT",
        "CREATE TABLE setting (
            name TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        ) STRICT",
    ],
};
