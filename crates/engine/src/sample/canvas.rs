//! A small painter in light: enough for pictures that look like soft photographs, without a file in the repository.

use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};

/// Painted small and enlarged: the softness of the enlargement is what makes it look like a lens.
const WIDTH: u32 = 360;
const HEIGHT: u32 = 240;
const ENLARGED: u32 = 3;

/// Red, green and blue from 0 to 1; more is light that blows out.
pub(super) type Colour = [f32; 3];

/// A colour as it is written in style sheets.
pub(super) const fn rgb(hex: u32) -> Colour {
    [((hex >> 16) & 255) as f32 / 255.0, ((hex >> 8) & 255) as f32 / 255.0, (hex & 255) as f32 / 255.0]
}

#[derive(Debug)]
pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

/// Places are shares of the width and the height, from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oval {
    pub x: f32,
    pub y: f32,
    pub rx: f32,
    pub ry: f32,
}

impl Canvas {
    /// From top to bottom through all colours, at even distances.
    pub(super) fn sky(colours: &[Colour]) -> Self {
        let mut pixels = Vec::with_capacity((WIDTH * HEIGHT) as usize);
        let steps = colours.len().saturating_sub(1) as f32;
        for row in 0..HEIGHT {
            let place = row as f32 / HEIGHT as f32 * steps;
            let from = colours.get(place as usize).copied().unwrap_or_default();
            let to = colours.get(place as usize + 1).copied().unwrap_or(from);
            let colour = mix(from, to, place.fract());
            pixels.extend(std::iter::repeat_n(colour, WIDTH as usize));
        }
        Self { pixels }
    }

    /// Paints within a box: `paint` gets the place and the colour that is there.
    fn within(&mut self, left: f32, top: f32, right: f32, bottom: f32, paint: impl Fn(f32, f32, Colour) -> Colour) {
        let edge = |share: f32, size: u32| (share.clamp(0.0, 1.0) * size as f32) as usize;
        let (left, right) = (edge(left, WIDTH), edge(right, WIDTH));
        let (top, bottom) = (edge(top, HEIGHT), edge(bottom, HEIGHT));
        let rows = self.pixels.chunks_exact_mut(WIDTH as usize).enumerate().take(bottom).skip(top);
        for (row, line) in rows {
            let y = row as f32 / HEIGHT as f32;
            for (column, pixel) in line.iter_mut().enumerate().take(right).skip(left) {
                *pixel = paint(column as f32 / WIDTH as f32, y, *pixel);
            }
        }
    }

    /// A round thing lit from the upper left. `soft` is how much of its rim is out of focus.
    pub(super) fn ball(&mut self, oval: Oval, colour: Colour, soft: f32) {
        let Oval { x, y, rx, ry } = oval;
        let reach = 1.0 + soft;
        self.within(x - rx * reach, y - ry * reach, x + rx * reach, y + ry * reach, |px, py, under| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            let distance = (dx * dx + dy * dy).sqrt();
            let cover = ((reach - distance) / soft.max(0.01)).clamp(0.0, 1.0);
            let light = 0.92 - 0.34 * dx - 0.46 * dy - 0.25 * distance * distance;
            mix(under, scale(colour, light.clamp(0.35, 1.5)), cover)
        });
    }

    /// A flat thing.
    pub(super) fn disc(&mut self, oval: Oval, colour: Colour, soft: f32) {
        let Oval { x, y, rx, ry } = oval;
        let reach = 1.0 + soft;
        self.within(x - rx * reach, y - ry * reach, x + rx * reach, y + ry * reach, |px, py, under| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            let cover = ((reach - (dx * dx + dy * dy).sqrt()) / soft.max(0.01)).clamp(0.0, 1.0);
            mix(under, colour, cover)
        });
    }

    pub(super) fn block(&mut self, [left, top, right, bottom]: [f32; 4], colour: Colour) {
        let span = (bottom - top).max(0.001);
        self.within(left, top, right, bottom, |_, y, _| scale(colour, 1.08 - 0.22 * (y - top) / span));
    }

    /// Adds light that falls off from a point.
    pub(super) fn glow(&mut self, oval: Oval, colour: Colour) {
        let Oval { x, y, rx, ry } = oval;
        self.within(x - rx, y - ry, x + rx, y + ry, |px, py, under| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            let fall = (1.0 - dx * dx - dy * dy).max(0.0);
            add(under, scale(colour, fall * fall))
        });
    }

    /// Everything below a line of hills. `rough` is their height, `seed` which hills.
    pub(super) fn ridge(&mut self, top: f32, rough: f32, seed: u32, colour: Colour) {
        self.within(0.0, top - rough, 1.0, 1.0, |x, y, under| {
            let hill = noise(x * 5.0, seed as f32, seed) * 0.7 + noise(x * 17.0, seed as f32, seed) * 0.3;
            let line = top + rough * (1.0 - 2.0 * hill);
            let cover = ((y - line) * 90.0).clamp(0.0, 1.0);
            mix(under, scale(colour, 1.0 - 0.35 * (y - line)), cover)
        });
    }

    /// Uneven surfaces: crumbs, waves, grain. `x` and `y` say how fine, `depth` how strong.
    pub(super) fn texture(&mut self, [left, top, right, bottom]: [f32; 4], (fine_x, fine_y): (f32, f32), depth: f32) {
        self.within(left, top, right, bottom, |x, y, under| {
            let coarse = noise(x * fine_x, y * fine_y, 7);
            let fine = noise(x * fine_x * 2.7, y * fine_y * 2.7, 11);
            scale(under, 1.0 + depth * (coarse + fine * 0.6 - 0.8))
        });
    }

    /// An uneven surface that ends where a round thing ends.
    pub(super) fn crust(&mut self, oval: Oval, depth: f32) {
        let Oval { x, y, rx, ry } = oval;
        self.within(x - rx, y - ry, x + rx, y + ry, |px, py, under| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            let inner = (1.0 - dx * dx - dy * dy).clamp(0.0, 1.0).sqrt();
            let grain = noise(px * 46.0, py * 34.0, 7) + noise(px * 130.0, py * 96.0, 11) * 0.7 - 0.85;
            scale(under, 1.0 + depth * inner * grain)
        });
    }

    /// Darker corners, as a lens makes them, and the enlargement.
    pub(super) fn finish(mut self) -> DynamicImage {
        self.within(0.0, 0.0, 1.0, 1.0, |x, y, under| {
            let (dx, dy) = (x - 0.5, y - 0.5);
            let grain = noise(x * 170.0, y * 120.0, 3) - 0.5;
            scale(under, 1.06 - 0.55 * (dx * dx + dy * dy) + 0.05 * grain)
        });
        let mut small = RgbImage::new(WIDTH, HEIGHT);
        for (pixel, colour) in small.pixels_mut().zip(&self.pixels) {
            *pixel = Rgb(colour.map(|channel| (channel.clamp(0.0, 1.0) * 255.0) as u8));
        }
        let small = DynamicImage::ImageRgb8(small);
        small.resize_exact(WIDTH * ENLARGED, HEIGHT * ENLARGED, FilterType::CatmullRom)
    }
}

fn mix(from: Colour, to: Colour, share: f32) -> Colour {
    let [r, g, b] = from;
    let [to_r, to_g, to_b] = to;
    [r + (to_r - r) * share, g + (to_g - g) * share, b + (to_b - b) * share]
}

fn scale([r, g, b]: Colour, by: f32) -> Colour {
    [r * by, g * by, b * by]
}

fn add([r, g, b]: Colour, [more_r, more_g, more_b]: Colour) -> Colour {
    [r + more_r, g + more_g, b + more_b]
}

/// Smooth noise from 0 to 1: random values on a grid, blended between.
fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (column, row) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (across, down) = (ease(x - column), ease(y - row));
    let corner = |right: i32, below: i32| grid(column as i32 + right, row as i32 + below, seed);
    let top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * across;
    let bottom = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * across;
    top + (bottom - top) * down
}

fn grid(x: i32, y: i32, seed: u32) -> f32 {
    let mut bits =
        (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed.wrapping_mul(0xc2b2_ae3d);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d);
    bits = (bits ^ (bits >> 12)).wrapping_mul(0x297a_2d39);
    ((bits ^ (bits >> 15)) & 0xffff) as f32 / 65_535.0
}
