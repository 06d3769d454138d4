//! The entry point of composer and publisher.

use domain::network::Network;
use domain::text::mastodon::MastodonLimits;
use domain::text::{ImageFacts, Measure, NetworkRules, PartText, Rule, Violation, check, measure, measure_alt};

const PHOTO: ImageFacts<'static> =
    ImageFacts { alt: "A lighthouse", bytes: 900_000, mime: "image/jpeg", width: 1600, height: 1200, video: None };

fn text(text: &str) -> PartText<'_> {
    PartText { text, ..PartText::default() }
}

fn rules(network: NetworkRules<'_>, part: PartText<'_>) -> Vec<(Rule, u32, u32, Option<u32>)> {
    check(network, part).into_iter().map(|v| (v.rule, v.measured, v.limit, v.image)).collect()
}

fn measured(measures: impl IntoIterator<Item = Measure>) -> Vec<(Rule, u32, u32)> {
    measures.into_iter().map(|measure| (measure.rule, measure.used, measure.limit)).collect()
}

#[test]
fn bluesky_has_two_limits_on_a_text() {
    let network = NetworkRules::BLUESKY;
    assert_eq!(rules(network, text(&"a".repeat(300))), []);
    assert_eq!(rules(network, text(&"a".repeat(301))), [(Rule::TextLength, 301, 300, None)]);
    let family = "👨‍👩‍👧‍👧";
    assert_eq!(rules(network, text(&family.repeat(120))), []);
    assert_eq!(rules(network, text(&family.repeat(121))), [(Rule::TextBytes, 3_025, 3_000, None)]);
    let both = rules(network, text(&family.repeat(301)));
    assert_eq!(both, [(Rule::TextLength, 301, 300, None), (Rule::TextBytes, 7_525, 3_000, None)]);
    let sentence = check(network, text(&"a".repeat(312))).first().map(Violation::sentence);
    assert_eq!(sentence.as_deref(), Some("12 characters over the 300 that Bluesky allows"));
}

#[test]
fn a_post_needs_a_text_or_an_image() {
    let limits = MastodonLimits::default();
    for network in [NetworkRules::BLUESKY, NetworkRules::Mastodon(&limits)] {
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
    assert_eq!(rules(NetworkRules::BLUESKY, part(&[PHOTO; 4])), []);
    assert_eq!(rules(NetworkRules::BLUESKY, part(&[ImageFacts { bytes: 2_000_000, ..PHOTO }])), []);
    assert_eq!(
        rules(NetworkRules::BLUESKY, part(&[PHOTO, heavy, wordy, film, PHOTO])),
        [
            (Rule::ImagesPerPost, 5, 4, None),
            (Rule::ImageBytes, 2_000_001, 2_000_000, Some(1)),
            (Rule::AltTextLength, 2_001, 2_000, Some(2)),
            (Rule::ImageType, 0, 0, Some(3)),
        ]
    );
    let sentences: Vec<String> =
        check(NetworkRules::BLUESKY, part(&[PHOTO, heavy])).iter().map(Violation::sentence).collect();
    assert_eq!(sentences, ["Image 2: This image has 2.1 MB; the limit is 2 MB"]);
    assert_eq!(rules(NetworkRules::BLUESKY, part(&[ImageFacts { bytes: u64::MAX, ..PHOTO }])).len(), 1);
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
    let fine = ImageFacts { alt: "ae\u{301}", bytes: 1_000, mime: "image/png", width: 10, height: 10, video: None };
    let part = PartText { text: "12345", content_warning: "12345", images: &[fine], ..PartText::default() };
    assert_eq!(rules(NetworkRules::Mastodon(&small), part), []);
    let bad =
        ImageFacts { alt: "a\u{301}e\u{301}", bytes: 1_001, mime: "image/jpeg", width: 10, height: 11, video: None };
    let film = ImageFacts { mime: "video/mp4", ..fine };
    let part = PartText { text: "123456", content_warning: "12345", images: &[bad, film], ..PartText::default() };
    assert_eq!(
        rules(NetworkRules::Mastodon(&small), part),
        [
            (Rule::TextLength, 11, 10, None),
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
    let part = PartText { text: "größe", content_warning: "CW", ..PartText::default() };
    assert_eq!(
        measured(measure(NetworkRules::BLUESKY, part)),
        [(Rule::TextLength, 5, 300), (Rule::TextBytes, 7, 3_000),]
    );
    assert_eq!(
        measured(measure(NetworkRules::Mastodon(&limits), PartText { images: &[PHOTO], ..part })),
        [(Rule::TextLength, 7, 500), (Rule::ImagesPerPost, 1, 4)]
    );
    assert_eq!(measured(measure_alt(NetworkRules::Mastodon(&limits), "ae\u{301}")), [(Rule::AltTextLength, 3, 1_500)]);
    assert_eq!(measured(measure_alt(NetworkRules::BLUESKY, "ae\u{301}")), [(Rule::AltTextLength, 2, 2_000)]);
}

#[test]
fn violations_cross_the_wire() {
    let violation = Violation { rule: Rule::TextLength, network: Network::X, measured: 312, limit: 300, image: None };
    let json = serde_json::to_string(&violation).unwrap();
    assert_eq!(json, r#"{"rule":"text_length","network":"x","measured":312,"limit":300}"#);
    assert_eq!(serde_json::from_str::<Violation>(&json).unwrap(), violation);
    let json = serde_json::to_string(&Violation { image: Some(2), ..violation }).unwrap();
    assert_eq!(json, r#"{"rule":"text_length","network":"x","measured":312,"limit":300,"image":2}"#);
}

#[test]
fn each_network_counts_in_its_own_way() {
    let used = |network, rule, text: &str| {
        let part = PartText { text, ..PartText::default() };
        measured(measure(NetworkRules::of(network), part)).into_iter().find(|one| one.0 == rule).unwrap().1
    };
    let family = "👨‍👩‍👧‍👧";
    for (network, expected) in [
        (Network::Bluesky, 1),
        (Network::Mastodon, 1),
        (Network::X, 2),
        (Network::LinkedIn, 7),
        (Network::Threads, 25),
        (Network::TikTok, 11),
        (Network::Telegram, 11),
        (Network::Discord, 7),
    ] {
        assert_eq!(used(network, Rule::TextLength, family), expected, "{network:?}");
    }
    let link = "Read https://example.com/a/very/long/way/to/say/bread";
    assert_eq!(used(Network::X, Rule::TextLength, link), 28);
    assert_eq!(used(Network::Mastodon, Rule::TextLength, link), 28);
    assert_eq!(used(Network::Bluesky, Rule::TextLength, link), 53);
    // the first line is the title
    let text = "Bread\n\nGröße";
    assert_eq!(used(Network::Reddit, Rule::TitleLength, text), 5);
    assert_eq!(used(Network::Reddit, Rule::TextLength, text), 5);
    assert_eq!(used(Network::YouTube, Rule::TextBytes, text), 7);
    let tags = "#one #two @ada, no#tag";
    assert_eq!(used(Network::Instagram, Rule::Hashtags, tags), 2);
    assert_eq!(used(Network::Instagram, Rule::Mentions, tags), 1);
}

#[test]
fn the_shape_the_number_and_the_presence_of_images_count() {
    fn part<'a>(images: &'a [ImageFacts<'a>]) -> PartText<'a> {
        PartText { images, ..text("hi") }
    }
    let of = |width, height| ImageFacts { width, height, ..PHOTO };
    let instagram = NetworkRules::of(Network::Instagram);
    assert_eq!(rules(instagram, part(&[])), [(Rule::ImagesNeeded, 0, 1, None)]);
    assert_eq!(rules(instagram, part(&[of(1_080, 1_350), of(1_080, 566)])), []);
    assert_eq!(
        rules(instagram, part(&[of(1_080, 1_920), of(300, 100), ImageFacts { mime: "image/png", ..PHOTO }])),
        [
            (Rule::ImageTooTall, 562, 800, Some(0)),
            (Rule::ImageTooWide, 3_000, 1_910, Some(1)),
            (Rule::ImageWidth, 300, 320, Some(1)),
            (Rule::ImageType, 0, 0, Some(2)),
        ]
    );
    let telegram = NetworkRules::of(Network::Telegram);
    let long = "a".repeat(1_025);
    assert_eq!(rules(telegram, text(&long)), []);
    let with_image = PartText { images: &[PHOTO], ..text(&long) };
    assert_eq!(rules(telegram, with_image), [(Rule::TextLength, 1_025, 1_024, None)]);
    assert_eq!(rules(telegram, part(&[of(9_000, 1_001)])), [(Rule::ImageSides, 10_001, 10_000, Some(0))]);
    // an image of which nothing is known breaks no rule by its shape
    assert_eq!(rules(instagram, part(&[of(0, 0)])), [(Rule::ImageWidth, 0, 320, Some(0))]);
}

#[test]
fn a_comment_is_counted_as_text_and_needs_no_image() {
    let comment = |text| PartText { text, is_comment: true, ..PartText::default() };
    let by_hand = NetworkRules::of;
    assert_eq!(rules(by_hand(Network::Instagram), comment("Link in the profile")), []);
    let long = "a".repeat(301);
    assert_eq!(rules(NetworkRules::BLUESKY, comment(&long)), [(Rule::TextLength, 301, 300, None)]);
    // no first line is a title, and all of it counts
    let title = "a".repeat(200);
    assert_eq!(rules(by_hand(Network::YouTube), comment(&title)), []);
    let long = "a".repeat(5_001);
    assert_eq!(rules(by_hand(Network::YouTube), comment(&long)), [(Rule::TextBytes, 5_001, 5_000, None)]);
}

#[test]
fn a_video_keeps_the_rules_of_its_network() {
    use domain::network::Network::{Instagram, Mastodon, Telegram, TikTok, X, YouTube};
    use domain::video::{AudioCodec, Video, VideoCodec};

    const OVEN: Video =
        Video { duration_ms: 42_000, codec: VideoCodec::H264, audio: Some(AudioCodec::Aac), rate: 25_000 };
    const FILM: ImageFacts<'static> =
        ImageFacts { bytes: 9_000_000, mime: "video/mp4", width: 1280, height: 720, video: Some(OVEN), ..PHOTO };
    fn of(network: Network, images: &[ImageFacts<'_>]) -> Vec<(Rule, u32, u32, Option<u32>)> {
        rules(NetworkRules::of(network), PartText { text: "Rye", images, ..PartText::default() })
    }
    for network in Network::ALL {
        assert_eq!(of(network, &[FILM]), [], "{network:?}");
    }
    // beside images it stands only where the network shows both
    assert_eq!(of(X, &[PHOTO, FILM]), [(Rule::VideoWithImages, 1, 0, None)]);
    assert_eq!(of(X, &[FILM, FILM]), [(Rule::VideosPerPost, 2, 1, None)]);
    let square = ImageFacts { height: 1600, ..PHOTO };
    assert_eq!(of(Instagram, &[square, FILM]), []);
    assert_eq!(of(Telegram, &[square, FILM]), []);
    // everything that is measured of it
    let film = |change: fn(&mut Video)| {
        let mut video = OVEN;
        change(&mut video);
        [ImageFacts { video: Some(video), ..FILM }]
    };
    assert_eq!(of(X, &film(|video| video.duration_ms = 200_000)), [(Rule::VideoTooLong, 200_000, 140_000, Some(0))]);
    assert_eq!(of(X, &film(|video| video.duration_ms = 300)), [(Rule::VideoTooShort, 300, 500, Some(0))]);
    assert_eq!(of(X, &film(|video| video.rate = 120_000)), [(Rule::VideoRate, 120_000, 60_000, Some(0))]);
    assert_eq!(of(X, &film(|video| video.rate = 0)), [], "a file that does not tell is not refused for it");
    assert_eq!(of(Instagram, &film(|video| video.rate = 12_000)), [(Rule::VideoSlow, 12_000, 23_000, Some(0))]);
    assert_eq!(of(X, &film(|video| video.codec = VideoCodec::Av1)), [(Rule::VideoCodec, 0, 0, Some(0))]);
    assert_eq!(of(X, &[ImageFacts { mime: "video/webm", ..FILM }]), [(Rule::VideoType, 0, 0, Some(0))]);
    assert_eq!(
        of(X, &[ImageFacts { width: 1920, height: 1080, ..FILM }]),
        [(Rule::VideoLongSide, 1920, 1280, Some(0))]
    );
    assert_eq!(of(X, &[ImageFacts { width: 200, height: 1280, ..FILM }]), [(Rule::VideoTooTall, 156, 333, Some(0))]);
    assert_eq!(
        of(Mastodon, &[ImageFacts { bytes: 200_000_000, width: 4000, height: 3000, ..FILM }]),
        [(Rule::VideoBytes, 200_000_000, 103_809_024, Some(0)), (Rule::VideoPixels, 12_000_000, 8_294_400, Some(0)),]
    );
    assert_eq!(of(YouTube, &[ImageFacts { mime: "video/webm", bytes: u64::MAX, ..FILM }]), []);
    // the caption of a video is shorter than that of photos
    let text = "a".repeat(2_201);
    let part = PartText { text: &text, images: &[FILM], ..PartText::default() };
    assert_eq!(rules(NetworkRules::of(TikTok), part), [(Rule::TextLength, 2_201, 2_200, None)]);
    let sentences: Vec<String> =
        check(NetworkRules::of(X), PartText { images: &film(|video| video.rate = 120_000), ..part })
            .iter()
            .filter(|violation| violation.image.is_some())
            .map(Violation::sentence)
            .collect();
    assert_eq!(sentences, ["Video 1: This video has 120 pictures a second; X allows 60: re-encode it"]);
}

#[test]
fn a_server_says_itself_which_videos_it_takes() {
    use domain::video::{Video, VideoCodec};
    let small = MastodonLimits {
        video_size_limit: 1_000,
        video_matrix_limit: 100,
        video_frame_rate_limit: 30,
        supported_mime_types: vec!["image/png".to_owned(), "video/mp4".to_owned()],
        ..MastodonLimits::default()
    };
    let video = Video { duration_ms: 1_000, codec: VideoCodec::H264, audio: None, rate: 60_000 };
    let film = ImageFacts { bytes: 1_001, mime: "video/webm", width: 20, height: 10, video: Some(video), ..PHOTO };
    let part = PartText { text: "hi", images: &[film], ..PartText::default() };
    assert_eq!(
        rules(NetworkRules::Mastodon(&small), part),
        [
            (Rule::VideoBytes, 1_001, 1_000, Some(0)),
            (Rule::VideoPixels, 200, 100, Some(0)),
            (Rule::VideoRate, 60_000, 30_000, Some(0)),
            (Rule::VideoType, 0, 0, Some(0)),
        ]
    );
    // what was stored before these were asked for has the usual ones
    let mut stored = serde_json::to_value(&small).unwrap();
    let fields = stored.as_object_mut().unwrap();
    ["video_size_limit", "video_matrix_limit", "video_frame_rate_limit"]
        .iter()
        .for_each(|name| drop(fields.remove(*name)));
    let read: MastodonLimits = serde_json::from_value(stored).unwrap();
    assert_eq!((read.video_size_limit, read.video_frame_rate_limit), (103_809_024, 120));
}
