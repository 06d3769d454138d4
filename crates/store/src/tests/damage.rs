use std::fs;
use std::path::Path;

use domain::{Key, Record};

use super::{Laptop, crash_image, files_of, now, post, post_id};
use crate::{Damage, OpenError, RESTORED, Store};

/// A profile with a few hundred posts, closed.
async fn grown() -> Laptop {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put((1..=300).map(|n| Record::Post(post(n, &format!("loaf number {n} with some more words in it"))))).await;
    store.close().await;
    laptop
}

/// A profile with `n` transactions in its log, as a power cut would leave it.
async fn crashed(n: u128) -> Laptop {
    let running = Laptop::new();
    let store = running.open().await;
    for n in 1..=n {
        store.put([Record::Post(post(n, "acknowledged"))]).await;
    }
    let crashed = Laptop::new();
    crash_image(&running.dir(), &crashed.dir());
    crashed
}

async fn assert_refused(laptop: &Laptop) -> Damage {
    let before = files_of(&laptop.dir());
    let refused = Store::open(&laptop.dir(), now()).await.unwrap_err();
    let OpenError::Corrupt(damage) = refused else { panic!("{refused:?}") };
    let after = files_of(&laptop.dir());
    for (path, bytes) in &before {
        // the shared index is no data; SQLite makes it anew
        if !path.to_str().unwrap().ends_with("-shm") {
            assert!(after.get(path) == Some(bytes), "{} was changed", path.display());
        }
    }
    damage
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn an_empty_file_is_not_taken_for_a_new_profile() {
    let laptop = grown().await;
    fs::write(laptop.database(), b"").unwrap();
    assert_eq!(assert_refused(&laptop).await, Damage::Empty);

    let laptop = crashed(3).await;
    fs::write(laptop.database(), b"").unwrap();
    assert_eq!(assert_refused(&laptop).await, Damage::Empty, "beside a stray log");
}

#[tokio::test]
async fn a_cut_off_file_is_noticed() {
    for keep in [50, 4_096, 40_000, 150_000] {
        let laptop = grown().await;
        change(&laptop.database(), |bytes| {
            assert!(bytes.len() > keep, "{}", bytes.len());
            bytes.truncate(keep);
        });
        assert_eq!(assert_refused(&laptop).await, Damage::Truncated, "{keep}");
    }
}

#[tokio::test]
async fn another_file_is_not_taken_for_ours() {
    let laptop = grown().await;
    fs::write(laptop.database(), "a letter to the baker".repeat(1_000)).unwrap();
    assert_eq!(assert_refused(&laptop).await, Damage::NotADatabase);

    let laptop = grown().await;
    change(&laptop.database(), |bytes| bytes[68..72].copy_from_slice(b"mail"));
    assert_eq!(assert_refused(&laptop).await, Damage::Foreign);
}

#[tokio::test]
async fn broken_structure_is_noticed() {
    let pages = fs::metadata(grown().await.database()).unwrap().len() / 4_096;
    for page in [2, pages / 3, pages / 2, pages - 2] {
        let laptop = grown().await;
        change(&laptop.database(), |bytes| bytes[usize::try_from(page).unwrap() * 4_096..][..16].fill(0xff));
        let damage = assert_refused(&laptop).await;
        assert!(matches!(damage, Damage::Check(_)), "page {page}: {damage:?}");
    }
}

#[tokio::test]
async fn a_flipped_bit_never_makes_an_empty_profile() {
    let laptop = grown().await;
    let sound = fs::read(laptop.database()).unwrap();
    let mut refused = 0;
    let mut seed = 0x5eed_u64;
    for _ in 0..60 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bit = usize::try_from(seed >> 20).unwrap() % (sound.len() * 8);
        let mut flipped = sound.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(laptop.database(), flipped).unwrap();
        match Store::open(&laptop.dir(), now()).await {
            Ok(store) => {
                // a flip inside a text or an unused byte; the posts are all there
                assert_eq!(store.posts_count(&crate::PostFilter::default()).await.unwrap(), 300, "bit {bit}");
                store.close().await;
            }
            Err(OpenError::Corrupt(_)) => refused += 1,
            // the header of a version that does not exist yet
            Err(OpenError::NewerSchema { .. }) => {}
            Err(other) => panic!("bit {bit}: {other:?}"),
        }
    }
    println!("{refused} of 60 single flipped bits were noticed at the start");
}

#[tokio::test]
async fn a_log_survives_a_power_cut() {
    let laptop = crashed(20).await;
    let store = laptop.open().await;
    for n in 1..=20 {
        assert!(store.record(Key::Post(post_id(n))).await.unwrap().is_some(), "{n}");
    }
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_zeroed_log_is_noticed() {
    let laptop = crashed(20).await;
    change(&laptop.dir().join("sendoff.db-wal"), |bytes| bytes.fill(0));
    assert_eq!(assert_refused(&laptop).await, Damage::Log);
}

#[tokio::test]
async fn damage_in_the_middle_of_a_log_is_noticed_and_a_torn_end_is_not_damage() {
    let laptop = crashed(20).await;
    let log = laptop.dir().join("sendoff.db-wal");
    let sound = fs::read(&log).unwrap();
    let frame = 24 + 4_096;
    let frames = (sound.len() - 32) / frame;

    // acknowledged changes behind the flip would silently be gone
    for hit in [0, frames / 3, frames / 2] {
        change(&log, |bytes| {
            bytes.clone_from(&sound);
            bytes[32 + hit * frame + 1_000] ^= 4;
        });
        assert_eq!(assert_refused(&laptop).await, Damage::Log, "frame {hit}");
    }

    // the last write was cut short: it was never acknowledged
    change(&log, |bytes| {
        bytes.clone_from(&sound);
        bytes.truncate(sound.len() - 100);
    });
    let store = laptop.open().await;
    assert_eq!(store.mutations_since(0, 100).await.unwrap().len(), 19);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_lost_database_is_missed_and_not_replaced() {
    for also_lost in [&["profile.json"][..], &["backups"], &["sendoff.db-wal", "sendoff.db-shm"], &[]] {
        let running = Laptop::new();
        let store = running.open().await;
        store.backup(now()).await.unwrap();
        store.put([Record::Post(post(1, "rye"))]).await;
        let laptop = Laptop::new();
        crash_image(&running.dir(), &laptop.dir());
        fs::remove_file(laptop.database()).unwrap();
        for name in also_lost {
            let path = laptop.dir().join(name);
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
        let refused = Store::open(&laptop.dir(), now()).await.unwrap_err();
        assert!(matches!(refused, OpenError::Missing), "{also_lost:?}: {refused:?}");
        assert!(!laptop.database().exists());
    }
}

#[tokio::test]
async fn a_damaged_database_is_set_aside_and_a_backup_takes_its_place() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put([Record::Post(post(1, "older"))]).await;
    store.backup(now()).await.unwrap();
    store.put([Record::Post(post(2, "newer"))]).await;
    let newest = store.backup(now()).await.unwrap();
    store.put([Record::Post(post(3, "after the backups"))]).await;
    assert!(matches!(Store::set_aside(&laptop.dir(), now()), Err(OpenError::InUse)), "it is open");
    store.close().await;
    change(&laptop.database(), |bytes| bytes[4_096..8_192].fill(0xaa));
    let damaged = fs::read(laptop.database()).unwrap();
    assert_refused(&laptop).await;

    let aside = Store::set_aside(&laptop.dir(), now()).unwrap();
    assert_eq!(aside, laptop.dir().join("damaged-20261122T120000Z"));
    assert!(fs::read(aside.join("sendoff.db")).unwrap() == damaged, "moved as it was");
    assert!(matches!(Store::open(&laptop.dir(), now()).await, Err(OpenError::Missing)));

    // the newest backup is damaged too
    change(&newest, |bytes| bytes[4_096..8_192].fill(0xaa));
    let restored = Store::restore_backup(&laptop.dir(), now()).await.unwrap();
    assert_ne!(restored.path, newest);
    let store = laptop.open().await;
    assert!(store.record(Key::Post(post_id(1))).await.unwrap().is_some());
    assert_eq!(store.record(Key::Post(post_id(2))).await.unwrap(), None);
    let note = store.setting(RESTORED).await.unwrap().unwrap();
    assert_eq!(note["backup"], restored.path.file_name().unwrap().to_str().unwrap());
    store.verify().await.unwrap();
}

#[tokio::test]
async fn restoring_sets_what_is_there_aside_first() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.backup(now()).await.unwrap();
    store.close().await;
    let before = fs::read(laptop.database()).unwrap();
    for _ in 0..2 {
        Store::restore_backup(&laptop.dir(), now()).await.unwrap();
    }
    assert!(fs::read(laptop.dir().join("damaged-20261122T120000Z/sendoff.db")).unwrap() == before);
    assert!(laptop.dir().join("damaged-20261122T120000Z-2/sendoff.db").exists(), "in the same second");
}

#[tokio::test]
async fn without_a_backup_nothing_is_moved_and_starting_anew_is_a_decision() {
    let laptop = grown().await;
    change(&laptop.database(), |bytes| bytes.truncate(5_000));
    let before = fs::read(laptop.database()).unwrap();
    assert!(matches!(Store::restore_backup(&laptop.dir(), now()).await, Err(OpenError::NoBackup)));
    assert!(fs::read(laptop.database()).unwrap() == before);
    assert!(matches!(Store::create_anew(&laptop.dir(), now()).await, Err(OpenError::Exists)));

    let aside = Store::set_aside(&laptop.dir(), now()).unwrap();
    assert!(matches!(Store::set_aside(&laptop.dir(), now()), Err(OpenError::Missing)));
    let store = Store::create_anew(&laptop.dir(), now()).await.unwrap();
    assert_eq!(store.posts_count(&crate::PostFilter::default()).await.unwrap(), 0);
    store.close().await;
    assert!(fs::read(aside.join("sendoff.db")).unwrap() == before);
    laptop.open().await;
}
