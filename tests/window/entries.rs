//! Holidays, launches and notes in the calendar: by a key and by a press on a day, changed, moved, deleted and taken back.

use std::time::Duration;

use serde_json::json;
use testkit::until;
use testkit::window::key;

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn ada_writes_into_the_calendar_what_is_no_post() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    window.resize(1280, 800);
    window.show("#/calendar", ".month");
    let count = |selector: &str, wanted: usize| {
        until(selector, PATIENCE, || {
            let found = window.script("return document.querySelectorAll(arguments[0]).length", &[json!(selector)]);
            (found == wanted).then_some(())
        });
    };

    // by its key, on today; without a title nothing is kept
    window.press(&["e"]);
    window.find("//*[@id='save-entry']").click();
    window.see("Enter a title.");
    window.find("//*[@id='entry-title']").click();
    window.type_keys("Flour arrives");
    window.find("//label[contains(., 'Launch')]").click();
    window.find("//*[@id='save-entry']").click();
    window.see("“Flour arrives” is in the calendar");
    count(".month .strip", 1);

    // by a press on another day, over three days
    window.press(&["n"]);
    let press = "document.querySelectorAll('.month .add-entry')[15].click()";
    // what stands on the last days of one month may be seen in the next one too
    let program = window.call("get_program", &json!({}));
    let now: jiff::Timestamp = program["now"].as_str().unwrap().parse().unwrap();
    let zone = jiff::tz::TimeZone::get(program["zone"].as_str().unwrap()).unwrap();
    let next = now.to_zoned(zone).date().first_of_month().checked_add(jiff::Span::new().months(1)).unwrap();
    window.find(&format!("//h1[.='{}']", next.strftime("%B %Y")));
    window.find("//*[contains(@class, 'month')]//*[contains(@class, 'add-entry')]");
    let seen = window.script("return document.querySelectorAll('.month .strip').length", &[]).as_u64().unwrap();
    let seen = usize::try_from(seen).unwrap();
    window.script(press, &[]);
    window.find("//*[@id='entry-title']").write("Oven repairs");
    let first = window.script("return document.getElementById('entry-from').value", &[]);
    let first: jiff::civil::Date = first.as_str().unwrap().parse().unwrap();
    let last = first.checked_add(jiff::Span::new().days(2)).unwrap();
    window.set("entry-to", &last.to_string());
    window.find("//*[@id='entry-note']").write("No bread until it is done");
    window.find("//*[@id='save-entry']").click();
    count(".month .strip", seen + 3);
    let calendar = || window.call("get_calendar", &json!({ "from": first, "to": last, "filter": {} }));

    // dragged by a week, and back
    let drag = "const data = new DataTransfer(), days = [...document.querySelectorAll('.day')]; \
        const from = [...document.querySelectorAll('.strip')].find(e => e.innerText.includes('Oven')), to = days[days.indexOf(from.closest('.day')) + 7]; \
        const fire = (on, kind) => on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data })); \
        fire(from, 'dragstart'); fire(to, 'dragover'); fire(to, 'drop')";
    window.script(drag, &[]);
    window.see("“Oven repairs” moved to");
    until("it is gone from here", PATIENCE, || {
        calendar()["entries"].as_array().is_none_or(Vec::is_empty).then_some(())
    });
    window.press(&["z"]);
    window.see("Undone: changed in the calendar “Oven repairs”");

    // in the week and the list, changed there
    count(".month .strip", seen + 3);
    window.press(&["3"]);
    window.see("No bread until it is done");
    window.find("//*[contains(@class, 'strip')][contains(., 'Oven repairs')]").click();
    window.find("//*[@id='entry-title']").rewrite("Oven is repaired");
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("“Oven is repaired” is in the calendar");
    drop(window);

    // it stands there after a restart, and goes
    let window = desk.open();
    window.show("#/calendar", ".month");
    window.press(&["n"]);
    window.find("//*[contains(@class, 'strip')][contains(., 'Oven is repaired')]").click();
    window.find("//*[@id='delete-entry']").click();
    window.see("“Oven is repaired” deleted");
    window.press(&["z"]);
    window.find("//*[contains(@class, 'strip')][contains(., 'Oven is repaired')]");
}
