//! Ada connects her accounts, writes one post for both, goes away, and finds it on both networks, byte for byte.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{BlueskyPerson, Device, HandClock, Mastodon, PASSWORD, Pds, picture};

use crate::ada::{self, PASSPHRASE, Program};
use crate::servers_or_skip;

/// What Ada writes. Every letter before a link moves its place in bytes.
struct Words {
    first: String,
    second: String,
    warned: String,
    alt: &'static str,
    ben: BlueskyPerson,
    link: String,
}

impl Words {
    fn new(ben: BlueskyPerson) -> Self {
        let mark = testkit::people::unique();
        let link = format!("https://example.org/bøker?n={mark}&x=1");
        Self {
            first: format!("Grüße aus Oslo 🇳🇴 👩‍👩‍👧 an @{} – mehr: {link} #Bücher", ben.handle),
            second: format!("Zweiter Teil {mark} e\u{301}\nmit Zeile ✍️"),
            warned: format!("Für Mastodon {mark} 🎃 <b>kein Fett</b> & https://example.org/lang"),
            alt: "Ein Verlauf von Schwarz nach Gelb 🌅",
            ben,
            link,
        }
    }

    /// One base text in two parts, and for Mastodon a variant behind a content warning.
    fn draft(&self, image: &Value, bluesky: &[&str], mastodon: &str) -> Value {
        let images = json!([{ "media": image["id"], "alt": self.alt }]);
        let second = json!({ "text": self.second, "images": [] });
        let base = json!({
            "parts": [{ "text": self.first, "images": images }, second],
            "content_warning": "", "visibility": "public",
        });
        let variant = json!({
            "parts": [{ "text": self.warned, "images": images }, second],
            "content_warning": "Kürbis 🎃", "visibility": "unlisted",
        });
        let mut targets: Vec<_> =
            bluesky.iter().map(|account| json!({ "account": account, "variant": null })).collect();
        targets.push(json!({ "account": mastodon, "variant": variant }));
        json!({ "title": "Erster", "persona": null, "base": base, "targets": targets })
    }

    /// Where `part` stands in the first text, counted in bytes.
    fn bytes_of(&self, part: &str) -> Value {
        let start = self.first.find(part).unwrap();
        json!({ "byteStart": start, "byteEnd": start + part.len() })
    }

    fn is_on_bluesky(&self, ada: &BlueskyPerson, file: &[u8]) {
        let posts = ada.posts();
        assert_eq!(posts.len(), 2, "the post and its reply: {posts:?}");
        let (first, second) = (&posts[0]["value"], &posts[1]["value"]);
        assert_eq!(first["text"], json!(self.first));
        let mention = format!("@{}", self.ben.handle);
        let mut facets = first["facets"].as_array().unwrap().clone();
        facets.sort_by_key(|facet| facet["index"]["byteStart"].as_u64());
        let plain: Vec<_> = facets.iter().map(|facet| (facet["index"].clone(), facet["features"].clone())).collect();
        let feature = |kind: &str, name: &str, value: &str| {
            let mut feature = serde_json::Map::new();
            feature.insert("$type".to_owned(), json!(format!("app.bsky.richtext.facet#{kind}")));
            feature.insert(name.to_owned(), json!(value));
            json!([feature])
        };
        assert_eq!(
            plain,
            [
                (self.bytes_of(&mention), feature("mention", "did", &self.ben.did)),
                (self.bytes_of(&self.link), feature("link", "uri", &self.link)),
                (self.bytes_of("#Bücher"), feature("tag", "tag", "Bücher")),
            ]
        );
        let image = &first["embed"]["images"][0];
        assert_eq!(image["alt"], json!(self.alt));
        assert_eq!(image["aspectRatio"], json!({ "width": 64, "height": 48 }));
        assert_eq!(ada.blob(image["image"]["ref"]["$link"].as_str().unwrap()), file);
        assert_eq!(second["text"], json!(self.second));
        assert!(second["facets"].is_null());
        let link = json!({ "uri": posts[0]["uri"], "cid": posts[0]["cid"] });
        assert_eq!(second["reply"], json!({ "root": link, "parent": link }));
    }

    fn is_on_mastodon(&self, mastodon: &Mastodon) {
        let found = mastodon.statuses_with(&self.warned);
        assert_eq!(found.len(), 1, "{found:?}");
        let first = &found[0];
        let source = mastodon.source(first);
        assert_eq!((&source["text"], &source["spoiler_text"]), (&json!(self.warned), &json!("Kürbis 🎃")));
        assert_eq!(first["visibility"], "unlisted");
        assert_eq!(first["media_attachments"][0]["description"], json!(self.alt));
        let second = mastodon.statuses_with(&self.second);
        assert_eq!(second.len(), 1, "{second:?}");
        assert_eq!(second[0]["in_reply_to_id"], first["id"]);
        assert_eq!(mastodon.source(&second[0])["text"], json!(self.second));
    }
}

/// Takes the picture in and schedules the post; answers the post and the picture as it will be sent.
fn plan(program: &impl Program, words: &Words, bluesky: &[&str], mastodon: &str) -> (String, Vec<u8>) {
    let image = ada::import(program, "Bilder/verlauf.png", &picture::png(64, 48, 7)).unwrap();
    assert_eq!((&image["width"], &image["height"]), (&json!(64), &json!(48)));
    let kept = program.call("get_image", json!({ "media": image["id"], "size": "full" })).unwrap();
    let file = BASE64.decode(kept["data"].as_str().unwrap()).unwrap();
    let draft = words.draft(&image, bluesky, mastodon);
    let post = program.call("create_post", json!({ "draft": draft })).unwrap()["post"].as_str().unwrap().to_owned();
    let scheduled = ada::schedule(program, &post, 5).unwrap();
    assert_eq!(scheduled["status"], "scheduled");
    (post, file)
}

/// The post as the program tells of it afterwards.
fn is_published(program: &impl Program, post: &str, deliveries: usize) {
    let view = program.call("get_post", json!({ "post": post })).unwrap();
    assert_eq!(view["post"]["status"], "published");
    let jobs = view["jobs"].as_array().unwrap();
    assert_eq!(jobs.len(), deliveries);
    for job in jobs {
        assert_eq!(job["state"], "published");
        assert!(job["parts"][1]["remote"]["url"].as_str().unwrap().starts_with("http"), "{job}");
        let part = ["claim", "prepare", "begin_send", "report"];
        assert_eq!(ada::steps(program, job), [&["schedule_post"][..], &part, &part].concat(), "{job}");
    }
    let found =
        program.call("list_posts", json!({ "filter": { "text": "Grüße" }, "after": null, "limit": 10 })).unwrap();
    assert_eq!(found["lines"][0]["post"], json!(post));
}

fn people(pds: &Pds) -> (BlueskyPerson, Words) {
    let ada = BlueskyPerson::new(pds, "ada");
    (ada, Words::new(BlueskyPerson::new(pds, "ben")))
}

/// With the browser and both kinds of sign-in, in the program inside the test.
#[test]
fn ada_signs_in_through_the_browser_and_posts_to_three_accounts() {
    let (pds, mastodon) = servers_or_skip!();
    let (ada, words) = people(pds);
    let other = BlueskyPerson::new(pds, "adas-other");
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    ada::set_up(&laptop, &mastodon.url);

    let by_password = ada::connect_bluesky(&laptop, &ada);
    let request = json!({
        "network": "bluesky", "server": "", "handle": other.handle, "come_back": null, "reconnect": null,
    });
    let by_browser = ada::connect_in_browser(&laptop, request, &other.handle, PASSWORD).unwrap();
    let request = ada::mastodon_request(&mastodon.url, None);
    let on_mastodon = ada::connect_in_browser(&laptop, request, "ada", "").unwrap();
    let accounts = laptop.call("list_accounts", json!({})).unwrap();
    let ways: Vec<_> = accounts.as_array().unwrap().iter().map(|view| view["account"]["sign_in"].clone()).collect();
    assert_eq!(ways.iter().filter(|way| **way == json!("o_auth")).count(), 2, "{ways:?}");

    let (post, file) = plan(&laptop, &words, &[&by_password, &by_browser], &on_mastodon);
    ada::until_status(&laptop, &post, "published");
    words.is_on_bluesky(&ada, &file);
    words.is_on_bluesky(&other, &file);
    words.is_on_mastodon(mastodon);
    assert_eq!(ground.desktop.titles(), ["Your post is live"; 3]);
    laptop.end();

    // the next morning
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    is_published(&laptop, &post, 3);
    assert_eq!(laptop.call("get_program", json!({})).unwrap()["person"], "Ada");
    laptop.call("unlock_vault", json!({ "passphrase": PASSPHRASE })).unwrap();
    for view in accounts.as_array().unwrap() {
        let checked = laptop.call("check_account", json!({ "account": view["account"]["id"] })).unwrap();
        assert_eq!(checked["account"]["health"]["state"], "healthy");
    }
    laptop.end();
}

/// With real processes: one for each command, and one that publishes.
#[test]
fn ada_posts_to_both_networks_from_the_command_line() {
    let (pds, mastodon) = servers_or_skip!();
    let (ada, words) = people(pds);
    let mut laptop = ada::laptop(Device::new(), &mastodon.url);
    let bluesky = ada::connect_bluesky(&laptop, &ada);
    ada::browser(&mut laptop, "ada", "");
    let on_mastodon = ada::connect_from_the_command_line(&laptop, &ada::mastodon_request(&mastodon.url, None));

    let serving = laptop.serve();
    let (post, file) = plan(&laptop, &words, &[&bluesky], &on_mastodon);
    ada::until_status(&laptop, &post, "published");
    words.is_on_bluesky(&ada, &file);
    words.is_on_mastodon(mastodon);
    let said = serving.said();
    assert!(serving.end().success(), "{said}");

    is_published(&laptop, &post, 2);
    let secrets = [PASSPHRASE, "mockcode_ada"];
    for path in files(&laptop.profile()) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        for secret in secrets {
            let there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!there, "{secret} lies in {}", path.display());
        }
    }
    assert!(secrets.iter().all(|secret| !said.contains(secret)), "{said}");
}

/// Every file below a folder.
fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
