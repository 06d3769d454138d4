//! Several people, each with a laptop, and the server of their team.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{BlueskyPerson, Failure, HandClock, Pds, TeamServer, until};

use crate::ada::{self, Program};
use crate::servers_or_skip;

pub const PATIENCE: Duration = Duration::from_secs(30);

/// A laptop of somebody, running or not.
pub struct Laptop {
    name: &'static str,
    pub email: String,
    running: Option<Inside>,
    ground: Ground,
    clock: Arc<HandClock>,
    folder: tempfile::TempDir,
}

impl Laptop {
    /// With a vault, and allowed to reach the server.
    pub fn new(name: &'static str, server: &TeamServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
        let running = Some(Inside::start(folder.path(), &ground, &clock).unwrap());
        let laptop = Self { name, email: TeamServer::address(name), running, ground, clock, folder };
        ada::make_vault(&laptop);
        laptop.ask("name_person", json!({ "name": name }));
        let mut settings = laptop.ask("get_program", json!({}))["settings"].take();
        settings["private_servers"] = json!([server.exception()]);
        laptop.ask("change_settings", json!({ "settings": settings }));
        laptop
    }

    fn inside(&self) -> &Inside {
        self.running.as_ref().expect("it runs")
    }

    pub fn ask(&self, command: &str, body: Value) -> Value {
        self.call(command, body).unwrap_or_else(|failure| panic!("{}: {command}: {failure:?}", self.name))
    }

    /// The program ends.
    pub fn closes(&mut self) {
        self.running.take().expect("it runs").end();
    }

    /// The program starts, and its vault is opened.
    pub fn opens(&mut self) {
        self.running = Some(Inside::start(self.folder.path(), &self.ground, &self.clock).unwrap());
        self.ask("unlock_vault", json!({ "passphrase": ada::PASSPHRASE }));
    }

    fn begins_sign_in(&self, server: &TeamServer) -> (Value, String) {
        let begun = self.ask("start_team_sign_in", json!({ "server": server.origin, "come_back": null }));
        let url = begun["url"].as_str().unwrap().to_owned();
        (begun["flow"].clone(), url)
    }

    fn comes_back(&self, flow: &Value, link: &str) -> Value {
        self.inside().link(link);
        self.ask("team_sign_in_progress", json!({ "flow": flow }))
    }

    /// Makes an account at the server, and signs in with it.
    pub fn registers(&self, server: &TeamServer) {
        let (flow, url) = self.begins_sign_in(server);
        let link = server.registers(&url, self.name, &self.email);
        let state = self.comes_back(&flow, &link);
        assert_eq!(state, json!({ "state": "done", "server": server.origin }));
    }

    pub fn signs_in(&self, server: &TeamServer, email: &str) {
        let (flow, url) = self.begins_sign_in(server);
        let state = self.comes_back(&flow, &server.signs_in(&url, email));
        assert_eq!(state["state"], "done", "{state}");
    }

    /// The titles of what its desktop showed.
    pub fn told(&self) -> Vec<String> {
        self.ground.desktop.titles()
    }

    pub fn team(&self) -> Value {
        self.ask("get_team", json!({}))
    }

    /// Waits until everything that is here now is there too, and the other way round.
    pub fn settles(&self) {
        let time = |value: &Value| value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let asked = time(&self.ask("get_program", json!({}))["now"]).unwrap();
        until(&format!("{} is up to date", self.name), PATIENCE, || {
            self.ask("sync_now", json!({}));
            let team = self.team();
            let since = time(&team["sync"]["at"]).is_some_and(|at| at > asked);
            (team["waiting_count"] == 0 && since).then_some(())
        });
    }

    /// Waits until the text of a post reads like this.
    pub fn reads(&self, post: &str, text: &str) {
        until(&format!("{} reads \u{201c}{text}\u{201d}", self.name), PATIENCE, || {
            self.ask("sync_now", json!({}));
            let view = self.call("get_post", json!({ "post": post })).ok()?;
            (view["post"]["draft"]["base"]["parts"][0]["text"] == text).then_some(())
        });
    }

    /// Edits a post as the window does: what was read goes along.
    pub fn writes(&self, post: &str, from: &str, to: &str) {
        let view = self.ask("get_post", json!({ "post": post }));
        let base = view["post"]["draft"].clone();
        assert_eq!(base["base"]["parts"][0]["text"], from);
        let mut draft = base.clone();
        draft["base"]["parts"][0]["text"] = json!(to);
        let body = json!({ "post": post, "read": view["post"]["version"], "draft": draft, "base": base });
        self.ask("edit_draft", body);
    }
}

impl Program for Laptop {
    fn call(&self, command: &str, body: Value) -> Result<Value, Failure> {
        self.inside().call(command, body)
    }
}

/// Ada has founded the bakery, and Ben has followed her invitation.
pub fn bakery(server: &TeamServer) -> (Laptop, Laptop) {
    let (ada, ben) = (Laptop::new("Ada", server), Laptop::new("Ben", server));
    ada.registers(server);
    ada.ask("found_team", json!({ "server": server.origin, "name": "Bakery" }));
    ben.registers(server);
    joins(&ada, &ben, server, "creator");
    ada.settles();
    (ada, ben)
}

pub fn joins(ada: &Laptop, ben: &Laptop, server: &TeamServer, role: &str) {
    let invited = ada.ask("invite", json!({ "email": ben.email, "role": role, "personas": null }));
    assert_eq!(invited["email"], ben.email.as_str());
    let link = server.follows_invitation(&ben.email);
    ben.ask("join_team", json!({ "server": server.origin, "code": link }));
}

/// Somebody's laptop holds an account on Bluesky.
pub fn connects(laptop: &Laptop, server: &TeamServer, pds: &Pds, mastodon: &str) -> (BlueskyPerson, String) {
    let mut settings = laptop.ask("get_program", json!({}))["settings"].take();
    let mut allowed = pds.exceptions();
    allowed.extend(testkit::servers::exceptions(mastodon));
    allowed.push(server.exception());
    settings["private_servers"] = json!(allowed);
    settings["plc_directory"] = json!(pds.plc);
    settings["bluesky_server"] = json!(pds.url);
    laptop.ask("change_settings", json!({ "settings": settings }));
    let person = BlueskyPerson::new(pds, "ada");
    let account = ada::connect_bluesky(laptop, &person);
    (person, account)
}

fn names(team: &Value) -> Vec<String> {
    let members = team["members"].as_array().unwrap().iter();
    members.map(|member| format!("{} {}", member["name"].as_str().unwrap(), member["role"].as_str().unwrap())).collect()
}

macro_rules! server_or_skip {
    () => {
        match TeamServer::start() {
            Some(server) => server,
            None => return,
        }
    };
}

/// A story told with the server on SQLite and on PostgreSQL: those in which what a transaction sees decides.
macro_rules! on_both {
    ($name:ident, |$server:pat_param| $story:block) => {
        mod $name {
            use super::*;

            fn story($server: TeamServer) $story

            #[test]
            fn sqlite() {
                story(server_or_skip!());
            }

            #[test]
            fn postgres() {
                let Some(server) = TeamServer::start_on_postgres() else { return };
                story(server);
            }
        }
    };
}

#[test]
fn ada_founds_a_team_ben_joins_and_both_find_what_both_write() {
    let server = server_or_skip!();
    let (ada, ben) = bakery(&server);
    assert_eq!(names(&ada.team()), ["Ada owner", "Ben creator"]);
    assert_eq!(names(&ben.team()), ["Ada owner", "Ben creator"]);
    assert_eq!(ben.team()["name"], "Bakery");
    assert_eq!(ada.ask("list_invitations", json!({})), json!([]), "it was followed");

    let post = ada::write(&ada, &ada::content(&["Bread at eight. Come early."]), &[]);
    ben.reads(&post, "Bread at eight. Come early.");
    ben.writes(&post, "Bread at eight. Come early.", "Bread at eight. Come early!");
    ada.reads(&post, "Bread at eight. Come early!");

    // the own profile knows nothing of it, and both are there after a restart
    let mut ada = ada;
    ada.ask("open_team", json!({ "organisation": null }));
    assert_eq!(ada.call("get_post", json!({ "post": post })).unwrap_err().code, "not_found");
    assert_eq!(ada.team(), Value::Null);
    let team = ada.ask("get_teams", json!({}))["teams"][0]["organisation"].clone();
    ada.ask("open_team", json!({ "organisation": team }));
    ada.closes();
    ada.opens();
    assert_eq!(ada.ask("get_teams", json!({}))["open"], team, "what was shown is shown again");
    ada.reads(&post, "Bread at eight. Come early!");
    assert_eq!(ada.ask("get_program", json!({}))["person"], "Ada");
}

on_both!(two_who_write_offline_find_both_their_words, |mut server| {
    let (ada, ben) = bakery(&server);
    let begun = "Bread at eight. Come early.";
    let post = ada::write(&ada, &ada::content(&[begun]), &[]);
    ben.reads(&post, begun);
    server.stop();
    ada.writes(&post, begun, "Rye bread at eight. Come early.");
    ben.writes(&post, begun, "Bread at eight. Come early!");
    for laptop in [&ada, &ben] {
        laptop.ask("sync_now", json!({}));
        until("it is seen that the server is gone", PATIENCE, || {
            let team = laptop.team();
            (team["sync"]["state"] == "offline" && team["waiting_count"] == 1).then_some(())
        });
        let waits = laptop.team()["waiting"][0].clone();
        assert_eq!((waits["what"].as_str(), waits["post"].as_str()), (Some("edit_draft"), Some(post.as_str())));
    }
    server.begin();
    for laptop in [&ada, &ben] {
        laptop.reads(&post, "Rye bread at eight. Come early!");
        laptop.settles();
        assert_eq!(laptop.team()["attention"], json!([]));
    }

    // the same words: both are kept, and somebody has to look
    server.stop();
    let now = "Rye bread at eight. Come early!";
    ada.writes(&post, now, "Rye bread at nine. Come early!");
    ben.writes(&post, now, "Rye bread at seven. Come early!");
    server.begin();
    ada.settles();
    ben.settles();
    ada.settles();
    let view = ada.ask("get_post", json!({ "post": post }));
    let merge = &view["post"]["merge"];
    assert!(merge.is_object(), "{view}");
    let texts = ["base", "mine", "theirs"].map(|side| merge[side]["base"]["parts"][0]["text"].clone());
    assert!(texts.contains(&json!("Rye bread at nine. Come early!")), "{texts:?}");
    assert!(texts.contains(&json!("Rye bread at seven. Come early!")), "{texts:?}");
    // wherever it stands, it says that somebody should look
    let marked = |laptop: &Laptop| {
        let filter = json!({ "text": "", "statuses": [], "personas": [], "accounts": [] });
        let listed = laptop.ask("list_posts", json!({ "filter": filter, "after": null, "limit": 9 }));
        let today = laptop.ask("get_today", json!({}));
        [&listed["lines"][0], &today["drafts"][0]].map(|line| (line["post"] == post.as_str(), line["merged"] == true))
    };
    assert_eq!(marked(&ada), [(true, true); 2]);
    assert_eq!(marked(&ben), [(true, true); 2]);
    ada.ask("settle_merge", json!({ "post": post, "read": view["post"]["version"] }));
    ada.settles();
    ben.settles();
    assert_eq!(ben.ask("get_post", json!({ "post": post }))["post"]["merge"], Value::Null);
    assert_eq!(marked(&ben), [(true, false); 2]);
});

on_both!(who_is_removed_hands_over_what_was_not_sent_and_keeps_nothing, |mut server| {
    let (ada, mut ben) = bakery(&server);
    let person = ben.team()["me"].clone();
    let organisation = ben.team()["organisation"].as_str().unwrap().to_owned();
    let folder = ben.folder.path().join("profile/teams").join(organisation);
    assert!(folder.is_dir());
    server.stop();
    ada::write(&ben, &ada::content(&["Nobody has read this yet."]), &[]);
    ben.closes();
    server.begin();
    ada.ask("remove_member", json!({ "person": person }));
    ada.settles();
    ben.opens();
    until("Ben has the bakery no more", PATIENCE, || {
        let teams = ben.ask("get_teams", json!({}));
        (teams["teams"] == json!([]) && teams["open"].is_null()).then_some(())
    });
    until("nothing is left of it", PATIENCE, || (!folder.exists()).then_some(()));
    assert!(ben.told().iter().any(|title| title.contains("Bakery")));
    assert_eq!(names(&ada.team()), ["Ada owner"]);
    // his own profile is as it was
    assert_eq!(ben.ask("get_program", json!({}))["person"], "Ben");
});

#[test]
fn what_the_server_refuses_keeps_its_words_until_somebody_decides() {
    let mut server = server_or_skip!();
    let (ada, mut ben) = bakery(&server);
    let post = ada::write(&ada, &ada::content(&["Bread at eight."]), &[]);
    ben.reads(&post, "Bread at eight.");
    server.stop();
    ben.writes(&post, "Bread at eight.", "Bread at eight, and cake.");
    ben.closes();
    server.begin();
    ada.ask("delete_post", json!({ "post": post }));
    ada.settles();
    ben.opens();
    let refused = until("it is refused", PATIENCE, || {
        ben.ask("sync_now", json!({}));
        ben.team()["attention"].as_array().unwrap().first().cloned()
    });
    assert_eq!((refused["what"].as_str(), refused["has_draft"].as_bool()), (Some("edit_draft"), Some(true)));
    assert_eq!(refused["words"], "Bread at eight, and cake.");
    let settled = ben.ask("settle_refused", json!({ "id": refused["id"], "how": "keep_as_draft" }));
    let kept = settled["post"].as_str().unwrap();
    ada.reads(kept, "Bread at eight, and cake.");
    assert_eq!(ben.team()["attention"], json!([]));
}

on_both!(a_sign_in_that_ended_loses_nothing, |server| {
    let (ada, ben) = bakery(&server);
    // another laptop of Ben's
    let second = Laptop::new("Ben", &server);
    second.signs_in(&server, &ben.email);
    let team = second.ask("get_teams", json!({}))["teams"][0]["organisation"].clone();
    second.ask("open_team", json!({ "organisation": team }));
    second.settles();
    let devices = second.ask("list_devices", json!({ "server": server.origin }));
    let first = devices.as_array().unwrap().iter().find(|device| device["current"] == false).unwrap()["id"].clone();
    second.ask("revoke_device", json!({ "server": server.origin, "id": first }));
    let post = ada::write(&ben, &ada::content(&["Written while signed out."]), &[]);
    until("the first laptop is signed out", PATIENCE, || {
        ben.ask("sync_now", json!({}));
        (ben.team()["sync"]["state"] == "signed_out").then_some(())
    });
    assert_eq!(ben.ask("get_teams", json!({}))["servers"][0]["signed_out"], true);
    assert_eq!(ben.call("list_invitations", json!({})).unwrap_err().code, "signed_out");
    ben.signs_in(&server, &ben.email);
    ada.reads(&post, "Written while signed out.");
});

#[test]
fn a_server_that_was_restored_gets_back_what_it_lost() {
    let mut server = server_or_skip!();
    let (ada, mut ben) = bakery(&server);
    let old = ada::write(&ada, &ada::content(&["Before the backup."]), &[]);
    ben.reads(&old, "Before the backup.");
    server.stop();
    let backup = server.backup();
    server.begin();
    let new = ada::write(&ada, &ada::content(&["After the backup."]), &[]);
    ben.reads(&new, "After the backup.");
    ben.writes(&new, "After the backup.", "After the backup, by Ben.");
    ada.reads(&new, "After the backup, by Ben.");
    ben.settles();
    server.stop();
    server.restore(&backup);
    ben.closes();
    server.begin();
    ada.settles();
    ben.opens();
    ben.settles();
    for laptop in [&ada, &ben] {
        laptop.reads(&old, "Before the backup.");
        laptop.reads(&new, "After the backup, by Ben.");
        assert_eq!(laptop.team()["attention"], json!([]));
    }
}

/// Ben moved to a new computer by copying his folder, and went on with the old one as well.
#[test]
fn a_copied_laptop_goes_on_under_a_name_of_its_own() {
    let server = server_or_skip!();
    let (ada, mut ben) = bakery(&server);
    let waited = ada::write(&ben, &ada::content(&["Written before the copy."]), &[]);
    ben.closes();
    let folder = tempfile::tempdir().unwrap();
    // connections that were dropped take the write-ahead log away a moment later: a whole copy is one that met no change
    until("the profile is copied", PATIENCE, || {
        let _ = std::fs::remove_dir_all(folder.path().join("profile"));
        let mut copy = std::process::Command::new("cp");
        copy.arg("-r").arg(ben.folder.path().join("profile")).arg(folder.path());
        copy.status().unwrap().success().then_some(())
    });
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let mut twin = Laptop { name: "Ben's twin", email: ben.email.clone(), running: None, ground, clock, folder };
    twin.opens();
    ben.opens();
    let posts: Vec<(String, String)> = [&ben, &twin, &ben, &twin]
        .into_iter()
        .enumerate()
        .map(|(nth, laptop)| {
            let words = format!("Post {nth}, by {}", laptop.name);
            (ada::write(laptop, &ada::content(&[&words]), &[]), words)
        })
        .collect();
    ada.reads(&waited, "Written before the copy.");
    for (post, words) in &posts {
        for laptop in [&ada, &ben, &twin] {
            laptop.reads(post, words);
        }
    }
    for laptop in [&ben, &twin] {
        assert_eq!(laptop.team()["attention"], json!([]));
    }
}

/// A laptop that lay in a drawer for three months.
#[test]
fn after_ninety_days_offline_everything_is_there() {
    let mut server = server_or_skip!();
    let (ada, mut ben) = bakery(&server);
    let post = ada::write(&ada, &ada::content(&["Bread at eight. Come early."]), &[]);
    ben.reads(&post, "Bread at eight. Come early.");
    server.stop();
    ben.writes(&post, "Bread at eight. Come early.", "Bread at eight. Come early!");
    let own = ada::write(&ben, &ada::content(&["Written on the way."]), &[]);
    ben.closes();
    server.begin();
    ada.writes(&post, "Bread at eight. Come early.", "Rye bread at eight. Come early.");
    for nth in 0..30 {
        ada::write(&ada, &ada::content(&[&format!("Meanwhile {nth}")]), &[]);
    }
    ada.settles();
    ben.clock.sleep_through(Duration::from_secs(90 * 24 * 60 * 60));
    ben.opens();
    ben.settles();
    ben.reads(&post, "Rye bread at eight. Come early!");
    ada.reads(&own, "Written on the way.");
    ada.reads(&post, "Rye bread at eight. Come early!");
    let filter = json!({ "text": "Meanwhile", "statuses": [], "personas": [], "accounts": [] });
    let found = ben.ask("list_posts", json!({ "filter": filter, "after": null, "limit": 100 }));
    assert_eq!(found["lines"].as_array().unwrap().len(), 30);
    assert_eq!(ben.team()["attention"], json!([]));
}

#[test]
fn a_picture_that_one_adds_is_there_for_all() {
    use base64::Engine as _;
    let server = server_or_skip!();
    let (ada, ben) = bakery(&server);
    let png = base64::engine::general_purpose::STANDARD.encode(testkit::picture::png(600, 400, 7));
    let media = ben.ask("import_image", json!({ "name": "oven.png", "data": png }))["id"].clone();
    let size = |laptop: &Laptop, size: &str| {
        let image = laptop.call("get_image", json!({ "media": media, "size": size })).ok()?;
        Some(image["data"].as_str().unwrap().len())
    };
    for of in ["full", "thumb"] {
        let here = size(&ben, of).unwrap();
        until("Ada has the picture too", PATIENCE, || (size(&ada, of) == Some(here)).then_some(()));
    }
}

/// Ada has the account, Ben the words: her laptop publishes what he has planned, under the word of the server.
#[test]
fn what_ben_plans_goes_out_from_the_laptop_that_holds_the_account() {
    let (pds, mastodon) = servers_or_skip!();
    let mut server = server_or_skip!();
    let (ada, ben) = bakery(&server);
    let (person, account) = connects(&ada, &server, pds, &mastodon.url);
    until("Ben sees the account", PATIENCE, || {
        ben.ask("sync_now", json!({}));
        (ben.ask("list_accounts", json!({})).as_array().unwrap().len() == 1).then_some(())
    });

    let post = ada::write(&ben, &ada::content(&["Bread from both of us"]), &[&account]);
    ada::schedule(&ben, &post, 8).unwrap();
    ada.reads(&post, "Bread from both of us");
    ada::until_status(&ada, &post, "published");
    ada::until_status(&ben, &post, "published");
    assert_eq!(person.posts().len(), 1);

    // without the server's word nothing leaves: it is missed, and nobody else can have sent it
    let late = ada::write(&ben, &ada::content(&["Nobody says yes to this"]), &[&account]);
    ada::schedule(&ben, &late, 12).unwrap();
    ada.reads(&late, "Nobody says yes to this");
    until("Ada's laptop knows when", PATIENCE, || {
        ada.ask("sync_now", json!({}));
        (ada.ask("get_post", json!({ "post": late }))["post"]["status"] == "scheduled").then_some(())
    });
    server.stop();
    std::thread::sleep(Duration::from_secs(20));
    assert_eq!(person.posts().len(), 1, "the server was gone");
    server.begin();
    ada::until_status(&ben, &late, "published");
    assert_eq!(person.posts().len(), 2);
}
