//! The part of WebDriver (w3.org/TR/webdriver2) that the stories need.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::http::{answer, client};
use crate::process::Process;
use crate::servers::free_port;
use crate::wait::until;

/// A debug build under load takes its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A dialog is closed within this.
const CLOSING: Duration = Duration::from_secs(1);

/// The window of one running program. Both end when this is dropped.
#[derive(Debug)]
pub struct Window {
    driver: Process,
    base: String,
}

/// Something on the page.
#[derive(Debug)]
pub struct Element<'a> {
    window: &'a Window,
    id: String,
}

/// A key as WebDriver names it.
pub mod key {
    pub const END: &str = "\u{e010}";
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const TAB: &str = "\u{e004}";
    pub const CONTROL: &str = "\u{e009}";
    pub const SHIFT: &str = "\u{e008}";
    pub const ALT: &str = "\u{e00a}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const DELETE: &str = "\u{e017}";
}

impl Window {
    /// Starts the program on a profile, with these variables added to its environment.
    ///
    /// # Panics
    /// The program or its driver does not start.
    pub fn open(program: &Path, profile: &Path, environment: &[(String, String)]) -> Self {
        let port = free_port();
        let mut command = Command::new(tauri_driver());
        command.args(["--port", &port.to_string(), "--native-port", &free_port().to_string()]);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let driver = Process::start(command);
        let driver_url = format!("http://127.0.0.1:{port}");
        until("tauri-driver answers", PATIENCE, || {
            crate::block_on(client().get(format!("{driver_url}/status")).send()).ok()
        });
        let options = json!({ "application": program, "args": ["--profile", profile] });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "tauri:options": options, "browserName": "wry" } } });
        // the driver itself waits for ever for a program that ended at its start
        let asked = client().post(format!("{driver_url}/session")).json(&wanted).timeout(2 * PATIENCE);
        let (status, text) = crate::block_on(async {
            let answer = asked.send().await.unwrap_or_else(|error| panic!("{error}\n{}", driver.said()));
            (answer.status().as_u16(), answer.text().await.unwrap_or_default())
        });
        assert_eq!(status, 200, "no session: {text}\n{}", driver.said());
        let session: Value = serde_json::from_str(&text).expect("JSON");
        let id = session["value"]["sessionId"].as_str().expect("a session");
        Self { driver, base: format!("{driver_url}/session/{id}") }
    }

    /// Ends program and driver without a warning.
    pub fn kill(mut self) {
        self.driver.kill();
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let (status, text) = answer(client().post(format!("{}{path}", self.base)).json(body));
        let value = serde_json::from_str::<Value>(&text).map_err(|_| text)?["value"].take();
        if status == 200 { Ok(value) } else { Err(value.to_string()) }
    }

    /// Runs a script in the page; what it returns is the answer.
    ///
    /// # Panics
    /// The script throws.
    pub fn script(&self, code: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": code, "args": arguments })).expect("the script runs")
    }

    /// Runs a script that calls its last argument when it is done.
    ///
    /// # Panics
    /// The script throws, or never calls.
    pub fn script_until_done(&self, code: &str, arguments: &[Value]) -> Value {
        let done = self.post("/execute/async", &json!({ "script": code, "args": arguments }));
        // a page that was loaded anew in between says why
        done.unwrap_or_else(|error| panic!("the script runs: {error}{}", self.fault()))
    }

    /// When the page was first painted, or later left this mark: milliseconds since 1970 by its own clock.
    ///
    /// # Panics
    /// It did not.
    pub fn painted_at(&self, mark: Option<&str>) -> f64 {
        // the page itself looks: from out here each look would take its time, and take it from the page
        let code = "const [mark, done] = arguments; const look = () => { \
            const all = ['first-contentful-paint', mark].filter(Boolean).map(name => performance.getEntriesByName(name)[0]); \
            all.every(Boolean) ? done(performance.timeOrigin + Math.max(...all.map(entry => entry.startTime))) \
                               : setTimeout(look, 20) }; look()";
        // the page that was there before it goes away with the question
        let ask = || self.post("/execute/async", &json!({ "script": code, "args": [mark] })).ok()?.as_f64();
        until("the window is painted", PATIENCE, ask)
    }

    /// All text that can be seen.
    pub fn text(&self) -> String {
        self.script("return document.body.innerText", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows `words`.
    ///
    /// # Panics
    /// It does not.
    pub fn see(&self, words: &str) {
        self.see_within(words, PATIENCE);
    }

    /// As [`Window::see`], with a patience of its own.
    ///
    /// # Panics
    /// It does not.
    pub fn see_within(&self, words: &str, patience: Duration) {
        let mut last = String::new();
        let begun = std::time::Instant::now();
        while begun.elapsed() < patience {
            last = self.text();
            if last.contains(words) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the window does not show {words:?}{}:\n{last}", self.fault());
    }

    /// Waits for what an XPath names and takes the first of it that can be seen.
    ///
    /// # Panics
    /// There is no such thing.
    pub fn find(&self, xpath: &str) -> Element<'_> {
        let begun = std::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(element) = self.look_for(xpath) {
                return element;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("nothing is at {xpath}{}:\n{}", self.fault(), self.text());
    }

    /// The first of what an XPath names that can be seen now.
    pub fn look_for(&self, xpath: &str) -> Option<Element<'_>> {
        let all = self.post("/elements", &json!({ "using": "xpath", "value": xpath })).ok()?;
        let ids = all.as_array()?.iter().filter_map(|element| element.as_object()?.values().next()?.as_str());
        ids.map(|id| Element { window: self, id: id.to_owned() }).find(Element::is_shown)
    }

    /// The button of that name.
    pub fn button(&self, name: &str) -> Element<'_> {
        let name = quoted(name);
        self.find(&format!("//button[contains(normalize-space(.), {name}) or @aria-label={name} or @title={name}]"))
    }

    /// The field with that label.
    pub fn field(&self, label: &str) -> Element<'_> {
        let label = quoted(label);
        self.find(&format!(
            "//*[self::input or self::textarea or self::select][@aria-label={label} or @placeholder={label} or \
             @id=//label[contains(normalize-space(.), {label})]/@for or ancestor::label[contains(normalize-space(.), {label})]]"
        ))
    }

    /// Presses keys together, the last one first released. Who closes a dialog with Escape goes on when it is gone: the web view
    /// closes it a moment after the key, and keys that come before that belong to the dialog.
    ///
    /// # Panics
    /// The driver does not.
    pub fn press(&self, keys: &[&str]) {
        let open = || self.script("return document.querySelectorAll('dialog[open]').length", &[]).as_u64().unwrap_or(0);
        let before = if keys == [key::ESCAPE] { open() } else { 0 };
        self.press_at_once(keys);
        let begun = std::time::Instant::now();
        // one that Escape does not close stays
        while before > 0 && open() == before && begun.elapsed() < CLOSING {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn press_at_once(&self, keys: &[&str]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }))
            .expect("keys are pressed");
    }

    /// Types into whatever has the focus.
    pub fn type_keys(&self, text: &str) {
        for letter in text.chars() {
            self.press(&[&letter.to_string()]);
        }
    }

    /// Makes the page this large.
    ///
    /// # Panics
    /// The driver does not.
    pub fn resize(&self, width: u32, height: u32) {
        self.post("/window/rect", &json!({ "width": width, "height": height })).expect("a size");
        let fits = || {
            let inner = self.script("return [window.innerWidth, window.innerHeight]", &[]);
            (inner == json!([width, height])).then_some(())
        };
        until("the window has its size", PATIENCE, fits);
    }

    /// What the page shows, as PNG.
    ///
    /// # Panics
    /// There is no picture.
    pub fn picture(&self) -> Vec<u8> {
        let (status, text) = answer(client().get(format!("{}/screenshot", self.base)));
        assert_eq!(status, 200, "{text}");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        BASE64.decode(value["value"].as_str().expect("a picture")).expect("base64")
    }

    /// Runs a command of the contract through the page's own bridge.
    ///
    /// # Panics
    /// The command answers an error.
    pub fn call(&self, command: &str, body: &Value) -> Value {
        let code = "const done = arguments[2]; \
                    window.__TAURI_INTERNALS__.invoke(arguments[0], { body: arguments[1], caller: 1 })\
                    .then((ok) => done({ ok }), (error) => done({ error }))";
        let mut answer = self.script_until_done(code, &[json!(command), body.clone()]);
        assert!(answer.get("error").is_none(), "{command}: {}", answer["error"]);
        answer["ok"].take()
    }
}

impl Element<'_> {
    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.window.post(&format!("/element/{}{path}", self.id), body)
    }

    fn is_shown(&self) -> bool {
        let code = "const r = arguments[0].getBoundingClientRect(); return r.width > 0 && r.height > 0";
        let element = json!({ "element-6066-11e4-a52e-4f735466cecf": self.id });
        self.window.post("/execute/sync", &json!({ "script": code, "args": [element] })) == Ok(Value::Bool(true))
    }

    /// Clicks it, as soon as it can be clicked.
    ///
    /// # Panics
    /// It cannot.
    pub fn click(&self) {
        until("it can be clicked", PATIENCE, || self.post("/click", &json!({})).ok());
    }

    /// Types into it.
    ///
    /// # Panics
    /// It takes no text.
    pub fn write(&self, text: &str) {
        self.post("/value", &json!({ "text": text })).expect("it takes text");
    }

    /// Empties it, then types.
    ///
    /// # Panics
    /// It takes no text.
    pub fn rewrite(&self, text: &str) {
        self.post("/clear", &json!({})).expect("it can be emptied");
        self.write(text);
    }

    /// An attribute; empty if it has none of that name.
    pub fn attribute(&self, name: &str) -> String {
        let element = json!({ "element-6066-11e4-a52e-4f735466cecf": self.id });
        let value = self.window.script("return arguments[0].getAttribute(arguments[1])", &[element, json!(name)]);
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Its text, or its value if it is a field.
    pub fn read(&self) -> String {
        let element = json!({ "element-6066-11e4-a52e-4f735466cecf": self.id });
        // a button has a value too, and it is empty
        let code = "const it = arguments[0]; return it.matches('button') ? it.innerText : it.value ?? it.innerText";
        self.window.script(code, &[element]).as_str().unwrap_or_default().to_owned()
    }
}

/// An XPath string; names of ours hold no double quotes.
fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "a name without double quotes: {text}");
    format!("\"{text}\"")
}

fn tauri_driver() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/bin/tauri-driver");
    std::env::var_os("SENDOFF_TAURI_DRIVER").map_or(usual, PathBuf::from)
}
