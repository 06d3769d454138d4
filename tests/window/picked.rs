//! Several posts at once in the calendar: picked by keys and by mouse, changed together, and taken back as one.

use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

/// What is planned, on the screen of Ada's desk.
struct Plan<'a> {
    window: &'a Window,
    day: Date,
    posts: Vec<Value>,
}

impl<'a> Plan<'a> {
    /// Three posts on the days of one week of the month after next, and a draft.
    fn new(window: &'a Window) -> Self {
        window.see("Welcome to Sendoff");
        window.call("finish_welcome", &json!({}));
        let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
        let account = window.call("add_by_hand", &x)["account"].take();
        let program = window.call("get_program", &json!({}));
        let zone = program["zone"].as_str().unwrap().to_owned();
        let now: jiff::Timestamp = program["now"].as_str().unwrap().parse().unwrap();
        let today = now.to_zoned(jiff::tz::TimeZone::get(&zone).unwrap()).date();
        let month = today.first_of_month().checked_add(2.months()).unwrap();
        let day = month.nth_weekday_of_month(2, jiff::civil::Weekday::Tuesday).unwrap();
        let write = |text: &str| {
            let part = json!({ "text": text, "images": [] });
            let base = json!({ "parts": [part], "content_warning": "", "visibility": "public" });
            let targets = json!([{ "account": account, "variant": null }]);
            let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
            window.call("create_post", &json!({ "draft": draft }))["post"].take()
        };
        let posts = ["Rye", "Wheat", "Oats"].iter().zip(0..).map(|(text, by)| {
            let post = write(text);
            let local = day.checked_add(by.days()).unwrap().at(9, 0, 0, 0);
            let when = json!({ "local": local, "zone": zone });
            window.call("schedule_post", &json!({ "post": post, "read": 1, "when": when }));
            post
        });
        let posts = posts.collect();
        write("A draft");
        Self { window, day, posts }
    }

    /// So many days after the first day that was planned, or none.
    fn stand(&self, wanted: &[Option<i32>]) {
        let stands = || {
            let days = self.posts.iter().map(|post| {
                let local = self.window.call("get_post", &json!({ "post": post }))["post"]["schedule"]["local"].take();
                let local: jiff::civil::DateTime = local.as_str()?.parse().ok()?;
                Some(self.day.until(local.date()).unwrap().get_days())
            });
            days.collect::<Vec<_>>()
        };
        let begun = std::time::Instant::now();
        let mut last = stands();
        while last != wanted {
            assert!(begun.elapsed() < PATIENCE, "not {wanted:?} but {last:?}");
            std::thread::sleep(Duration::from_millis(50));
            last = stands();
        }
    }

    fn are(&self, status: &str) {
        until(status, PATIENCE, || {
            let is = |post: &Value| self.window.call("get_post", &json!({ "post": post }))["post"]["status"] == status;
            self.posts.iter().all(is).then_some(())
        });
    }

    /// Picks all that are shown. An answer that comes just then may bring more of them, or let go of what was picked before.
    fn picks_all(&self, count: usize) {
        until("all of them are picked", PATIENCE, || {
            self.window.press(&[key::CONTROL, "a"]);
            self.window.settle();
            (self.count() == count).then_some(())
        });
    }

    fn count(&self) -> Value {
        self.window.script("return document.querySelectorAll('.picked').length", &[])
    }

    fn picked(&self, count: usize) {
        until("so many are picked", PATIENCE, || (self.count() == count).then_some(()));
    }
}

#[test]
fn several_posts_are_picked_and_changed_as_one() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    let plan = Plan::new(&window);
    let week = [Some(0), Some(1), Some(2)];
    window.resize(1280, 800);
    window.show("#/calendar", ".month");
    window.press(&["n"]);
    window.press(&["n"]);
    window.find("//*[contains(@class, 'ev ')][contains(., 'Rye')]");

    // by keys: one, and the stretch behind it
    window.press(&["j"]);
    window.press(&["x"]);
    plan.picked(1);
    window.press(&[key::SHIFT, "j"]);
    plan.picked(2);
    window.see("2 selected");
    for _ in 0..2 {
        window.press(&[key::SHIFT, key::RIGHT]);
    }
    plan.stand(&[Some(2), Some(3), Some(2)]);
    window.see("2 posts moved 1 day later");
    window.press(&["z"]);
    window.see("Undone: moved 2 posts");
    plan.stand(&[Some(1), Some(2), Some(2)]);
    window.press(&["z"]);
    plan.stand(&week);

    // all that are shown, on hold and on
    plan.picks_all(3);
    window.press(&["h"]);
    window.see("3 posts are on hold");
    plan.are("held");
    window.press(&["h"]);
    window.see("3 posts resumed");
    plan.are("scheduled");
    window.press(&[key::ESCAPE]);
    plan.picked(0);

    // by the mouse, and dragged together
    let click = "const e = [...document.querySelectorAll('.ev')].find(e => e.innerText.includes(arguments[0])); \
        e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: !arguments[1], shiftKey: arguments[1] }))";
    window.script(click, &[json!("Rye"), json!(false)]);
    plan.picked(1);
    window.script(click, &[json!("Oats"), json!(true)]);
    plan.picked(3);
    let drag = "const data = new DataTransfer(); \
        const from = [...document.querySelectorAll('.ev-holder')].find(e => e.innerText.includes('Rye')); \
        const days = [...document.querySelectorAll('.day')], to = days[days.indexOf(from.closest('.day')) + 7]; \
        const fire = (on, kind) => on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data })); \
        fire(from, 'dragstart'); fire(to, 'dragover'); fire(to, 'drop')";
    window.script(drag, &[]);
    plan.stand(&[Some(7), Some(8), Some(9)]);
    window.see("3 posts moved 7 days later");
    window.press(&["z"]);
    plan.stand(&week);

    // to a date and a time of the day, in the week
    window.press(&["2"]);
    window.find("//*[contains(concat(@class, ' '), 'week-grid ')]");
    plan.picks_all(3);
    window.press(&["s"]);
    window.see("Move 3 posts");
    let to = plan.day.checked_add(4.days()).unwrap();
    window.set("move-date", &to.to_string());
    window.set("move-time", "10:30");
    window.find("//*[@id='move-go']").click();
    plan.stand(&[Some(4), Some(4), Some(4)]);
    window.press(&["z"]);
    plan.stand(&week);

    // off the schedule; with the draft they are scheduled from their list, as far as that can be
    plan.picks_all(3);
    window.press(&["u"]);
    plan.are("draft");
    window.press(&["4"]);
    window.find("(//*[contains(@class, 'draft-line')])[4]");
    plan.picks_all(4);
    window.press(&[key::DELETE]);
    window.see("4 posts deleted");
    window.press(&["z"]);
    window.find("(//*[contains(@class, 'draft-line')])[4]");
    window.press(&["z"]);
    plan.are("scheduled");
    plan.stand(&week);

    // what the calendar is filtered by outlives the program
    window.press(&["1"]);
    window.find("//button[@aria-label='All states']").click();
    window.find("//*[@role='menuitemcheckbox'][contains(., 'On hold')]").click();
    window.press(&[key::ESCAPE]);
    window.find("//button[@aria-label='All states'][contains(., 'On hold')]");
    until("the filter is kept", PATIENCE, || {
        let kept = window.call("get_program", &json!({}))["settings"]["calendar_filter"]["statuses"].take();
        (kept == json!(["held"])).then_some(())
    });
    drop(window);
    let window = desk.open();
    window.show("#/calendar", ".calendar");
    window.find("//button[@aria-label='All states'][contains(., 'On hold')]");
}
