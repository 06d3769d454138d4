use domain::Record;
use sea_orm::ConnectionTrait;

use super::{Laptop, another_process, now, post};
use crate::{Credential, Order, PostFilter};

const CANARY: &str = "secretsourdoughrecipe";

/// Everything that anybody logs, at the most talkative level, in a process of its own because the setting is global.
#[tokio::test]
#[ignore = "started by texts_are_never_logged"]
async fn talkative_process() {
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).init();
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put([Record::Post(post(1, CANARY))]).await;
    let filter = PostFilter { text: Some(CANARY.to_owned()), ..PostFilter::default() };
    assert_eq!(store.posts_page(&filter, Order::Changed, None, 10).await.unwrap().rows.len(), 1);
    let sealed = CANARY.as_bytes().to_vec();
    let credential = Credential { account: super::account_id(1), sealed, key_version: 1, updated_at: now() };
    store.put_credential(&credential).await.unwrap();
    tracing::info!("{credential:?}");
    store.put_setting("name", &CANARY.into()).await.unwrap();
    let broken = store.readers.execute_unprepared("SELECT no_such_function()").await.unwrap_err();
    tracing::error!("{}", crate::StoreError::from(broken));
    store.close().await;
}

#[test]
fn texts_are_never_logged() {
    let done = another_process("tests::logging::talkative_process").output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
    assert!(said.contains("a new profile was made"), "the log was captured:\n{said}");
    assert!(!said.contains(CANARY), "{said}");
}
