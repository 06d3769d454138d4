//! What a team sees: an organisation on a server in this process, with colleagues who have programs of their own.

#![expect(clippy::indexing_slicing, reason = "a missing field of an answer ends the run")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::inside::{Ground, Inside};
use testkit::window::{Window, key};
use testkit::{HandClock, TeamServer, until};

use crate::{READY, SIZES, Shots};

const PATIENCE: Duration = Duration::from_secs(30);
/// Nobody looks at the pages of the server here: their forms are filled in by the program.
const NO_BROWSER: &str = "true";

/// Somebody else of the organisation, in front of their own computer.
struct Colleague {
    name: &'static str,
    email: String,
    inside: Inside,
    _folder: TempDir,
}

impl Colleague {
    fn new(name: &'static str, server: &TeamServer) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Arc::new(HandClock::real());
        let inside =
            Inside::start(folder.path(), &Ground::default(), &clock).map_err(|failure| anyhow!(failure.message))?;
        let first = name.split(' ').next().unwrap_or(name);
        let colleague = Self { name, email: TeamServer::address(first), inside, _folder: folder };
        settle_in(&|command, body| colleague.ask(command, body), name, server)?;
        Ok(colleague)
    }

    fn ask(&self, command: &str, body: Value) -> Result<Value> {
        self.inside.call(command, body).map_err(|failure| anyhow!("{}: {command}: {}", self.name, failure.message))
    }

    fn joins(&self, server: &TeamServer) -> Result<()> {
        let begun = self.ask("start_team_sign_in", json!({ "server": server.origin, "come_back": null }))?;
        let url = begun["url"].as_str().context("an address")?;
        self.inside.link(&server.registers(url, self.name, &self.email));
        let code = server.follows_invitation(&self.email);
        self.ask("join_team", json!({ "server": server.origin, "code": code }))?;
        Ok(())
    }

    /// Writes `to` in the place of what the first part of the post says.
    fn writes(&self, post: &str, to: &str) -> Result<()> {
        let view = until("the post is there", PATIENCE, || {
            self.ask("sync_now", json!({})).ok()?;
            self.ask("get_post", json!({ "post": post })).ok()
        });
        let base = view["post"]["draft"].clone();
        let mut draft = base.clone();
        draft["base"]["parts"][0]["text"] = json!(to);
        let read = view["post"]["version"].clone();
        self.ask("edit_draft", json!({ "post": post, "read": read, "draft": draft, "base": base }))?;
        Ok(())
    }
}

/// A name, a vault, and the right to reach the server.
fn settle_in(ask: &dyn Fn(&str, Value) -> Result<Value>, name: &str, server: &TeamServer) -> Result<()> {
    ask("name_person", json!({ "name": name }))?;
    let protection = json!({ "protection": "passphrase", "passphrase": "correct horse battery" });
    let made = ask("create_vault", json!({ "protection": protection }))?;
    ask("confirm_recovery_key", json!({ "key": made["key"] }))?;
    let mut settings = ask("get_program", json!({}))?["settings"].take();
    settings["private_servers"] = json!([server.exception()]);
    ask("change_settings", json!({ "settings": settings }))?;
    Ok(())
}

/// Pictures of all of it. Says so and takes none where no mail server is installed.
pub fn take(program: &Path, folder: PathBuf) -> Result<()> {
    let Some(mut server) = TeamServer::start() else { return Ok(()) };
    let home = tempfile::tempdir()?;
    let place = home.path().join("profile");
    let window = Window::open(program, &place, &[("SENDOFF_BROWSER".to_owned(), NO_BROWSER.to_owned())]);
    let shots = Shots { window, folder };
    let window = &shots.window;
    window.see("Welcome to Sendoff");
    let ask = |command: &str, body: Value| Ok(window.call(command, &body));
    settle_in(&ask, "Ada Berg", &server)?;
    window.call("finish_welcome", &json!({}));
    shots.one("team-none", || window.show("#/team", READY));
    window.find("//*[@id='team-sign-in']").click();
    shots.one("team-sign-in", || {
        window.find("//*[@id='team-server']");
    });
    window.press(&[key::ESCAPE]);

    let ada = TeamServer::address("Ada");
    let begun = window.call("start_team_sign_in", &json!({ "server": server.origin, "come_back": null }));
    let link = server.registers(begun["url"].as_str().context("an address")?, "Ada Berg", &ada);
    let mut system = Command::new(program);
    let status = system.arg("--profile").arg(&place).arg(link).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    ensure!(status.success(), "the link was not followed");
    until("Ada is signed in", PATIENCE, || {
        let servers = window.call("get_teams", &json!({}))["servers"].take();
        servers.as_array().is_some_and(|servers| !servers.is_empty()).then_some(())
    });
    shots.one("team-signed-in", || window.show("#/team", READY));
    window.call("found_team", &json!({ "server": server.origin, "name": "Harbour Bakery" }));
    shots.all("team-new", || window.show("#/team", READY));

    let colleagues = ["Ben Okafor", "Chiara Lind", "Dagny Sørensen-Valderrama"]
        .map(|name| Colleague::new(name, &server))
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    for (colleague, role) in colleagues.iter().zip(["creator", "administrator", "creator"]) {
        window.call("invite", &json!({ "email": colleague.email, "role": role, "personas": null }));
        colleague.joins(&server)?;
    }
    for (name, role) in [("press", "creator"), ("night.shift", "administrator")] {
        window.call("invite", &json!({ "email": TeamServer::address(name), "role": role, "personas": null }));
    }
    let posts = [
        "Rye is back on Friday. Come early.",
        "Behind the oven: how the starter wakes up.",
        "Four hands and one table.",
    ]
    .map(|text| write(window, text));
    let [first, second, third] = posts;
    settled(window);
    shots.all("team", || window.show("#/team", READY));
    shots.one("team-end", || {
        window.show("#/team", READY);
        window.find("//*[@id='leave']");
        window.script("document.getElementById('leave').scrollIntoView({ block: 'end' })", &[]);
    });
    window.show("#/team", READY);
    window.press(&["n"]);
    shots.one("team-invite", || {
        window.find("//*[@id='invite-email']");
    });
    window.press(&[key::ESCAPE]);
    window.press(&["j"]);
    window.press(&["j"]);
    window.press(&["e"]);
    shots.one("team-member", || {
        window.find("//*[@id='member-save']");
    });
    window.press(&[key::ESCAPE]);
    let [ben, ..] = colleagues.as_slice() else { return Err(anyhow!("nobody")) };
    ben.writes(&third, "Four hands and one table: the Thursday course.")?;
    // what both write at the same time, and what one deletes while the other writes
    server.stop();
    ben.writes(&first, "Rye is back on Sunday. Come early, bring a bag.")?;
    ben.ask("delete_post", json!({ "post": second }))?;
    for (post, text) in
        [(&first, "Rye is back on Monday. Come early."), (&second, "Behind the oven, at four in the morning.")]
    {
        let draft = window.call("get_post", &json!({ "post": post }))["post"].take();
        let mut changed = draft["draft"].clone();
        changed["base"]["parts"][0]["text"] = json!(text);
        let read = draft["version"].clone();
        window.call("edit_draft", &json!({ "post": post, "read": read, "draft": changed, "base": draft["draft"] }));
    }
    until("the server is missed", PATIENCE, || {
        window.call("sync_now", &json!({}));
        (window.call("get_team", &json!({}))["sync"]["state"] == "offline").then_some(())
    });
    shots.one("team-offline-today", || window.show("#/", READY));
    window.find("//*[@id='sync-chip']").click();
    shots.one("team-sync-offline", || window.see("Waiting for the server"));
    window.press(&[key::ESCAPE]);
    server.begin();
    until("Ben is through", PATIENCE, || {
        ben.ask("sync_now", json!({})).ok()?;
        let team = ben.ask("get_team", json!({})).ok()?;
        (team["waiting_count"] == 0 && team["sync"]["state"] == "up_to_date").then_some(())
    });
    settled(window);
    shots.one("team-today", || window.show("#/", READY));
    shots.one("team-calendar-drafts", || {
        window.show("#/calendar", READY);
        window.press(&["4"]);
    });
    window.show("#/", READY);
    window.find("//*[@id='sync-chip']").click();
    shots.all("team-attention", || {
        window.find("//dialog[@open]");
    });
    window.press(&[key::ESCAPE]);
    let route = format!("#/compose/{first}");
    let dagny = colleagues.last().context("nobody")?;
    for colleague in [ben, dagny] {
        colleague.ask("attend", json!({ "post": third, "open": true }))?;
    }
    shots.all("team-present", || {
        window.show(&format!("#/compose/{third}"), "textarea");
        window.see("are here too");
    });
    shots.all("team-merged", || {
        window.show(&route, "textarea");
        window.see("changed the same words");
    });
    window.press(&[key::ALT, "g"]);
    shots.all("team-merge", || {
        window.find("//dialog[@open]//ins");
    });
    window.press(&[key::ESCAPE]);

    let mut settings = window.call("get_program", &json!({}))["settings"].take();
    settings["language"] = json!("german");
    window.call("change_settings", &json!({ "settings": settings }));
    shots.one("team-german", || window.show("#/team", READY));
    window.find("//*[@id='sync-chip']").click();
    shots.one("team-attention-german", || {
        window.find("//dialog[@open]");
    });
    window.press(&[key::ESCAPE]);
    shots.one("team-merged-german", || window.show(&route, "textarea"));
    settings["language"] = json!("english");
    window.call("change_settings", &json!({ "settings": settings }));

    window.call("open_team", &json!({ "organisation": null }));
    let own = write(window, "Cake on Saturday, from the small oven.");
    let route = format!("#/compose/{own}");
    window.show(&route, "textarea");
    window.press(&[key::CONTROL, "k"]);
    window.find("//dialog[@open]//input[@role='combobox']").write("bring this post");
    window.press(&[key::ENTER]);
    shots.one("team-bring", || {
        window.find("//*[@id='bring-go']");
    });
    window.find("//*[@id='bring-go']").click();
    shots.one("team-brought", || window.see("is in Harbour Bakery now"));
    window.press(&[key::ESCAPE]);
    Ok(())
}

fn write(window: &Window, text: &str) -> String {
    let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": [] });
    window.call("create_post", &json!({ "draft": draft }))["post"].as_str().unwrap_or_default().to_owned()
}

fn settled(window: &Window) {
    until("everything is there", PATIENCE, || {
        window.call("sync_now", &json!({}));
        let team = window.call("get_team", &json!({}));
        (team["waiting_count"] == 0 && team["sync"]["state"] == "up_to_date").then_some(())
    });
}

impl Shots {
    /// In the smaller size only.
    fn one(&self, name: &str, arrange: impl Fn()) {
        self.of_size(name, &SIZES[..1], arrange);
    }
}
