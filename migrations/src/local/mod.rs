//! The schema of a desktop profile (SQLite).
//!
//! Conventions: ids are the text that people and logs see; instants are whole microseconds since 1970 (UTC); `data` is the
//! domain record as JSON and the whole truth, the columns beside it exist for indexes and lists. Foreign keys are deferred,
//! because the records of one mutation arrive in any order.

mod m0001_records;
mod m0002_deliveries;
mod m0003_search;
mod m0004_undoes;
mod m0005_series;
mod m0006_queues;
mod m0007_ideas;
mod m0008_snippets;
mod m0009_comments;
mod m0010_entries;
mod m0011_library;
mod m0012_teams;
mod m0013_replica;
mod m0014_replica_checks;
mod m0015_media_sent;
mod m0016_merged;

use sea_orm_migration::MigrationTrait;

use crate::sql::Sql;

/// All steps, oldest first.
pub const STEPS: [Sql; 16] = [
    m0001_records::MIGRATION,
    m0002_deliveries::MIGRATION,
    m0003_search::MIGRATION,
    m0004_undoes::MIGRATION,
    m0005_series::MIGRATION,
    m0006_queues::MIGRATION,
    m0007_ideas::MIGRATION,
    m0008_snippets::MIGRATION,
    m0009_comments::MIGRATION,
    m0010_entries::MIGRATION,
    m0011_library::MIGRATION,
    m0012_teams::MIGRATION,
    m0013_replica::MIGRATION,
    m0014_replica_checks::MIGRATION,
    m0015_media_sent::MIGRATION,
    m0016_merged::MIGRATION,
];

/// All migrations, oldest first. The schema version of a database is how many of them it has.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    STEPS.into_iter().map(|step| Box::new(step) as Box<dyn MigrationTrait>).collect()
}
