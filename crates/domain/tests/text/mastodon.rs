//! Counting as Mastodon does: the cases of its own validator, and the links of twitter-text, which finds them for Mastodon.

use domain::text::graphemes;
use domain::text::mastodon::{MastodonLimits, count, count_with_warning};

use crate::data;

fn counted(text: &str) -> u32 {
    count(text, &MastodonLimits::default())
}

/// What is left of `text` when links count nothing.
fn without_links(text: &str) -> u32 {
    count(text, &MastodonLimits { characters_reserved_per_url: 0, ..MastodonLimits::default() })
}

/// After spec/validators/status_length_validator_spec.rb of mastodon/mastodon.
#[test]
fn the_cases_of_the_validator() {
    let limits = MastodonLimits::default();
    assert_eq!(count_with_warning(&"a".repeat(520), "", limits.characters_reserved_per_url), 520);
    assert_eq!(counted(&"a".repeat(520)), 520);
    assert_eq!(count_with_warning(&"a".repeat(250), &"b".repeat(251), limits.characters_reserved_per_url), 501);
    // links count 23
    assert_eq!(counted(&format!("{} http://{}.com/example", "a".repeat(476), "b".repeat(30))), 500);
    assert_eq!(counted(&format!("{}http://{}.com/example", "a".repeat(476), "b".repeat(30))), 525);
    assert_eq!(counted(&format!("{} http://example.com/{}", "a".repeat(476), "b".repeat(400))), 500);
    // no link without a known top-level domain
    assert_eq!(counted(&format!("{} http://{}.z/example", "a".repeat(476), "b".repeat(30))), 524);
    // an address that is too long is none
    let long = format!("http://example.com/{}", "b".repeat(5_000));
    assert_eq!(counted(&long), 5_019);
    // only the front part of a remote name
    assert_eq!(counted(&format!("{} @alice@{}.com", "a".repeat(475), "b".repeat(30))), 482);
    // a name is none when its host name is too long
    assert_eq!(counted(&format!("@alice@{}.com", "b".repeat(500))), 511);
    // characters as people see them
    assert_eq!(counted(&"✨".repeat(500)), 500);
    assert_eq!(counted(&"👩‍👩‍👧".repeat(10)), 10);
}

#[test]
fn a_warning_counts_in_full_and_a_server_says_what_a_link_counts() {
    let limits = MastodonLimits { characters_reserved_per_url: 30, ..MastodonLimits::default() };
    assert_eq!(count("https://a.com", &limits), 30);
    assert_eq!(
        count_with_warning("https://a.com @ada@example.social", "https://a.com", limits.characters_reserved_per_url),
        33 + 30
    );
    let hostile = MastodonLimits { characters_reserved_per_url: u32::MAX, ..MastodonLimits::default() };
    assert_eq!(count("https://a.com https://b.com", &hostile), u32::MAX);
}

#[test]
fn long_texts_without_spaces_are_counted_at_once() {
    // Each of these took seconds when every character was tried as the beginning of a host name.
    for (piece, end) in [("a_b.", "com"), ("文-.com", ""), ("a_.co_.", ""), ("a.", ""), ("文", "")] {
        let text = format!("https://{}{end}", piece.repeat(5_000));
        assert_eq!(counted(&text), graphemes::count(&text), "{piece}");
    }
    let text = format!("https://{}com", "a.".repeat(1_000));
    assert_eq!(counted(&text), 23);
}

#[test]
fn a_server_may_leave_limits_out() {
    let limits: MastodonLimits = serde_json::from_str(r#"{ "max_characters": 5000, "unknown": 1 }"#).unwrap();
    assert_eq!(limits, MastodonLimits { max_characters: 5_000, ..MastodonLimits::default() });
    let json = serde_json::to_string(&limits).unwrap();
    assert_eq!(serde_json::from_str::<MastodonLimits>(&json).unwrap(), limits);
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let Some(page) = data::read("specs/mastodon/doc-instance.md") else { return };
    let (_, configuration) = page.split_once("\"configuration\": {").unwrap();
    let number = |name: &str| -> u32 {
        let (_, rest) = configuration.split_once(&format!("\"{name}\": ")).unwrap();
        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    let limits = MastodonLimits::default();
    assert_eq!(limits.max_characters, number("max_characters"));
    assert_eq!(limits.characters_reserved_per_url, number("characters_reserved_per_url"));
    assert_eq!(limits.max_media_attachments, number("max_media_attachments"));
    assert_eq!(limits.description_limit, number("description_limit"));
    assert_eq!(limits.image_size_limit, number("image_size_limit"));
    assert_eq!(limits.image_matrix_limit, number("image_matrix_limit"));
    let (_, types) = configuration.split_once("\"supported_mime_types\": [").unwrap();
    let types = types.split_once(']').unwrap().0;
    let images: Vec<&str> = types.split('"').filter(|word| word.starts_with("image/")).collect();
    assert_eq!(limits.supported_mime_types, images);
}

/// The cases `text` and `expected` of one section of a conformance file.
fn twitter_cases(path: &str, section: &str) -> Option<Vec<(String, Vec<String>)>> {
    let file = data::read(path)?;
    let (_, rest) = file.split_once(&format!("\n  {section}:\n")).unwrap();
    let mut cases: Vec<(String, Vec<String>)> = Vec::new();
    // Quoted values are written as JSON writes them.
    let value = |text: &str| match serde_json::from_str::<String>(text) {
        Ok(value) => value,
        Err(_) => text.trim_matches('\'').to_owned(),
    };
    for line in rest.lines().take_while(|line| line.starts_with("   ") || line.starts_with("  -") || line.is_empty()) {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("text: ") {
            cases.push((value(text), Vec::new()));
        } else if let Some(list) = line.strip_prefix("expected: ") {
            let (_, expected) = cases.last_mut().unwrap();
            let inner = list.trim().trim_start_matches('[').trim_end_matches(']');
            *expected = inner.split(", ").filter(|item| !item.is_empty()).map(value).collect();
        } else if let Some(item) = line.strip_prefix("- ")
            && !item.starts_with("description:")
        {
            cases.last_mut().unwrap().1.push(value(item));
        }
    }
    Some(cases)
}

/// The graphemes of `text` without those of its expected links that have a scheme.
fn expected_rest(text: &str, links: &[String]) -> u32 {
    let links = links.iter().filter(|link| link.to_ascii_lowercase().starts_with("http"));
    let rest = links.fold(text.to_owned(), |rest, link| rest.replacen(link.as_str(), "", 1));
    graphemes::count(&rest)
}

#[test]
fn links_are_those_of_twitter_text() {
    let Some(cases) = twitter_cases("twitter-text/conformance/extract.yml", "urls") else { return };
    assert_eq!(cases.len(), 91);
    // A path ends at Japanese letters for Twitter and not for Mastodon.
    let (other, same): (Vec<_>, Vec<_>) =
        cases.iter().partition(|(text, _)| text.starts_with("http://twitter.com/これは日本語です。example.com"));
    assert_eq!(other.len(), 1);
    assert_eq!(without_links(&other[0].0), 0);
    let wrong: Vec<_> = same.iter().filter(|(text, links)| without_links(text) != expected_rest(text, links)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn top_level_domains_are_those_of_twitter_text() {
    for (section, count) in [("country", 315), ("generic", 1259)] {
        let Some(cases) = twitter_cases("twitter-text/conformance/tlds.yml", section) else { return };
        assert!(cases.iter().all(|(text, _)| without_links(text) == 0), "{section}");
        assert_eq!(cases.len(), count, "{section}");
    }
}
