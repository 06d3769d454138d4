//! What a video has to keep within, so that everyone who gets it takes it: for coding it anew.

use serde::{Deserialize, Serialize};

use super::rule::Rule;
use super::rulebook::NetworkRules;

/// The narrowest of what several networks allow. A number that nobody reaches is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VideoRoom {
    pub bytes: u32,
    pub duration_ms: u32,
    pub long_side: u32,
    /// Width times height.
    pub pixels: u32,
    /// The most pictures in a thousand seconds, and the fewest.
    pub rate: u32,
    pub slow: u32,
}

impl VideoRoom {
    pub const ANY: Self =
        Self { bytes: u32::MAX, duration_ms: u32::MAX, long_side: u32::MAX, pixels: u32::MAX, rate: u32::MAX, slow: 0 };

    pub fn of<'a>(rules: impl IntoIterator<Item = NetworkRules<'a>>) -> Self {
        rules.into_iter().fold(Self::ANY, |room, rules| Self {
            bytes: room.bytes.min(rules.limit(Rule::VideoBytes)),
            duration_ms: room.duration_ms.min(rules.limit(Rule::VideoTooLong)),
            long_side: room.long_side.min(rules.limit(Rule::VideoLongSide)),
            pixels: room.pixels.min(rules.limit(Rule::VideoPixels)),
            rate: room.rate.min(rules.limit(Rule::VideoRate)),
            slow: room.slow.max(rules.row(Rule::VideoSlow).map_or(0, |row| row.limit)),
        })
    }

    /// The largest size with the same shape that fits, with even sides, as H.264 wants them.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        let (wide, high) = (u64::from(width.max(2)), u64::from(height.max(2)));
        let long = wide.max(high).min(self.long_side.into());
        // the longer side that both limits leave: at a scale of n/d the area shrinks by the square of it
        let area = (u128::from(self.pixels) * u128::from(wide.max(high)).pow(2) / u128::from(wide * high)).isqrt();
        let long = long.min(u64::try_from(area).unwrap_or(u64::MAX)).max(2);
        let side = |side: u64| {
            let scaled = side * long / wide.max(high);
            u32::try_from(scaled / 2 * 2).unwrap_or(u32::MAX).max(2)
        };
        (side(wide), side(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network::{Bluesky, Instagram, Mastodon, X};

    #[test]
    fn the_narrowest_network_decides() {
        let room = VideoRoom::of([Bluesky, Mastodon, X, Instagram].map(NetworkRules::of));
        assert_eq!((room.bytes, room.duration_ms, room.long_side), (103_809_024, 140_000, 1_280));
        assert_eq!((room.pixels, room.rate, room.slow), (8_294_400, 60_000, 23_000));
        assert_eq!(VideoRoom::of([]), VideoRoom::ANY);
    }

    #[test]
    fn a_size_keeps_its_shape_and_is_even() {
        let room = VideoRoom { long_side: 1_280, ..VideoRoom::ANY };
        assert_eq!(room.size(1_920, 1_080), (1_280, 720));
        assert_eq!(room.size(1_080, 1_920), (720, 1_280));
        assert_eq!(room.size(641, 359), (640, 358), "never larger");
        assert_eq!(VideoRoom { pixels: 8_294_400, ..VideoRoom::ANY }.size(7_680, 4_320), (3_840, 2_160));
        assert_eq!(VideoRoom { pixels: 0, long_side: 0, ..VideoRoom::ANY }.size(0, 9), (2, 2));
        assert_eq!(VideoRoom::ANY.size(u32::MAX, u32::MAX), (65_534, 65_534), "no number is too large");
    }
}
