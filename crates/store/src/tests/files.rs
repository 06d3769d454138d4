use std::fs;
use std::sync::Arc;

use domain::Record;

use super::{Laptop, now, post};
use crate::{OpenError, Store};

#[tokio::test]
async fn a_first_start_makes_a_profile_and_the_second_finds_it() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put([Record::Post(post(1, "rye"))]).await;
    assert!(laptop.dir().join("profile.json").exists());
    assert_eq!(store.warnings(), []);
    store.close().await;
    let left: Vec<_> = fs::read_dir(laptop.dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "a closed profile is the database, the marker and the lock: {left:?}");
    let store = laptop.open().await;
    assert_eq!(store.posts_count(&crate::PostFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn two_starts_at_once_make_one_profile() {
    let laptop = Arc::new(Laptop::new());
    let starts: Vec<_> = (0..4u128)
        .map(|n| {
            let laptop = Arc::clone(&laptop);
            tokio::spawn(async move {
                let store = laptop.open().await;
                store.put([Record::Post(post(n, "from one of four"))]).await;
                store
            })
        })
        .collect();
    for start in starts {
        start.await.unwrap().verify().await.unwrap();
    }
    assert_eq!(laptop.open().await.mutations_since(0, 10).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_start_that_was_cut_short_leaves_nothing_in_the_way() {
    let laptop = Laptop::new();
    fs::create_dir_all(laptop.dir()).unwrap();
    for name in ["sendoff.db.new", "sendoff.db.new-journal", "store.lock"] {
        fs::write(laptop.dir().join(name), b"half a page").unwrap();
    }
    laptop.open().await.verify().await.unwrap();
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_a_profile() {
    use std::os::unix::fs::PermissionsExt;
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let backup = store.backup(now()).await.unwrap();
    store.put([Record::Post(post(1, "rye"))]).await;
    let private = ["sendoff.db", "sendoff.db-wal", "sendoff.db-shm", "profile.json", "store.lock"];
    let private: Vec<_> = private.iter().map(|name| laptop.dir().join(name)).chain([backup]).collect();
    for path in &private {
        assert_eq!(mode(path), 0o600, "{}", path.display());
    }
    let folders = [laptop.dir(), laptop.dir().join("backups")];
    for path in &folders {
        assert_eq!(mode(path), 0o700, "{}", path.display());
    }

    // somebody copied the profile without care
    for path in private.iter().chain(&folders) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let _again = laptop.open().await;
    for path in private.iter().chain(&folders) {
        assert_eq!(mode(path) & 0o077, 0, "{}", path.display());
    }
}

/// Files of the kernel keep their rights even from root.
#[cfg(target_os = "linux")]
#[test]
fn rights_that_cannot_be_taken_away_are_refused() {
    let refused = crate::open::files::restrict(std::path::Path::new("/proc/self/status"), 0o600);
    assert!(matches!(refused, Err(OpenError::Permissions { .. })), "{refused:?}");
}

/// The log beside a database goes away when the program that had it open ends, also between two looks at it.
#[cfg(unix)]
#[test]
fn a_file_that_goes_away_meanwhile_is_nothing_to_protect() {
    let laptop = Laptop::new();
    fs::create_dir_all(laptop.dir()).unwrap();
    let log = crate::open::files::beside(&laptop.database(), "-wal");
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(std::sync::atomic::Ordering::Relaxed) {
                crate::open::files::make_private_file(&log).unwrap();
                fs::remove_file(&log).unwrap();
            }
        });
        let looks = (0..5_000).map(|_| crate::open::files::keep_private(&laptop.dir()).err());
        let failed: Vec<_> = looks.flatten().take(1).collect();
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(failed.is_empty(), "{failed:?}");
    });
}

#[tokio::test]
async fn backups_are_numbered_and_the_last_five_are_kept() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    for n in 1..=7u128 {
        store.put([Record::Post(post(n, "rye"))]).await;
        // the clock goes backwards all the while
        store.backup(now() - jiff::SignedDuration::from_hours(i64::try_from(n).unwrap())).await.unwrap();
    }
    let backups = Store::backups(&laptop.dir()).unwrap();
    let names: Vec<_> = backups.iter().map(|backup| backup.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names.len(), 5);
    let schema = migrations::local::STEPS.len();
    assert_eq!(names[0], format!("00007-20261122T050000Z-v{schema}.db"));
    assert_eq!(names[4], format!("00003-20261122T090000Z-v{schema}.db"));
    assert_eq!(backups[0].made_at, Some(super::at("2026-11-22T05:00:00Z")));
    assert_eq!(fs::read_dir(laptop.dir().join("backups")).unwrap().count(), 5, "and nothing lies beside them");
}

#[tokio::test]
async fn a_backup_is_made_once_a_day_and_cleans_up_after_a_kill() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let hours = |n: i64| now() + jiff::SignedDuration::from_hours(n);
    assert!(store.backup_when_due(hours(0)).await.unwrap().is_some());
    let left = laptop.dir().join(format!("backups/00002-20261122T120000Z-v{}.db.new", migrations::local::STEPS.len()));
    for name in [&left, &crate::open::files::beside(&left, "-journal")] {
        fs::write(name, b"half").unwrap();
    }
    assert_eq!(store.backup_when_due(hours(23)).await.unwrap(), None);
    assert!(store.backup_when_due(hours(24)).await.unwrap().is_some());
    assert!(store.backup_when_due(hours(-24 * 365)).await.unwrap().is_some(), "the clock was set back");
    assert_eq!(store.backup_when_due(hours(-24 * 365 + 1)).await.unwrap(), None);
    assert_eq!(fs::read_dir(laptop.dir().join("backups")).unwrap().count(), 3);
    let elsewhere = crate::open::lock::ProfileLock::named(&laptop.dir(), "backup.lock").unwrap();
    elsewhere.alone().unwrap();
    assert_eq!(store.backup_when_due(hours(48)).await.unwrap(), None);
    assert!(matches!(store.backup(hours(48)).await, Err(OpenError::InUse)));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let laptop = Laptop::new();
    let file = laptop.folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let refused = Store::open(&file.join("profile"), now()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Io { .. }), "{refused:?}");
}
