//! The page as a whole: which screen it shows, in which theme, and whether anything on it still moves.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Window;
use crate::wait::until;

const PATIENCE: Duration = Duration::from_secs(20);

impl Window {
    /// Goes to an address of the page, and waits until what `ready` selects is there and nothing is being loaded.
    ///
    /// # Panics
    /// It does not come.
    pub fn show(&self, route: &str, ready: &str) {
        self.script("location.hash = arguments[0]", &[json!(route)]);
        let begun = Instant::now();
        let there = "return !!document.querySelector(arguments[0]) && !document.querySelector('.skeleton')";
        while self.script(there, &[json!(ready)]) != true {
            if begun.elapsed() > PATIENCE {
                let at = self.script("return [location.hash, document.querySelectorAll('.skeleton').length]", &[]);
                panic!("{route} does not come; the page is at {at}{}\n{}", self.fault(), self.text());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Draws the page `light` or `dark`, as the person's settings say from now on.
    ///
    /// # Panics
    /// It is not drawn so.
    pub fn wear(&self, theme: &str) {
        let mut settings = self.call("get_program", &json!({}))["settings"].take();
        if let Some(fields) = settings.as_object_mut() {
            fields.insert("theme".to_owned(), json!(theme));
        }
        self.call("change_settings", &json!({ "settings": settings }));
        // the call was the script's, not the page's own: it hears of it as of any other window's
        let begun = Instant::now();
        while self.script("return document.documentElement.dataset.theme", &[]) != theme {
            if begun.elapsed() > PATIENCE {
                let kept = self.call("get_program", &json!({}))["settings"]["theme"].take();
                self.script("location.hash = '#/settings'", &[]);
                std::thread::sleep(Duration::from_secs(3));
                let alive = self.script("return document.querySelector('.bar h1')?.textContent", &[]);
                let fault = self.fault();
                panic!("the page is not drawn {theme}; the program says {kept}, and the page goes to {alive}{fault}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// What the interface said when it stopped by a fault of its own; empty if it did not.
    pub fn fault(&self) -> String {
        let [at, fault] =
            ["fault-at", "fault"].map(|name| self.script("return localStorage.getItem(arguments[0])", &[json!(name)]));
        if at.is_null() { String::new() } else { format!("; it had a fault at {at}: {fault}") }
    }

    /// Waits until nothing moves, loads or is drawn any more.
    ///
    /// # Panics
    /// The page does not answer.
    pub fn settle(&self) {
        // what turns for as long as something is waited for never ends
        let code = "const moving = document.getAnimations().filter((a) => a.effect.getComputedTiming().endTime !== Infinity \
                    && a.playState === 'running').map((a) => `${a.effect.target?.className} ${a.animationName ?? a.transitionProperty}`); \
                    const loading = [...document.images].filter((i) => !i.complete).map((i) => i.src); \
                    return [...moving, ...loading, ...(document.fonts.status === 'loaded' ? [] : ['fonts'])]";
        let mut last = Value::Null;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            last = self.script(code, &[]);
            if last == json!([]) {
                let drawn = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0], 250)))";
                self.script_until_done(drawn, &[]);
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the page does not come to rest: {last}");
    }

    /// What has the focus, as a person would name it: tag, id and words. `BODY` if nothing has.
    pub fn focus(&self) -> String {
        let code = "const e = document.activeElement; \
                    if (!e || e === document.body) return 'BODY'; \
                    const words = e.getAttribute('aria-label') || e.innerText || e.placeholder || ''; \
                    return `${e.tagName}#${e.id} ${words.trim().split('\\n')[0].slice(0, 60)}`";
        let Value::String(name) = self.script(code, &[]) else { return "BODY".to_owned() };
        name
    }

    /// Chooses a text file in a file field, as its dialog would.
    ///
    /// # Panics
    /// There is no such field.
    pub fn choose_file(&self, field: &str, name: &str, text: &str) {
        let code = "const field = document.getElementById(arguments[0]), files = new DataTransfer();
            files.items.add(new File([arguments[2]], arguments[1]));
            field.files = files.files;
            field.dispatchEvent(new Event('change', { bubbles: true }))";
        until("the field for a file is there", PATIENCE, || {
            (self.script("return !!document.getElementById(arguments[0])", &[json!(field)]) == true).then_some(())
        });
        self.script(code, &[json!(field), json!(name), json!(text)]);
    }

    /// Chooses in a list, or writes into a field, as the platform's own controls report it.
    ///
    /// # Panics
    /// There is no such control.
    pub fn set(&self, id: &str, value: &str) {
        self.find(&format!("//*[@id='{id}']"));
        let code = "const field = document.getElementById(arguments[0]); \
            const proto = field.tagName === 'SELECT' ? HTMLSelectElement.prototype : HTMLInputElement.prototype; \
            Object.getOwnPropertyDescriptor(proto, 'value').set.call(field, arguments[1]); \
            for (const told of ['input', 'change']) field.dispatchEvent(new Event(told, { bubbles: true }))";
        self.script(code, &[json!(id), json!(value)]);
    }

    /// A post like one that is scheduled, every week from a time on: its first.
    ///
    /// # Panics
    /// Nothing is scheduled.
    pub fn repeated_post(&self) -> String {
        let like = self.richest_post("scheduled").expect("a scheduled post");
        let draft = self.call("get_post", &json!({ "post": like }))["post"]["draft"].take();
        let copy = self.call("create_post", &json!({ "draft": draft }));
        let when = json!({ "local": "2099-01-06T09:00:00", "zone": "Europe/Oslo" });
        let weekly = json!({ "post": copy["post"], "read": 1, "rule": "FREQ=WEEKLY;BYDAY=TU", "when": when });
        self.call("repeat_post", &weekly);
        copy["post"].as_str().expect("an id").to_owned()
    }

    /// The post of a state that shows most: parts, images, variants.
    pub fn richest_post(&self, status: &str) -> Option<String> {
        let filter = json!({ "text": "", "statuses": [status], "personas": [], "accounts": [] });
        let page = self.call("list_posts", &json!({ "filter": filter, "after": null, "limit": 200 }));
        let posts = page["lines"].as_array()?.iter().filter_map(|line| line["post"].as_str());
        let weight = |post: &str| {
            let view = self.call("get_post", &json!({ "post": post }));
            let draft = &view["post"]["draft"];
            let count = |value: &Value| value.as_array().map_or(0, Vec::len);
            let variants =
                draft["targets"].as_array().into_iter().flatten().filter(|target| !target["variant"].is_null());
            count(&draft["base"]["parts"]) + 3 * count(&view["media"]) + variants.count()
        };
        posts.max_by_key(|post| weight(post)).map(str::to_owned)
    }
}
