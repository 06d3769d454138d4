//! Ada's first day: from a new profile to a post that is live on two networks, and back after the program was killed.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::window::{Element, Window};
use testkit::{BlueskyPerson, Mastodon, Pds, servers, until};

use crate::desk::{Desk, allow, choose, go};

/// The picker knows whole minutes, and the minute after the next may be it.
const A_WHILE: Duration = Duration::from_secs(200);

#[test]
fn ada_goes_from_a_new_profile_to_a_post_that_is_live() {
    let (Some((pds, mastodon)), Some(mut desk)) = (servers::servers(), Desk::new()) else { return };
    let ada = BlueskyPerson::new(pds, "ada");
    desk.browser(&ada, "ada");

    let window = desk.open();
    welcome(&window);
    allow(&window, pds, mastodon);
    window.script("window.first = 'yes'", &[]);
    connect(&window, &desk, "Bluesky", "Handle", &ada.handle, &ada.handle);
    connect(&window, &desk, "Mastodon", "Server", &mastodon.url, "@ada@");

    // the sign-ins were in the system's browser alone: this page never went anywhere
    let here = window.script("return [window.first ?? '', location.origin]", &[]);
    assert_eq!(here, json!(["yes", "tauri://localhost"]));

    let words = Words::new();
    write(&window, &words, &[&ada.handle, "@ada@"]);
    counts(&window, &words);
    previews(&window, &words);
    schedule(&window);
    let post = post_shown(&window);
    go(&window, "Today");

    is_told(&desk, &ada);
    words.is_on_bluesky(&ada);
    words.is_on_mastodon(mastodon);
    let links = shows_where_it_is(&window, &post, pds, mastodon);

    window.kill();
    let window = desk.open();
    go(&window, "Accounts");
    window.see(&ada.handle);
    window.see("@ada@");
    assert_eq!(window.text().matches("Healthy").count(), 2);
    assert_eq!(shows_where_it_is(&window, &post, pds, mastodon), links);
    assert_eq!(window.field("Text of part 1").read(), words.text);
    assert_eq!((ada.posts().len(), mastodon.statuses_with(&words.text).len()), (1, 1), "nothing is sent twice");
}

/// Language, appearance, name, the vault in the keyring, and its recovery key written down and typed back.
fn welcome(window: &Window) {
    window.see("Welcome to Sendoff");
    choose(window, "Deutsch");
    window.see("Willkommen bei Sendoff");
    choose(window, "English");
    window.see("Welcome to Sendoff");
    choose(window, "Dark");
    until("it is dark", Duration::from_secs(20), || {
        (window.script("return document.documentElement.dataset.theme", &[]) == "dark").then_some(())
    });
    window.field("Your name").write("Ada");
    window.button("Next").click();
    window.button("Create the vault").click();
    window.see("Write down the recovery key");
    let key = window.find("//*[contains(@class, 'recovery-key')]").read();
    window.button("I’ve written it down").click();
    window.field("Recovery key").write(&key.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase());
    window.button("Confirm").click();
    window.see("How would you like to start?");
    assert_eq!(window.call("get_program", &json!({}))["vault"], "open");
    window.button("Start with an empty calendar").click();
    window.find("//nav//a[@aria-current='page'][contains(., 'Today')]");
}

/// Connects an account in the system's browser, which comes back as the network allows.
fn connect(window: &Window, desk: &Desk, network: &str, field: &str, entry: &str, handle: &str) {
    go(window, "Accounts");
    window.button("Connect an account").click();
    window.find(&format!("//*[contains(@class, 'network-choices')]//button[contains(., '{network}')]")).click();
    window.field(field).write(entry);
    window.button("Continue in the browser").click();
    let row = format!("//li[contains(@class, 'account') and contains(., '{handle}') and contains(., '{network}')]");
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| window.find(&row)));
    assert!(found.is_ok(), "{network} is not connected; the browser said: {}", desk.browser_said());
}

/// What Ada writes. Every letter before a link moves its place in bytes.
struct Words {
    text: String,
    link: String,
}

impl Words {
    fn new() -> Self {
        let link = format!("https://example.org/bøker?n={}&x=1", testkit::people::unique());
        Self { text: format!("Grüße aus Oslo 🇳🇴 👩‍👩‍👧 – mehr: {link} #Bücher"), link }
    }

    /// What a person calls letters: the flag is two code points, the family five.
    fn letters(&self) -> usize {
        self.text.chars().count() - 1 - 4
    }

    fn facet(&self, part: &str, kind: &str, name: &str, value: &str) -> Value {
        let start = self.text.find(part).unwrap();
        let mut feature = serde_json::Map::new();
        feature.insert("$type".to_owned(), json!(format!("app.bsky.richtext.facet#{kind}")));
        feature.insert(name.to_owned(), json!(value));
        json!({ "index": { "byteStart": start, "byteEnd": start + part.len() }, "features": [feature] })
    }

    fn is_on_bluesky(&self, ada: &BlueskyPerson) {
        let posts = ada.posts();
        assert_eq!(posts.len(), 1, "{posts:?}");
        let post = &posts[0]["value"];
        assert_eq!(post["text"], json!(self.text));
        let mut facets = post["facets"].as_array().unwrap().clone();
        facets.sort_by_key(|facet| facet["index"]["byteStart"].as_u64());
        let plain: Vec<_> =
            facets.iter().map(|facet| json!({ "index": facet["index"], "features": facet["features"] })).collect();
        let link = self.facet(&self.link, "link", "uri", &self.link);
        assert_eq!(plain, [link, self.facet("#Bücher", "tag", "tag", "Bücher")]);
    }

    fn is_on_mastodon(&self, mastodon: &Mastodon) {
        let found = mastodon.statuses_with(&self.text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(mastodon.source(&found[0])["text"], json!(self.text));
        assert_eq!(found[0]["visibility"], "public");
    }
}

fn write(window: &Window, words: &Words, accounts: &[&str]) {
    window.button("New post").click();
    let field = window.field("Text of part 1");
    type_in(window, &field, &words.text);
    assert_eq!(field.read(), words.text);
    for account in accounts {
        let chip = format!("//*[@id='compose-accounts']//button[contains(., '{account}')]");
        if window.find(&chip).attribute("aria-pressed") != "true" {
            window.find(&chip).click();
        }
        window.find(&format!("{chip}[@aria-pressed='true']"));
    }
    window.see("saved");
}

/// Keys as far as keyboards have them; emoji come in as from an input method.
fn type_in(window: &Window, field: &Element<'_>, text: &str) {
    let has_key = |letter: &char| letter.len_utf16() == 1 && *letter != '\u{200d}';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter: char| has_key(&letter) != has_key(&first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if has_key(&first) {
            field.write(run);
        } else {
            window.script("document.execCommand('insertText', false, arguments[0])", &[json!(run)]);
        }
        rest = after;
    }
}

/// A link counts as 23 letters on Mastodon, whatever its length.
fn counts(window: &Window, words: &Words) {
    window.see(&format!("{} / 300", words.letters()));
    window.see(&format!("{} / 500", words.letters() - words.link.chars().count() + 23));
}

fn previews(window: &Window, words: &Words) {
    for network in ["Bluesky", "Mastodon"] {
        choose(window, network);
        let card = format!("//*[contains(@class, 'pv') and contains(@class, '{}')]", network.to_lowercase());
        let shown = window.find(&card).read();
        let before_the_link = words.text.split(" https").next().unwrap();
        assert!(shown.contains(before_the_link), "{network}: {shown}");
        window.find(&format!("{card}//*[contains(@class, 'pv-link')][.='#Bücher']"));
    }
}

/// For the next minute that is not about to begin.
fn schedule(window: &Window) {
    let program = window.call("get_program", &json!({}));
    let text = |name: &str| program[name].as_str().unwrap().to_owned();
    let now: jiff::Timestamp = text("now").parse().unwrap();
    let zone = jiff::tz::TimeZone::get(&text("zone")).unwrap();
    let soon = now.checked_add(jiff::SignedDuration::from_secs(75)).unwrap().to_zoned(zone);
    window.button("Pick a time").click();
    fill(window, "schedule-date", &soon.strftime("%Y-%m-%d").to_string());
    fill(window, "schedule-time", &soon.strftime("%H:%M").to_string());
    window.find("//*[@role='dialog']//button[contains(., 'Schedule') and not(@disabled)]").click();
    window.see("Scheduled");
}

/// Fields for dates and times show their parts in the order of the person's region: this sets them as choosing does.
fn fill(window: &Window, id: &str, value: &str) {
    let code = "const field = document.getElementById(arguments[0]); field.value = arguments[1]; \
                field.dispatchEvent(new InputEvent('input', { bubbles: true })); return field.value";
    assert_eq!(window.script(code, &[json!(id), json!(value)]), json!(value));
}

fn post_shown(window: &Window) -> String {
    let hash = window.script("return location.hash", &[]);
    hash.as_str().and_then(|hash| hash.strip_prefix("#/compose/")).expect("the post has its address").to_owned()
}

/// The desktop says that the post is live, and never what is in it.
fn is_told(desk: &Desk, ada: &BlueskyPerson) {
    let told = until("the desktop tells of both", A_WHILE, || {
        let live: Vec<_> = desk.told().into_iter().filter(|told| told.title == "Your post is live").collect();
        (live.len() == 2).then_some(live)
    });
    let says = |words: &str| told.iter().any(|told| told.body.contains(words));
    assert!(says(&ada.handle) && says("On Bluesky") && says("On Mastodon"), "{told:?}");
    assert!(!says("Grüße"), "{told:?}");
}

/// The post says that it is published, and its buttons lead to it; answers where.
fn shows_where_it_is(window: &Window, post: &str, pds: &Pds, mastodon: &Mastodon) -> Vec<String> {
    window.script("location.hash = '#/compose/' + arguments[0]", &[json!(post)]);
    let open = "//*[@id='deliveries']//li[contains(., 'Published')]//button[normalize-space(.)='Open']";
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| window.find(&format!("({open})[2]"))));
    let known = || window.call("get_post", &json!({ "post": post }));
    assert!(found.is_ok(), "the page does not show it as published{}; the program says {}", window.fault(), known());
    let view = window.call("get_post", &json!({ "post": post }));
    assert_eq!(view["post"]["status"], "published");
    let jobs = view["jobs"].as_array().unwrap();
    let mut links: Vec<String> =
        jobs.iter().map(|job| job["parts"][0]["remote"]["url"].as_str().unwrap().to_owned()).collect();
    links.sort();
    let on_mastodon = |link: &String| link.starts_with(&mastodon.url);
    assert_eq!(links.iter().filter(|link| on_mastodon(link)).count(), 1, "{links:?}");
    assert!(links.iter().all(|link| on_mastodon(link) || link.contains("/post/")), "{links:?} {}", pds.url);
    links
}
