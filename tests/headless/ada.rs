//! Ada, her accounts and her laptop: what most stories begin with.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::{exceptions, servers};
use testkit::{BlueskyPerson, Device, Failure, Pds, until};

pub const PASSPHRASE: &str = "correct horse battery";
/// A delivery claimed by a process that was killed is taken over a minute later.
pub const LONG: Duration = Duration::from_secs(150);

/// A program that answers commands: a process each time, or the one inside the test.
pub trait Program {
    fn call(&self, command: &str, body: Value) -> Result<Value, Failure>;
}

impl Program for Device {
    fn call(&self, command: &str, body: Value) -> Result<Value, Failure> {
        Device::call(self, command, body)
    }
}

impl Program for testkit::inside::Inside {
    fn call(&self, command: &str, body: Value) -> Result<Value, Failure> {
        testkit::inside::Inside::call(self, command, body)
    }
}

/// The servers, or the end of the story.
#[macro_export]
macro_rules! servers_or_skip {
    () => {
        match testkit::servers::servers() {
            Some(both) => both,
            None => return,
        }
    };
}

/// A laptop on which Ada has made her vault, and which may talk to the servers of the test.
pub fn laptop(device: Device, mastodon_url: &str) -> Device {
    let mut device = device;
    device.set("SENDOFF_PASSPHRASE", PASSPHRASE);
    set_up(&device, mastodon_url);
    device
}

/// Name, vault and the servers of the test.
pub fn set_up(program: &impl Program, mastodon_url: &str) {
    let (pds, _) = servers().expect("servers");
    make_vault(program);
    allow(program, pds, mastodon_url);
}

pub fn make_vault(program: &impl Program) {
    program.call("name_person", json!({ "name": "Ada" })).unwrap();
    let protection = json!({ "protection": "passphrase", "passphrase": PASSPHRASE });
    let made = program.call("create_vault", json!({ "protection": protection })).unwrap();
    program.call("confirm_recovery_key", json!({ "key": made["key"] })).unwrap();
}

/// Lets the program reach the servers of the test.
pub fn allow(program: &impl Program, pds: &Pds, mastodon_url: &str) {
    let mut settings = program.call("get_program", json!({})).unwrap()["settings"].clone();
    let mut allowed = pds.exceptions();
    allowed.extend(exceptions(mastodon_url));
    settings["private_servers"] = json!(allowed);
    settings["plc_directory"] = json!(pds.plc);
    settings["bluesky_server"] = json!(pds.url);
    let kept = program.call("change_settings", json!({ "settings": settings })).unwrap();
    assert_eq!(kept, settings);
}

/// Connects Bluesky by an app password; answers the account's id.
pub fn connect_bluesky(program: &impl Program, person: &BlueskyPerson) -> String {
    let password = person.app_password("sendoff");
    let connected = sign_in(program, person, &password, None).unwrap();
    connected["account"].as_str().unwrap().to_owned()
}

pub fn sign_in(
    program: &impl Program,
    person: &BlueskyPerson,
    password: &str,
    reconnect: Option<&str>,
) -> Result<Value, Failure> {
    let body = json!({
        "network": "bluesky", "server": "", "handle": person.handle, "password": password, "reconnect": reconnect,
    });
    program.call("connect_with_password", body)
}

/// A post for these accounts; answers its id.
pub fn write(program: &impl Program, base: &Value, accounts: &[&str]) -> String {
    let targets: Vec<_> = accounts.iter().map(|account| json!({ "account": account, "variant": null })).collect();
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
    let written = program.call("create_post", json!({ "draft": draft })).unwrap();
    written["post"].as_str().unwrap().to_owned()
}

/// Plain text in as many parts as there are texts.
pub fn content(texts: &[&str]) -> Value {
    let parts: Vec<_> = texts.iter().map(|text| json!({ "text": text, "images": [] })).collect();
    json!({ "parts": parts, "content_warning": "", "visibility": "public" })
}

/// Schedules a post so many seconds ahead, by the program's own clock.
pub fn schedule(program: &impl Program, post: &str, ahead: i64) -> Result<Value, Failure> {
    let now: jiff::Timestamp = program.call("get_program", json!({}))?["now"].as_str().unwrap().parse().unwrap();
    let at = now.checked_add(jiff::SignedDuration::from_secs(ahead)).unwrap();
    let local = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let local = local.round(jiff::Unit::Second).unwrap();
    let version = program.call("get_post", json!({ "post": post }))?["post"]["version"].clone();
    let when = json!({ "local": local.to_string(), "zone": "UTC", "fold": "first" });
    program.call("schedule_post", json!({ "post": post, "read": version, "when": when }))
}

/// The deliveries of a post.
pub fn jobs(program: &impl Program, post: &str) -> Vec<Value> {
    program.call("get_post", json!({ "post": post })).unwrap()["jobs"].as_array().unwrap().clone()
}

/// Waits until the post says this of itself.
pub fn until_status(program: &impl Program, post: &str, status: &str) -> Value {
    until(&format!("the post is {status}"), LONG, || {
        let view = program.call("get_post", json!({ "post": post })).unwrap();
        (view["post"]["status"] == status).then_some(view)
    })
}

/// The steps in the log of a delivery.
pub fn steps(program: &impl Program, job: &Value) -> Vec<String> {
    let log = program.call("get_job_log", json!({ "job": job["id"] })).unwrap();
    let entries = log["entries"].as_array().unwrap();
    for entry in entries {
        assert!(entry["sentence"].as_str().is_some_and(|sentence| sentence.ends_with('.')), "{entry}");
    }
    entries.iter().map(|entry| entry["step"].as_str().unwrap().to_owned()).collect()
}

/// The browser that follows a script, as `who`.
pub fn browser(device: &mut Device, who: &str, password: &str) {
    device.set("SENDOFF_BROWSER", env!("CARGO_BIN_EXE_scripted-browser"));
    device.set("VISITOR", who);
    device.set("VISITOR_PASSWORD", password);
    let log = device.folder().join("browser.log");
    device.set("VISITOR_LOG", log.to_str().unwrap());
}

/// Signs in through the system's browser, inside the program of the test.
pub fn connect_in_browser(program: &impl Program, request: Value, who: &str, password: &str) -> Result<String, Value> {
    let flow = program.call("start_connect", request).map_err(|failure| failure.answer)?;
    let visitor = testkit::browser::Visitor { name: who.to_owned(), password: password.to_owned(), declines: false };
    let address = flow["url"].as_str().unwrap().parse().unwrap();
    testkit::block_on(async {
        let back = testkit::browser::walk(&address, &visitor).await.unwrap();
        testkit::browser::go_back(&back, "false".as_ref()).await.unwrap();
    });
    until("the sign-in ends", Duration::from_secs(30), || {
        let state = program.call("connect_progress", json!({ "flow": flow["flow"] })).unwrap();
        match state["state"].as_str() {
            Some("done") => Some(Ok(state["account"].as_str().unwrap().to_owned())),
            Some("failed") => Some(Err(state["error"].clone())),
            _ => None,
        }
    })
}

/// What a sign-in at Mastodon by the loopback way asks for.
pub fn mastodon_request(url: &str, reconnect: Option<&str>) -> Value {
    json!({ "network": "mastodon", "server": url, "handle": "", "come_back": "loopback", "reconnect": reconnect })
}

/// A picture taken in; answers its record.
pub fn import(program: &impl Program, name: &str, file: &[u8]) -> Result<Value, Failure> {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(file);
    program.call("import_image", json!({ "name": name, "data": data }))
}

/// Signs in with the command line: the process that began it waits for the browser.
pub fn connect_from_the_command_line(device: &Device, request: &Value) -> String {
    let log = || std::fs::read_to_string(device.folder().join("browser.log")).unwrap_or_default();
    let done = device.call("start_connect", request.clone()).unwrap_or_else(|failure| panic!("{failure:?} {}", log()));
    done["account"].as_str().unwrap_or_else(|| panic!("{done} {}", log())).to_owned()
}
