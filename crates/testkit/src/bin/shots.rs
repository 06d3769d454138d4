//! `cargo xtask shots`: pictures of every screen from the real window, with the sample profile, light and dark, in two sizes.
//!
//! Arguments: the program, and the folder that the pictures go into.
#![expect(clippy::indexing_slicing, reason = "a missing field of an answer ends the run")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key, unlock_keyring};

const SIZES: [(u32, u32); 2] = [(1280, 800), (1600, 1000)];
const THEMES: [&str; 2] = ["light", "dark"];

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let program = arguments.next().context("which program?")?.canonicalize()?;
    let folder = arguments.next().context("where to?")?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    unlock_keyring();
    let profile = tempfile::tempdir()?;
    let place = profile.path().join("profile");
    let window = Window::open(&program, &place, &[]);
    let shots = Shots { window, folder };
    shots.welcome();
    shots.sample();
    Ok(())
}

struct Shots {
    window: Window,
    folder: PathBuf,
}

/// One screen: how it is called, where it is, and what to do there before the picture.
struct Screen {
    name: &'static str,
    route: &'static str,
    ready: &'static str,
    then: fn(&Window),
}

const SCREENS: &[Screen] = &[
    Screen { name: "today", route: "#/", ready: ".bar h1", then: |_| {} },
    Screen { name: "compose-new", route: "#/compose", ready: "textarea", then: |_| {} },
    Screen { name: "calendar", route: "#/calendar", ready: ".bar h1", then: |_| {} },
    Screen { name: "accounts", route: "#/accounts", ready: ".bar h1", then: |_| {} },
    Screen { name: "personas", route: "#/personas", ready: ".bar h1", then: |_| {} },
    Screen { name: "settings", route: "#/settings", ready: ".bar h1", then: |_| {} },
    Screen { name: "palette", route: "#/", ready: ".bar h1", then: |window| window.press(&[key::CONTROL, "k"]) },
    Screen { name: "shortcuts", route: "#/", ready: ".bar h1", then: |window| window.press(&["?"]) },
];

impl Shots {
    fn welcome(&self) {
        self.all("welcome", || {});
    }

    fn sample(&self) {
        self.window.call("open_sample", &json!({}));
        self.open("#/", ".bar h1");
        for screen in SCREENS {
            self.all(screen.name, || {
                self.open(screen.route, screen.ready);
                (screen.then)(&self.window);
            });
            self.window.press(&[key::ESCAPE]);
        }
        for (name, words) in
            [("compose-draft", "draft"), ("compose-scheduled", "scheduled"), ("compose-published", "published")]
        {
            let Some(post) = self.richest(words) else { continue };
            self.all(name, || self.open(&format!("#/compose/{post}"), "textarea"));
        }
    }

    /// The post of a state that shows most: parts, images, variants.
    fn richest(&self, status: &str) -> Option<String> {
        let filter = json!({ "text": "", "statuses": [status], "personas": [], "accounts": [] });
        let page = self.window.call("list_posts", &json!({ "filter": filter, "after": null, "limit": 200 }));
        let posts = page["lines"].as_array()?.iter().filter_map(|line| line["post"].as_str());
        let weight = |post: &str| {
            let view = self.window.call("get_post", &json!({ "post": post }));
            let draft = &view["post"]["draft"];
            let count = |value: &Value| value.as_array().map_or(0, Vec::len);
            let variants =
                draft["targets"].as_array().into_iter().flatten().filter(|target| !target["variant"].is_null());
            count(&draft["base"]["parts"]) + 3 * count(&view["media"]) + variants.count()
        };
        posts.max_by_key(|post| weight(post)).map(str::to_owned)
    }

    /// The picture in every theme and size.
    fn all(&self, name: &str, arrange: impl Fn()) {
        for theme in THEMES {
            let program = self.window.call("get_program", &json!({}));
            let mut settings = program["settings"].clone();
            if let Some(fields) = settings.as_object_mut() {
                fields.insert("theme".to_owned(), json!(theme));
            }
            self.window.call("change_settings", &json!({ "settings": settings }));
            // the call was the script's, not the page's own: it hears of it as of any other window's
            until("the theme is there", Duration::from_secs(20), || {
                let shown = self.window.script("return document.documentElement.dataset.theme", &[]);
                (shown == theme).then_some(())
            });
            for (width, height) in SIZES {
                self.window.resize(width, height);
                arrange();
                self.settle();
                let path = self.folder.join(format!("{name}-{theme}-{width}.png"));
                save(&path, &self.window.picture());
            }
        }
    }

    fn open(&self, route: &str, ready: &str) {
        self.window.script("location.hash = arguments[0]", &[json!(route)]);
        until("the screen is there", Duration::from_secs(20), || {
            let there = self.window.script(
                "return !!document.querySelector(arguments[0]) && !document.querySelector('.skeleton')",
                &[json!(ready)],
            );
            (there == true).then_some(())
        });
    }

    /// Waits until nothing moves, loads or is drawn any more.
    fn settle(&self) {
        self.window.script_until_done(
            "const done = arguments[0]; \
             document.fonts.ready.then(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))))\
             .then(() => Promise.all([...document.images].map((i) => i.decode().catch(() => {}))))\
             .then(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250))))",
            &[],
        );
    }
}

fn save(path: &Path, picture: &[u8]) {
    println!("{}", path.display());
    if let Err(error) = fs::write(path, picture) {
        eprintln!("{}: {error}", path.display());
    }
}
