use crate::sql::Sql;

/// A change that takes another one back names it, so that it can be done again.
pub(super) const MIGRATION: Sql =
    Sql { name: "m0004_undoes", up: &["ALTER TABLE mutation_log ADD COLUMN undoes INTEGER"] };
