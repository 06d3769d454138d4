//! Nobody is shut out: axe-core finds nothing to complain about on any screen, light or dark.

use serde_json::json;
use testkit::window::{Axe, Window, key};

use crate::desk::{Desk, choose, go};

#[test]
fn no_screen_shuts_anybody_out() {
    let (Some(axe), Some(desk)) = (Axe::installed(), Desk::new()) else { return };
    let window = desk.open();
    let mut look = Look { window: &window, axe, found: Vec::new() };
    look.first_start();
    look.nothing_yet();
    look.sample();
    look.commands();
    let found = look.found;
    assert!(found.is_empty(), "{} violations:\n\n{}", found.len(), found.join("\n\n"));
}

struct Look<'a> {
    window: &'a Window,
    axe: Axe,
    found: Vec<String>,
}

impl Look<'_> {
    /// Judges what is shown now, in both themes.
    fn at(&mut self, place: &str) {
        for theme in ["light", "dark"] {
            self.window.wear(theme);
            self.window.settle();
            let found = self.axe.violations(self.window);
            self.found.extend(found.into_iter().map(|violation| format!("{place}, {theme}: {violation}")));
        }
    }

    fn screen(&mut self, route: &str) {
        self.window.show(route, ".bar h1");
        self.at(route);
    }

    /// The welcome, step by step, with the mistakes that people make.
    fn first_start(&mut self) {
        let window = self.window;
        window.see("Welcome to Sendoff");
        self.at("welcome");
        window.field("Your name").write("Ada");
        window.button("Next").click();
        window.find("//label[starts-with(normalize-space(.), 'Passphrase')]").click();
        window.find("//input[@id='passphrase']").write("short");
        self.at("making the vault");
        window.find("//label[contains(., 'System keyring')]").click();
        window.button("Create the vault").click();
        window.see("Write down the recovery key");
        self.at("the recovery key");
        window.button("I’ve written it down").click();
        window.field("Recovery key").write("wrong");
        window.button("Confirm").click();
        window.find("//*[contains(@class, 'field-error')]");
        self.at("the recovery key typed wrong");
        window.button("Later").click();
        window.see("How would you like to start?");
        self.at("how to begin");
        self.connecting();
        window.button("Start with an empty calendar").click();
        window.find("//nav//a[@aria-current='page'][contains(., 'Today')]");
    }

    fn connecting(&mut self) {
        let window = self.window;
        window.find("//button[contains(@class, 'way')][contains(., 'Connect an account')]").click();
        self.at("which network");
        window.find("//*[@id='choose-bluesky']").click();
        choose(window, "App password");
        window.button("Sign in").click();
        window.find("//*[contains(@class, 'field-error')]");
        self.at("signing in with nothing typed");
        window.field("Handle").write("ada.example.invalid");
        window.find("//input[@id='connect-password']").write("abcd-efgh-ijkl-mnop");
        window.button("Sign in").click();
        window.find("//dialog[@open]//*[contains(@class, 'notice')]");
        self.at("signing in at a server that is not there");
        window.find("//dialog[@open]//button[@aria-label='Close']").click();
    }

    /// Every screen before anything is there.
    fn nothing_yet(&mut self) {
        for route in ["#/", "#/calendar", "#/accounts", "#/personas", "#/settings", "#/vault"] {
            self.screen(route);
        }
        self.window.show("#/compose", "textarea");
        self.at("an empty post");
    }

    /// Every screen with a year of posts.
    fn sample(&mut self) {
        let window = self.window;
        window.call("open_sample", &json!({}));
        window.see("Sample profile");
        for route in ["#/", "#/accounts", "#/personas", "#/settings", "#/vault"] {
            self.screen(route);
        }
        window.show("#/calendar", ".bar h1");
        for view in ["Month", "Week", "List", "Drafts"] {
            choose(window, view);
            self.at(&format!("calendar: {view}"));
        }
        choose(window, "Month");
        window.find("//*[contains(@class, 'month')]//*[contains(@class, 'ev ')]");
        window.press(&["j"]);
        window.press(&["x"]);
        window.press(&[key::SHIFT, "j"]);
        window.see("2 selected");
        self.at("calendar: several posts picked");
        window.press(&["e"]);
        window.find("//*[@id='entry-title']");
        self.at("a note in the calendar");
        window.press(&[key::ESCAPE]);
        window.press(&["s"]);
        window.find("//*[@id='move-date']");
        self.at("moving several posts");
        window.press(&[key::ESCAPE]);
        window.press(&[key::ESCAPE]);
        self.posts();
        go(window, "Accounts");
        window.button("Connect an account").click();
        window.find("//*[@id='choose-mastodon']").click();
        self.at("connecting Mastodon");
        window.press(&[key::ESCAPE]);
        window.button("Connect an account").click();
        window.find("//*[@id='choose-x']").click();
        self.at("adding an account by hand");
        window.press(&[key::ESCAPE]);
        self.importing();
    }

    fn importing(&mut self) {
        let window = self.window;
        go(window, "Settings");
        window.find("//*[@id='import']").click();
        self.at("choosing a table");
        window.choose_file("import-file", "plan.csv", "Text,Posting Time,Tags\nRye,2099-05-04 08:00,\n,one day,\n");
        window.see("2 rows have problems");
        self.at("a table before it comes in");
        window.press(&[key::ESCAPE]);
        window.find("//*[@id='export']").click();
        self.at("what to export");
        window.press(&[key::ESCAPE]);
    }

    fn posts(&mut self) {
        let window = self.window;
        for status in ["draft", "scheduled", "held", "published", "your_turn", "unsure", "missed", "failed"] {
            let Some(post) = window.richest_post(status) else { continue };
            window.show(&format!("#/compose/{post}"), "textarea");
            self.at(&format!("a post: {status}"));
        }
        let draft = window.richest_post("draft").expect("the sample has drafts");
        window.show(&format!("#/compose/{draft}"), "textarea");
        window.button("Pick a time").click();
        self.at("the time picker");
        window.set("repeat", "rule");
        window.set("repeat-rule", "FREQ=HOURLY");
        self.at("a rule that is not understood");
        window.set("repeat", "week");
        window.set("repeat-ends", "after");
        self.at("how often it comes again");
        window.press(&[key::ESCAPE]);
        let repeated = window.repeated_post();
        window.show(&format!("#/compose/{repeated}"), "textarea");
        self.at("a post of a series");
        window.show("#/calendar", ".bar h1");
        window.button("Series").click();
        window.see("more follow by themselves");
        self.at("all series");
        window.press(&[key::ESCAPE]);
        window.button("Queues").click();
        window.see("From the oven");
        self.at("all queues");
        window.button("New queue").click();
        window.find("//*[@id='queue-name']");
        self.at("a new queue");
        window.button("Cancel").click();
        window.see("From the oven");
        window.press(&[key::ESCAPE]);
        window.press(&[key::CONTROL, "k"]);
        window.type_keys("all snippets");
        window.press(&[key::ENTER]);
        window.see("Fresh from the oven");
        self.at("all snippets");
        window.button("New snippet").click();
        window.find("//*[@id='snippet-name']");
        self.at("a new snippet");
        window.button("Cancel").click();
        window.see("Fresh from the oven");
        window.press(&[key::ESCAPE]);
        window.show("#/ideas", ".idea");
        self.at("the board of ideas");
        window.press(&["j"]);
        window.press(&["e"]);
        window.find("//*[@id='idea-note']");
        self.at("an idea");
        window.press(&[key::ESCAPE]);
        if let Some(review) = window.richest_post("in_review") {
            window.show(&format!("#/compose/{review}"), "textarea");
            window.see("Is this right now?");
            self.at("a post with comments");
            window.press(&[key::ALT, "c"]);
            window.find("//*[@id='comment-text']");
            self.at("a comment");
            window.press(&[key::ESCAPE]);
        }
        window.show("#/library", ".media-tile");
        self.at("the library");
        window.press(&["j"]);
        window.find("//*[@id='media-alt']");
        self.at("a file of the library");
        window.press(&[key::CONTROL, "a"]);
        window.find("//*[@id='media-tag']");
        self.at("several files of the library");
        window.press(&["n"]);
        window.find("//*[@id='add-choose']");
        self.at("files that come in");
        window.press(&[key::ESCAPE]);
        window.show(&format!("#/compose/{draft}"), "textarea");
        window.press(&[key::ALT, "i"]);
        window.find("//dialog[@open]//*[contains(@class, 'media-tile')]");
        self.at("images from the library");
        window.press(&[key::ESCAPE]);
        window.press(&[key::ALT, "h"]);
        self.at("the version history");
        window.press(&[key::ESCAPE]);
        window.press(&[key::CONTROL, "j"]);
        window.find("//*[@id='finder']");
        self.at("choosing a snippet");
        window.press(&[key::ESCAPE]);
        window.press(&[key::CONTROL, "e"]);
        window.find("//*[@id='emoji-0']");
        self.at("the emoji picker");
        window.press(&[key::ESCAPE]);
        if let Some(image) = window.look_for("//button[contains(., 'Alt text') or contains(., 'alt text')]") {
            image.click();
            self.at("the alt text");
            window.press(&[key::ESCAPE]);
        }
    }

    /// What lies over the screens.
    fn commands(&mut self) {
        let window = self.window;
        window.show("#/", ".bar h1");
        window.press(&[key::CONTROL, "k"]);
        self.at("the palette");
        window.type_keys("cal");
        self.at("the palette with something typed");
        window.press(&[key::ESCAPE]);
        window.press(&["?"]);
        self.at("the shortcuts");
        window.press(&[key::ESCAPE]);
    }
}
