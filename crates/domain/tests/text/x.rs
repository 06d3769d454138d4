//! X's text rules on every case that twitter-text publishes for its implementations.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Instant;

use domain::text::x::{self, Config, Kind};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::data;

#[derive(Deserialize)]
struct Suite {
    tests: BTreeMap<String, Vec<Case>>,
}

#[derive(Deserialize)]
struct Case {
    description: String,
    text: String,
    expected: Value,
}

fn suite(name: &str) -> Option<Suite> {
    let text = data::read(&format!("twitter-text/conformance/{name}.yml"))?;
    Some(serde_saphyr::from_str(&text).unwrap())
}

/// Runs the cases of a section. Every section is counted, so none is left out when the file changes.
fn each(suite: &mut Suite, section: &str, count: usize, answer: impl Fn(&str) -> Value) {
    let cases = suite.tests.remove(section).unwrap_or_default();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let answer = answer(&case.text);
            (answer != case.expected)
                .then(|| format!("{}: {:?}\n  is {answer}\n  not {}", case.description, case.text, case.expected))
        })
        .collect();
    assert!(wrong.is_empty(), "{section}: {} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), count, "{section}");
}

fn piece(text: &str, range: &Range<usize>) -> String {
    text.get(range.clone()).unwrap().to_owned()
}

fn texts(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> Value {
    ranges.into_iter().map(|range| piece(text, &range)).collect()
}

/// Without the sign, which is one character.
fn unsigned(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> Value {
    let bare = |range: Range<usize>| piece(text, &range).chars().skip(1).collect::<String>();
    ranges.into_iter().map(bare).collect()
}

/// Places in code points.
fn indices(text: &str, range: &Range<usize>) -> Value {
    let chars = |end: usize| piece(text, &(0..end)).chars().count();
    json!([chars(range.start), chars(range.end)])
}

#[test]
fn everything_is_extracted_as_twitter_text_does() {
    let Some(mut suite) = suite("extract") else { return };
    let names = |text: &str| x::mentions(text).into_iter().filter(|found| found.list.is_none()).collect::<Vec<_>>();
    each(&mut suite, "mentions", 23, |text| texts(text, names(text).into_iter().map(|found| found.name)));
    each(&mut suite, "mentions_with_indices", 3, |text| {
        let named =
            |found: x::List| json!({ "screen_name": piece(text, &found.name), "indices": indices(text, &found.range) });
        names(text).into_iter().map(named).collect()
    });
    each(&mut suite, "mentions_or_lists_with_indices", 5, |text| {
        let named = |found: x::List| {
            let list = found.list.map(|list| piece(text, &list)).unwrap_or_default();
            json!({ "screen_name": piece(text, &found.name), "list_slug": list, "indices": indices(text, &found.range) })
        };
        x::mentions(text).into_iter().map(named).collect()
    });
    each(&mut suite, "replies", 13, |text| json!(x::reply(text)));
    for (section, count) in [("urls", 91), ("tco_urls_with_params", 5)] {
        each(&mut suite, section, count, |text| texts(text, x::urls(text)));
    }
    for (section, count) in [("urls_with_indices", 10), ("urls_with_directional_markers", 2)] {
        each(&mut suite, section, count, |text| {
            let placed = |range| json!({ "url": piece(text, &range), "indices": indices(text, &range) });
            x::urls(text).into_iter().map(placed).collect()
        });
    }
    for (section, count) in [("hashtags", 65), ("hashtags_from_astral", 3)] {
        each(&mut suite, section, count, |text| unsigned(text, x::hashtags(text)));
    }
    let placed = |name: &'static str, found: fn(&str) -> Vec<Range<usize>>| {
        move |text: &str| -> Value {
            let bare = |range: &Range<usize>| piece(text, range).chars().skip(1).collect::<String>();
            found(text).iter().map(|range| json!({ name: bare(range), "indices": indices(text, range) })).collect()
        }
    };
    each(&mut suite, "hashtags_with_indices", 8, placed("hashtag", x::hashtags));
    each(&mut suite, "cashtags", 8, |text| unsigned(text, x::cashtags(text)));
    each(&mut suite, "cashtags_with_indices", 2, placed("cashtag", x::cashtags));
    assert!(suite.tests.is_empty(), "{:?}", suite.tests.keys());
}

#[test]
fn everything_is_judged_as_twitter_text_does() {
    let Some(mut suite) = suite("validate") else { return };
    each(&mut suite, "tweets", 8, |text| json!(!text.is_empty() && x::weigh(text, &x::V1).valid));
    each(&mut suite, "usernames", 4, |text| json!(x::is_valid_username(text)));
    each(&mut suite, "lists", 5, |text| json!(x::is_valid_list(text)));
    each(&mut suite, "hashtags", 7, |text| json!(x::is_valid_hashtag(text)));
    each(&mut suite, "urls", 24, |text| json!(x::is_valid_url(text, true)));
    each(&mut suite, "urls_without_protocol", 5, |text| json!(x::is_valid_url(text, false)));
    let weighed = |config: Config| {
        move |text: &str| {
            let weight = x::weigh(text, &config);
            let last = |units: usize| i64::try_from(units).unwrap() - 1;
            json!({
                "weightedLength": weight.weight, "valid": weight.valid, "permillage": weight.permillage,
                "displayRangeStart": 0, "displayRangeEnd": last(weight.units),
                "validRangeStart": 0, "validRangeEnd": last(weight.valid_units),
            })
        }
    };
    each(&mut suite, "WeightedTweetsCounterTest", 20, weighed(x::V2));
    each(&mut suite, "WeightedTweetsWithDiscountedEmojiCounterTest", 22, weighed(x::V3));
    each(&mut suite, "UnicodeDirectionalMarkerCounterTest", 2, weighed(x::V3));
    assert!(suite.tests.is_empty(), "{:?}", suite.tests.keys());
}

#[test]
fn every_top_level_domain_makes_a_link() {
    let Some(mut suite) = suite("tlds") else { return };
    for (section, count) in [("country", 315), ("generic", 1259)] {
        each(&mut suite, section, count, |text| texts(text, x::urls(text)));
    }
    assert!(suite.tests.is_empty(), "{:?}", suite.tests.keys());
}

#[test]
fn the_configurations_are_those_that_twitter_publishes() {
    for (name, config) in [("v1", x::V1), ("v2", x::V2), ("v3", x::V3)] {
        let Some(text) = data::read(&format!("twitter-text/config/{name}.json")) else { return };
        let published: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(published["maxWeightedTweetLength"], config.max_weight, "{name}");
        assert_eq!(published["scale"], config.scale, "{name}");
        assert_eq!(published["defaultWeight"], config.default_weight, "{name}");
        assert_eq!(published["transformedURLLength"], 23, "{name}");
        assert_eq!(published["emojiParsingEnabled"].as_bool().unwrap_or(false), config.emoji, "{name}");
        for range in published["ranges"].as_array().into_iter().flatten() {
            assert_eq!(range["weight"], config.light_weight, "{name}");
        }
    }
}

/// Texts that make a careless reader look at everything again for every character.
#[test]
fn long_hostile_texts_cost_no_more_than_their_length() {
    for piece in ["a.", "@", "#", "$", "(", "あ.", "a_b.", "https://", "://a.co/(", "あa.", "RT@", "👨‍👩‍👧", "a.あ.com/"]
    {
        let seconds = |length: usize| {
            let text = piece.repeat(length / piece.len());
            let begun = Instant::now();
            std::hint::black_box((x::entities(&text), x::weighted_length(&text)));
            begun.elapsed().as_secs_f64()
        };
        let short = seconds(10_000).max(seconds(10_000)).max(0.000_5);
        assert!(seconds(100_000) < short * 40.0, "{piece:?}");
    }
}

fn tricky() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "Z",
        "9",
        " ",
        "\n",
        "@",
        "＠",
        "#",
        "＃",
        "$",
        "/",
        ".",
        "-",
        "_",
        ":",
        "://",
        "https://",
        "example.com",
        "あ",
        "é",
        "e\u{301}",
        "\u{FE0F}",
        "\u{20E3}",
        "\u{200D}",
        "👩",
        "🏽",
        "🇳",
        "🇴",
        "\u{202A}",
        "\u{FFFE}",
        "?",
        "(",
        ")",
        "t.co/",
        "RT",
        "&",
        "xn--",
        "©",
    ]);
    prop::collection::vec(
        prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_lies_in_the_text_in_order(text in tricky()) {
        let mut end = 0;
        for entity in x::entities(&text) {
            prop_assert!(entity.range.start >= end && entity.range.start < entity.range.end, "{entity:?}");
            let piece = text.get(entity.range.clone());
            prop_assert!(piece.is_some(), "{entity:?}");
            let sign: &[char] = match entity.kind {
                Kind::Mention => &['@', '＠'],
                Kind::Hashtag => &['#', '＃'],
                Kind::Cashtag => &['$'],
                Kind::Url => &[],
            };
            prop_assert!(entity.kind == Kind::Url || piece.unwrap_or_default().starts_with(sign));
            end = entity.range.end;
        }
        for judge in [x::is_valid_username, x::is_valid_list, x::is_valid_hashtag] {
            judge(&text);
        }
        x::is_valid_url(&text, true);
    }

    #[test]
    fn a_word_behind_it_weighs_more(text in tricky(), word in "[a-z]{1,9}") {
        let weigh = |text: &str| x::weigh(text, &x::V3);
        let (before, after) = (weigh(&text), weigh(&format!("{text} {word}")));
        prop_assert!(after.weight > before.weight, "{before:?} {after:?}");
        prop_assert!(before.valid_units <= before.units);
        prop_assert!(before.valid || !after.valid || before.weight > x::MAX_WEIGHT);
    }
}
