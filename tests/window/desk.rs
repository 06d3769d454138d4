//! Ada's desk: a computer with a screen, a keyring and notifications, and Sendoff on it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use testkit::process::Process;
use testkit::servers::exceptions;
use testkit::window::{Notification, Window, key, notifications, unlock_keyring, watch_notifications};
use testkit::{BlueskyPerson, Mastodon, PASSWORD, Pds, until};

const PATIENCE: Duration = Duration::from_secs(20);

/// One person sits at the desk at a time: keyring, notifications and the handler of links belong to the session.
pub struct Desk {
    folder: TempDir,
    program: PathBuf,
    environment: Vec<(String, String)>,
    /// The last notification of the session before anybody sat here.
    told_before: i64,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    /// `None` where there is no program or no screen, which is said.
    pub fn new() -> Option<Self> {
        static TURN: Mutex<()> = Mutex::new(());
        static NOTIFICATIONS: OnceLock<Process> = OnceLock::new();
        let program = program()?;
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        unlock_keyring();
        NOTIFICATIONS.get_or_init(watch_notifications);
        let folder = tempfile::Builder::new().prefix("sendoff-desk-").tempdir().unwrap();
        // the system's way of opening links depends on the desktop; this is the commonest
        let environment = vec![("XDG_CURRENT_DESKTOP".to_owned(), "GNOME".to_owned())];
        let told_before = notifications().iter().map(|told| told.id).max().unwrap_or(0);
        Some(Self { folder, program, environment, told_before, _turn: turn })
    }

    /// What the desktop told since somebody sits here, the latest first.
    pub fn told(&self) -> Vec<Notification> {
        notifications().into_iter().filter(|told| told.id > self.told_before).collect()
    }

    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// The system's browser: somebody who is signed in at both servers and allows what is asked.
    pub fn browser(&mut self, bluesky: &BlueskyPerson, mastodon: &str) {
        let script = self.folder.path().join("browser");
        let log = self.browser_log();
        let words = format!(
            "#!/bin/sh\ncase \"$1\" in *request_uri=*) VISITOR={} ;; *) VISITOR={mastodon} ;; esac\n\
             export VISITOR VISITOR_PASSWORD={PASSWORD} VISITOR_LOG={} VISITOR_LINKS={}\nexec {} \"$1\"\n",
            bluesky.handle,
            log.display(),
            self.links().display(),
            env!("CARGO_BIN_EXE_scripted-browser"),
        );
        executable(&script, &words);
        self.environment.push(("SENDOFF_BROWSER".to_owned(), script.display().to_string()));
    }

    /// The system's browser as a person sees it who looks at it themselves: [`Desk::opened`] tells what it was sent to.
    pub fn patient_browser(&mut self) {
        let script = self.folder.path().join("browser");
        // whole or not at all: it is read while it is written
        let log = self.browser_log().display().to_string();
        executable(&script, &format!("#!/bin/sh\nprintf '%s' \"$1\" > '{log}.part' && mv '{log}.part' '{log}'\n"));
        self.environment.push(("SENDOFF_BROWSER".to_owned(), script.display().to_string()));
    }

    /// The address that the browser was sent to; each is told once.
    pub fn opened(&self) -> String {
        let address = until("the browser is opened", PATIENCE, || fs::read_to_string(self.browser_log()).ok());
        fs::remove_file(self.browser_log()).unwrap();
        address
    }

    /// What the system does with a link to the program that was followed: starts it with the link.
    pub fn follows(&self, profile: &Path, link: &str) {
        let mut command = Command::new(&self.program);
        command.arg("--profile").arg(profile).arg(link).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "{link}");
    }

    /// What the browser wrote down.
    pub fn browser_said(&self) -> String {
        fs::read_to_string(self.browser_log()).unwrap_or_default()
    }

    fn browser_log(&self) -> PathBuf {
        self.folder.path().join("browser.log")
    }

    /// What a browser does with an address of another scheme: the desktop knows whose it is.
    fn links(&self) -> PathBuf {
        let script = self.folder.path().join("links");
        executable(&script, "#!/bin/sh\nexec gio open \"$1\"\n");
        script
    }

    /// The program as a person starts it, on this desk's profile.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--profile").arg(self.profile());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn other_profile(&self) -> PathBuf {
        self.folder.path().join("other")
    }

    /// Opens the window of another profile.
    pub fn open_other(&self) -> Window {
        Window::open(&self.program, &self.other_profile(), &self.environment)
    }

    pub fn open(&self) -> Window {
        Window::open(&self.program, &self.profile(), &self.environment)
    }
}

fn executable(path: &Path, words: &str) {
    fs::write(path, words).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn program() -> Option<PathBuf> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/sendoff-desktop");
    let program = std::env::var_os("SENDOFF_DESKTOP").map_or(usual, PathBuf::from);
    let missing = match (program.exists(), std::env::var_os("DISPLAY")) {
        (true, Some(_)) => return Some(program.canonicalize().unwrap()),
        (false, _) => format!("no program at {}", program.display()),
        (true, None) => "no screen".to_owned(),
    };
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
    eprintln!("skipped: {missing}; cargo xtask test has both");
    None
}

/// Lets the program reach the servers of the test, which are none of the public internet's.
pub fn allow(window: &Window, pds: &Pds, mastodon: &Mastodon) {
    go(window, "Settings");
    let stored = |name: &str| window.call("get_program", &json!({}))["settings"][name].take();
    let mut allowed = pds.exceptions();
    allowed.extend(exceptions(&mastodon.url));
    for address in &allowed {
        let field = window.field("Private address");
        field.write(address);
        window.button("Allow").click();
    }
    until("they are stored", PATIENCE, || (stored("private_servers") == json!(allowed)).then_some(()));
    for (field, name, address) in [("plc", "plc_directory", &pds.plc), ("bluesky", "bluesky_server", &pds.url)] {
        let field = window.find(&format!("//input[@id='{field}']"));
        field.click();
        window.press(&[key::CONTROL, "a"]);
        field.write(address);
        field.write(key::ENTER);
        until("the address is stored", PATIENCE, || (stored(name) == json!(address)).then_some(()));
    }
}

/// Goes to a screen by the sidebar.
pub fn go(window: &Window, screen: &str) {
    window.find(&format!("//nav//a[contains(., '{screen}')]")).click();
    window.find(&format!("//nav//a[@aria-current='page'][contains(., '{screen}')]"));
}

/// One of a few choices that lie side by side.
pub fn choose(window: &Window, name: &str) {
    window.find(&format!("//fieldset//label[normalize-space(.)='{name}']")).click();
}

/// Vault and account of a person; how they are made in the window is told on Ada's first day. Answers the account.
pub fn signed_up(window: &Window, pds: &Pds, person: &BlueskyPerson) -> String {
    window.call("name_person", &json!({ "name": "Ben" }));
    let made = window.call("create_vault", &json!({ "protection": { "protection": "keyring" } }));
    window.call("confirm_recovery_key", &json!({ "key": made["key"] }));
    let mut settings = window.call("get_program", &json!({}))["settings"].take();
    settings["private_servers"] = json!(pds.exceptions());
    settings["plc_directory"] = json!(pds.plc);
    window.call("change_settings", &json!({ "settings": settings }));
    let connected = window.call(
        "connect_with_password",
        &json!({
            "network": "bluesky", "server": pds.url, "handle": person.handle,
            "password": person.app_password("sendoff"), "reconnect": null,
        }),
    );
    window.call("finish_welcome", &json!({}));
    window.find("//nav//a[@aria-current='page'][contains(., 'Today')]");
    connected["account"].as_str().unwrap().to_owned()
}
