//! A second start of the same profile hands over to the first, and goes.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use testkit::until;

use crate::desk::Desk;

#[test]
fn a_second_start_hands_over_to_the_first() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.script("document.body.dataset.first = 'yes'", &[]);

    let mut second = desk.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let ended = until("the second start ends", Duration::from_secs(30), || second.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
    assert_eq!(window.script("return document.body.dataset.first", &[]), json!("yes"), "the page was left alone");
    assert_eq!(window.script("return document.visibilityState", &[]), json!("visible"));
    assert_eq!(window.call("get_program", &json!({}))["person"], json!(""));

    // another profile is another program
    let other = desk.open_other();
    other.see("Welcome to Sendoff");
    assert!(other.script("return document.body.dataset.first ?? null", &[]).is_null());
}
