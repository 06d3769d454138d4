//! How an image is made to fit the rules of networks: which part of it, how large, how heavy, of which type; or why nothing can.
//!
//! It asks the rules themselves whether what comes out fits, so that is what [`check`](super::check::check) lets through.

use super::check::ImageFacts;
use super::rule::{Rule, named};
use super::rulebook::{NetworkRules, OfImage};
use crate::media::{Crop, Fit, Media, MediaType, Rect, Size};
use crate::network::Network;

/// What is done with an image, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To a shape: width divided by height, in thousandths, to the nearest.
    Crop(u32),
    /// Scaled down to this width.
    Scale(u32),
    /// Encoded into fewer bytes.
    Encode,
    /// To another type.
    Convert(MediaType),
}

/// A way to make an image fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub fit: Fit,
    /// What it is then.
    pub size: Size,
}

/// Why an image cannot be made to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is an animation, which this network does not take as it is.
    Moves { network: Network },
    /// It is, or would be, so many pixels wide; this network needs more, and nothing is scaled up.
    Narrow { network: Network, width: u32, needed: u32 },
    /// One network takes only what another one refuses.
    Torn,
}

impl Plan {
    /// What it does with `media`, the first first.
    pub fn steps(&self, media: &Media) -> Vec<Step> {
        let of = media.size();
        let cropped = self.fit.crop.map_or(of, |crop| crop.rect(of).size);
        let shown =
            (u64::from(cropped.width) * 1_000 + u64::from(cropped.height) / 2) / u64::from(cropped.height.max(1));
        let crop = (cropped != of).then(|| Step::Crop(u32::try_from(shown).unwrap_or(u32::MAX)));
        let scale = (self.size != cropped).then_some(Step::Scale(self.size.width));
        let encode = self.fit.bytes.filter(|most| u64::from(*most) < media.bytes).map(|_| Step::Encode);
        [crop, scale, encode, self.fit.kind.map(Step::Convert)].into_iter().flatten().collect()
    }
}

/// Whether these rules let the image through as it is. What people say about it is not asked.
pub fn fits(media: &Media, rules: NetworkRules<'_>) -> bool {
    breaks(rules, &facts(media)).is_none()
}

/// What makes `image` fit all of `rules`; `None` if it does already. A crop keeps the middle.
///
/// # Errors
/// Why nothing can.
pub fn plan(media: &Media, rules: &[NetworkRules<'_>]) -> Result<Option<Plan>, Unfit> {
    // what a video needs is another question
    if media.video.is_some() {
        return Ok(None);
    }
    // a video is another program's work
    if media.kind.is_video() {
        return Ok(None);
    }
    let Some(network) = rules.iter().find(|rules| !fits(media, **rules)).map(|rules| rules.network()) else {
        return Ok(None);
    };
    if !matches!(media.kind, MediaType::Jpeg | MediaType::Png | MediaType::Webp) || media.frames > 1 {
        return Err(Unfit::Moves { network });
    }
    let taken = |kind: MediaType| rules.iter().all(|rules| takes(*rules, kind));
    let kind = match media.kind {
        kind if taken(kind) => None,
        _ => Some([MediaType::Jpeg, MediaType::Png].into_iter().find(|kind| taken(*kind)).ok_or(Unfit::Torn)?),
    };
    let bounds = Bounds::of(rules);
    if bounds.tallest > bounds.widest {
        return Err(Unfit::Torn);
    }
    let whole = media.size();
    let cropped = bounds.cropped(whole);
    let room = bounds.room(cropped);
    let size = cropped.within(room);
    if let Some((network, needed)) = bounds.narrowest.filter(|(_, needed)| size.width < *needed) {
        return Err(Unfit::Narrow { network, width: size.width, needed });
    }
    // nothing heavier than that is stored
    let bytes = bounds.bytes.filter(|most| *most < Media::STILL_BYTES || u64::from(*most) < media.bytes);
    let middle =
        Rect { left: (whole.width - cropped.width) / 2, top: (whole.height - cropped.height) / 2, size: cropped };
    let fit = Fit {
        crop: (cropped != whole).then(|| Crop::of(middle, whole)),
        size: (size != cropped).then_some(room),
        bytes,
        kind,
    };
    let then = ImageFacts {
        alt: "",
        bytes: bytes.unwrap_or(Media::STILL_BYTES).into(),
        mime: kind.unwrap_or(media.kind).mime(),
        width: size.width,
        height: size.height,
        video: None,
    };
    if rules.iter().any(|rules| breaks(*rules, &then).is_some()) {
        Err(Unfit::Torn)
    } else {
        Ok(Some(Plan { fit, size }))
    }
}

fn facts(media: &Media) -> ImageFacts<'_> {
    ImageFacts::of(media, "")
}

/// The first rule that the image itself breaks.
fn breaks(rules: NetworkRules<'_>, image: &ImageFacts<'_>) -> Option<Rule> {
    let broken = rules.rows().find(|row| match row.count.of_image(image) {
        OfImage::Amount(measured) => row.rule != Rule::AltTextLength && row.rule.is_broken(measured, row.limit),
        OfImage::Refused => true,
        OfImage::Fine => false,
    });
    broken.map(|row| row.rule)
}

fn takes(rules: NetworkRules<'_>, kind: MediaType) -> bool {
    let image = ImageFacts { alt: "", bytes: 0, mime: kind.mime(), width: 0, height: 0, video: None };
    let refused = |rule: Rule, of_image: OfImage| rule == Rule::ImageType && matches!(of_image, OfImage::Refused);
    !rules.rows().any(|row| refused(row.rule, row.count.of_image(&image)))
}

/// Width divided by height, in thousandths.
pub fn shape(size: Size) -> u32 {
    let thousandths = u64::from(size.width) * 1_000 / u64::from(size.height.max(1));
    u32::try_from(thousandths).unwrap_or(u32::MAX)
}

/// What all of several networks take.
#[derive(Debug)]
struct Bounds {
    /// Shapes, in thousandths.
    tallest: u32,
    widest: u32,
    narrowest: Option<(Network, u32)>,
    bytes: Option<u32>,
    pixels: u64,
    sides: u64,
}

impl Bounds {
    fn of(rules: &[NetworkRules<'_>]) -> Self {
        let mut all =
            Self { tallest: 0, widest: u32::MAX, narrowest: None, bytes: None, pixels: u64::MAX, sides: u64::MAX };
        for rules in rules {
            for row in rules.rows() {
                let limit = row.limit;
                match row.rule {
                    Rule::ImageTooTall => all.tallest = all.tallest.max(limit),
                    Rule::ImageTooWide => all.widest = all.widest.min(limit),
                    Rule::ImageWidth if all.narrowest.is_none_or(|(_, most)| most < limit) => {
                        all.narrowest = Some((rules.network(), limit));
                    }
                    Rule::ImageBytes => all.bytes = Some(all.bytes.map_or(limit, |least| least.min(limit))),
                    Rule::ImagePixels => all.pixels = all.pixels.min(limit.into()),
                    Rule::ImageSides => all.sides = all.sides.min(limit.into()),
                    _ => {}
                }
            }
        }
        all
    }

    /// The largest part of a picture whose shape is taken.
    fn cropped(&self, whole: Size) -> Size {
        let side = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).max(1);
        let (width, height) = (u64::from(whole.width), u64::from(whole.height));
        if shape(whole) < self.tallest {
            Size::new(whole.width, side(width * 1_000 / u64::from(self.tallest)).min(whole.height))
        } else if shape(whole) > self.widest {
            Size::new(side(height * u64::from(self.widest) / 1_000).min(whole.width), whole.height)
        } else {
            whole
        }
    }

    /// What it has to fit into to have no more pixels, and no longer sides, than are taken.
    fn room(&self, whole: Size) -> Size {
        let (width, height) = (u64::from(whole.width), u64::from(whole.height));
        let side = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).max(1);
        let mut most = whole;
        if whole.pixels() > self.pixels {
            // the root of `pixels * width / height` is the width that leaves `pixels` in all
            let wide = u128::from(self.pixels) * u128::from(width) / u128::from(height.max(1));
            let tall = u128::from(self.pixels) * u128::from(height) / u128::from(width.max(1));
            let root = |number: u128| side(u64::try_from(number.isqrt()).unwrap_or(u64::MAX));
            most = Size::new(most.width.min(root(wide)), most.height.min(root(tall)));
        }
        if width + height > self.sides {
            let share = |length: u64| side(length * self.sides / (width + height));
            most = Size::new(most.width.min(share(width)), most.height.min(share(height)));
        }
        most
    }
}

/// Shapes, width by height, that networks show whole although they take others. No network documents them: they are offered, never
/// demanded. Source: others who publish there (knowledgebase.recurpost.com/image-sharing-guidelines, read 2026-11-30).
const SHOWN: &[(Network, (u32, u32))] = &[
    (Network::X, (16, 9)),
    (Network::LinkedIn, (191, 100)),
    (Network::Facebook, (191, 100)),
    (Network::Pinterest, (2, 3)),
];

/// Nobody frames a picture narrower, or flatter, than this: in thousandths, as the rulebook has them.
const FRAMED: std::ops::RangeInclusive<u32> = 333..=3_000;

/// The shapes worth offering for `network`, the tallest first: the ends of what the rulebook takes, and what is shown whole.
pub fn shapes(network: Network) -> Vec<(u32, u32)> {
    let rules = NetworkRules::of(network);
    let bounds = [Rule::ImageTooTall, Rule::ImageTooWide].into_iter().filter_map(|rule| rules.row(rule));
    let bounds = bounds.map(|row| row.limit).filter(|limit| FRAMED.contains(limit)).map(named);
    let shown = SHOWN.iter().filter(|(of, _)| *of == network).map(|(_, shape)| *shape);
    bounds.chain(shown).collect()
}
