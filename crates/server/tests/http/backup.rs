//! A copy that is made while people work, and a server that goes on from it.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Mutation;
use domain::id::{OrganisationId, PostId};
use reqwest::Method;
use serde_json::json;

use crate::organisations::{ORG, draft, found, id, pull, push};
use crate::stage::{PASSWORD, Stage, Store, address, until};

fn create(number: u64) -> Mutation {
    Mutation::CreatePost { post: PostId::new(id(1_000 + u128::from(number))), draft: draft("Bread at eight.") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_goes_on_from_a_copy_that_was_made_while_people_worked() {
    let stage = Stage::new(Store::Sqlite).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    let (stage, ada, sent) = (Arc::new(stage), Arc::new(ada), Arc::new(AtomicU64::new(0)));
    let working = tokio::spawn({
        let (stage, ada, sent) = (stage.clone(), ada.clone(), sent.clone());
        async move {
            for n in 1..=400 {
                let (status, reply) = push(&stage, &ada, 1, n, &[create(n)]).await;
                assert_eq!((status, reply["results"][0]["s"].as_str()), (200, Some("applied")), "{reply}");
                sent.store(n, Ordering::SeqCst);
            }
        }
    });
    until("some are sent", async || (sent.load(Ordering::SeqCst) >= 20).then_some(())).await;
    let copy = tempfile::TempDir::new().unwrap();
    let into = copy.path().join("copy");
    let data = stage.app.config.data.clone();
    let copied = tokio::task::spawn_blocking({
        let into = into.clone();
        move || {
            let mut program = Command::new(env!("CARGO_BIN_EXE_sendoff-server"));
            program.arg("--data").arg(data).arg("backup").arg("--to").arg(into);
            program.output().unwrap()
        }
    });
    let before = sent.load(Ordering::SeqCst);
    let copied = copied.await.unwrap();
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let after = sent.load(Ordering::SeqCst) + 1;
    working.await.unwrap();
    let (_, pulled) = pull(&stage, &ada, 1, None).await;
    let cursor = pulled["cursor"].as_str().unwrap().to_owned();
    let mut stage = Arc::into_inner(stage).unwrap();
    stage.stop().await;

    // another machine, by the same name
    let restored = stage.restart(|config| {
        config.data = into.clone();
        config.media.place = server::config::MediaPlace::Folder(into.join("media"));
    });
    let stage = restored.await;
    let org = OrganisationId::new(ORG.parse().unwrap());
    let mut tx = stage.app.ledger.store().read(org).await.unwrap();
    let kept = ledger::audit(tx.as_mut()).await.unwrap().lines - 1;
    drop(tx);
    assert!((before..=after).contains(&kept), "{before} <= {kept} <= {after}");
    assert!(kept < 400, "the story lost something, or it shows nothing");
    // the device finds out that the server has lost something, begins anew, and sends again what is missing
    let (status, diverged) = pull(&stage, &ada, 1, Some(&cursor)).await;
    assert_eq!((status, diverged["code"].as_str()), (409, Some("history_diverged")), "{diverged}");
    let (status, pulled) = pull(&stage, &ada, 1, None).await;
    assert_eq!((status, pulled["last_n"].as_u64()), (200, Some(kept)));
    for n in kept + 1..=400 {
        assert_eq!(push(&stage, &ada, 1, n, &[create(n)]).await.1["results"][0]["s"], "applied");
    }
    let mut tx = stage.app.ledger.store().read(org).await.unwrap();
    assert_eq!(ledger::audit(tx.as_mut()).await.unwrap().lines, 401);
    drop(tx);
    let (_, mine) = stage.call(Method::GET, "/v1/orgs", Some(&ada.access), None).await;
    assert_eq!(mine["organisations"], json!([{ "id": ORG, "name": "Bakery", "role": "owner" }]));

    // a folder with something in it is left as it is
    let mut program = Command::new(env!("CARGO_BIN_EXE_sendoff-server"));
    let refused = program.arg("--data").arg(&into).arg("backup").arg("--to").arg(&into).output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("has something in it"));
}
