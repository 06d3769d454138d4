use crate::sql::Sql;

/// What a change was written as, and what the records of a scope add up to.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0014_replica_checks",
    up: &[
        // the first version of mutations was the only one until here
        "ALTER TABLE pending ADD COLUMN v INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE acked ADD COLUMN v INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE attention ADD COLUMN v INTEGER NOT NULL DEFAULT 1",
        // what the row adds to the sum of its scope: sixteen bytes, the lowest first
        "ALTER TABLE confirmed ADD COLUMN sum BLOB NOT NULL DEFAULT (zeroblob(16))",
        "CREATE TABLE scope_sum (scope TEXT PRIMARY KEY NOT NULL, sum BLOB NOT NULL) STRICT, WITHOUT ROWID",
        // rows from before have no sums: they come once more
        "UPDATE replica SET cursor = NULL",
    ],
};
