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

    /// Plans a post for a day from now on and signs it off.
    fn submits(&self, text: &str, accounts: &[Value], days: i64) -> Result<String> {
        until("the accounts are there", PATIENCE, || {
            self.ask("sync_now", json!({})).ok()?;
            let known = self.ask("list_accounts", json!({})).ok()?;
            (known.as_array()?.len() >= accounts.len()).then_some(())
        });
        let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
        let targets: Vec<Value> =
            accounts.iter().map(|account| json!({ "account": account, "variant": null })).collect();
        let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
        let post = self.ask("create_post", json!({ "draft": draft }))?["post"].as_str().unwrap_or_default().to_owned();
        let now: jiff::Timestamp = self.ask("get_program", json!({}))?["now"].as_str().context("a time")?.parse()?;
        let day = now.to_zoned(jiff::tz::TimeZone::UTC).checked_add(jiff::Span::new().days(days))?;
        let when = json!({ "local": day.date().at(9, 30, 0, 0).to_string(), "zone": "UTC" });
        let read = self.ask("get_post", json!({ "post": post }))?["post"]["version"].clone();
        self.ask("schedule_post", json!({ "post": post, "read": read, "when": when }))?;
        Ok(post)
    }

    fn signs_off(&self, post: &str) -> Result<()> {
        let read = self.ask("get_post", json!({ "post": post }))?["post"]["version"].clone();
        self.ask("sign_off", json!({ "post": post, "read": read }))?;
        Ok(())
    }

    /// Everything that was done is on the server.
    fn through(&self) -> Result<()> {
        until("it is through", PATIENCE, || {
            self.ask("sync_now", json!({})).ok()?;
            let team = self.ask("get_team", json!({})).ok()?;
            (team["waiting_count"] == 0 && team["sync"]["state"] == "up_to_date").then_some(())
        });
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

    approvals(&shots, &colleagues)?;

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

/// Who has to agree before something goes out, and what waits for their word.
fn approvals(shots: &Shots, colleagues: &[Colleague]) -> Result<()> {
    let window = &shots.window;
    let [ben, chiara, dagny] = colleagues else { return Err(anyhow!("three colleagues")) };
    let team = window.call("get_team", &json!({}));
    let person = |name: &str| {
        let member = team["members"].as_array().into_iter().flatten().find(|member| member["name"] == name);
        member.map(|member| member["person"].clone()).unwrap_or_default()
    };
    let account = |network: &str, handle: &str| {
        let body = json!({ "network": network, "handle": handle, "url": "", "premium": false, "account": null });
        window.call("add_by_hand", &body)["account"].clone()
    };
    let accounts = [account("linkedin", "Harbour Bakery"), account("threads", "@harbour.bakery")];
    let chains_of_the_team = || {
        window.show("#/team", READY);
        window.find("//*[@id='chain-template-0']");
        let show = "document.querySelector('.chains').scrollIntoView({ block: 'end' })";
        window.script(show, &[]);
    };
    shots.one("chains-none", chains_of_the_team);
    window.find("//*[@id='chain-template-2']").click();
    shots.one("chain-client", || {
        window.find("//*[@id='chain-name']");
    });
    window.find("//*[@id='chain-save']").click();
    shots.one("chain-faults", || {
        window.find("//dialog[@open]//*[contains(@class, 'field-error')]");
    });
    window.press(&[key::ESCAPE]);
    let nil = "00000000-0000-0000-0000-000000000000";
    let chain = json!({
        "name": "Every post", "covers": { "personas": [], "accounts": [], "networks": [] }, "steps": [
            { "id": nil, "name": "Marketing", "roles": ["owner", "administrator"] },
            { "id": nil, "name": "Legal", "people": [person(chiara.name), person(dagny.name)], "quorum": "all", "within_h": 24,
                "only_if": ["has_link", { "mentions": ["rye", "#ad"] }] },
        ],
    });
    let chain = window.call("save_chain", &json!({ "chain": null, "read": 0, "text": chain }))["chain"].take();
    let threads = json!({
        "name": "Threads", "covers": { "personas": [], "accounts": [], "networks": ["threads"] }, "order": "at_once", "steps": [
            { "id": nil, "name": "Brand", "people": [person("Ada Berg"), person(dagny.name)] },
            { "id": nil, "name": "Facts", "roles": ["administrator"] },
        ],
    });
    window.call("save_chain", &json!({ "chain": null, "read": 0, "text": threads }));
    shots.all("chains", || {
        window.show("#/team", READY);
        window.see("Every post");
        window.script("document.querySelector('.chains').scrollIntoView({ block: 'end' })", &[]);
    });
    let change =
        format!("//li[contains(@class, 'chain-row')][contains(., '{}')]//button[@aria-haspopup='menu']", "Every post");
    window.find(&change).click();
    window.find("//*[@role='menuitem'][contains(., 'Change')]").click();
    shots.all("chain-edit", || {
        window.find("//*[@id='chain-name']");
    });
    shots.one("chain-step", || {
        let scroll =
            "const body = document.querySelector('.chain-dialog .dialog-body'); body.scrollTop = body.scrollHeight / 2";
        window.script(scroll, &[]);
    });
    window.press(&[key::ESCAPE]);
    ensure!(chain["text"]["steps"].as_array().is_some_and(|steps| steps.len() == 2), "the chain was not stored");
    shots.all("approvals-empty", || {
        window.show("#/approvals", READY);
        window.see("Nothing waits for you");
    });
    settled(window);

    let texts = [
        "Rye is back on Friday. Come early, bring a bag, and read how we bake it: https://harbour.example/rye",
        "Behind the oven: how the starter wakes up at four in the morning.",
        "Four hands and one table: the Thursday course has two places left.",
        "Who wants to bake with us? We look for somebody for the night shift.",
        "שבת שלום: the challah is ready from noon on Friday 🥖",
        "A very long title of a post that nobody would write but somebody will, about the flour of the mill down the river and the people who have ground it since 1834",
    ];
    let mut posts = Vec::new();
    for (days, text) in (1..).zip(texts) {
        posts.push(ben.submits(text, &accounts, days)?);
    }
    let waits = |count: usize| {
        until("the posts wait", PATIENCE, || {
            window.call("sync_now", &json!({}));
            let mine = window.call("list_approvals", &json!({}))["mine"].take();
            (mine.as_array().map_or(0, Vec::len) == count).then_some(())
        });
    };
    ben.through()?;
    waits(texts.len());
    let [changed, sent_back, ..] = posts.as_slice() else { return Err(anyhow!("posts")) };
    let say = |post: &str, verdict: &str, note: &str| {
        let read = window.call("get_post", &json!({ "post": post }))["post"]["version"].clone();
        let body = json!({ "posts": [{ "post": post, "read": read }], "verdict": verdict, "note": note });
        window.call("review_posts", &body);
    };
    say(changed, "request_changes", "Say that the oven is out of order on Thursday, and leave out the bag.");
    say(sent_back, "request_changes", "Four in the morning is too early: we begin at five.");
    settled(window);
    ben.writes(changed, "Rye is back on Saturday. Come early, and read how we bake it: https://harbour.example/rye")?;
    ben.signs_off(changed)?;
    ben.through()?;
    waits(texts.len() - 1);
    shots.all("approvals", || {
        window.show("#/approvals", READY);
        window.find("//*[@id='approve']");
        window.see("Changed since");
    });
    window.press(&["j"]);
    shots.one("approvals-second", || {
        window.show("#/approvals", READY);
        window.find("//*[@id='approve']");
        window.press(&["j"]);
        window.see("Four hands");
    });
    window.press(&["x"]);
    window.press(&["j"]);
    window.press(&["x"]);
    shots.one("approvals-picked", || window.see("2 posts selected"));
    window.press(&["a"]);
    shots.one("approvals-many", || window.see("Approve 2 posts?"));
    window.press(&[key::ESCAPE]);
    window.press(&[key::ESCAPE]);
    window.find("//*[@id='request-changes']");
    window.press(&["r"]);
    shots.one("approvals-note", || {
        window.find("//*[@id='decide-note']");
    });
    window.press(&[key::ESCAPE]);
    shots.all("compose-waiting", || {
        window.show(&format!("#/compose/{changed}"), "textarea");
        window.find("//*[@id='approve']");
    });
    shots.all("compose-changes-requested", || {
        window.show(&format!("#/compose/{sent_back}"), "textarea");
        window.see("Changes were requested");
    });
    let unsigned = write(window, "Rye rolls, warm from six o’clock.");
    shots.one("compose-will-need", || {
        window.show(&format!("#/compose/{unsigned}"), "textarea");
    });
    shots.one("approvals-today", || {
        window.show("#/", READY);
        window.see("For you to approve");
    });
    shots.one("approvals-calendar", || {
        window.show("#/calendar", READY);
        window.press(&["3"]);
        window.see("Waits for");
    });
    let mut settings = window.call("get_program", &json!({}))["settings"].take();
    settings["language"] = json!("german");
    window.call("change_settings", &json!({ "settings": settings }));
    shots.one("approvals-german", || {
        window.show("#/approvals", READY);
        window.find("//*[@id='approve']");
    });
    shots.one("chains-german", || {
        // it was opened for the other theme
        window.press(&[key::ESCAPE]);
        window.show("#/team", READY);
        window.find("//*[@id='chain-template-0']").click();
        window.find("//*[@id='chain-name']");
    });
    window.press(&[key::ESCAPE]);
    settings["language"] = json!("english");
    window.call("change_settings", &json!({ "settings": settings }));
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
