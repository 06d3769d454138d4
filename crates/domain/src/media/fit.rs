//! What is made of a stored image for a network: a part of it, smaller, lighter, of another type.

use serde::{Deserialize, Serialize};

use super::MediaType;
use crate::id::MediaId;

/// Pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// A rectangle within a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub left: u32,
    pub top: u32,
    pub size: Size,
}

/// A rectangle within a picture, in millionths of its sides: whole numbers, so that it is the same wherever it is compared, and
/// fine enough to name every pixel of the largest image that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

/// What is made of an image; without any of it, it stays as it is. It is cropped first, then scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop: Option<Crop>,
    /// Scaled down to no more than this, in its shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Encoded to no more bytes than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u32>,
    /// JPEG or PNG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<MediaType>,
}

/// Where an image comes from that was made of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeFrom {
    /// One that was made of none.
    pub media: MediaId,
    pub fit: Fit,
}

impl Size {
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Scaled down to fit into `most`; never up, and never to nothing.
    ///
    /// What is lost in rounding is taken from the longer side: an image that is just not too tall, or too wide, for a network
    /// stays so.
    #[must_use]
    pub fn within(self, most: Self) -> Self {
        if self.width <= most.width && self.height <= most.height {
            return self;
        }
        let (width, height) = (u64::from(self.width.max(1)), u64::from(self.height.max(1)));
        // by the side that lacks more room
        let by_width = u64::from(most.width) * height <= u64::from(most.height) * width;
        let (shorter, longer) = (width.min(height), width.max(height));
        let short = match (by_width, width <= height) {
            (true, true) => u64::from(most.width),
            (true, false) => u64::from(most.width) * height / width,
            (false, false) => u64::from(most.height),
            (false, true) => u64::from(most.height) * width / height,
        };
        let short = short.max(1);
        let long = (short * longer / shorter).max(1);
        // a side of one pixel cannot get shorter; the other one still has to fit
        let (short, long) = (narrow(short), narrow(long));
        let (width, height) = if self.width <= self.height { (short, long) } else { (long, short) };
        Self::new(width.min(most.width).max(1), height.min(most.height).max(1))
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Crop {
    /// The whole side of a picture.
    pub const WHOLE: u32 = 1_000_000;
    pub const ALL: Self = Self { left: 0, top: 0, width: Self::WHOLE, height: Self::WHOLE };

    /// There is something in it, and all of it lies in the picture.
    pub fn is_valid(self) -> bool {
        let within =
            |from: u32, length: u32| length > 0 && from.checked_add(length).is_some_and(|to| to <= Self::WHOLE);
        within(self.left, self.width) && within(self.top, self.height)
    }

    /// The pixels that it names; at least one.
    pub fn rect(self, of: Size) -> Rect {
        let side = |from: u32, length: u32, of: u32| {
            let at = |millionths: u32| {
                let whole = u64::from(Self::WHOLE);
                narrow((u64::from(millionths) * u64::from(of) + whole / 2) / whole)
            };
            let from_pixel = at(from).min(of.saturating_sub(1));
            (from_pixel, at(from.saturating_add(length)).min(of).saturating_sub(from_pixel).max(1))
        };
        let (left, width) = side(self.left, self.width, of.width);
        let (top, height) = side(self.top, self.height, of.height);
        Rect { left, top, size: Size::new(width, height) }
    }

    /// What names these pixels of a picture.
    pub fn of(rect: Rect, of: Size) -> Self {
        let side = |from: u32, length: u32, of: u32| {
            let of = u64::from(of.max(1));
            let at = |pixel: u32| narrow((u64::from(pixel) * u64::from(Self::WHOLE) + of / 2) / of).min(Self::WHOLE);
            let start = at(from);
            (start, at(from.saturating_add(length)).saturating_sub(start).max(1))
        };
        let (left, width) = side(rect.left, rect.size.width, of.width);
        let (top, height) = side(rect.top, rect.size.height, of.height);
        Self { left, top, width, height }
    }

    /// The part of the picture that is this part of the `outer` part.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        let side = |from: u32, length: u32, (start, whole): (u32, u32)| {
            let at = |part: u32| {
                let all = u64::from(Self::WHOLE);
                start.saturating_add(narrow((u64::from(part) * u64::from(whole) + all / 2) / all)).min(Self::WHOLE)
            };
            let first = at(from);
            (first, at(from.saturating_add(length)).saturating_sub(first).max(1))
        };
        let (left, width) = side(self.left, self.width, (outer.left, outer.width));
        let (top, height) = side(self.top, self.height, (outer.top, outer.height));
        Self { left, top, width, height }
    }
}

impl Fit {
    /// It can be done: the crop lies in the picture, something is left of it, and the type is one that is written.
    pub fn is_valid(&self) -> bool {
        let some = |size: Size| size.width > 0 && size.height > 0;
        self.crop.is_none_or(Crop::is_valid)
            && self.size.is_none_or(some)
            && self.bytes != Some(0)
            && matches!(self.kind, None | Some(MediaType::Jpeg | MediaType::Png))
    }

    /// Both at once, `earlier` first.
    #[must_use]
    pub fn after(self, earlier: Self) -> Self {
        let smaller = |one: Size, other: Size| Size::new(one.width.min(other.width), one.height.min(other.height));
        Self {
            crop: match (self.crop, earlier.crop) {
                (Some(inner), Some(outer)) => Some(inner.within(outer)),
                (inner, outer) => inner.or(outer),
            },
            size: match (self.size, earlier.size) {
                (Some(one), Some(other)) => Some(smaller(one, other)),
                (one, other) => one.or(other),
            },
            bytes: match (self.bytes, earlier.bytes) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            },
            kind: self.kind.or(earlier.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_image_is_scaled_in_its_shape_and_never_up() {
        let within = |width, height, by: (u32, u32)| {
            let size = Size::new(width, height).within(Size::new(by.0, by.1));
            (size.width, size.height)
        };
        assert_eq!(within(2_560, 1_920, (640, 640)), (640, 480));
        assert_eq!(within(1_920, 2_560, (640, 640)), (480, 640));
        assert_eq!(within(300, 200, (640, 640)), (300, 200));
        assert_eq!(within(1_004, 1_255, (803, 1_255)), (803, 1_003), "4:5 and not narrower");
        assert_eq!(within(1, 10_000, (100, 100)), (1, 100));
    }

    #[test]
    fn what_is_stored_says_only_what_is_done() {
        assert_eq!(serde_json::to_string(&Fit::default()).unwrap(), "{}");
        let fit: Fit = serde_json::from_str(r#"{"kind":"jpeg"}"#).unwrap();
        assert_eq!(fit, Fit { kind: Some(MediaType::Jpeg), ..Fit::default() });
        assert!(fit.is_valid() && !Fit { kind: Some(MediaType::Gif), ..fit }.is_valid());
        assert!(!Fit { crop: Some(Crop { width: 1, ..Crop { left: Crop::WHOLE, ..Crop::ALL } }), ..fit }.is_valid());
        assert!(!Fit { crop: Some(Crop { left: u32::MAX, ..Crop::ALL }), ..fit }.is_valid());
    }

    /// A picture, and a rectangle in it.
    fn pictures() -> impl Strategy<Value = (Size, Rect)> {
        (1_u32..12_000, 1_u32..12_000).prop_flat_map(|(width, height)| {
            (0..width, 0..height).prop_flat_map(move |(left, top)| {
                (1..=width - left, 1..=height - top).prop_map(move |(inner_width, inner_height)| {
                    (Size::new(width, height), Rect { left, top, size: Size::new(inner_width, inner_height) })
                })
            })
        })
    }

    proptest! {
        #[test]
        fn millionths_name_every_pixel((size, rect) in pictures()) {
            let crop = Crop::of(rect, size);
            prop_assert!(crop.is_valid());
            prop_assert_eq!(crop.rect(size), rect);
        }

        #[test]
        fn a_crop_of_a_crop_names_the_same_pixels((size, outer) in pictures(), (_, by) in pictures()) {
            // a rectangle within `outer`
            let cut = |from: u32, of: u32| from % of;
            let (left, top) = (cut(by.left, outer.size.width), cut(by.top, outer.size.height));
            let inner = Size::new(
                1 + cut(by.size.width, outer.size.width - left),
                1 + cut(by.size.height, outer.size.height - top),
            );
            let inner = Rect { left, top, size: inner };
            let both = Crop::of(inner, outer.size).within(Crop::of(outer, size));
            prop_assert!(both.is_valid());
            let meant = Rect { left: outer.left + left, top: outer.top + top, ..inner };
            prop_assert_eq!(both.rect(size), meant);
        }

        #[test]
        fn scaling_keeps_within_its_bounds_and_makes_no_shape_more_extreme(
            width in 1_u32..12_000, height in 1_u32..12_000, most in (1_u32..12_000, 1_u32..12_000),
        ) {
            let (size, most) = (Size::new(width, height), Size::new(most.0, most.1));
            let scaled = size.within(most);
            prop_assert!(scaled.width <= most.width.min(width) && scaled.height <= most.height.min(height), "{scaled:?}");
            prop_assert!(scaled.width > 0 && scaled.height > 0);
            let shape = |size: Size| u64::from(size.width) * 1_000 / u64::from(size.height);
            if scaled.width > 1 && scaled.height > 1 {
                if width <= height {
                    prop_assert!(shape(scaled) >= shape(size), "{scaled:?}");
                } else {
                    prop_assert!(shape(scaled) <= shape(size), "{scaled:?}");
                }
            }
        }
    }
}
