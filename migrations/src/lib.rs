//! Every schema this program ever had, in order. Migrations only ever add: a released one is never edited.
//!
//! Each runs in one transaction, on SQLite too (SeaORM does so by itself on PostgreSQL alone), so that a kill in the middle
//! leaves the old schema or the new one and nothing between. The bookkeeping is the caller's, because SeaORM's own reads the
//! wall clock and panics when that clock stands before 1970.

pub mod local;
mod sql;

pub use sea_orm_migration::async_trait::async_trait;
pub use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager};
pub use sql::Sql;
