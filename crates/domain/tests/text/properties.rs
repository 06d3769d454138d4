//! What holds for every text.

use domain::text::bluesky::{Feature, facets};
use domain::text::fix::{Room, shorten, thread};
use domain::text::mastodon::{MastodonLimits, count, count_with_warning};
use domain::text::{ImageFacts, NetworkRules, PartText, check, graphemes, handle, measure, measure_alt, tid};
use proptest::prelude::*;

/// Texts made of pieces that mean something somewhere, which random characters hardly ever do.
fn tricky_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u{A0}",
        "\u{3000}",
        "(",
        ")",
        "@",
        "＠",
        "#",
        "＃",
        "$",
        ".",
        ",",
        "!",
        "?",
        "/",
        ":",
        "-",
        "_",
        "=",
        "://",
        "https://",
        "http://",
        "HTTPS://",
        "gemini://",
        "example.com",
        "ada.test",
        "@ada.bsky.social",
        "@ada@example.social",
        "#tag",
        "$AAPL",
        "com",
        "xn--",
        "xn--p1ai",
        "рф",
        "пример.рф",
        "日本",
        "日本.コム",
        "\u{FE0F}",
        "\u{20E3}",
        "\u{200D}",
        "\u{200B}",
        "\u{20E2}",
        "\u{301}",
        "\u{AD}",
        "👨‍👩‍👧‍👧",
        "🦋",
        "🇩🇪",
        "a",
        "B",
        "7",
        "é",
        "ß",
        "\u{202E}",
        "\u{FEFF}",
        "\0",
        "a_b.",
        "…",
        "’",
        "“",
        "क्\u{200D}ष",
        "한국",
        "t.co/",
        "?q=",
        "(x)",
        "\\",
    ]);
    prop_oneof![
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat()),
        ".{0,60}",
        any::<Vec<char>>().prop_map(|chars| chars.into_iter().collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_thread_fits_and_loses_no_word(pieces in prop::collection::vec(tricky_text(), 1..6), numbered: bool, max in 4_u32..60) {
        let text = pieces.join(" ");
        let limits = MastodonLimits { max_characters: max, ..MastodonLimits::default() };
        let rules = [NetworkRules::BLUESKY, NetworkRules::Mastodon(&limits)];
        let room = Room { rules: &rules, content_warning: "", tags: None };
        let fits = |text: &str| count(text, &limits) <= max;
        if let Some(parts) = thread(&text, room, numbered, 25) {
            prop_assert!(parts.len() <= 25 && parts.iter().all(|part| fits(part)), "{text:?}: {parts:?}");
            if parts.len() > 1 {
                let all = parts.len();
                let bare = |(place, part): (usize, &String)| {
                    let ending = if numbered { format!(" {}/{all}", place + 1) } else { String::new() };
                    part.strip_suffix(&ending).map(str::to_owned)
                };
                let bare: Option<Vec<String>> = parts.iter().enumerate().map(bare).collect();
                prop_assert!(bare.is_some(), "{parts:?}");
                let joined = bare.unwrap_or_default().join(" ");
                prop_assert!(joined.split_whitespace().eq(text.split_whitespace()), "{text:?}: {parts:?}");
            }
        }
        if let Some(short) = shorten(&text, room) {
            prop_assert!(fits(&short), "{text:?}: {short:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facets_lie_between_characters_in_order_and_apart(text in tricky_text()) {
        let mut free = 0;
        for facet in facets(&text) {
            prop_assert!(facet.start >= free && facet.start < facet.end, "{text:?}: {facet:?}");
            let shown = text.get(facet.start as usize..facet.end as usize);
            prop_assert!(shown.is_some(), "{text:?}: {facet:?}");
            let shown = shown.unwrap_or_default();
            free = facet.end;
            match facet.feature {
                Feature::Link { uri } => {
                    prop_assert!(handle::is_valid_uri(&uri), "{uri:?}");
                    prop_assert!(uri.ends_with(shown.rsplit("://").next().unwrap_or_default()), "{uri:?} {shown:?}");
                }
                Feature::Mention { handle } => {
                    prop_assert!(handle::is_valid_handle(&handle));
                    prop_assert_eq!(shown, format!("@{handle}"));
                }
                Feature::Tag { tag } => {
                    prop_assert!(tag.len() <= 640 && graphemes::count(&tag) <= 64 && !tag.is_empty());
                    prop_assert!(shown.to_uppercase().ends_with(&tag.to_uppercase()));
                }
            }
        }
    }

    #[test]
    fn an_ascii_letter_more_is_a_grapheme_more(text in tricky_text(), letter in "[a-zA-Z]") {
        let before = graphemes::count(&text);
        let after = graphemes::count(&format!("{text}{letter}"));
        // Only behind a character that joins to any letter that follows (Prepend) it is none more.
        let joins = text.chars().next_back().is_some_and(|last| graphemes::count(&format!("{last}x")) == 1);
        prop_assert_eq!(after, if joins { before } else { before + 1 }, "{:?}", text);
    }

    #[test]
    fn counting_is_bounded_by_what_is_written(text in tricky_text(), warning in tricky_text(), per_link in 0_u32..60) {
        let limits = MastodonLimits { characters_reserved_per_url: per_link, ..MastodonLimits::default() };
        let links = u32::try_from(text.matches("://").count()).unwrap();
        let counted = count(&text, &limits);
        prop_assert!(counted <= graphemes::count(&text) + links * per_link, "{text:?}: {counted}");
        let both = count_with_warning(&warning, &text, limits.characters_reserved_per_url);
        prop_assert!(both <= counted + graphemes::count(&warning), "{warning:?} {text:?}");
        if !text.contains("://") && !text.contains('@') {
            prop_assert_eq!(counted, graphemes::count(&text));
        }
    }

    #[test]
    fn the_counters_and_the_check_agree(text in tricky_text(), warning in tricky_text(), alt in tricky_text(), max in 0_u32..80) {
        let limits = MastodonLimits { max_characters: max, description_limit: max, ..MastodonLimits::default() };
        let images = [ImageFacts { alt: &alt, bytes: 1, mime: "image/png", width: 1, height: 1, video: None }];
        let part = PartText { text: &text, content_warning: &warning, images: &images, ..PartText::default() };
        for network in [NetworkRules::BLUESKY, NetworkRules::Mastodon(&limits)] {
            let broken = check(network, part);
            let over: Vec<_> = measure(network, part).into_iter().chain(measure_alt(network, &alt)).filter(|m| m.left() < 0).collect();
            prop_assert_eq!(broken.len(), over.len());
            for (violation, measure) in broken.iter().zip(over) {
                prop_assert_eq!((violation.rule, violation.measured, violation.limit), (measure.rule, measure.used, measure.limit));
            }
        }
    }

    #[test]
    fn names_never_panic_and_compose(text in tricky_text(), micros: u64, clock: u16) {
        for judge in [
            handle::is_valid_handle, handle::is_valid_did, handle::is_valid_at_identifier, handle::is_valid_nsid,
            handle::is_valid_record_key, handle::is_valid_at_uri, handle::is_valid_uri, handle::is_valid_tid,
        ] {
            judge(&text);
        }
        if let Some(name) = handle::normalize_handle(&text) {
            prop_assert!(handle::is_valid_handle(&name));
            let address = format!("at://{name}/app.bsky.feed.post/{}", tid(micros, clock));
            prop_assert!(handle::is_valid_at_uri(&address), "{address}");
        }
    }
}
