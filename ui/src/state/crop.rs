//! The frame over a picture: what mouse and keys do to it. Pure, in pixels of the picture.

use domain::media::{Crop, Rect, Size};

/// Width and height of a shape: 4 and 5.
pub type Shape = (u32, u32);

/// Which sides of the frame move; the others stay where they are. Without any the frame moves as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grip {
    pub left: bool,
    pub right: bool,
    pub top: bool,
    pub bottom: bool,
}

impl Grip {
    pub const WHOLE: Self = Self { left: false, right: false, top: false, bottom: false };
    /// What Shift and an arrow move.
    pub const END: Self = Self { right: true, bottom: true, ..Self::WHOLE };
    /// What Alt and an arrow move.
    pub const START: Self = Self { left: true, top: true, ..Self::WHOLE };
    pub const CORNERS: [Self; 4] = [
        Self::START,
        Self { right: true, top: true, ..Self::WHOLE },
        Self::END,
        Self { left: true, bottom: true, ..Self::WHOLE },
    ];
    pub const SIDES: [Self; 4] = [
        Self { top: true, ..Self::WHOLE },
        Self { right: true, ..Self::WHOLE },
        Self { bottom: true, ..Self::WHOLE },
        Self { left: true, ..Self::WHOLE },
    ];
}

/// A frame, the picture that it lies in, and the shape that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub of: Size,
    pub rect: Rect,
    pub shape: Option<Shape>,
}

/// A frame gets no smaller, in pixels, as long as the picture is not.
const LEAST: u32 = 16;

impl Frame {
    pub const fn whole(of: Size) -> Self {
        Self { of, rect: Rect { left: 0, top: 0, size: of }, shape: None }
    }

    /// As it was when the picture was cropped.
    pub fn at(crop: Option<Crop>, of: Size) -> Self {
        Self { rect: crop.unwrap_or(Crop::ALL).rect(of), ..Self::whole(of) }
    }

    /// What it leaves of the picture; `None` if that is all of it.
    pub fn crop(&self) -> Option<Crop> {
        (self.rect.size != self.of).then(|| Crop::of(self.rect, self.of))
    }

    /// The largest frame of this shape around the same middle. Without one it stays as it is and keeps none.
    #[must_use]
    pub fn shaped(self, shape: Option<Shape>) -> Self {
        let Some(shape) = shape else { return Self { shape, ..self } };
        let size = shaped(shape, self.of, self.of.width);
        let around = |from: u32, length: u32, new: u32, whole: u32| {
            (from + length / 2).saturating_sub(new / 2).min(whole.saturating_sub(new))
        };
        let Rect { left, top, size: old } = self.rect;
        let rect = Rect {
            left: around(left, old.width, size.width, self.of.width),
            top: around(top, old.height, size.height, self.of.height),
            size,
        };
        Self { rect, shape: Some(shape), ..self }
    }

    /// The grip was pulled so far.
    #[must_use]
    pub fn pulled(self, grip: Grip, right: i64, down: i64) -> Self {
        let Rect { left, top, size } = self.rect;
        if grip == Grip::WHOLE {
            let by = |from: u32, by: i64, length: u32, whole: u32| side(i64::from(from) + by).min(whole - length);
            let rect = Rect {
                left: by(left, right, size.width, self.of.width),
                top: by(top, down, size.height, self.of.height),
                size,
            };
            return Self { rect, ..self };
        }
        // how long each side may get, and how long it is wanted, from the edges that stay
        let room = Size::new(
            if grip.left { left + size.width } else { self.of.width - left },
            if grip.top { top + size.height } else { self.of.height - top },
        );
        let wanted = |length: u32, by: i64, start: bool, end: bool| match (start, end) {
            (true, _) => side(i64::from(length) - by),
            (false, true) => side(i64::from(length) + by),
            (false, false) => length,
        };
        let wide = wanted(size.width, right, grip.left, grip.right);
        let tall = wanted(size.height, down, grip.top, grip.bottom);
        let least = |whole: u32| LEAST.min(whole);
        let size = match self.shape {
            None => Size::new(wide.clamp(least(room.width), room.width), tall.clamp(least(room.height), room.height)),
            Some(shape) => {
                // the side that was pulled further leads
                let by_height = widened(tall, shape);
                let pulled = u64::from(size.width.abs_diff(wide)) < u64::from(size.width.abs_diff(by_height));
                let leads = if pulled { by_height } else { wide };
                shaped(shape, room, leads.max(least(room.width)))
            }
        };
        let rect = Rect {
            left: if grip.left { self.rect.left + self.rect.size.width - size.width } else { left },
            top: if grip.top { self.rect.top + self.rect.size.height - size.height } else { top },
            size,
        };
        Self { rect, ..self }
    }

    /// How far one press of an arrow goes: a hundredth of the shorter side.
    pub fn step(&self) -> i64 {
        i64::from((self.of.width.min(self.of.height) / 100).max(1))
    }
}

fn side(length: i64) -> u32 {
    u32::try_from(length.max(0)).unwrap_or(u32::MAX)
}

/// The width that goes with a height.
fn widened(height: u32, (wide, tall): Shape) -> u32 {
    u32::try_from(u64::from(height) * u64::from(wide) / u64::from(tall.max(1))).unwrap_or(u32::MAX)
}

/// A size of this shape, `width` wide if there is room for that. What is rounded makes it no taller, and no wider, than its shape.
fn shaped(shape: Shape, room: Size, width: u32) -> Size {
    let (wide, tall) = (u64::from(shape.0.max(1)), u64::from(shape.1.max(1)));
    let width = width.min(room.width).min(widened(room.height, shape)).max(1);
    let exact = u64::from(width) * tall;
    let height = if wide <= tall { exact / wide } else { exact.div_ceil(wide) };
    Size::new(width, u32::try_from(height).unwrap_or(u32::MAX).clamp(1, room.height.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHOTO: Size = Size::new(1_600, 1_200);

    fn told(frame: Frame) -> (u32, u32, u32, u32) {
        let Rect { left, top, size } = frame.rect;
        (left, top, size.width, size.height)
    }

    #[test]
    fn a_shape_takes_the_largest_frame_around_the_middle() {
        let whole = Frame::whole(PHOTO);
        assert_eq!(told(whole.shaped(Some((1, 1)))), (200, 0, 1_200, 1_200));
        assert_eq!(told(whole.shaped(Some((4, 5)))), (320, 0, 960, 1_200));
        assert_eq!(told(whole.shaped(Some((16, 9)))), (0, 150, 1_600, 900));
        let moved = whole.shaped(Some((1, 1))).pulled(Grip::WHOLE, 9_000, 0);
        assert_eq!(told(moved.shaped(Some((4, 5)))), (520, 0, 960, 1_200), "where it stood");
        assert_eq!(told(moved.shaped(None)), told(moved));
        assert_eq!((whole.crop(), moved.crop().is_some()), (None, true));
        assert_eq!(told(Frame::at(moved.crop(), PHOTO)), told(moved), "opened again, it is as it was");
    }

    #[test]
    fn a_frame_moves_and_stays_in_the_picture() {
        let frame = Frame::whole(PHOTO).shaped(Some((1, 1)));
        assert_eq!(told(frame.pulled(Grip::WHOLE, -50, 30)), (150, 0, 1_200, 1_200));
        assert_eq!(told(frame.pulled(Grip::WHOLE, -5_000, 0)), (0, 0, 1_200, 1_200));
        assert_eq!(frame.step(), 12);
    }

    #[test]
    fn free_sides_move_one_by_one_and_a_shape_is_kept() {
        let free = Frame::whole(PHOTO);
        assert_eq!(told(free.pulled(Grip::END, -600, -200)), (0, 0, 1_000, 1_000));
        assert_eq!(told(free.pulled(Grip::START, 100, 0)), (100, 0, 1_500, 1_200));
        assert_eq!(told(free.pulled(Grip::START, 5_000, 5_000)), (1_584, 1_184, 16, 16));
        let square = free.shaped(Some((1, 1)));
        assert_eq!(told(square.pulled(Grip::END, -200, 0)), (200, 0, 1_000, 1_000));
        assert_eq!(told(square.pulled(Grip::START, 0, 300)), (500, 300, 900, 900));
        assert_eq!(told(square.pulled(Grip::END, 5_000, 0)), told(square), "there is no more room");
    }

    #[test]
    fn whatever_is_done_it_lies_in_the_picture_and_keeps_its_shape() {
        let mut state = 1_u64;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % most
        };
        for _ in 0..4_000 {
            let of = Size::new(1 + next(3_000) as u32, 1 + next(3_000) as u32);
            let shape = [None, Some((1, 1)), Some((4, 5)), Some((191, 100)), Some((1, 20))][next(5) as usize];
            let mut frame = Frame::whole(of).shaped(shape);
            for _ in 0..6 {
                let grips = [Grip::CORNERS.as_slice(), &Grip::SIDES, &[Grip::WHOLE]].concat();
                let grip = grips[next(9) as usize];
                frame = frame.pulled(grip, next(4_000) as i64 - 2_000, next(4_000) as i64 - 2_000);
                let (left, top, width, height) = told(frame);
                assert!(width > 0 && height > 0 && left + width <= of.width && top + height <= of.height, "{frame:?}");
                assert!(frame.crop().is_none_or(Crop::is_valid));
                let thousandths = u64::from(width) * 1_000 / u64::from(height);
                match shape {
                    Some((4, 5)) if width > 3 => assert!(thousandths >= 800, "{frame:?}"),
                    Some((191, 100)) if height > 1 && width > 1 => assert!(thousandths <= 1_910, "{frame:?}"),
                    _ => {}
                }
            }
        }
    }
}
