//! Facets against the test files of the official client, and where this goes its own way.

use domain::text::bluesky::{Facet, Feature, facets};
use domain::text::graphemes;
use serde_json::Value;

use crate::{data, js};

const DETECTION: &str = "atproto/richtext/tests/rich-text-detection.test.ts";

/// The text cut at its facets, as the official test writes it: `[text]` or `[text, what it leads to]`.
fn segments(text: &str) -> Vec<Vec<String>> {
    let cut = |from: usize, to: usize| text.get(from..to).expect("facets lie between characters").to_owned();
    let mut segments = Vec::new();
    let mut done = 0;
    for facet in facets(text) {
        let (start, end) = (facet.start as usize, facet.end as usize);
        if start > done {
            segments.push(vec![cut(done, start)]);
        }
        let target = match facet.feature {
            Feature::Link { uri } => uri,
            // The official test answers each handle with this.
            Feature::Mention { handle } => format!("did:fake:{handle}"),
            Feature::Tag { .. } => String::new(),
        };
        segments.push(vec![cut(start, end), target]);
        done = end;
    }
    if done < text.len() {
        segments.push(vec![cut(done, text.len())]);
    }
    segments
}

#[test]
fn links_and_mentions_are_those_of_the_official_client() {
    let Some(source) = data::read(DETECTION) else { return };
    let (inputs, rest) = js::literal_after(&source, "const inputs");
    let (outputs, _) = js::literal_after(rest, "const outputs");
    let (inputs, outputs) = (inputs.as_array().unwrap(), outputs.as_array().unwrap());
    assert_eq!(inputs.len(), outputs.len());
    assert_eq!(inputs.len(), 40);
    for (input, output) in inputs.iter().zip(outputs) {
        let text = input.as_str().unwrap();
        assert_eq!(serde_json::to_value(segments(text)).unwrap(), *output, "{text:?}");
    }
}

/// Runs one table of `[text, tags, indices]` cases and returns how many there were.
fn tag_cases(source: &str, wanted: impl Fn(&str) -> bool) -> usize {
    let (cases, _) = js::literal_after(source, "const inputs: [");
    let cases = cases.as_array().unwrap();
    for case in cases {
        let [Value::String(text), tags, indices] = case.as_array().unwrap().as_slice() else { panic!("{case}") };
        let found: Vec<(String, u32, u32)> = facets(text)
            .into_iter()
            .filter_map(|facet| match facet.feature {
                Feature::Tag { tag } if wanted(&tag) => Some((tag, facet.start, facet.end)),
                _ => None,
            })
            .collect();
        let expected: Vec<(String, u32, u32)> = tags
            .as_array()
            .unwrap()
            .iter()
            .zip(indices.as_array().unwrap())
            .map(|(tag, index)| {
                let offset = |name: &str| u32::try_from(index[name].as_u64().unwrap()).unwrap();
                (tag.as_str().unwrap().to_owned(), offset("byteStart"), offset("byteEnd"))
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }
    cases.len()
}

#[test]
fn tags_are_those_of_the_official_client() {
    let Some(source) = data::read(DETECTION) else { return };
    let (_, inline) = source.split_once("correctly detects tags inline").unwrap();
    assert_eq!(tag_cases(inline, |_| true), 39);
}

#[test]
fn cashtags_are_those_of_the_official_client() {
    let Some(source) = data::read(DETECTION) else { return };
    let (_, inline) = source.split_once("correctly detects cashtags inline").unwrap();
    assert_eq!(tag_cases(inline, |tag| tag.starts_with('$')), 18);
}

#[test]
fn lengths_are_those_of_the_official_client() {
    let Some(source) = data::read("atproto/richtext/tests/rich-text.test.ts") else { return };
    let (_, test) = source.split_once("calculates bytelength and grapheme length correctly").unwrap();
    let (test, _) = test.split_once("\n  })\n").unwrap();
    let number = |block: &str, name: &str| -> u64 {
        let (_, rest) = block.split_once(&format!("expect(rt.{name}).toBe(")).unwrap();
        rest.split_once(')').unwrap().0.parse().unwrap()
    };
    let blocks: Vec<&str> = test.split("new RichText(").skip(1).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let text = js::literal(block)["text"].as_str().unwrap().to_owned();
        assert_eq!(text.len() as u64, number(block, "length"), "{text}");
        assert_eq!(u64::from(graphemes::count(&text)), number(block, "graphemeLength"), "{text}");
    }
}

#[test]
fn the_limits_are_those_of_the_lexicons() {
    use domain::text::{NetworkRules, Rule, bluesky};

    let limit = |rule| NetworkRules::BLUESKY.limit(rule);
    let lexicon = |path: &str| data::read(path).map(|text| serde_json::from_str::<Value>(&text).unwrap());
    let Some(post) = lexicon("atproto/lexicons/app/bsky/feed/post.json") else { return };
    let text = &post["defs"]["main"]["record"]["properties"]["text"];
    assert_eq!(text["maxGraphemes"], limit(Rule::TextLength));
    assert_eq!(text["maxLength"], limit(Rule::TextBytes));
    let images = lexicon("atproto/lexicons/app/bsky/embed/images.json").unwrap();
    assert_eq!(images["defs"]["main"]["properties"]["images"]["maxLength"], limit(Rule::ImagesPerPost));
    let image = &images["defs"]["image"]["properties"];
    assert_eq!(image["image"]["maxSize"], limit(Rule::ImageBytes));
    assert_eq!(image["image"]["accept"], serde_json::json!(["image/*"]));
    assert_eq!(image["alt"]["maxLength"], Value::Null, "the length of descriptions is the official app's own limit");
    let video = lexicon("atproto/lexicons/app/bsky/embed/video.json").unwrap();
    let file = &video["defs"]["main"]["properties"]["video"];
    assert_eq!(
        (&file["maxSize"], &file["accept"]),
        (&limit(Rule::VideoBytes).into(), &serde_json::json!(["video/mp4"]))
    );
    let tag = &lexicon("atproto/lexicons/app/bsky/richtext/facet.json").unwrap()["defs"]["tag"]["properties"]["tag"];
    assert_eq!(tag["maxGraphemes"], bluesky::MAX_TAG_GRAPHEMES);
    assert_eq!(tag["maxLength"], bluesky::MAX_TAG_BYTES);
}

fn features(text: &str) -> Vec<Feature> {
    facets(text).into_iter().map(|facet| facet.feature).collect()
}

fn link(uri: &str) -> Feature {
    Feature::Link { uri: uri.to_owned() }
}

#[test]
fn a_link_that_a_server_would_refuse_is_none() {
    for text in ["https://", "https://.", "https:///path", "http://)", "http://?/ .", "see https://, there"] {
        let found = features(text);
        assert!(
            !found.iter().any(|feature| matches!(feature, Feature::Link { uri } if uri.starts_with("https:///"))),
            "{text}"
        );
        assert!(
            found
                .iter()
                .all(|feature| matches!(feature, Feature::Link { uri } if domain::text::handle::is_valid_uri(uri))),
            "{text}: {found:?}"
        );
    }
    assert!(features("https://. https:///a https://").is_empty());
    assert!(features(&format!("https://example.com/{}", "a".repeat(8192))).is_empty());
}

#[test]
fn a_scheme_may_be_in_capitals_and_a_domain_may_begin_with_http() {
    assert_eq!(features("HTTPS://Example.COM/A"), [link("https://Example.COM/A")]);
    assert_eq!(features("httpbin.org/get"), [link("https://httpbin.org/get")]);
    assert_eq!(features("https.example.com"), [link("https://https.example.com")]);
    // The end of a sentence without a space, as with the official client.
    assert_eq!(features("the end.So it begins"), []);
}

#[test]
fn a_mention_must_be_a_handle_in_any_letter_case() {
    let mention = |handle: &str| Feature::Mention { handle: handle.to_owned() };
    assert_eq!(features("@Ada.Bsky.Social"), [mention("Ada.Bsky.Social")]);
    assert_eq!(features("@ada.bsky.social."), [mention("ada.bsky.social")]);
    assert_eq!(features("@ada.bsky.social-"), [mention("ada.bsky.social")]);
    for text in ["@-ada.com", "@ada..com", "@.com", "@com", "@", "@ada.com_", "@ada", "@10.0.0.1", "@ada.jpg"] {
        assert_eq!(features(text), [], "{text}");
    }
}

#[test]
fn a_tag_that_is_too_long_in_bytes_is_none() {
    // Each of these letters is one grapheme of eleven bytes.
    let heavy = "a\u{301}\u{302}\u{303}\u{304}\u{305}";
    assert_eq!(heavy.len(), 11);
    assert_eq!(features(&format!("#{}", heavy.repeat(58))).len(), 1);
    assert_eq!(features(&format!("#{}", heavy.repeat(59))).len(), 0);
    assert_eq!(features(&format!("#{}", "é".repeat(64))).len(), 1);
    assert_eq!(features(&format!("#{}", "é".repeat(65))).len(), 0);
}

#[test]
fn of_facets_that_overlap_the_first_stays() {
    let tag = |tag: &str| Feature::Tag { tag: tag.to_owned() };
    assert_eq!(features("#a(@ada.com"), [tag("a(@ada.com")]);
    assert_eq!(features("https://example.com/(@ada.com"), [link("https://example.com/(@ada.com")]);
    assert_eq!(features("#a(example.com b.com"), [tag("a(example.com"), link("https://b.com")]);
}

#[test]
fn offsets_are_bytes_and_the_wire_shape_is_plain() {
    let text = "👋 @ada.test: example.com #größe";
    let found = facets(text);
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            { "start": 5, "end": 14, "feature": { "kind": "mention", "handle": "ada.test" } },
            { "start": 16, "end": 27, "feature": { "kind": "link", "uri": "https://example.com" } },
            { "start": 28, "end": 36, "feature": { "kind": "tag", "tag": "größe" } },
        ])
    );
    assert_eq!(serde_json::from_value::<Vec<Facet>>(json).unwrap(), found);
}
