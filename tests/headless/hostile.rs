//! A page that was taken over asks for anything: every command answers with an error that it has a word for, soon, and what it
//! refuses changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{HandClock, picture};

use crate::ada;

/// A debug build under load takes its time; a command that waits for somebody takes longer.
const SOON: Duration = Duration::from_secs(3);
const NOBODY: &str = "01234567-89ab-7def-8123-456789abcdef";

struct Scene {
    laptop: Inside,
    post: String,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(HandClock::real()));
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        // nothing that a command believes leads out of this machine
        let mut settings = laptop.call("get_program", json!({})).unwrap()["settings"].take();
        settings["plc_directory"] = json!("http://127.0.0.1:9");
        settings["bluesky_server"] = json!("http://127.0.0.1:9");
        laptop.call("change_settings", json!({ "settings": settings })).unwrap();
        ada::make_vault(&laptop);
        let post = ada::write(&laptop, &ada::content(&["Mine"]), &[]);
        Self { laptop, post, _folder: folder }
    }

    /// Everything that could have been changed.
    fn all(&self) -> Value {
        let call = |command: &str, body: Value| self.laptop.call(command, body).unwrap();
        let mut program = call("get_program", json!({}));
        program["now"].take();
        let filter = json!({ "text": "", "statuses": [], "personas": [], "accounts": [] });
        json!([
            program,
            call("list_posts", json!({ "filter": filter, "after": null, "limit": 200 })),
            call("get_post", json!({ "post": self.post })),
            call("list_personas", json!({})),
            call("list_accounts", json!({})),
        ])
    }

    fn requests(&self) -> Vec<(&'static str, Value)> {
        let filter = json!({ "text": "mine", "statuses": ["draft"], "personas": [NOBODY], "accounts": [NOBODY] });
        let part = json!({ "text": "Other", "images": [{ "media": NOBODY, "alt": "A cat" }] });
        let base = json!({ "parts": [part], "content_warning": "x", "visibility": "public" });
        let targets = json!([{ "account": NOBODY, "variant": base }]);
        let draft = json!({ "title": "T", "persona": NOBODY, "base": base, "targets": targets });
        let when = json!({ "local": "2030-01-01T09:00:00", "zone": "Europe/Oslo", "fold": "first" });
        let queue = json!({ "name": "N", "persona": NOBODY, "accounts": [NOBODY], "zone": "Europe/Oslo",
            "slots": [{ "time": "09:00:00", "days": ["MO"] }] });
        let idea = json!({ "title": "T", "note": "N", "link": "https://a.example", "tags": ["t"] });
        let snippet = json!({ "kind": "template", "name": "N", "parts": ["T"], "persona": NOBODY });
        let anchor = json!({ "account": NOBODY, "part": 7, "start": 0, "quote": "Q", "before": "", "after": "" });
        let text = json!({ "name": "N", "color": "fern", "voice": "V", "audience": "A", "accounts": [NOBODY] });
        let step = json!({ "id": NOBODY, "name": "N", "people": [NOBODY], "roles": ["owner"], "quorum": { "at_least": 2 },
            "only_if": ["has_link", { "mentions": ["ad"] }], "within_h": 7, "then": [NOBODY] });
        let covers = json!({ "personas": [NOBODY], "accounts": [NOBODY], "networks": ["x"] });
        let chain = json!({ "name": "N", "covers": covers, "order": "at_once", "own_work": true, "time_counts": true,
            "steps": [step] });
        let settings = self.laptop.call("get_program", json!({})).unwrap()["settings"].take();
        let passphrase = json!({ "protection": "passphrase", "passphrase": "another passphrase" });
        let picture = base64(&picture::png(4, 4, 1));
        let file = "00".repeat(32);
        let room = json!({ "bytes": 9, "duration_ms": 9, "long_side": 9, "pixels": 9, "rate": 9, "slow": 9 });
        vec![
            ("get_teams", json!({})),
            ("start_team_sign_in", json!({ "server": "http://127.0.0.1:9", "come_back": "deep_link" })),
            ("team_sign_in_progress", json!({ "flow": 7 })),
            ("cancel_team_sign_in", json!({ "flow": 7 })),
            ("sign_out_of_server", json!({ "server": "http://127.0.0.1:9" })),
            ("found_team", json!({ "server": "http://127.0.0.1:9", "name": "N" })),
            ("join_team", json!({ "server": "http://127.0.0.1:9", "code": "soi_0123456789abcdef" })),
            ("open_team", json!({ "organisation": NOBODY })),
            ("leave_team", json!({})),
            ("get_team", json!({})),
            ("settle_refused", json!({ "id": NOBODY, "how": "discard" })),
            ("sync_now", json!({})),
            ("rename_team", json!({ "name": "N" })),
            ("change_member", json!({ "person": NOBODY, "role": "owner", "personas": "all" })),
            ("remove_member", json!({ "person": NOBODY })),
            ("list_chains", json!({})),
            ("save_chain", json!({ "chain": NOBODY, "read": 7, "text": chain })),
            ("delete_chain", json!({ "chain": NOBODY, "read": 7 })),
            ("get_approval", json!({ "post": NOBODY })),
            ("list_approvals", json!({})),
            ("review_posts", json!({ "posts": [{ "post": NOBODY, "read": 7 }], "verdict": "override", "note": "N" })),
            ("withdraw_review", json!({ "post": NOBODY })),
            ("go_away", json!({ "until": "2030-01-01T09:00:00Z", "deputy": NOBODY })),
            ("come_back", json!({})),
            ("list_invitations", json!({})),
            ("invite", json!({ "email": "a@example.com", "role": "owner", "personas": null })),
            ("revoke_invitation", json!({ "id": NOBODY })),
            ("list_devices", json!({ "server": "http://127.0.0.1:9" })),
            ("rename_device", json!({ "server": "http://127.0.0.1:9", "id": NOBODY, "name": "N" })),
            ("revoke_device", json!({ "server": "http://127.0.0.1:9", "id": NOBODY })),
            ("bring_to_team", json!({ "organisation": NOBODY, "posts": [self.post], "keep": false })),
            ("take_back_from_team", json!({ "organisation": NOBODY, "posts": [self.post], "moved": true })),
            ("attend", json!({ "post": NOBODY, "open": true })),
            ("list_present", json!({ "post": NOBODY })),
            ("settle_merge", json!({ "post": NOBODY, "read": 1 })),
            ("get_program", json!({})),
            ("name_person", json!({ "name": "Ada" })),
            ("change_settings", json!({ "settings": settings })),
            ("finish_welcome", json!({})),
            ("open_sample", json!({})),
            ("leave_sample", json!({ "delete": false })),
            ("open_link", json!({ "url": "https://example.org/" })),
            ("list_changes", json!({})),
            ("undo", json!({ "undo": 4_000_000 })),
            ("export_all", json!({})),
            ("export_posts", json!({ "filter": {}, "format": "table" })),
            ("list_zone_changes", json!({})),
            ("find_people", json!({ "text": "ad", "accounts": [NOBODY], "ask": true })),
            ("read_card", json!({ "url": "https://127.0.0.1:1/" })),
            ("list_series", json!({})),
            ("preview_series", json!({ "rule": "FREQ=DAILY", "when": when })),
            ("repeat_post", json!({ "post": self.post, "read": 1, "rule": "FREQ=DAILY", "when": when })),
            ("edit_series", json!({ "post": self.post, "read": 1 })),
            ("stop_series", json!({ "series": NOBODY, "after": null })),
            (
                "save_entry",
                json!({ "entry": NOBODY, "text": { "kind": "note", "title": "T", "from": "2030-01-01", "to": "2030-01-02", "color": "fern", "note": "N" } }),
            ),
            ("delete_entry", json!({ "entry": NOBODY })),
            ("get_ideas", json!({})),
            ("save_idea", json!({ "idea": NOBODY, "text": idea, "column": NOBODY })),
            ("move_idea", json!({ "idea": NOBODY, "column": NOBODY, "before": NOBODY })),
            ("delete_idea", json!({ "idea": NOBODY })),
            ("draft_idea", json!({ "idea": NOBODY, "persona": NOBODY })),
            ("save_column", json!({ "column": NOBODY, "name": "N" })),
            ("move_column", json!({ "column": NOBODY, "before": NOBODY })),
            ("delete_column", json!({ "column": NOBODY })),
            ("list_comments", json!({ "post": NOBODY })),
            ("add_comment", json!({ "post": NOBODY, "text": "T", "anchor": anchor, "reply_to": NOBODY })),
            ("edit_comment", json!({ "comment": NOBODY, "text": "T" })),
            ("delete_comment", json!({ "comment": NOBODY })),
            ("resolve_comment", json!({ "comment": NOBODY, "resolved": true })),
            ("find_emoji", json!({ "text": "bread", "group": "food", "only": ["x"], "limit": 9 })),
            ("list_snippets", json!({})),
            ("save_snippet", json!({ "snippet": NOBODY, "text": snippet })),
            ("delete_snippet", json!({ "snippet": NOBODY })),
            ("draft_template", json!({ "snippet": NOBODY, "persona": NOBODY })),
            (
                "list_media",
                json!({ "filter": { "text": "a", "folder": "F", "tag": "t", "unused": false, "videos": true }, "sort": "name" }),
            ),
            ("get_media", json!({ "media": file })),
            (
                "fit_image",
                json!({ "media": file, "fit": {
                    "crop": { "left": 0, "top": 0, "width": 500_000, "height": 500_000 },
                    "size": { "width": 20, "height": 20 }, "bytes": 50_000, "kind": "jpeg",
                } }),
            ),
            ("read_media", json!({ "name": "a.png", "data": picture, "keep_metadata": true })),
            ("begin_video", json!({ "name": "a.mp4", "bytes": 4, "keep_metadata": true })),
            ("append_video", json!({ "upload": 1, "offset": 0, "data": "AAAA" })),
            ("finish_video", json!({ "upload": 1 })),
            ("abandon_video", json!({ "upload": 1 })),
            ("encode_video", json!({ "media": file, "room": room, "cut": true })),
            ("encode_progress", json!({ "media": file })),
            ("cancel_encode", json!({ "media": file })),
            ("add_media", json!({ "media": [file], "folder": "F" })),
            ("edit_media", json!({ "media": file, "text": { "name": "N", "alt": "A", "folder": "F", "tags": ["t"] } })),
            ("file_media", json!({ "media": [file], "folder": "F", "tag": "t" })),
            ("delete_media", json!({ "media": [file] })),
            ("list_queues", json!({})),
            ("save_queue", json!({ "queue": NOBODY, "text": queue })),
            ("delete_queue", json!({ "queue": NOBODY })),
            ("next_slots", json!({ "persona": null, "accounts": [], "limit": 3 })),
            ("queue_post", json!({ "post": self.post, "read": 1, "queue": null })),
            ("create_vault", json!({ "protection": passphrase })),
            ("confirm_recovery_key", json!({ "key": "0000-0000" })),
            ("unlock_vault", json!({ "passphrase": "not the passphrase" })),
            ("recover_vault", json!({ "key": "0000-0000", "protection": passphrase })),
            ("list_accounts", json!({})),
            (
                "connect_with_password",
                json!({ "network": "bluesky", "server": "", "handle": "ada.invalid", "password": "p", "reconnect": NOBODY }),
            ),
            (
                "start_connect",
                json!({ "network": "bluesky", "server": "", "handle": "ada.invalid", "come_back": "loopback", "reconnect": NOBODY }),
            ),
            ("connect_progress", json!({ "flow": 1 })),
            ("cancel_connect", json!({ "flow": 1 })),
            ("check_account", json!({ "account": NOBODY })),
            ("set_grace", json!({ "account": NOBODY, "grace_s": 60 })),
            ("remove_account", json!({ "account": NOBODY })),
            ("list_personas", json!({})),
            ("save_persona", json!({ "persona": NOBODY, "text": text })),
            ("delete_persona", json!({ "persona": NOBODY })),
            ("get_today", json!({})),
            ("list_posts", json!({ "filter": filter, "after": "x", "limit": 50 })),
            ("find_posts", json!({ "text": "mine", "limit": 50 })),
            ("get_calendar", json!({ "from": "2026-11-01", "to": "2026-12-01", "filter": filter })),
            ("get_post", json!({ "post": NOBODY })),
            (
                "add_by_hand",
                json!({ "network": "linkedin", "handle": "Harbour Bakery", "url": "https://www.linkedin.com/company/bakery", "premium": false, "account": NOBODY }),
            ),
            ("save_images", json!({ "job": NOBODY })),
            ("find_repeats", json!({ "post": NOBODY })),
            ("list_versions", json!({ "post": self.post })),
            ("get_version", json!({ "post": self.post, "entry": 1 })),
            ("restore_version", json!({ "post": self.post, "read": 1, "entry": 4_000_000 })),
            ("create_post", json!({ "draft": draft })),
            ("edit_draft", json!({ "post": self.post, "read": 1, "draft": draft })),
            ("delete_post", json!({ "post": NOBODY })),
            ("schedule_post", json!({ "post": self.post, "read": 1, "when": when })),
            ("change_posts", json!({ "posts": [self.post, NOBODY], "change": { "change": "move_to", "when": when } })),
            ("publish_now", json!({ "post": self.post, "read": 1 })),
            ("sign_off", json!({ "post": self.post, "read": 1 })),
            ("unschedule_post", json!({ "post": NOBODY })),
            (
                "preview_import",
                json!({ "table": "Text,Date\nRye,2030-01-01 09:00", "columns": null, "accounts": [NOBODY], "zone": "Europe/Oslo" }),
            ),
            (
                "import_posts",
                json!({ "table": "Rye,2030-01-01 09:00", "columns": { "text": 7 }, "accounts": [NOBODY], "zone": "Europe/Oslo" }),
            ),
            ("import_image", json!({ "name": "a.png", "data": picture })),
            ("get_image", json!({ "media": NOBODY, "size": "thumb" })),
            ("get_job_log", json!({ "job": NOBODY })),
            (
                "decide_job",
                json!({ "job": NOBODY, "decision": { "decision": "it_is_there", "url": "https://example.org" } }),
            ),
            ("set_publishing", json!({ "paused": false })),
        ]
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// What no honest page sends in this place.
fn hostile() -> Vec<Value> {
    let deep = (0..25).fold(json!("x"), |inner, _| json!([inner]));
    let long = ["x", "💥", "\u{0}", "\u{301}", "\u{202e}"].map(|one| json!(one.repeat(20_000)));
    let odd = [
        "",
        " ",
        "\u{0}",
        "a\u{0}b",
        "..",
        "../../../etc/passwd",
        "\\\\server\\share\\x",
        "C:\\Windows\\win.ini",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://169.254.169.254/",
        "https://ada@example.org/",
        "%00%2e%2e%2f",
        "'; DROP TABLE posts; --",
        "\" OR 1=1 --",
        "NEAR(a b, 999999999)",
        "*",
        "\u{202e}txt.exe",
        "-9999-01-01",
        "9999-12-31T23:59:59",
        "NaN",
        "Infinity",
        "__proto__",
        "<img src=x onerror=alert(1)>",
        NOBODY,
    ];
    let numbers =
        [json!(0), json!(-1), json!(i64::MIN), json!(i64::MAX), json!(u64::MAX), json!(1e308), json!(0.1), json!(1)];
    let others = [Value::Null, json!(true), json!([]), json!({}), json!({ "__proto__": {} }), deep];
    odd.into_iter().map(Value::from).chain(long).chain(numbers).chain(others).collect()
}

/// The request with one place after the other filled with each hostile value.
fn mutations(request: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let mut places = vec![String::new()];
    while let Some(place) = places.pop() {
        match request.pointer(&place) {
            Some(Value::Object(fields)) => places.extend(fields.keys().map(|name| format!("{place}/{name}"))),
            Some(Value::Array(items)) => places.extend((0..items.len()).map(|index| format!("{place}/{index}"))),
            _ => {}
        }
        for value in hostile() {
            let mut changed = request.clone();
            *changed.pointer_mut(&place).unwrap() = value;
            all.push(changed);
        }
    }
    let mut more: Map<String, Value> = request.as_object().unwrap().clone();
    more.insert("also".to_owned(), json!(1));
    all.push(Value::Object(more));
    all
}

#[test]
fn every_command_refuses_what_it_does_not_understand_and_changes_nothing() {
    let scene = Scene::new();
    let requests = scene.requests();
    let known: BTreeSet<_> = requests.iter().map(|(command, _)| *command).collect();
    assert_eq!(known, contract::TABLE.iter().map(|row| row.name).collect(), "each command of the table is tried");
    let mut refused = 0;
    for (command, request) in requests {
        // a vault is slow to open on purpose, which is tried elsewhere
        let slow = ["create_vault", "unlock_vault", "recover_vault"].contains(&command);
        let mut before = scene.all();
        for body in mutations(&request).into_iter().filter(|body| *body != request) {
            if slow
                && body.to_string().len() < 400
                && body.pointer("/protection/passphrase").is_some_and(Value::is_string)
            {
                continue;
            }
            let (told, begun) = (body.to_string().chars().take(300).collect::<String>(), Instant::now());
            let answer = scene.laptop.call(command, body);
            assert!(slow || begun.elapsed() < SOON, "{command} takes {:?} for {told}", begun.elapsed());
            match answer {
                Ok(_) => before = scene.all(),
                Err(failure) => {
                    refused += 1;
                    assert_ne!(failure.code, "internal", "{command} {told}: {failure:?}");
                    assert!(failure.message.ends_with('.'), "{command} {told}: {failure:?}");
                    let after = scene.all();
                    assert_eq!(after, before, "{command} refused {told} and changed something");
                }
            }
        }
    }
    assert!(refused > 2_000, "{refused}");
}
