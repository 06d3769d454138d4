//! Planted secrets must not come out anywhere: not in errors, not in `Debug`, not in outcomes, not in the log.

use std::fmt::{Debug, Display};
use std::io;
use std::sync::{Arc, Mutex};

use networks::{Adapter, Bluesky, BlueskyConfig, Callback, OAuthStart, PrepareInput};
use tracing_subscriber::fmt::MakeWriter;

use crate::bluesky_oauth::start;
use crate::fake::{Answer, Asked, Fake};
use crate::faults::{bluesky_credential, mastodon_credential};
use crate::people::{egress, mastodon, now, picture, post, secret, server};

/// Everything that was said.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Heard {
    fn debug(&self, value: &impl Debug) {
        let mut heard = self.0.lock().unwrap();
        heard.push_str(&format!("{value:?}\n{value:#?}\n"));
    }

    fn all(&self, value: &(impl Debug + Display)) {
        self.debug(value);
        self.0.lock().unwrap().push_str(&format!("{value}\n"));
    }
}

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Heard {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Repeats everything it was told in an error of its own.
fn parrot(status: u16) -> impl Fn(&Asked) -> Answer + Send + Sync {
    move |asked| {
        let heard = format!("{} {} {:?} {}", asked.method, asked.path, asked.headers, asked.body);
        Answer::json(status, &serde_json::json!({ "error": "Parrot", "message": heard }))
    }
}

#[tokio::test]
async fn no_secret_comes_out() {
    let heard = Heard::default();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(heard.clone()).finish();
    let _log = tracing::subscriber::set_default(log);
    let mut echoed = 0;
    for status in [200, 400, 401, 403, 422, 500] {
        let fake = Fake::start(parrot(status)).await;
        let config =
            BlueskyConfig { plc: server(&fake.url), default_server: server(&fake.url), ..BlueskyConfig::default() };
        let bluesky = Bluesky::new(egress(&[&fake.url]), config);
        let password = secret("canary-password");
        let server = server(&fake.url);
        heard.debug(&bluesky.sign_in_password(Some(&server), "ada.test", &password, now()).await);
        heard.all(&bluesky.sign_in_password(Some(&server), "ada.test", &password, now()).await.unwrap_err());
        let accounts: [(&dyn Adapter, _, _); 2] = [
            (&bluesky, bluesky_credential(&fake.url), bluesky_request()),
            (&mastodon(&fake.url), mastodon_credential(&fake.url), mastodon_request()),
        ];
        for (adapter, credential, request) in &accounts {
            heard.debug(adapter);
            heard.debug(credential);
            let images = [picture("alt")];
            let input = PrepareInput { images: &images, ..post(KEY, "text") };
            heard.debug(&input);
            if let Err(error) = adapter.prepare(credential, input).await {
                heard.all(&error);
                heard.debug(&error.detail());
            }
            if let Err(error) = adapter.check(credential, now()).await {
                heard.all(&error);
            }
            if let Err(error) = adapter.refresh(credential, now()).await {
                heard.all(&error);
            }
            if let Err(error) = adapter.sign_out(credential, now()).await {
                heard.all(&error);
            }
            heard.debug(&adapter.send(credential, request, KEY, now()).await);
            heard.debug(&adapter.look_up(credential, request, KEY, now(), now()).await);
            let begun = OAuthStart { server: Some(server.clone()), ..start(None, "", now()) };
            heard.debug(&begun);
            if let Err(error) = adapter.begin_oauth(begun).await {
                heard.all(&error);
            }
        }
        echoed += fake.asked().iter().filter(|asked| format!("{asked:?}").contains("canary")).count();
    }
    assert!(echoed > 30, "the secrets were really sent: {echoed}");
    finishing(&heard).await;
    let heard = heard.0.lock().unwrap();
    assert!(heard.contains("[removed]"), "the parrot was heard");
    assert!(heard.len() > 10_000, "and the log too: {}", heard.len());
    if let Some(at) = heard.find("canary") {
        let from = heard[..at].rfind('\n').unwrap_or(0);
        panic!("{}", &heard[from..heard.len().min(at + 200)]);
    }
}

/// A flow whose code, verifier and client secret are all repeated by the server.
async fn finishing(heard: &Heard) {
    let fake = Fake::start(|asked: &Asked| match asked.path.as_str() {
        "/api/v1/apps" => Answer::json(
            200,
            &serde_json::json!({ "client_id": "an-id-that-is-public", "client_secret": "canary-client-secret" }),
        ),
        "/oauth/token" => parrot(400)(asked),
        _ => Answer::json(404, &serde_json::json!({ "error": "Record not found" })),
    })
    .await;
    let adapter = mastodon(&fake.url);
    let begun = OAuthStart { state: "canary-state".to_owned(), ..crate::mastodon::start(&fake.url) };
    heard.debug(&begun);
    let pending = adapter.begin_oauth(begun).await.unwrap();
    heard.debug(&pending);
    let code = Some(secret("canary-code"));
    let back = Callback { code, state: pending.state.clone(), iss: None, error: None };
    heard.debug(&back);
    let error = adapter.finish_oauth(pending, back, now()).await.unwrap_err();
    heard.all(&error);
    heard.debug(&error.detail());
    let verifier = fake.asked().last().unwrap().field("code_verifier").unwrap();
    assert!(!heard.0.lock().unwrap().contains(&verifier));
}

const KEY: &str = "3jzfcijpj2z2a";

fn bluesky_request() -> String {
    let repo = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    serde_json::json!({ "repo": repo, "collection": "app.bsky.feed.post", "rkey": KEY, "record": {} }).to_string()
}

fn mastodon_request() -> String {
    serde_json::json!({ "status": "x", "visibility": "public", "sensitive": false }).to_string()
}
