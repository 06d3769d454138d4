//! An account that Ada serves by hand, from adding it to "it was posted".

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until;

use crate::desk::{Desk, go};

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn ada_is_told_when_it_is_time_and_posts_to_linkedin_herself() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("name_person", &json!({ "name": "Ada" }));
    window.call("finish_welcome", &json!({}));
    go(&window, "Accounts");
    window.button("Connect an account").click();
    window.find("//*[@id='choose-linkedin']").click();
    window.button("Add").click();
    window.see("Enter the name of the account");
    window.field("Name of the account").write("Harbour Bakery");
    window.field("Address of the profile").write("linkedin.com/company/harbour");
    window.button("Add").click();
    window.find("//li[contains(@class, 'account') and contains(., 'Harbour Bakery') and contains(., 'LinkedIn')]");

    window.button("New post").click();
    let field = window.field("Text of part 1");
    field.write("Rye is back.");
    window.see("12 / 3");
    window.button("More").click();
    window.find("//*[@role='menuitem'][contains(., 'Publish now')]").click();
    window.find("//dialog[@open]//button[contains(., 'Publish now')]").click();
    window.button("Copy the text").click();
    window.see("Copied");
    window.see("Post it on LinkedIn, then say that it is there.");
    let told = || desk.told().iter().any(|told| told.title == "It is time to post");
    until("the desktop says so", PATIENCE, || told().then_some(()));

    // it waits on Today as well, also after a restart
    drop(window);
    let window = desk.open();
    go(&window, "Today");
    window.find("//article[contains(@class, 'your_turn')]//a[contains(., 'Post it now')]").click();
    window.button("Copy the text");
    window.button("It was posted").click();
    window.field("Link to the post").write("https://www.linkedin.com/posts/1");
    window.find("//dialog[@open]//button[contains(., 'It was posted')]").click();
    window.see("Marked as published");
    let hash = window.script("return location.hash", &[]);
    let post = hash.as_str().and_then(|hash| hash.strip_prefix("#/compose/")).unwrap();
    let view = window.call("get_post", &json!({ "post": post }));
    assert_eq!(view["post"]["status"], "published");
    assert_eq!(view["jobs"][0]["parts"][0]["remote"]["url"], "https://www.linkedin.com/posts/1");
    assert_eq!(view["jobs"][0]["attempt"], Value::from(0), "the program sent nothing");
}
