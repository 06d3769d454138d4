use std::fs;

use domain::Record;

use super::{Laptop, crash_image, files_of, now, post};
use crate::open::connect;
use crate::{OpenError, Store};

async fn pretend_newer(store: &Store) {
    use sea_orm::ConnectionTrait;
    let connection = store.writer.lock().await.connection().await.unwrap();
    connection.execute_unprepared("PRAGMA user_version = 99").await.unwrap();
    connection.execute_unprepared("CREATE TABLE from_the_future (x TEXT)").await.unwrap();
}

async fn assert_refused_untouched(laptop: &Laptop) {
    let before = files_of(&laptop.dir());
    let refused = Store::open(&laptop.dir(), now()).await.unwrap_err();
    let steps = migrations::local::STEPS.len();
    assert!(matches!(refused, OpenError::NewerSchema { found: 99, known } if known as usize == steps), "{refused:?}");
    assert!(before == files_of(&laptop.dir()), "a file was written, made or removed");
}

#[tokio::test]
async fn a_newer_profile_is_refused_without_a_byte_written() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    pretend_newer(&store).await;
    store.close().await;
    assert!(!laptop.dir().join("sendoff.db-wal").exists());
    // without the right to write, a write would show as another error
    fs::remove_file(laptop.dir().join("store.lock")).unwrap();
    assert_refused_untouched(&laptop).await;
}

#[tokio::test]
async fn a_newer_profile_that_was_not_closed_is_refused_too() {
    let running = Laptop::new();
    let store = running.open().await;
    store.put([Record::Post(post(1, "rye"))]).await;
    pretend_newer(&store).await;
    // the new schema is in the log alone
    let crashed = Laptop::new();
    crash_image(&running.dir(), &crashed.dir());
    assert!(fs::metadata(crashed.dir().join("sendoff.db-wal")).unwrap().len() > 0);
    assert_refused_untouched(&crashed).await;
    fs::remove_file(crashed.dir().join("sendoff.db-shm")).unwrap();
    assert_refused_untouched(&crashed).await;
}

#[tokio::test]
async fn rights_are_not_even_repaired_on_a_newer_profile() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    pretend_newer(&store).await;
    store.close().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(laptop.database(), fs::Permissions::from_mode(0o644)).unwrap();
        assert_refused_untouched(&laptop).await;
        assert_eq!(fs::metadata(laptop.database()).unwrap().permissions().mode() & 0o777, 0o644);
    }
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_not_restored() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put([Record::Post(post(1, "kept"))]).await;
    store.backup(now()).await.unwrap();
    pretend_newer(&store).await;
    let newer = store.backup(now()).await.unwrap();
    store.close().await;
    let restored = Store::restore_backup(&laptop.dir(), now()).await.unwrap();
    assert_ne!(restored.path, newer);
    connect::check(connect::options(&laptop.database())).await.unwrap();
    assert_eq!(laptop.open().await.mutations_since(0, 10).await.unwrap().len(), 1);
}
