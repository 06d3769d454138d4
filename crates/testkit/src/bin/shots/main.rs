//! `cargo xtask shots`: pictures of every screen from the real window, light and dark: with nothing in it, with the sample profile
//! in two sizes, with ten thousand posts, and in a team.
//!
//! Arguments: the program, `sendoff`, the folder that the pictures go into, and `team` if only those of a team are wanted.

mod team;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use testkit::window::{Window, key, unlock_keyring};

const SIZES: [(u32, u32); 2] = [(1280, 800), (1600, 1000)];
const THEMES: [&str; 2] = ["light", "dark"];
/// Posts of a busy team in two years.
const CROWD: &str = "10000";

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let program = arguments.next().context("which program?")?.canonicalize()?;
    let sendoff = arguments.next().context("which sendoff?")?.canonicalize()?;
    let folder = arguments.next().context("where to?")?;
    let only_team = arguments.next().is_some_and(|only| only == Path::new("team"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    unlock_keyring();
    if only_team {
        return team::take(&program, folder);
    }
    let profile = tempfile::tempdir()?;
    let place = profile.path().join("profile");
    let window = Window::open(&program, &place, &[]);
    let shots = Shots { window, folder };
    shots.welcome();
    shots.empty();
    shots.sample();
    shots.window.kill();
    let crowd = profile.path().join("crowd");
    let mut demo = Command::new(&sendoff);
    demo.arg("--profile").arg(&crowd).args(["demo", "--posts", CROWD]).stdout(Stdio::null());
    ensure!(demo.status()?.success(), "the crowded sample was not made");
    let shots = Shots { window: Window::open(&program, &crowd, &[]), folder: shots.folder };
    shots.crowded();
    shots.window.kill();
    team::take(&program, shots.folder)
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

const READY: &str = ".bar h1";
const ROUTES: [(&str, &str); 8] = [
    ("today", "#/"),
    ("compose", "#/compose"),
    ("calendar", "#/calendar"),
    ("ideas", "#/ideas"),
    ("library", "#/library"),
    ("accounts", "#/accounts"),
    ("personas", "#/personas"),
    ("settings", "#/settings"),
];

const SCREENS: &[Screen] = &[
    Screen { name: "today", route: "#/", ready: ".bar h1", then: |_| {} },
    Screen { name: "compose-new", route: "#/compose", ready: "textarea", then: |_| {} },
    Screen { name: "calendar", route: "#/calendar", ready: ".bar h1", then: |window| window.press(&["1"]) },
    Screen { name: "calendar-current", route: "#/calendar", ready: ".bar h1", then: |window| window.press(&["j"]) },
    Screen { name: "calendar-week", route: "#/calendar", ready: ".bar h1", then: |window| window.press(&["2"]) },
    Screen { name: "calendar-list", route: "#/calendar", ready: ".bar h1", then: |window| window.press(&["3"]) },
    Screen { name: "calendar-drafts", route: "#/calendar", ready: ".bar h1", then: |window| window.press(&["4"]) },
    Screen { name: "calendar-legend", route: "#/calendar", ready: ".bar h1", then: show_the_legend },
    Screen { name: "ideas", route: "#/ideas", ready: ".idea", then: |window| window.press(&["j"]) },
    Screen { name: "library", route: "#/library", ready: ".media-tile", then: |window| window.press(&["j"]) },
    Screen { name: "accounts", route: "#/accounts", ready: ".bar h1", then: |_| {} },
    Screen { name: "accounts-connect", route: "#/accounts", ready: ".bar h1", then: connect },
    Screen { name: "personas", route: "#/personas", ready: ".bar h1", then: |_| {} },
    Screen { name: "settings", route: "#/settings", ready: ".bar h1", then: |_| {} },
    Screen { name: "palette", route: "#/", ready: ".bar h1", then: |window| window.press(&[key::CONTROL, "k"]) },
    Screen { name: "palette-posts", route: "#/", ready: ".bar h1", then: look_for_ovens },
    Screen { name: "shortcuts", route: "#/", ready: ".bar h1", then: |window| window.press(&["?"]) },
];

const TABLE: &str = "Text,Image URL,Tags,Posting Time\n\
    \"Rye is back on Saturday. Come early, bring a bag.\",,bread,2099-03-14 08:00\n\
    Behind the oven: how the starter wakes up,,,2099-03-16 12:30\n\
    Four hands and one table: the Thursday course has two places left,,course,Thursday\n\
    What do you bake when nobody is looking?,,,2099-03-18 18:00\n\
    Easter orders open at noon,,,2099-03-20 12:00\n";

const WRITE_TOO_MUCH: &str = "document.querySelector('textarea').select(); document.execCommand('insertText', false, \
    'On the second day rye bread is at its best: the crumb has set, the crust has given way. '.repeat(8).trim())";

fn show_the_legend(window: &Window) {
    if window.look_for("//dialog[@open]").is_none() {
        window.button("Key to the symbols").click();
    }
}

fn connect(window: &Window) {
    if window.look_for("//dialog[@open]").is_none() {
        window.button("Connect an account").click();
    }
}

fn look_for_ovens(window: &Window) {
    if window.look_for("//dialog[@open]").is_none() {
        window.press(&[key::CONTROL, "k"]);
        window.type_keys("oven");
    }
    window.find("//dialog[@open]//mark");
}

impl Shots {
    fn welcome(&self) {
        self.all("welcome", || {});
    }

    /// What a person sees who has just begun.
    fn empty(&self) {
        self.window.call("finish_welcome", &json!({}));
        for (name, route) in ROUTES {
            self.of_size(&format!("empty-{name}"), &SIZES[..1], || self.window.show(route, READY));
        }
    }

    /// What a person sees who has written for years.
    fn crowded(&self) {
        for (name, route) in ROUTES {
            self.of_size(&format!("crowded-{name}"), &SIZES[..1], || self.window.show(route, READY));
        }
        for (name, key) in [("week", "2"), ("list", "3"), ("drafts", "4")] {
            self.of_size(&format!("crowded-calendar-{name}"), &SIZES[..1], || {
                self.window.show("#/calendar", READY);
                self.window.press(&[key]);
            });
        }
    }

    /// A thread with everything that a person can add to it, and a picture that is cropped.
    #[expect(clippy::indexing_slicing, reason = "a missing field of an answer ends the run")]
    fn thread(&self) {
        let window = &self.window;
        let personas = window.call("list_personas", &json!({}));
        let text = &personas[0]["persona"]["text"];
        let targets: Vec<_> = text["accounts"]
            .as_array()
            .into_iter()
            .flatten()
            .take(3)
            .map(|account| json!({ "account": account, "variant": null }))
            .collect();
        let media = window.call("list_media", &json!({}))["lines"][0]["media"].take();
        let part = |text: &str, wait_s: u32| json!({ "text": text, "images": [], "wait_s": wait_s });
        let mut parts = vec![
            part("The oven is 92 years old this week. A thread about flour, fire and patience.", 0),
            part("It was built by two brothers who could not agree on anything but bricks.", 900),
            part("Read the whole story: https://harbour.example/oven", 3_600),
        ];
        parts[0]["images"] = json!([{ "media": media, "alt": "The oven, its door open" }]);
        parts[2]["card"] = json!({
            "url": "https://harbour.example/oven", "title": "Ninety-two years of bread",
            "description": "How two brothers, one quarrel and eleven thousand bricks became the oven that we bake in.",
        });
        let base = json!({
            "parts": parts, "content_warning": "", "visibility": "public",
            "first_comment": "Which loaf should it bake on its birthday? #harbour #bread",
        });
        let persona = &personas[0]["persona"]["id"];
        let draft = json!({ "title": "", "persona": persona, "base": base, "targets": targets, "link_tags": text["link_tags"] });
        let post = window.call("create_post", &json!({ "draft": draft }))["post"].take();
        let route = format!("#/compose/{}", post.as_str().unwrap_or_default());
        self.all("compose-thread", || window.show(&route, ".first-comment"));
        self.all("compose-thread-end", || {
            window.show(&route, ".first-comment");
            window.script("document.querySelector('.first-comment').scrollIntoView({ block: 'center' })", &[]);
        });
        window.show(&route, ".first-comment");
        window.press(&[key::ALT, "x"]);
        self.all("crop", || {
            window.find("//dialog[@open]");
        });
        window.press(&[key::ESCAPE]);
    }

    fn sample(&self) {
        self.window.call("open_sample", &json!({}));
        self.window.show("#/", ".bar h1");
        for screen in SCREENS {
            self.all(screen.name, || {
                self.window.show(screen.route, screen.ready);
                (screen.then)(&self.window);
            });
            self.window.press(&[key::ESCAPE]);
        }
        for (name, words) in [
            ("compose-draft", "draft"),
            ("compose-scheduled", "scheduled"),
            ("compose-held", "held"),
            ("compose-published", "published"),
            ("compose-by-hand", "your_turn"),
        ] {
            let Some(post) = self.window.richest_post(words) else { continue };
            self.all(name, || self.window.show(&format!("#/compose/{post}"), "textarea"));
        }
        self.thread();
        self.history();
        self.import();
        self.series();
        self.picked();
        if let Some(post) = self.window.richest_post("draft") {
            self.all("compose-too-long", || {
                self.window.show(&format!("#/compose/{post}"), "textarea");
                self.window.script(WRITE_TOO_MUCH, &[]);
            });
        }
    }

    /// A post that was written in steps.
    #[expect(clippy::indexing_slicing, reason = "a missing field of an answer ends the run")]
    fn history(&self) {
        let window = &self.window;
        let Some(post) = window.richest_post("draft").map(|post| json!(post)) else { return };
        let draft = window.call("get_post", &json!({ "post": post }))["post"]["draft"].take();
        let copy = window.call("create_post", &json!({ "draft": draft }))["post"].take();
        let mut changed = draft.clone();
        for (number, text) in
            ["Come early.", "Come early, bring a bag.", "Come at eight, bring a bag."].into_iter().enumerate()
        {
            let first = draft["base"]["parts"][0]["text"].as_str().unwrap_or_default();
            changed["base"]["parts"][0]["text"] = json!(format!("{first} {text}"));
            window.call("edit_draft", &json!({ "post": copy, "read": number + 1, "draft": changed }));
            // another step in between, so that each is a version
            window.call("name_person", &json!({ "name": "Ada Berg" }));
        }
        self.all("compose-history", || {
            window.show(&format!("#/compose/{}", copy.as_str().unwrap_or_default()), "textarea");
            window.press(&[key::ALT, "h"]);
            window.find("//dialog[@open]//ins");
        });
        window.press(&[key::ESCAPE]);
    }

    /// A table before it comes in, with a row that cannot.
    fn import(&self) {
        let window = &self.window;
        self.all("import", || {
            if window.look_for("//dialog[@open]").is_none() {
                window.show("#/settings", ".bar h1");
                window.find("//*[@id='import']").click();
                window.choose_file("import-file", "spring plan.csv", TABLE);
                window.find("//dialog[@open]//button[contains(@class, 'chip')]").click();
            }
            window.see("One row has a problem");
        });
        window.press(&[key::ESCAPE]);
        self.all("export", || {
            if window.look_for("//dialog[@open]").is_none() {
                window.find("//*[@id='export']").click();
            }
            window.find("//*[@id='export-go']");
        });
        window.press(&[key::ESCAPE]);
    }

    /// Several posts at once.
    fn picked(&self) {
        let window = &self.window;
        window.show("#/calendar", READY);
        // it was left in another view
        window.press(&["1"]);
        window.find("//*[contains(concat(@class, ' '), 'month ')]");
        window.press(&["j"]);
        window.press(&["x"]);
        for _ in 0..3 {
            window.press(&[key::SHIFT, "j"]);
        }
        self.all("calendar-picked", || {
            window.see("4 selected");
        });
        window.press(&["s"]);
        self.all("calendar-move", || {
            window.find("//*[@id='move-date']");
        });
        window.press(&[key::ESCAPE]);
        window.press(&[key::ESCAPE]);
    }

    /// A post that comes again: its time, what it is part of, and all that come again.
    fn series(&self) {
        let window = &self.window;
        if let Some(post) = window.richest_post("draft") {
            window.show(&format!("#/compose/{post}"), "textarea");
            window.button("Pick a time").click();
            self.all("compose-repeat", || {
                window.set("schedule-date", "2099-03-01");
                window.set("schedule-time", "02:30");
                window.set("repeat", "week");
                window.set("repeat-ends", "after");
                window.see("posts, the last on");
            });
            window.press(&[key::ESCAPE]);
        }
        let post = window.repeated_post();
        self.all("compose-series", || window.show(&format!("#/compose/{post}"), "textarea"));
        self.all("series", || {
            if window.look_for("//dialog[@open]").is_none() {
                window.show("#/calendar", ".bar h1");
                window.button("Series").click();
            }
            window.see("more follow by themselves");
        });
        window.press(&[key::ESCAPE]);
        self.all("queues", || {
            if window.look_for("//dialog[@open]").is_none() {
                window.show("#/calendar", ".bar h1");
                window.button("Queues").click();
            }
            window.see("From the oven");
        });
        window.button("New queue").click();
        self.all("queue", || {
            window.find("//*[@id='queue-name']");
        });
        window.press(&[key::ESCAPE]);
        window.press(&[key::ESCAPE]);
        window.press(&[key::CONTROL, "k"]);
        window.type_keys("all snippets");
        window.press(&[key::ENTER]);
        self.all("snippets", || {
            window.see("Fresh from the oven");
        });
        window.button("New snippet").click();
        self.all("snippet", || {
            window.find("//*[@id='snippet-name']");
        });
        window.press(&[key::ESCAPE]);
        window.press(&[key::ESCAPE]);
        if let Some(review) = window.richest_post("in_review") {
            window.show(&format!("#/compose/{review}"), ".thread");
            self.all("comments", || {
                window.script("document.getElementById('comments')?.scrollIntoView({ block: 'center' })", &[]);
                window.see("Is this right now?");
            });
            window.press(&[key::CONTROL, "e"]);
            self.all("emoji", || {
                window.find("//*[@id='emoji-0']");
            });
            window.press(&[key::ESCAPE]);
            window.press(&[key::CONTROL, "j"]);
            self.all("snippet-choice", || {
                window.find("//*[@id='finder-0']");
            });
            window.press(&[key::ESCAPE]);
        }
        window.show("#/ideas", ".idea");
        window.press(&["j"]);
        window.press(&["e"]);
        self.all("idea", || {
            window.find("//*[@id='idea-note']");
        });
        window.press(&[key::ESCAPE]);
    }

    /// The picture in every theme and size.
    fn all(&self, name: &str, arrange: impl Fn()) {
        self.of_size(name, &SIZES, arrange);
    }

    fn of_size(&self, name: &str, sizes: &[(u32, u32)], arrange: impl Fn()) {
        for theme in THEMES {
            self.window.wear(theme);
            for (width, height) in sizes.iter().copied() {
                self.window.resize(width, height);
                arrange();
                self.window.settle();
                let path = self.folder.join(format!("{name}-{theme}-{width}.png"));
                save(&path, &self.window.picture());
            }
        }
    }
}

fn save(path: &Path, picture: &[u8]) {
    println!("{}", path.display());
    if let Err(error) = fs::write(path, picture) {
        eprintln!("{}: {error}", path.display());
    }
}
