//! Nothing of a team goes out that the right people did not agree to: five laptops, their server, and a real network.

use serde_json::{Value, json};
use testkit::{TeamServer, until};

use crate::ada::{self, Program as _};
use crate::servers_or_skip;
use crate::teams::{Laptop, PATIENCE, bakery, connects, joins};

/// The id of a step that has none yet.
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Ada owns the bakery; Bea and Cara approve, Dan and Eve create.
struct Team {
    ada: Laptop,
    bea: Laptop,
    cara: Laptop,
    dan: Laptop,
    eve: Laptop,
}

impl Team {
    fn gather(server: &TeamServer) -> Self {
        let (ada, dan) = bakery(server);
        let join = |name, role| {
            let laptop = Laptop::new(name, server);
            laptop.registers(server);
            joins(&ada, &laptop, server, role);
            laptop
        };
        let (bea, cara, eve) = (join("Bea", "approver"), join("Cara", "approver"), join("Eve", "creator"));
        let team = Self { ada, bea, cara, dan, eve };
        for laptop in team.all() {
            until("everybody knows everybody", PATIENCE, || {
                laptop.ask("sync_now", json!({}));
                (laptop.team()["members"].as_array().unwrap().len() == 5).then_some(())
            });
        }
        team
    }

    fn all(&self) -> [&Laptop; 5] {
        [&self.ada, &self.bea, &self.cara, &self.dan, &self.eve]
    }

    /// Two of three agree: Bea, Cara and Eve.
    fn makes_chain(&self) {
        self.makes(&[&self.bea, &self.cara, &self.eve], json!({ "at_least": 2 }));
    }

    fn makes(&self, asked: &[&Laptop], quorum: Value) {
        let people: Vec<Value> = asked.iter().map(|laptop| laptop.team()["me"].clone()).collect();
        let step = json!({ "id": NO_ID, "name": "Marketing", "people": people, "quorum": quorum });
        let text = json!({ "name": "Everything", "covers": {}, "steps": [step] });
        self.ada.ask("save_chain", json!({ "chain": null, "read": 0, "text": text }));
        for laptop in self.all() {
            until("everybody knows the chain", PATIENCE, || {
                laptop.ask("sync_now", json!({}));
                (laptop.ask("list_chains", json!({}))["chains"].as_array().unwrap().len() == 1).then_some(())
            });
        }
    }
}

/// Waits until somebody's desktop has told them this.
fn is_told(laptop: &Laptop, title: &str) {
    until(&format!("it is told: {title}"), PATIENCE, || laptop.told().iter().any(|told| told == title).then_some(()));
}

/// Waits until a post has this word on a laptop.
fn is(laptop: &Laptop, post: &str, status: &str) {
    until(&format!("the post is {status}"), PATIENCE, || {
        laptop.ask("sync_now", json!({}));
        let view = laptop.call("get_post", json!({ "post": post })).ok()?;
        (view["post"]["status"] == status).then_some(())
    });
}

fn reviews(laptop: &Laptop, post: &str, verdict: &str, note: &str) -> Value {
    let read = laptop.ask("get_post", json!({ "post": post }))["post"]["version"].clone();
    let posts = json!([{ "post": post, "read": read }]);
    laptop.ask("review_posts", json!({ "posts": posts, "verdict": verdict, "note": note }))
}

fn approval(laptop: &Laptop, post: &str) -> Value {
    laptop.ask("get_approval", json!({ "post": post }))
}

/// How many posts wait for the word of whoever has this laptop.
fn queue(laptop: &Laptop) -> usize {
    laptop.ask("list_approvals", json!({}))["mine"].as_array().unwrap().len()
}

#[test]
fn two_of_three_agree_while_one_is_removed_and_it_goes_out_once() {
    let (pds, mastodon) = servers_or_skip!();
    let Some(server) = TeamServer::start() else { return };
    let team = Team::gather(&server);
    let (person, account) = connects(&team.ada, &server, pds, &mastodon.url);
    team.makes_chain();
    is_account(&team.dan);

    let post = ada::write(&team.dan, &ada::content(&["Rye is back"]), &[&account]);
    // who would be asked, before anybody is
    let plan = approval(&team.dan, &post);
    assert_eq!((plan["approval"].as_str(), plan["steps"][0]["needed"].as_u64()), (Some("not_submitted"), Some(2)));
    ada::schedule(&team.dan, &post, 3600).unwrap();
    is(&team.bea, &post, "in_review");
    assert_eq!((queue(&team.bea), queue(&team.dan)), (1, 0));
    is_told(&team.bea, "Waiting for your approval");
    let refused = team.dan.call(
        "review_posts",
        json!({
            "posts": [{ "post": post, "read": version(&team.dan, &post) }], "verdict": "approve", "note": "",
        }),
    );
    assert_eq!(refused.unwrap_err().message, "Somebody else has to agree to what you wrote.");

    reviews(&team.bea, &post, "approve", "");
    assert_eq!(queue(&team.bea), 0, "the word is said");
    is(&team.cara, &post, "in_review");
    until("Cara knows that Bea agreed", PATIENCE, || {
        team.cara.ask("sync_now", json!({}));
        (approval(&team.cara, &post)["steps"][0]["approved"] == json!(["Bea"])).then_some(())
    });
    reviews(&team.cara, &post, "approve", "");
    is(&team.ada, &post, "scheduled");
    is_told(&team.dan, "Approved");

    // Bea leaves, and her word with her: everybody sees that it waits again
    let bea = team.bea.team()["me"].clone();
    team.ada.ask("remove_member", json!({ "person": bea }));
    is(&team.dan, &post, "in_review");
    is(&team.eve, &post, "in_review");
    reviews(&team.eve, &post, "approve", "");
    is(&team.dan, &post, "scheduled");
    // another time, which this chain leaves to its author
    ada::schedule(&team.dan, &post, 6).unwrap();
    ada::until_status(&team.ada, &post, "published");
    ada::until_status(&team.dan, &post, "published");
    assert_eq!(person.posts().len(), 1);
}

fn version(laptop: &Laptop, post: &str) -> Value {
    laptop.ask("get_post", json!({ "post": post }))["post"]["version"].clone()
}

fn is_account(laptop: &Laptop) {
    until("the account is known", PATIENCE, || {
        laptop.ask("sync_now", json!({}));
        (laptop.ask("list_accounts", json!({})).as_array().unwrap().len() == 1).then_some(())
    });
}

/// Bea and Cara decide while the server is gone; Dan writes on meanwhile. What they said counts for what they saw and for nothing else.
#[test]
fn what_is_said_offline_counts_only_if_the_text_is_still_the_same() {
    let (pds, mastodon) = servers_or_skip!();
    let Some(mut server) = TeamServer::start() else { return };
    let team = Team::gather(&server);
    let (person, account) = connects(&team.ada, &server, pds, &mastodon.url);
    team.makes_chain();
    is_account(&team.dan);
    let [changed, same] = ["Rye at eight", "Rolls at eight"].map(|text| {
        let post = ada::write(&team.dan, &ada::content(&[text]), &[&account]);
        ada::schedule(&team.dan, &post, 25).unwrap();
        post
    });
    for laptop in [&team.bea, &team.cara] {
        is(laptop, &changed, "in_review");
        is(laptop, &same, "in_review");
    }
    server.stop();
    for post in [&changed, &same] {
        reviews(&team.bea, post, "approve", "");
        reviews(&team.cara, post, "approve", "");
    }
    // on their desks nobody else has agreed yet
    assert_eq!(approval(&team.bea, &same)["approval"], "waiting");
    team.dan.writes(&changed, "Rye at eight", "Rye at nine");
    let read = version(&team.dan, &changed);
    team.dan.ask("sign_off", json!({ "post": changed, "read": read }));
    server.begin();
    team.dan.settles();
    team.bea.settles();
    team.cara.settles();
    is(&team.ada, &same, "scheduled");
    is(&team.ada, &changed, "in_review");
    let view = approval(&team.bea, &changed);
    assert_eq!((view["approval"].as_str(), view["steps"][0]["approved"].clone()), (Some("waiting"), json!([])));
    ada::until_status(&team.ada, &same, "published");
    // nobody agreed to the other one, and nobody finds it out
    until("its time is over", std::time::Duration::from_secs(60), || {
        let job = team.ada.ask("get_post", json!({ "post": changed }))["jobs"][0].clone();
        let due: jiff::Timestamp = job["due_at"].as_str().unwrap().parse().unwrap();
        let now = team.ada.ask("get_program", json!({}))["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        (now > due).then_some(())
    });
    assert_eq!(person.posts().len(), 1);
    // late is not never: as soon as they agree to what it says now, it goes
    for laptop in [&team.bea, &team.cara] {
        is(laptop, &changed, "in_review");
        reviews(laptop, &changed, "approve", "");
    }
    ada::until_status(&team.ada, &changed, "published");
    assert_eq!(person.posts().len(), 2);
}

#[test]
fn changes_are_asked_for_with_a_word_and_what_is_different_is_shown_next_time() {
    let Some(server) = TeamServer::start() else { return };
    let team = Team::gather(&server);
    let account = by_hand(&team.ada);
    team.makes_chain();
    is_account(&team.dan);
    let post = ada::write(&team.dan, &ada::content(&["Rye is cheap"]), &[&account]);
    ada::schedule(&team.dan, &post, 3600).unwrap();
    is(&team.bea, &post, "in_review");
    let silent = team.bea.call(
        "review_posts",
        json!({
            "posts": [{ "post": post, "read": version(&team.bea, &post) }], "verdict": "request_changes", "note": " ",
        }),
    );
    assert!(silent.is_err(), "asking for changes without a word helps nobody");
    reviews(&team.bea, &post, "request_changes", "Not cheap. Good.");
    is(&team.dan, &post, "changes_requested");
    is_told(&team.dan, "Changes requested");
    let said = approval(&team.dan, &post)["said"][0].clone();
    assert_eq!((said["name"].as_str(), said["note"].as_str()), (Some("Bea"), Some("Not cheap. Good.")));
    team.dan.writes(&post, "Rye is cheap", "Rye is good");
    let read = version(&team.dan, &post);
    team.dan.ask("sign_off", json!({ "post": post, "read": read }));
    is(&team.bea, &post, "in_review");
    until("it waits for Bea again", PATIENCE, || (queue(&team.bea) == 1).then_some(()));
    let view = approval(&team.bea, &post);
    assert_eq!(view["last_read"]["draft"]["base"]["parts"][0]["text"], "Rye is cheap");
    let reviewed = reviews(&team.bea, &post, "approve", "");
    team.bea.ask("undo", json!({ "undo": reviewed["undo"] }));
    assert_eq!(queue(&team.bea), 1, "taken back");
    // an owner lets it go, with a reason that stays
    reviews(&team.ada, &post, "override", "The client called.");
    is(&team.dan, &post, "scheduled");
    assert_eq!(approval(&team.dan, &post)["approval"], "overridden");
    // the chain is gone, comes back, and everybody counts again
    let chain = team.ada.ask("list_chains", json!({}))["chains"][0].clone();
    let gone = team.ada.ask("delete_chain", json!({ "chain": chain["id"], "read": chain["version"] }));
    team.ada.ask("undo", json!({ "undo": gone["undo"] }));
    assert_eq!(team.ada.ask("list_chains", json!({}))["chains"][0]["text"], chain["text"]);
}

fn by_hand(laptop: &Laptop) -> String {
    let body = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    laptop.ask("add_by_hand", body)["account"].as_str().unwrap().to_owned()
}

#[test]
fn while_bea_is_away_cara_decides_for_her() {
    let Some(server) = TeamServer::start() else { return };
    let team = Team::gather(&server);
    let account = by_hand(&team.ada);
    team.makes(&[&team.bea], json!("all"));
    is_account(&team.dan);
    let now: jiff::Timestamp = team.bea.ask("get_program", json!({}))["now"].as_str().unwrap().parse().unwrap();
    let until_when = now + jiff::SignedDuration::from_hours(2);
    let cara = team.cara.team()["me"].clone();
    team.bea.ask("go_away", json!({ "until": until_when, "deputy": cara }));
    let post = ada::write(&team.dan, &ada::content(&["Rye is back"]), &[&account]);
    ada::schedule(&team.dan, &post, 7200).unwrap();
    is(&team.cara, &post, "in_review");
    until("it waits for Cara", PATIENCE, || {
        team.cara.ask("sync_now", json!({}));
        (queue(&team.cara) == 1).then_some(())
    });
    assert!(team.cara.team()["members"].as_array().unwrap().iter().any(|member| member["away"]["deputy"] == cara));
    reviews(&team.cara, &post, "approve", "");
    is(&team.dan, &post, "scheduled");
    team.bea.ask("come_back", json!({}));
    assert_eq!(team.bea.call("come_back", json!({})).unwrap_err().code, "not_found", "she is back");
}
