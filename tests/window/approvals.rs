//! Ada decides in her window about what Ben writes at his desk.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::inside::{Ground, Inside};
use testkit::window::key;
use testkit::{HandClock, TeamServer, until};

use crate::desk::Desk;
use crate::teams::{Judge, Person, founds_the_bakery};

const PATIENCE: Duration = Duration::from_secs(60);

/// Ben, whose program has no window here.
struct Ben {
    inside: Inside,
    email: String,
    _folder: TempDir,
}

impl Ben {
    fn new(server: &TeamServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::real());
        let inside = Inside::start(folder.path(), &Ground::default(), &clock).expect("Ben's program starts");
        let ben = Self { inside, email: TeamServer::address("Ben"), _folder: folder };
        ben.call("name_person", json!({ "name": "Ben" }));
        let made = ben.call("create_vault", json!({ "protection": { "protection": "keyring" } }));
        ben.call("confirm_recovery_key", json!({ "key": made["key"] }));
        let mut settings = ben.call("get_program", json!({}))["settings"].take();
        settings["private_servers"] = json!([server.exception()]);
        ben.call("change_settings", json!({ "settings": settings }));
        ben
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.inside.call(command, body).unwrap_or_else(|failure| panic!("Ben: {command}: {}", failure.message))
    }

    fn joins(&self, server: &TeamServer) {
        let begun = self.call("start_team_sign_in", json!({ "server": server.origin, "come_back": null }));
        self.inside.link(&server.registers(begun["url"].as_str().unwrap(), "Ben", &self.email));
        let code = server.follows_invitation(&self.email);
        self.call("join_team", json!({ "server": server.origin, "code": code }));
    }

    fn syncs_until<T>(&self, what: &str, probe: impl Fn() -> Option<T>) -> T {
        until(&format!("Ben: {what}"), PATIENCE, || {
            self.call("sync_now", json!({}));
            probe()
        })
    }

    /// Plans this for tomorrow and signs it off.
    fn submits(&self, text: &str, account: &Value) -> String {
        let is_there = || self.call("list_accounts", json!({})).as_array().is_some_and(|known| !known.is_empty());
        self.syncs_until("the account is there", || is_there().then_some(()));
        let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
        let targets = [json!({ "account": account, "variant": null })];
        let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
        let post = self.call("create_post", json!({ "draft": draft }))["post"].as_str().unwrap().to_owned();
        let now: jiff::Timestamp = self.call("get_program", json!({}))["now"].as_str().unwrap().parse().unwrap();
        let day = now.to_zoned(jiff::tz::TimeZone::UTC).tomorrow().unwrap();
        let when = json!({ "local": day.date().at(9, 30, 0, 0).to_string(), "zone": "UTC" });
        self.call("schedule_post", json!({ "post": post, "read": self.read(&post), "when": when }));
        post
    }

    fn read(&self, post: &str) -> Value {
        self.call("get_post", json!({ "post": post }))["post"]["version"].clone()
    }

    /// Writes this instead, and signs it off again.
    fn rewrites(&self, post: &str, text: &str) {
        let base = self.call("get_post", json!({ "post": post }))["post"]["draft"].clone();
        let mut draft = base.clone();
        draft["base"]["parts"][0]["text"] = json!(text);
        let read = self.read(post);
        self.call("edit_draft", json!({ "post": post, "read": read, "draft": draft, "base": base }));
        self.call("sign_off", json!({ "post": post, "read": self.read(post) }));
    }

    fn sees(&self, post: &str, status: &str) {
        self.syncs_until(&format!("the post is {status}"), || {
            (self.call("get_post", json!({ "post": post }))["post"]["status"] == status).then_some(())
        });
    }
}

#[test]
fn ada_makes_a_chain_and_decides_about_what_ben_wrote() {
    let (Some(server), Some(mut desk)) = (TeamServer::start(), Desk::new()) else { return };
    desk.patient_browser();
    let judge = Judge::new();
    let (window, profile) = (desk.open(), desk.profile());
    let ada =
        Person { window: &window, desk: &desk, profile: &profile, name: "Ada", email: TeamServer::address("Ada") };
    ada.settles_in(&server);
    founds_the_bakery(&ada, &server, &judge);
    let ben = Ben::new(&server);
    ada.call("invite", json!({ "email": ben.email, "role": "creator", "personas": null }));
    ben.joins(&server);
    let by_hand = json!({ "network": "linkedin", "handle": "Bakery", "url": "", "premium": false, "account": null });
    let account = ada.call("add_by_hand", by_hand)["account"].clone();
    assert!(window.look_for("//nav//a[contains(., 'Approvals')]").is_none(), "nobody has to approve anything");

    makes_a_chain(&ada, &judge);
    let posts = ["Rye is back.", "Cake on Saturday."].map(|text| ben.submits(text, &account));
    decides(&ada, &ben, &posts, &judge);
    reads_what_is_different(&ada, &ben, &posts[0], &judge);
    approves_several(&ada, &ben, &account);
    judge.is_content();
}

fn makes_a_chain(ada: &Person<'_>, judge: &Judge) {
    let window = ada.window;
    window.press(&["g"]);
    window.press(&["m"]);
    window.find("//*[@id='chain-template-0']").click();
    window.find("//*[@id='chain-name']").click();
    window.press(&[key::CONTROL, "a"]);
    window.find("//*[@id='chain-name']").write("House rules");
    judge.at(window, "a new chain");
    window.find("//*[@id='chain-add-step']").click();
    window.find("//*[@id='chain-save']").click();
    window.see("Choose at least one person or role");
    judge.at(window, "a chain that is not right yet");
    window.find("//dialog[@open]//button[@aria-label='Remove step 2']").click();
    window.find("//*[@id='chain-save']").click();
    window.see("Chain “House rules” saved");
    judge.at(window, "the chains of the team");
    window.find("//nav//a[contains(., 'Approvals')]");
    window.press(&["g"]);
    window.press(&["v"]);
    window.see("Nothing waits for you");
    judge.at(window, "no approvals");
    ada.waits_until_settled();
}

/// By keys alone: one is approved and taken back, the other one goes back to Ben.
fn decides(ada: &Person<'_>, ben: &Ben, [first, second]: &[String; 2], judge: &Judge) {
    let window = ada.window;
    ada.syncs_until("both posts wait", || window.look_for("//nav//a[contains(., '2 posts wait for you')]").map(drop));
    window.see("Rye is back.");
    window.find("//*[@id='approve']");
    judge.at(window, "what waits for approval");
    shows(ada, "Rye is back.");
    window.press(&["a"]);
    window.see("“Rye is back.” approved");
    shows(ada, "Cake on Saturday.");
    ben.sees(first, "scheduled");
    window.press(&["z"]);
    window.find("//nav//a[contains(., '2 posts wait for you')]");
    ben.sees(first, "in_review");

    window.press(&["k"]);
    shows(ada, "Rye is back.");
    window.press(&["r"]);
    judge.at(window, "requesting changes");
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("Write a word or two");
    window.find("//*[@id='decide-note']").write("Say when.");
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("Changes requested in “Rye is back.”");
    shows(ada, "Cake on Saturday.");
    ben.sees(first, "changes_requested");
    let said = ben.call("get_approval", json!({ "post": first }))["said"].take();
    assert_eq!(said[0]["note"], "Say when.");
    window.press(&["a"]);
    window.see("“Cake on Saturday.” approved");
    ben.sees(second, "scheduled");
    window.find("//nav//a[@aria-current='page'][contains(., 'Approvals')][not(contains(., 'wait'))]");
}

fn shows(ada: &Person<'_>, title: &str) {
    ada.window.find(&format!("//article[@aria-label='{title}']//*[@id='approve' or @id='withdraw-review']"));
}

/// What Ben made of it comes back, with what he changed.
fn reads_what_is_different(ada: &Person<'_>, ben: &Ben, post: &str, judge: &Judge) {
    let window = ada.window;
    ben.rewrites(post, "Rye is back on Friday.");
    ada.syncs_until("it waits again", || window.look_for("//nav//a[contains(., '1 post waits for you')]").map(drop));
    window.find("//article//*[contains(@class, 'difference')]//ins[contains(., 'on Friday')]");
    window.see("Changed since you requested changes");
    judge.at(window, "a post that was changed");
    window.press(&[key::ENTER]);
    window.find("//*[contains(@class, 'approval')]//*[@id='approve']");
    judge.at(window, "a post that waits, in Compose");
    window.find("//*[@id='approve']").click();
    window.see("Approved by Ada");
    ben.sees(post, "scheduled");
}

fn approves_several(ada: &Person<'_>, ben: &Ben, account: &Value) {
    let window = ada.window;
    let posts = ["One.", "Two.", "Three."].map(|text| ben.submits(text, account));
    window.press(&["g"]);
    window.press(&["v"]);
    ada.syncs_until("all wait", || window.look_for("//nav//a[contains(., '3 posts wait for you')]").map(drop));
    window.press(&[key::CONTROL, "a"]);
    window.see("3 posts selected");
    window.press(&["a"]);
    window.see("Approve 3 posts?");
    window.find("//*[@id='approve-many-yes']").click();
    window.see("3 posts approved");
    for post in &posts {
        ben.sees(post, "scheduled");
    }
    window.see("Nothing waits for you");
}
