//! The calendar by keyboard alone: one post is current, it can be seen, it has the focus, and every key acts on exactly it.

use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);
/// More than any day shows at once.
const CROWD: usize = 9;

#[test]
fn every_key_acts_on_the_post_that_has_the_focus() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    let plan = Plan::of_a_crowded_month(&window);
    plan.goes_there();
    plan.walks_through_the_crowd();
    plan.moves_unschedules_and_deletes();
    plan.opens_and_comes_back();
    plan.shows_the_same_post_in_every_view();
    plan.opens_the_whole_day();
    plan.goes_as_the_arrows_point();
    plan.finds_nothing();
}

/// A month with one crowded day, and one post on the day before and one on the day after.
struct Plan<'a> {
    window: &'a Window,
    day: Date,
    eve: String,
    crowd: Vec<String>,
    morrow: String,
}

impl<'a> Plan<'a> {
    fn of_a_crowded_month(window: &'a Window) -> Self {
        window.see("Welcome to Sendoff");
        window.call("open_sample", &json!({}));
        window.see("Sample profile");
        window.resize(1280, 800);
        let program = window.call("get_program", &json!({}));
        let zone = program["zone"].as_str().unwrap().to_owned();
        let now: jiff::Timestamp = program["now"].as_str().unwrap().parse().unwrap();
        let today = now.to_zoned(jiff::tz::TimeZone::get(&zone).unwrap()).date();
        // beyond everything that the sample plans, and a Wednesday, so that its neighbours stand in the same week
        let month = today.first_of_month().checked_add(4.months()).unwrap();
        let day = month.nth_weekday_of_month(2, jiff::civil::Weekday::Wednesday).unwrap();
        let account = window.call("list_accounts", &json!({}))[0]["account"]["id"].clone();
        let post = |title: &str, day: Date, hour: i8| {
            let part = json!({ "text": format!("{title}, and more"), "images": [] });
            let base = json!({ "parts": [part], "content_warning": "", "visibility": "public" });
            let targets = json!([{ "account": account, "variant": null }]);
            let draft = json!({ "title": title, "persona": null, "base": base, "targets": targets });
            let written = window.call("create_post", &json!({ "draft": draft }));
            let when = json!({ "local": day.at(hour, 0, 0, 0), "zone": zone });
            let schedule = json!({ "post": written["post"], "read": written["version"], "when": when });
            window.call("schedule_post", &schedule);
            written["post"].as_str().unwrap().to_owned()
        };
        let eve = post("On the eve", day.yesterday().unwrap(), 9);
        let crowd = (1..).take(CROWD).map(|nth| post(&format!("In the crowd {nth}"), day, 8 + nth)).collect();
        let morrow = post("On the morrow", day.tomorrow().unwrap(), 9);
        Self { window, day, eve, crowd, morrow }
    }

    fn press(&self, keys: &[&str]) {
        self.window.press(keys);
    }

    /// The current post: it alone is marked, it alone is reached by Tab, it has the focus, and nothing hides it but what passes.
    fn current(&self) -> Value {
        let code = "const marked = [...document.querySelectorAll('.ev.selected, .list-line.selected .post-link')]; \
            const stops = [...document.querySelectorAll('.calendar :is(.ev, .post-link)[tabindex=\"0\"]')]; \
            const active = document.activeElement; const box = active.getBoundingClientRect(); \
            const at = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
            const above = at.find(e => !e.closest('.toasts')); \
            const seen = box.height > 10 && (active === above || active.contains(above)); \
            if (marked.length !== 1 || stops.length !== 1 || marked[0] !== active || stops[0] !== active || !seen) \
                return { marked: marked.map(e => e.innerText), stops: stops.map(e => e.innerText), \
                         active: active.tagName + '#' + active.id + '.' + active.className, seen, \
                         above: above?.className, box: [box.x, box.y, box.width, box.height] }; \
            return active.id.replace('event-', '')";
        self.window.script(code, &[])
    }

    fn is_at(&self, post: &str) {
        self.is(&json!(post), || self.current());
    }

    /// Nothing is current, and the focus is in the view.
    fn is_in_the_view(&self) {
        self.is(&json!("calendar-view"), || self.window.script("return document.activeElement.id", &[]));
    }

    fn is(&self, wanted: &Value, look: impl Fn() -> Value) {
        let mut last = Value::Null;
        let begun = std::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            last = look();
            if last == *wanted {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("not {wanted} but {last}\n{}", self.window.text());
    }

    fn has(&self, post: &str, what: &str, wanted: &Value) {
        self.is(wanted, || self.window.call("get_post", &json!({ "post": post })).pointer(what).cloned().unwrap());
    }

    fn due(&self, post: &str, day: Date, hour: i8) {
        self.has(post, "/post/schedule/local", &json!(day.at(hour, 0, 0, 0)));
    }

    /// Takes back what was done, once that is said: before, there is nothing to take back.
    fn takes_back(&self, said: &str) {
        self.window.see(said);
        self.press(&["z"]);
    }

    fn goes_there(&self) {
        self.window.show("#/calendar", ".month");
        self.is_in_the_view();
        for _ in 0..4 {
            self.press(&["n"]);
        }
        let title = self.day.strftime("%B %Y").to_string();
        self.window.find(&format!("//h1[.='{title}']"));
        self.window.find("//*[contains(@class, 'ev ')][contains(., 'On the eve')]");
        self.is_in_the_view();
    }

    fn walks_through_the_crowd(&self) {
        self.press(&["j"]);
        self.is_at(&self.eve);
        for (at, post) in self.crowd.iter().enumerate() {
            self.press(&["j"]);
            self.is_at(post);
            self.window.find(&format!("//button[@class='more'][contains(., '{} of {CROWD}')]", at + 1));
        }
        self.press(&["j"]);
        self.is_at(&self.morrow);
        self.window.find(&format!("//button[@class='more'][contains(., '{} more')]", CROWD - 2));
        self.press(&["j"]);
        self.is_at(&self.morrow);
        for post in self.crowd.iter().rev() {
            self.press(&["k"]);
            self.is_at(post);
        }
    }

    /// Each key on a post that a crowded day would hide.
    fn moves_unschedules_and_deletes(&self) {
        for _ in 0..5 {
            self.press(&["j"]);
        }
        let (sixth, seventh, eighth) = (&self.crowd[5], &self.crowd[6], &self.crowd[7]);
        self.is_at(sixth);
        self.press(&[key::SHIFT, key::RIGHT]);
        self.due(sixth, self.day.tomorrow().unwrap(), 14);
        self.is_at(sixth);
        self.press(&[key::SHIFT, key::LEFT]);
        self.due(sixth, self.day, 14);
        self.is_at(sixth);

        self.press(&["j"]);
        self.is_at(seventh);
        self.press(&["u"]);
        self.has(seventh, "/post/status", &json!("draft"));
        self.is_at(eighth);
        self.takes_back("“In the crowd 7” is a draft again");
        self.has(seventh, "/post/status", &json!("scheduled"));
        self.window.find(&format!("//button[@class='more'][contains(., 'of {CROWD}')]"));

        self.is_at(eighth);
        self.press(&[key::DELETE]);
        self.has(eighth, "/post/deleted", &json!(true));
        self.is_at(&self.crowd[8]);
        self.takes_back("“In the crowd 8” deleted");
        self.has(eighth, "/post/deleted", &json!(false));
        for post in &self.crowd {
            self.has(post, "/post/status", &json!("scheduled"));
        }
    }

    fn opens_and_comes_back(&self) {
        let last = &self.crowd[8];
        self.is_at(last);
        self.press(&[key::ENTER]);
        let address = json!(format!("#/compose/{last}"));
        self.is(&address, || self.window.script("return location.hash", &[]));
        self.window.show("#/calendar", ".month");
        self.is_at(last);
    }

    fn shows_the_same_post_in_every_view(&self) {
        let post = &self.crowd[8];
        for (view, shown) in [("2", "week-grid"), ("3", "calendar-list"), ("1", "month"), ("2", "week-grid")] {
            self.press(&[view]);
            self.window.find(&format!("//*[contains(concat(@class, ' '), '{shown} ')]"));
            self.is_at(post);
        }
        // out of the week, and the week comes along
        let days = (1..=4).map(|by| self.day.checked_add(by.days()).unwrap());
        for day in days.chain([self.day.checked_add(5.days()).unwrap()]) {
            self.press(&[key::SHIFT, key::RIGHT]);
            self.due(post, day, 17);
            self.is_at(post);
        }
        self.press(&["3"]);
        self.is_at(post);
        self.press(&[key::DELETE]);
        self.is_at(&self.morrow);
        self.takes_back("“In the crowd 9” deleted");
        self.has(post, "/post/deleted", &json!(false));
        self.press(&["4"]);
        self.window.find("//h1[.='Drafts']");
        self.is_in_the_view();
        // it is remembered while it is not shown
        self.press(&["1"]);
        self.is_at(&self.morrow);
        // the month as it was left is shown until the program answered
        self.window.find(&format!("//*[contains(@aria-label, ': {} posts')]", CROWD - 1));
    }

    fn opens_the_whole_day(&self) {
        for post in self.crowd.iter().take(CROWD - 1).rev() {
            self.press(&["k"]);
            self.is_at(post);
        }
        self.press(&["d"]);
        let at = |post: &str| {
            self.is(&json!(format!("day-{post}")), || self.window.script("return document.activeElement.id", &[]));
        };
        at(&self.crowd[0]);
        self.press(&["j"]);
        at(&self.crowd[1]);
        self.press(&[key::DOWN]);
        at(&self.crowd[2]);
        self.press(&[key::UP]);
        at(&self.crowd[1]);
        self.press(&["u"]);
        self.has(&self.crowd[1], "/post/status", &json!("draft"));
        at(&self.crowd[2]);
        self.press(&[key::ESCAPE]);
        self.is_at(&self.crowd[2]);
    }

    fn goes_as_the_arrows_point(&self) {
        self.press(&[key::UP]);
        self.is_at(&self.crowd[0]);
        self.press(&[key::LEFT]);
        self.is_at(&self.eve);
        self.press(&["2"]);
        self.is_at(&self.eve);
        self.press(&[key::RIGHT]);
        self.is_at(&self.crowd[0]);
        self.press(&[key::RIGHT]);
        self.is_at(&self.morrow);
        self.press(&[key::RIGHT]);
        self.is_at(&self.crowd[8]);
        self.press(&[key::LEFT]);
        self.is_at(&self.morrow);
    }

    fn finds_nothing(&self) {
        self.press(&["4"]);
        self.is_in_the_view();
        self.press(&["/"]);
        self.is(&json!("calendar-filter"), || self.window.script("return document.activeElement.id", &[]));
        self.window.type_keys("nowhere");
        self.window.see("No draft matches “nowhere”");
        let clear = "//*[contains(@class, 'empty')]//button[contains(., 'Clear the filter')]";
        until("Tab leads to it", PATIENCE, || {
            self.press(&[key::TAB]);
            (self.window.focus() == "BUTTON# Clear the filter").then_some(())
        });
        self.window.find(clear);
        self.press(&[key::ENTER]);
        self.window.find("//*[contains(@class, 'draft-line')]");
        self.is_in_the_view();
    }
}
