use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::process::Command;

use domain::{Key, Record, Step};

use super::{Laptop, commit, now, post, post_id};
use crate::{Order, PostFilter, Store, StoreError};

/// Writes posts until the store refuses; says how many were acknowledged.
async fn fill(store: &Store, from: u128) -> (u128, StoreError) {
    let text = "bread ".repeat(3_000);
    for n in from..from + 10_000 {
        let commit = commit(vec![Record::Post(post(n, &text))]);
        match store.mutate(|_| Step::Done(Ok::<_, Infallible>(commit.clone()))).await {
            Ok(done) => drop(done.unwrap()),
            Err(error) => return (n, error),
        }
    }
    panic!("the disk never filled");
}

async fn assert_readable(store: &Store, acknowledged: u128) {
    assert_eq!(u128::from(store.posts_count(&PostFilter::default()).await.unwrap()), acknowledged);
    let page = store.posts_page(&PostFilter::default(), Order::Changed, None, 50).await.unwrap();
    assert!(!page.rows.is_empty());
    assert!(store.record(Key::Post(post_id(0))).await.unwrap().is_some());
    assert_eq!(store.record(Key::Post(post_id(acknowledged))).await.unwrap(), None, "the failed write left no trace");
    let log = store.mutations_since(0, 100_000).await.unwrap();
    assert_eq!(log.len() as u128, acknowledged);
}

#[tokio::test]
async fn a_full_database_refuses_whole_changes_and_recovers() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put([Record::Post(post(0, "first"))]).await;
    {
        let mut writer = store.writer.lock().await;
        writer.discard().await;
        writer.extra_pragma = Some(("max_page_count", "400".to_owned()));
    }
    let (full, error) = fill(&store, 1).await;
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(error.may_pass());
    assert_readable(&store, full).await;
    assert!(matches!(fill(&store, full).await, (again, StoreError::DiskFull) if again == full), "still full");

    store.writer.lock().await.extra_pragma = None;
    store.writer.lock().await.discard().await;
    store.put([Record::Post(post(full, "there is space again"))]).await;
    assert_readable(&store, full + 1).await;
    store.verify().await.unwrap();
}

/// A disk of a few megabytes.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let options = ["-t", "tmpfs", "-o", "size=4m", "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(at).output().is_ok_and(|done| done.status.success());
        mounted.then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_whole_changes_and_recovers_without_a_restart() {
    let laptop = Laptop::new();
    let Some(disk) = SmallDisk::mount(&laptop.folder.path().join("disk")) else {
        println!("skipped: mounting a small disk needs root");
        return;
    };
    let dir = disk.0.join("profile");
    let store = Store::open(&dir, now()).await.unwrap();
    store.put([Record::Post(post(0, "first"))]).await;
    let ballast = disk.0.join("somebody else's film");
    fs::write(&ballast, vec![7; 1 << 20]).unwrap();

    let (full, error) = fill(&store, 1).await;
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert_readable(&store, full).await;
    let backup = store.backup(now()).await.unwrap_err();
    assert!(matches!(backup, crate::OpenError::DiskFull), "{backup:?}");
    assert_eq!(Store::backups(&dir).unwrap(), [], "half a backup is none");
    let credential = crate::Credential {
        account: super::account_id(1),
        sealed: vec![1; 100_000],
        key_version: 1,
        updated_at: now(),
    };
    assert!(matches!(store.put_credential(&credential).await, Err(StoreError::DiskFull)));

    // a restart on the full disk can still read
    store.close().await;
    let store = Store::open(&dir, now()).await.unwrap();
    assert_readable(&store, full).await;

    fs::remove_file(&ballast).unwrap();
    store.put([Record::Post(post(full, "there is space again"))]).await;
    assert_readable(&store, full + 1).await;
    store.verify().await.unwrap();
    store.close().await;
}
