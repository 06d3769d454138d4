//! Threads and shortened texts.

use domain::text::fix::{Room, shorten, thread, without_link};
use domain::text::mastodon::MastodonLimits;
use domain::text::{NetworkRules, PartText, check};

const BLUESKY: Room<'static> = Room { rules: &[NetworkRules::BLUESKY], content_warning: "", tags: None };

fn sentences(count: usize) -> String {
    (1..=count)
        .map(|n| format!("Sentence number {n} tells of rye bread, of its crust and of the baker's morning."))
        .collect::<Vec<_>>()
        .join(" ")
}

fn assert_fits(parts: &[String], room: Room<'_>) {
    for text in parts {
        let part = PartText { text, content_warning: room.content_warning, ..PartText::default() };
        for rules in room.rules {
            assert_eq!(check(*rules, part), [], "{text:?}");
        }
    }
}

#[test]
fn a_thread_is_cut_at_the_ends_of_sentences() {
    let text = sentences(12);
    let parts = thread(&text, BLUESKY, false, 25).unwrap();
    assert_eq!(parts.len(), 4);
    assert!(parts.iter().all(|part| part.starts_with("Sentence") && part.ends_with("morning.")), "{parts:?}");
    assert_eq!(parts.join(" "), text);
    assert_fits(&parts, BLUESKY);
}

#[test]
fn a_paragraph_is_kept_together_where_it_fits() {
    let (first, second) = (sentences(2), sentences(3));
    let parts = thread(&format!("{first}\n\n{second}"), BLUESKY, false, 25).unwrap();
    assert_eq!(parts, [first, second]);
    // a heading of two words is not worth a part of its own
    let parts = thread(&format!("Rye bread\n\n{}", sentences(5)), BLUESKY, false, 25).unwrap();
    assert!(parts[0].starts_with("Rye bread\n\nSentence number 1"), "{parts:?}");
}

#[test]
fn numbers_count_and_are_right_where_they_grow_by_a_digit() {
    for count in [5, 12, 30, 33, 36, 40] {
        let text = sentences(count);
        let Some(parts) = thread(&text, BLUESKY, true, 25) else { continue };
        let all = parts.len();
        for (place, part) in (1..).zip(&parts) {
            assert!(part.ends_with(&format!(" {place}/{all}")), "{part:?}");
        }
        assert_fits(&parts, BLUESKY);
    }
    assert_eq!(thread("short", BLUESKY, true, 25).unwrap(), ["short"]);
}

#[test]
fn links_stay_whole_and_count_as_their_network_counts_them() {
    let link = format!("https://example.com/{}", "rye.bread/".repeat(12));
    let text = format!("{} {link} {}", sentences(3), sentences(3));
    let parts = thread(&text, BLUESKY, false, 25).unwrap();
    assert_eq!(parts.iter().filter(|part| part.contains(&link)).count(), 1, "{parts:?}");
    assert_fits(&parts, BLUESKY);

    let limits = MastodonLimits { max_characters: 100, ..MastodonLimits::default() };
    let mastodon = Room { rules: &[NetworkRules::Mastodon(&limits)], content_warning: "", tags: None };
    // 23 characters, however long it is
    assert_eq!(thread(&format!("See {link} for more"), mastodon, false, 25).unwrap().len(), 1);
    assert_eq!(thread(&"x".repeat(400), BLUESKY, false, 25), None, "a word that fits nowhere is not cut");
    assert_eq!(thread(&sentences(300), BLUESKY, false, 25), None, "more parts than a thread has");
}

#[test]
fn the_narrowest_network_and_its_warning_decide() {
    let limits = MastodonLimits { max_characters: 200, ..MastodonLimits::default() };
    let rules = [NetworkRules::BLUESKY, NetworkRules::Mastodon(&limits)];
    let room = Room { rules: &rules, content_warning: "about flour", tags: None };
    let parts = thread(&sentences(6), room, false, 25).unwrap();
    assert_eq!(parts.len(), 3);
    assert_fits(&parts, room);
    let warned = "w".repeat(250);
    assert_eq!(thread(&sentences(6), Room { content_warning: &warned, ..room }, false, 25), None);
}

#[test]
fn a_shortened_text_ends_at_a_word_with_an_ellipsis() {
    let text = sentences(12);
    let short = shorten(&text, BLUESKY).unwrap();
    let kept = short.strip_suffix('…').unwrap();
    let behind = text.strip_prefix(kept).unwrap();
    assert!(behind.starts_with([' ', ',']), "{short:?}");
    assert_fits(std::slice::from_ref(&short), BLUESKY);
    assert!(short.chars().count() > 280, "{short:?}");
    assert_eq!(shorten("short", BLUESKY).unwrap(), "short");
    // one word alone is cut between characters as people see them
    let family = "👨‍👩‍👧‍👧".repeat(400);
    let short = shorten(&family, BLUESKY).unwrap();
    assert!(family.starts_with(short.strip_suffix('…').unwrap()));
    assert_fits(std::slice::from_ref(&short), BLUESKY);
}

#[test]
fn the_last_link_can_be_taken_out() {
    let taken = |text: &str| without_link(text).map(|(text, link)| format!("{text}|{link}"));
    for (text, left) in [
        ("Read https://a.example and https://b.example now", "Read https://a.example and now|https://b.example"),
        ("Read this: https://a.example", "Read this:|https://a.example"),
        ("https://a.example is new", "is new|https://a.example"),
        ("New (https://a.example).\nMore", "New.\nMore|https://a.example"),
        ("One\n\nhttps://a.example\n\nTwo", "One\n\n\n\nTwo|https://a.example"),
    ] {
        assert_eq!(taken(text).as_deref(), Some(left));
    }
    assert_eq!(taken("Only bsky.app by name"), None);
}
