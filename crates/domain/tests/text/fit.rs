//! Images that are made to fit the rules of networks.

use domain::id::MediaId;
use domain::media::{Crop, Media, MediaType, Size};
use domain::network::Network;
use domain::text::fit::{fits, plan, shape, shapes};
use domain::text::mastodon::MastodonLimits;
use domain::text::{ImageFacts, NetworkRules, PartText, Plan, Rule, Step, Unfit, check};
use jiff::Timestamp;
use proptest::prelude::*;

fn image(width: u32, height: u32, kind: MediaType) -> Media {
    Media {
        id: MediaId::of(b"loaf"),
        kind,
        width,
        height,
        bytes: 900_000,
        video: None,
        frames: if kind == MediaType::Gif { 12 } else { 1 },
        metadata: false,
        name: "loaf".to_owned(),
        alt: String::new(),
        folder: String::new(),
        tags: Vec::new(),
        deleted: false,
        made_from: None,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn planned(media: &Media, networks: &[Network]) -> Result<Option<Plan>, Unfit> {
    let rules: Vec<_> = networks.iter().map(|network| NetworkRules::of(*network)).collect();
    plan(media, &rules)
}

fn steps(media: &Media, network: Network) -> Vec<Step> {
    planned(media, &[network]).unwrap().map(|plan| plan.steps(media)).unwrap_or_default()
}

#[test]
fn an_image_that_fits_stays_as_it_is() {
    let photo = image(1_600, 1_200, MediaType::Jpeg);
    assert_eq!(planned(&photo, &Network::ALL), Ok(None));
    assert_eq!(planned(&photo, &[]), Ok(None));
}

#[test]
fn a_tall_image_keeps_its_middle() {
    let tall = image(1_080, 1_920, MediaType::Jpeg);
    let plan = planned(&tall, &[Network::Instagram]).unwrap().unwrap();
    assert_eq!((plan.size, shape(plan.size)), (Size::new(1_080, 1_350), 800));
    let rect = plan.fit.crop.unwrap().rect(tall.size());
    assert_eq!((rect.left, rect.top, rect.size), (0, 285, plan.size));
    assert_eq!(plan.steps(&tall), [Step::Crop(800)]);
    let wide = image(3_000, 1_000, MediaType::Jpeg);
    assert_eq!(steps(&wide, Network::Instagram), [Step::Crop(1_910)]);
}

#[test]
fn each_network_gets_a_type_that_it_takes() {
    let drawing = image(1_000, 1_000, MediaType::Png);
    for network in [Network::Instagram, Network::TikTok] {
        assert_eq!(steps(&drawing, network), [Step::Convert(MediaType::Jpeg)], "{network:?}");
    }
    assert_eq!(steps(&drawing, Network::Threads), []);
    assert_eq!(steps(&image(1_000, 1_000, MediaType::Webp), Network::LinkedIn), [Step::Convert(MediaType::Jpeg)]);
}

#[test]
fn a_server_with_narrow_limits_gets_a_smaller_image() {
    let limits =
        MastodonLimits { image_matrix_limit: 1_000_000, image_size_limit: 500_000, ..MastodonLimits::default() };
    let photo = image(1_600, 1_200, MediaType::Jpeg);
    let plan = plan(&photo, &[NetworkRules::Mastodon(&limits)]).unwrap().unwrap();
    assert_eq!(plan.steps(&photo), [Step::Scale(plan.size.width), Step::Encode]);
    assert!(plan.size.pixels() <= 1_000_000 && plan.size.width > 1_140, "{:?}", plan.size);
    assert_eq!(plan.fit.bytes, Some(500_000));
}

#[test]
fn what_cannot_be_done_says_why() {
    let small = image(300, 300, MediaType::Jpeg);
    let narrow = Unfit::Narrow { network: Network::Instagram, width: 300, needed: 320 };
    assert_eq!(planned(&small, &[Network::Instagram]), Err(narrow));
    assert_eq!(planned(&image(300, 2_000, MediaType::Jpeg), &[Network::Instagram]), Err(narrow));
    let moving = image(600, 600, MediaType::Gif);
    assert_eq!(planned(&moving, &[Network::Threads]), Err(Unfit::Moves { network: Network::Threads }));
    assert_eq!(planned(&moving, &[Network::X]), Ok(None));
    let only = |mime: &str| MastodonLimits { supported_mime_types: vec![mime.to_owned()], ..MastodonLimits::default() };
    let (jpeg, png) = (only("image/jpeg"), only("image/png"));
    let both = [NetworkRules::Mastodon(&jpeg), NetworkRules::Mastodon(&png)];
    assert_eq!(plan(&image(600, 600, MediaType::Webp), &both), Err(Unfit::Torn));
}

#[test]
fn shapes_that_are_taken_lie_around_the_square() {
    // what scaling rounds away makes no shape more extreme only then
    for network in Network::ALL {
        let rules = NetworkRules::of(network);
        assert!(rules.row(Rule::ImageTooTall).is_none_or(|row| row.limit <= 1_000), "{network:?}");
        assert!(rules.row(Rule::ImageTooWide).is_none_or(|row| row.limit >= 1_000), "{network:?}");
    }
}

#[test]
fn each_network_has_the_shapes_that_it_takes() {
    assert_eq!(shapes(Network::Instagram), [(4, 5), (191, 100)], "as the rulebook has them");
    assert_eq!((shapes(Network::X), shapes(Network::Pinterest)), (vec![(16, 9)], vec![(2, 3)]));
    assert_eq!(shapes(Network::Telegram), [], "1:20 is nothing that anybody frames");
    for network in Network::ALL {
        for (width, height) in shapes(network) {
            let by = 1_000 / width.min(height);
            assert!(fits(&image(width * by, height * by, MediaType::Jpeg), NetworkRules::of(network)), "{network:?}");
        }
    }
}

fn images() -> impl Strategy<Value = Media> {
    let kinds = [MediaType::Jpeg, MediaType::Png, MediaType::Webp, MediaType::Gif];
    (1_u32..4_000, 1_u32..4_000, 0..kinds.len(), 1_u64..2_500_000)
        .prop_map(move |(width, height, kind, bytes)| Media { bytes, ..image(width, height, kinds[kind]) })
}

proptest! {
    /// What comes of a plan breaks no rule, lies in the picture, and needs no further plan; what fits is left alone.
    #[test]
    fn what_a_plan_makes_is_let_through(
        media in images(), chosen in proptest::collection::vec(0..Network::ALL.len(), 1..4),
        matrix in 1_000_u32..40_000_000, heavy in 10_000_u32..16_000_000,
    ) {
        let limits = MastodonLimits { image_matrix_limit: matrix, image_size_limit: heavy, ..MastodonLimits::default() };
        let mut rules: Vec<_> = chosen.iter().map(|at| NetworkRules::of(Network::ALL[*at])).collect();
        rules.push(NetworkRules::Mastodon(&limits));
        let all_fit = rules.iter().all(|rules| fits(&media, *rules));
        match plan(&media, &rules) {
            Ok(None) => prop_assert!(all_fit),
            Ok(Some(plan)) => {
                prop_assert!(!all_fit && plan.fit.is_valid() && !plan.steps(&media).is_empty());
                let cropped = plan.fit.crop.unwrap_or(Crop::ALL).rect(media.size()).size;
                prop_assert_eq!(plan.fit.size.map_or(cropped, |most| cropped.within(most)), plan.size);
                let kind = plan.fit.kind.unwrap_or(media.kind);
                let bytes = u64::from(plan.fit.bytes.unwrap_or(Media::STILL_BYTES)).min(Media::STILL_BYTES.into());
                let image = ImageFacts { alt: "", bytes, mime: kind.mime(), width: plan.size.width, height: plan.size.height, video: None };
                let part = PartText { text: "Rye", images: &[image], ..PartText::default() };
                for rules in &rules {
                    let broken = check(*rules, part);
                    prop_assert!(broken.iter().all(|violation| violation.image.is_none()), "{broken:?}");
                }
            }
            Err(Unfit::Moves { .. }) => prop_assert!(!all_fit && media.frames > 1),
            Err(_) => prop_assert!(!all_fit),
        }
    }
}
