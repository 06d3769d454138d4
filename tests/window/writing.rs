//! Compose in the sample profile: what is typed is stored, and what is taken away comes back.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_post_is_written_split_moved_joined_and_brought_back() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.call("open_sample", &json!({}));
    window.see("Today");
    window.script("location.hash = '#/compose'", &[]);

    let field = window.field("Text of part 1");
    until("a new post can be written at once", PATIENCE, || focused(&window, "Text of part 1").then_some(()));
    for (typed, whole) in [("Rye", "Rye"), (" bread", "Rye bread"), (" at noon", "Rye bread at noon")] {
        window.type_keys(typed);
        stored(&window, "base", &[whole]);
    }
    window.see("saved");
    assert_eq!(field.read(), "Rye bread at noon");
    choose_accounts(&window, 2);

    // the rest of the text goes into a part of its own, with the caret
    window.field("Text of part 1").click();
    window.script("document.activeElement.setSelectionRange(9, 9)", &[]);
    window.press(&[key::ALT, key::ENTER]);
    stored(&window, "base", &["Rye bread", "at noon"]);
    until("the new part has the caret", PATIENCE, || focused(&window, "Text of part 2").then_some(()));
    window.type_keys("Now ");
    stored(&window, "base", &["Rye bread", "Now at noon"]);
    assert_eq!(window.script("return document.activeElement.selectionStart", &[]), 4);

    of_part(&window, 2, "Move up");
    stored(&window, "base", &["Now at noon", "Rye bread"]);
    until("the caret goes with it", PATIENCE, || focused(&window, "Text of part 1").then_some(()));
    drag_part(&window, 1, 0);
    stored(&window, "base", &["Rye bread", "Now at noon"]);
    until("the caret goes with it", PATIENCE, || focused(&window, "Text of part 1").then_some(()));
    drag_part(&window, 0, 1);
    stored(&window, "base", &["Now at noon", "Rye bread"]);
    of_part(&window, 2, "Join with the part above");
    stored(&window, "base", &["Now at noon\n\nRye bread"]);
    window.see("Parts joined.");
    window.button("Undo").click();
    stored(&window, "base", &["Now at noon", "Rye bread"]);
    of_part(&window, 2, "Remove part");
    window.see("Part removed.");
    stored(&window, "base", &["Now at noon"]);
    window.button("Undo").click();
    stored(&window, "base", &["Now at noon", "Rye bread"]);

    one_account_has_its_own_text(&window);
    an_image_comes_in(&window);
    what_stands_in_the_way_is_shown_first(&window);
    a_text_that_is_too_long_becomes_a_thread(&window);
    the_same_text_twice_is_said(&window);
}

/// A text of its own leaves the others alone, and following the base again can be undone.
fn one_account_has_its_own_text(window: &Window) {
    window.find("//*[contains(@class, 'layers')]//button[2]").click();
    let field = window.field("Text of part 1");
    field.click();
    window.press(&[key::CONTROL, "a"]);
    window.type_keys("Only here");
    stored(window, "own", &["Only here", "Rye bread"]);
    stored(window, "base", &["Now at noon", "Rye bread"]);
    let shown = window.find("//*[contains(@class, 'pv-body') or contains(@class, 'pv')]").read();
    assert!(shown.contains("Only here"), "the preview follows the layer: {shown}");
    window.button("Use the shared text again").click();
    window.see("This account uses the shared text again.");
    stored(window, "own", &[]);
    window.button("Undo").click();
    stored(window, "own", &["Only here", "Rye bread"]);
    window.find("//*[contains(@class, 'layers')]//button[1]").click();
    until("the base is back", PATIENCE, || (window.field("Text of part 1").read() == "Now at noon").then_some(()));
}

/// An image that is dropped on a part is taken into the program and shown.
fn an_image_comes_in(window: &Window) {
    let code = "const done = arguments[0]; const canvas = document.createElement('canvas'); canvas.width = 40; \
        canvas.height = 30; canvas.getContext('2d').fillRect(0, 0, 20, 30); canvas.toBlob((blob) => { \
        const data = new DataTransfer(); data.items.add(new File([blob], 'loaf.png', { type: 'image/png' })); \
        const input = document.querySelector('input[type=file][data-part=\"1\"]'); input.files = data.files; \
        input.dispatchEvent(new Event('change', { bubbles: true })); done(null); }, 'image/png')";
    window.script_until_done(code, &[]);
    let images = || draft(window)["base"]["parts"][1]["images"].as_array().map_or(0, Vec::len);
    until("the image is stored", PATIENCE, || (images() == 1).then_some(()));
    window.find("//section[contains(@class, 'part')][2]//*[contains(@class, 'tile')]//img");
    window.find("//section[contains(@class, 'part')][2]//button[contains(@aria-label, 'emove')]").click();
    window.see("Image removed.");
    until("the image is gone", PATIENCE, || (images() == 0).then_some(()));
    window.button("Undo").click();
    until("the image is back", PATIENCE, || (images() == 1).then_some(()));
}

/// Schedule with a text that is too long goes to that part, and opens no picker.
fn what_stands_in_the_way_is_shown_first(window: &Window) {
    window.field("Text of part 2").click();
    window.script("document.execCommand('insertText', false, 'a'.repeat(6000))", &[]);
    window.find("//*[contains(@class, 'part') and contains(@class, 'broken')]");
    window.field("Text of part 1").click();
    window.find("//*[@id='compose-go']").click();
    until("the caret is where the text is too long", PATIENCE, || focused(window, "Text of part 2").then_some(()));
    assert_eq!(window.script("return document.querySelector('.picker')", &[]), Value::Null);
}

/// By one key, numbered or shortened by a button, and each at one stroke back.
fn a_text_that_is_too_long_becomes_a_thread(window: &Window) {
    window.press(&[key::CONTROL, "."]);
    window.see("This text cannot be split");

    let text =
        (1..=12).map(|n| format!("Sentence {n} is about rye bread and the second day.")).collect::<Vec<_>>().join(" ");
    window.press(&[key::CONTROL, "a"]);
    window.script("document.execCommand('insertText', false, arguments[0])", &[json!(text)]);
    stored(window, "base", &["Now at noon", &text]);
    let parts = |what: &str| {
        let parts = until(what, PATIENCE, || {
            let all = draft(window)["base"]["parts"].as_array().cloned().unwrap_or_default();
            let texts: Vec<String> = all.iter().filter_map(|part| part["text"].as_str().map(str::to_owned)).collect();
            (texts.get(1) != Some(&text)).then_some(texts)
        });
        assert!(parts.iter().all(|part| part.chars().count() <= 500), "{parts:?}");
        parts
    };
    let back = || {
        window.button("Undo").click();
        stored(window, "base", &["Now at noon", &text]);
    };

    window.press(&[key::CONTROL, "."]);
    window.see("Split into 2 parts.");
    let thread = parts("the text is a thread");
    assert_eq!(thread.get(1..).unwrap().join(" "), text);
    assert!(thread.iter().skip(1).all(|part| part.ends_with('.')), "{thread:?}");
    // as typing is undone, with the caret in the text
    window.press(&[key::CONTROL, "z"]);
    stored(window, "base", &["Now at noon", &text]);

    window.button("Split and number").click();
    let thread = parts("the thread has numbers");
    assert!(thread.get(1).unwrap().ends_with(". 1/2") && thread.get(2).unwrap().ends_with(". 2/2"), "{thread:?}");
    back();

    window.button("Shorten").click();
    window.see("Text shortened.");
    let short = parts("the text is short");
    assert!(short.len() == 2 && short.get(1).unwrap().ends_with('…'), "{short:?}");
    back();
}

/// A copy of a scheduled post at its own time: the checks name the other one, and lead to it.
fn the_same_text_twice_is_said(window: &Window) {
    let scheduled = window.richest_post("scheduled").expect("the sample has scheduled posts");
    let view = window.call("get_post", &json!({ "post": scheduled }));
    let written = window.call("create_post", &json!({ "draft": view["post"]["draft"] }));
    let copy = written["post"].as_str().unwrap();
    window.script("location.hash = '#/compose/' + arguments[0]", &[json!(copy)]);
    window.find("//section[@aria-label='Checks']");
    let read = window.call("get_post", &json!({ "post": copy }))["post"]["version"].clone();
    let schedule = &view["post"]["schedule"];
    let when = json!({ "local": schedule["local"], "zone": schedule["zone"], "fold": "first" });
    window.call("schedule_post", &json!({ "post": copy, "read": read, "when": when }));
    window.find("//section[@aria-label='Checks']//button[contains(., 'also gets this text')]").click();
    until("the other post is open", PATIENCE, || {
        (window.script("return location.hash", &[]) == format!("#/compose/{scheduled}")).then_some(())
    });
}

/// Chooses accounts until the post has so many. The menu stays open between them.
fn choose_accounts(window: &Window, count: usize) {
    let chosen = || draft(window)["targets"].as_array().map_or(0, Vec::len);
    window.find("//*[@id='compose-accounts']//button[contains(@class, 'add')]").click();
    while chosen() < count {
        let before = chosen();
        window.find("//*[@role='menuitemcheckbox'][@aria-checked='false']").click();
        until("the account is chosen", PATIENCE, || (chosen() > before).then_some(()));
    }
    window.press(&[key::ESCAPE]);
}

/// Drags a part by its grip onto another, both counted from 0.
fn drag_part(window: &Window, from: usize, to: usize) {
    let code = "const [from, to] = arguments; const parts = document.querySelectorAll('.part'); \
        const grip = parts[from].querySelector('.grip'), dataTransfer = new DataTransfer(); \
        const fire = (on, kind) => on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer })); \
        fire(grip, 'dragstart'); fire(parts[to], 'dragenter'); fire(parts[to], 'dragover'); fire(parts[to], 'drop'); \
        fire(grip, 'dragend')";
    window.script(code, &[json!(from), json!(to)]);
}

fn of_part(window: &Window, part: usize, item: &str) {
    window.button(&format!("More, part {part}")).click();
    window.find(&format!("//*[@role='menuitem'][contains(., '{item}')]")).click();
}

fn focused(window: &Window, label: &str) -> bool {
    window.script("return document.activeElement?.getAttribute('aria-label')", &[]) == label
}

/// The draft as the program has it; null before its first save.
fn draft(window: &Window) -> Value {
    let hash = window.script("return location.hash", &[]);
    let Some(post) = hash.as_str().and_then(|hash| hash.strip_prefix("#/compose/")) else { return Value::Null };
    window.call("get_post", &json!({ "post": post }))["post"]["draft"].take()
}

/// Waits until the base, or the first text that only one account gets, is stored like this.
fn stored(window: &Window, whose: &str, parts: &[&str]) {
    let texts = || {
        let draft = draft(window);
        let own = draft["targets"].as_array().into_iter().flatten().map(|target| &target["variant"]);
        let content = if whose == "base" { Some(&draft["base"]) } else { own.into_iter().find(|own| !own.is_null()) };
        let list = content.and_then(|content| content["parts"].as_array().cloned()).unwrap_or_default();
        list.iter().filter_map(|part| part["text"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let mut last = Vec::new();
    let begun = std::time::Instant::now();
    while begun.elapsed() < PATIENCE {
        last = texts();
        if last == parts {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{whose} is stored as {last:?} instead of {parts:?}");
}
