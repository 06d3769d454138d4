//! The entry point of composer and publisher.

use domain::text::mastodon::MastodonLimits;
use domain::text::{ImageFacts, Measure, NetworkRules, PartText, Rule, Violation, check, measure, measure_alt};

const PHOTO: ImageFacts<'static> =
    ImageFacts { alt: "A lighthouse", bytes: 900_000, mime: "image/jpeg", width: 1600, height: 1200 };

fn text(text: &str) -> PartText<'_> {
    PartText { text, ..PartText::default() }
}

fn rules(network: NetworkRules<'_>, part: PartText<'_>) -> Vec<(Rule, u32, u32, Option<u32>)> {
    check(network, part).into_iter().map(|v| (v.rule, v.measured, v.limit, v.image)).collect()
}

#[test]
fn bluesky_has_two_limits_on_a_text() {
    let network = NetworkRules::Bluesky;
    assert_eq!(rules(network, text(&"a".repeat(300))), []);
    assert_eq!(rules(network, text(&"a".repeat(301))), [(Rule::BlueskyGraphemes, 301, 300, None)]);
    let family = "👨‍👩‍👧‍👧";
    assert_eq!(rules(network, text(&family.repeat(120))), []);
    assert_eq!(rules(network, text(&family.repeat(121))), [(Rule::BlueskyBytes, 3_025, 3_000, None)]);
    let both = rules(network, text(&family.repeat(301)));
    assert_eq!(both, [(Rule::BlueskyGraphemes, 301, 300, None), (Rule::BlueskyBytes, 7_525, 3_000, None)]);
    let sentence = check(network, text(&"a".repeat(312))).first().map(Violation::sentence);
    assert_eq!(sentence.as_deref(), Some("12 characters over the 300 that Bluesky allows"));
}

#[test]
fn a_post_needs_a_text_or_an_image() {
    let limits = MastodonLimits::default();
    for network in [NetworkRules::Bluesky, NetworkRules::Mastodon(&limits)] {
        for blank in ["", " ", "\n\u{3000}\t"] {
            assert_eq!(rules(network, text(blank)), [(Rule::EmptyPost, 0, 0, None)], "{blank:?}");
            assert_eq!(rules(network, PartText { images: &[PHOTO], ..text(blank) }), [], "{blank:?}");
        }
        assert_eq!(
            rules(network, PartText { content_warning: "Spiders", ..text("") }),
            [(Rule::EmptyPost, 0, 0, None)]
        );
    }
}

#[test]
fn images_are_judged_one_by_one() {
    let heavy = ImageFacts { bytes: 2_000_001, ..PHOTO };
    let wordy_alt = "é".repeat(2_001);
    let wordy = ImageFacts { alt: &wordy_alt, ..PHOTO };
    let film = ImageFacts { mime: "video/mp4", ..PHOTO };
    fn part<'a>(images: &'a [ImageFacts<'a>]) -> PartText<'a> {
        PartText { images, ..text("hi") }
    }
    assert_eq!(rules(NetworkRules::Bluesky, part(&[PHOTO; 4])), []);
    assert_eq!(rules(NetworkRules::Bluesky, part(&[ImageFacts { bytes: 2_000_000, ..PHOTO }])), []);
    assert_eq!(
        rules(NetworkRules::Bluesky, part(&[PHOTO, heavy, wordy, film, PHOTO])),
        [
            (Rule::ImagesPerPost, 5, 4, None),
            (Rule::ImageBytes, 2_000_001, 2_000_000, Some(1)),
            (Rule::AltTextLength, 2_001, 2_000, Some(2)),
            (Rule::ImageType, 0, 0, Some(3)),
        ]
    );
    let sentences: Vec<String> =
        check(NetworkRules::Bluesky, part(&[PHOTO, heavy])).iter().map(Violation::sentence).collect();
    assert_eq!(sentences, ["Image 2: This image has 2.1 MB; the limit is 2 MB"]);
    assert_eq!(rules(NetworkRules::Bluesky, part(&[ImageFacts { bytes: u64::MAX, ..PHOTO }])).len(), 1);
}

#[test]
fn a_server_says_itself_what_it_takes() {
    let small = MastodonLimits {
        max_characters: 10,
        max_media_attachments: 1,
        description_limit: 3,
        image_size_limit: 1_000,
        image_matrix_limit: 100,
        supported_mime_types: vec!["image/png".to_owned(), "video/mp4".to_owned()],
        ..MastodonLimits::default()
    };
    // Three code points, two graphemes: descriptions count code points.
    let fine = ImageFacts { alt: "ae\u{301}", bytes: 1_000, mime: "image/png", width: 10, height: 10 };
    let part = PartText { text: "12345", content_warning: "12345", images: &[fine] };
    assert_eq!(rules(NetworkRules::Mastodon(&small), part), []);
    let bad = ImageFacts { alt: "a\u{301}e\u{301}", bytes: 1_001, mime: "image/jpeg", width: 10, height: 11 };
    let film = ImageFacts { mime: "video/mp4", ..fine };
    let part = PartText { text: "123456", content_warning: "12345", images: &[bad, film] };
    assert_eq!(
        rules(NetworkRules::Mastodon(&small), part),
        [
            (Rule::MastodonCharacters, 11, 10, None),
            (Rule::ImagesPerPost, 2, 1, None),
            (Rule::AltTextLength, 4, 3, Some(0)),
            (Rule::ImageBytes, 1_001, 1_000, Some(0)),
            (Rule::ImagePixels, 110, 100, Some(0)),
            (Rule::ImageType, 0, 0, Some(0)),
            (Rule::ImageType, 0, 0, Some(1)),
        ]
    );
    let silent = MastodonLimits { supported_mime_types: Vec::new(), ..MastodonLimits::default() };
    let part = PartText { text: "hi", images: &[ImageFacts { mime: "image/x-new", ..PHOTO }], ..PartText::default() };
    assert_eq!(rules(NetworkRules::Mastodon(&silent), part), []);
}

#[test]
fn counters_name_their_rule() {
    let limits = MastodonLimits::default();
    let part = PartText { text: "größe", content_warning: "CW", images: &[] };
    assert_eq!(
        measure(NetworkRules::Bluesky, part),
        [
            Measure { rule: Rule::BlueskyGraphemes, used: 5, limit: 300 },
            Measure { rule: Rule::BlueskyBytes, used: 7, limit: 3_000 },
        ]
    );
    assert_eq!(
        measure(NetworkRules::Mastodon(&limits), PartText { images: &[PHOTO], ..part }),
        [
            Measure { rule: Rule::MastodonCharacters, used: 7, limit: 500 },
            Measure { rule: Rule::ImagesPerPost, used: 1, limit: 4 }
        ]
    );
    assert_eq!(
        measure_alt(NetworkRules::Mastodon(&limits), "ae\u{301}"),
        Some(Measure { rule: Rule::AltTextLength, used: 3, limit: 1_500 })
    );
    assert_eq!(
        measure_alt(NetworkRules::Bluesky, "ae\u{301}"),
        Some(Measure { rule: Rule::AltTextLength, used: 2, limit: 2_000 })
    );
}

#[test]
fn every_limit_says_where_it_comes_from() {
    let limits = MastodonLimits::default();
    for network in [NetworkRules::Bluesky, NetworkRules::Mastodon(&limits)] {
        for rule in Rule::ALL {
            let foreign = match network {
                NetworkRules::Bluesky => matches!(rule, Rule::MastodonCharacters | Rule::ImagePixels),
                NetworkRules::Mastodon(_) => matches!(rule, Rule::BlueskyGraphemes | Rule::BlueskyBytes),
            };
            let source = rule.source(network);
            assert_eq!(source.is_none(), foreign, "{rule:?}");
            if let Some(source) = source {
                assert!(source.url.starts_with("https://"), "{source:?}");
                assert_eq!(source.date.len(), "2026-01-01".len(), "{source:?}");
            }
        }
    }
}

#[test]
fn violations_cross_the_wire() {
    let violation = Violation { rule: Rule::BlueskyGraphemes, measured: 312, limit: 300, image: None };
    let json = serde_json::to_string(&violation).unwrap();
    assert_eq!(json, r#"{"rule":"bluesky_graphemes","measured":312,"limit":300}"#);
    assert_eq!(serde_json::from_str::<Violation>(&json).unwrap(), violation);
    let json = serde_json::to_string(&Violation { image: Some(2), ..violation }).unwrap();
    assert_eq!(json, r#"{"rule":"bluesky_graphemes","measured":312,"limit":300,"image":2}"#);
}
