//! Pictures to post.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A photograph of nothing, different for each `seed`, as a PNG file.
///
/// # Panics
/// It cannot be written.
pub fn png(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let shade = |x: u32, y: u32| [(x % 256) as u8, (y % 256) as u8, seed];
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb(shade(x, y)));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).expect("a PNG");
    file.into_inner()
}
