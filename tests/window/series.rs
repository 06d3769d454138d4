//! A post that comes again, through the window: planned beside its time, seen in the calendar, changed, ended.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

fn planned(window: &Window) -> Vec<Value> {
    let page = window.call("list_posts", &json!({ "filter": { "statuses": ["scheduled"] }, "limit": 200 }));
    page["lines"].as_array().unwrap().clone()
}

fn are_planned(window: &Window, count: usize) {
    until("so many posts are planned", PATIENCE, || (planned(window).len() == count).then_some(()));
}

#[test]
fn ada_plans_ten_tuesdays_and_changes_her_mind() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    window.call("add_by_hand", &x);
    window.call("change_settings", &{
        let mut settings = window.call("get_program", &json!({}))["settings"].take();
        settings["zone"] = json!("Europe/Berlin");
        json!({ "settings": settings })
    });

    // a Tuesday that the clock jumps over nothing on
    window.show("#/compose", ".bar h1");
    window.field("Text of part 1").click();
    window.type_keys("Rye on Tuesdays");
    window.see("saved");
    window.find("//*[@id='pick-time']").click();
    window.set("schedule-date", "2099-01-06");
    window.set("schedule-time", "09:00");
    window.set("repeat", "week");
    window.see("Tue 6 Jan · Tue 13 Jan · Tue 20 Jan · Tue 27 Jan and so on");
    window.set("repeat-ends", "after");
    window.set("repeat-count", "10");
    window.see("10 posts, the last on Tue 10 Mar");
    // a rule that leads nowhere is refused in words, and what was chosen stays
    window.set("repeat", "rule");
    window.set("repeat-rule", "FREQ=HOURLY");
    window.see("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY");
    window.set("repeat", "week");
    window.button("Schedule the series").click();
    window.see("10 posts scheduled");
    are_planned(&window, 10);
    window.see("One of a series: Every week on Tuesday, 10 times.");

    // the calendar marks each, and all series are a press away
    window.call("get_calendar", &json!({ "from": "2099-01-01", "to": "2099-03-31", "filter": {} }));
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("all series");
    window.press(&[key::ENTER]);
    window.see("Every week on Tuesday, 10 times, 09:00 Berlin");
    window.see("10 posts wait, no more follow");
    window.press(&[key::ESCAPE]);

    // one word of this and all that follow
    let first = planned(&window).into_iter().min_by_key(|line| line["due_at"].as_str().map(str::to_owned)).unwrap();
    window.show(&format!("#/compose/{}", first["post"].as_str().unwrap()), ".bar h1");
    window.field("Text of part 1").click();
    window.script(
        "const field = document.activeElement; field.setSelectionRange(field.value.length, field.value.length)",
        &[],
    );
    window.type_keys("!");
    window.see("You changed this after sign-off");
    window.find("//*[@id='sign-all']").click();
    window.see("Changes signed off in 10 posts");
    let titles = || planned(&window).iter().filter(|line| line["title"] == "Rye on Tuesdays!").count();
    until("all say it", PATIENCE, || (titles() == 10).then_some(()));

    // it ends behind the first; z brings the others back
    window.find("//*[@id='stop-series']").click();
    window.see("The series has ended, 9 posts deleted");
    are_planned(&window, 1);
    window.press(&[key::ESCAPE]);
    window.press(&["z"]);
    are_planned(&window, 10);
    window.see("Undone: ended the series");
    drop(window);

    // and all of it stands there after a restart
    let window = desk.open();
    are_planned(&window, 10);
    window.show("#/calendar", ".calendar");
    window.find("//button[@aria-label='Series']").click();
    window.see("10 posts wait, no more follow");
    window.button("End").click();
    are_planned(&window, 0);
    window.see("No series");
}
