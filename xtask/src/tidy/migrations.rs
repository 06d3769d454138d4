//! Migrations are only ever added, at the end: a profile in the field has run those that were there.

use super::files::Tracked;
use crate::process::{output, root};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const FOLDER: &str = "migrations/src";

/// What git knows of the migrations.
#[derive(Debug, Default)]
pub struct History {
    /// Every migration that was ever committed.
    ever: BTreeSet<String>,
}

impl History {
    pub fn read() -> Result<Self> {
        // without a first commit there is no history, and nothing was ever added
        let listing = output(Command::new("git").current_dir(root()).args([
            "log",
            "--diff-filter=A",
            "--no-renames",
            "--format=",
            "--name-only",
            "--",
            FOLDER,
        ]))
        .unwrap_or_default();
        Ok(Self { ever: listing.lines().filter(|path| is_migration(path)).map(str::to_owned).collect() })
    }
}

pub fn check(tracked: &Tracked, history: &History) -> Vec<String> {
    let now: BTreeSet<&str> =
        tracked.below(FOLDER).map(|file| file.path.as_str()).filter(|p| is_migration(p)).collect();
    let mut wrong: Vec<String> = history
        .ever
        .iter()
        .filter(|path| !now.contains(path.as_str()))
        .map(|path| format!("{path} was there and is gone: profiles in the field have run it"))
        .collect();
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    for (folder, name) in history.ever.iter().filter_map(|path| path.rsplit_once('/')) {
        last.entry(folder).and_modify(|before| *before = name.max(before)).or_insert(name);
    }
    for path in now.iter().filter(|path| !history.ever.contains(**path)) {
        if let Some((folder, name)) = path.rsplit_once('/')
            && let Some(before) = last.get(folder)
            && name < *before
        {
            wrong.push(format!("{path} is new and comes before {before}, which is already in the field"));
        }
    }
    wrong
}

/// A migration is a file `m<digits>_<what>.rs`; `mod.rs` and `lib.rs` list them.
fn is_migration(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_prefix('m').and_then(|rest| rest.split_once('_')).is_some_and(|(number, rest)| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && rest.ends_with(".rs")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "migrations/src/local/m0001_records.rs";
    const SECOND: &str = "migrations/src/local/m0002_search.rs";

    fn history(paths: &[&str]) -> History {
        History { ever: paths.iter().map(|path| (*path).to_owned()).collect() }
    }

    #[test]
    fn a_migration_added_at_the_end_is_welcome() {
        assert!(check(&Tracked::planted(&[(FIRST, ""), (SECOND, "")]), &history(&[FIRST])).is_empty());
    }

    #[test]
    fn a_removed_or_renamed_migration_is_found() {
        let renamed = "migrations/src/local/m0001_things.rs";
        let wrong = check(&Tracked::planted(&[(renamed, ""), (SECOND, "")]), &history(&[FIRST, SECOND]));
        assert!(wrong.iter().any(|line| line.starts_with(FIRST)), "{wrong:?}");
    }

    #[test]
    fn a_migration_slipped_in_before_an_older_one_is_found() {
        let wrong = check(&Tracked::planted(&[(FIRST, ""), (SECOND, "")]), &history(&[SECOND]));
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].starts_with(FIRST), "{wrong:?}");
    }

    #[test]
    fn each_folder_counts_for_itself() {
        let server = "migrations/src/server/m0001_people.rs";
        assert!(check(&Tracked::planted(&[(SECOND, ""), (server, "")]), &history(&[SECOND])).is_empty());
    }

    #[test]
    fn the_lists_of_migrations_are_no_migrations() {
        assert!(!is_migration("migrations/src/local/mod.rs"));
        assert!(!is_migration("migrations/src/main_thing.rs"));
        assert!(is_migration("migrations/src/local/m20261122_000001_records.rs"));
    }
}
