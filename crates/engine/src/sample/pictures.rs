//! The sample's pictures: painted here, stored like any imported photograph.

use std::io::Cursor;

use contract::ApiError;
use domain::media::Crop;
use image::codecs::jpeg::JpegEncoder;
use jiff::Timestamp;

use super::canvas::{Canvas, Colour, Oval, rgb};
use super::people::Voice;
use crate::errors::internal;
use crate::images::{self, Taken};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Picture {
    Loaves,
    Buns,
    Jar,
    Field,
    Kitchen,
    Harbour,
    Coffee,
    Snow,
    Christmas,
    Desk,
    Dogs,
}

impl Picture {
    pub(super) const ALL: [Self; 11] = [
        Self::Loaves,
        Self::Buns,
        Self::Jar,
        Self::Field,
        Self::Kitchen,
        Self::Harbour,
        Self::Coffee,
        Self::Snow,
        Self::Christmas,
        Self::Desk,
        Self::Dogs,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Loaves => "loaves-by-the-window.jpg",
            Self::Buns => "IMG_20261114_064512.jpg",
            Self::Jar => "gunnar the starter.jpg",
            Self::Field => "rye-field-august.jpg",
            Self::Kitchen => "open kitchen (3).jpg",
            Self::Harbour => "harbour-before-six.jpg",
            Self::Coffee => "coffee.jpg",
            Self::Snow => "første snø.jpg",
            Self::Christmas => "christmas-window.jpg",
            Self::Desk => "desk.jpg",
            Self::Dogs => "night-shift-dogs.jpg",
        }
    }

    /// Where it stands in the library: its folder, and its tags.
    pub(super) const fn shelf(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Loaves => ("Bakery", &["bread", "shop"]),
            Self::Buns => ("Bakery", &["buns"]),
            Self::Jar => ("Bakery", &["sourdough"]),
            Self::Field => ("Suppliers", &["rye", "summer"]),
            Self::Kitchen => ("Bakery", &["team"]),
            Self::Harbour => ("Harbour", &["morning"]),
            Self::Coffee => ("Bakery", &["shop"]),
            Self::Snow => ("Harbour", &["winter"]),
            Self::Christmas => ("Christmas", &["winter", "shop"]),
            Self::Desk => ("", &[]),
            Self::Dogs => ("Harbour", &["team", "morning"]),
        }
    }

    /// What somebody cut out of it for networks that show squares.
    pub(super) const fn square(self) -> Option<Crop> {
        match self {
            Self::Loaves => Some(Crop { left: 166_667, top: 0, width: 666_667, height: Crop::WHOLE }),
            _ => None,
        }
    }

    /// Shows that it is winter.
    pub(super) const fn is_winter(self) -> bool {
        matches!(self, Self::Snow | Self::Christmas)
    }

    /// What it shows, in the language of who posts it.
    pub(super) const fn alt(self, voice: Voice) -> &'static str {
        match (voice, self) {
            (Voice::Hamburg, Self::Loaves) => "Drei dunkle Brotlaibe kühlen auf einem Holzbrett am Fenster aus.",
            (Voice::Hamburg, Self::Buns) => "Ein Blech mit goldbraunen, glänzenden Hefeschnecken, von oben gesehen.",
            (Voice::Hamburg, Self::Field) => "Ein reifes Getreidefeld unter hohem Sommerhimmel.",
            (Voice::Hamburg, Self::Harbour) => "Der Hafen vor Sonnenaufgang, ein heller Streifen über dem Wasser.",
            (Voice::Hamburg, Self::Coffee) => "Eine Tasse Kaffee auf einem dunklen Tisch, von oben.",
            (Voice::Makhbaz, Self::Loaves) => "ثلاثة أرغفة داكنة تبرد على لوح خشبي قرب النافذة.",
            (Voice::Makhbaz, Self::Buns) => "صينية من الكعك الذهبي اللامع من الأعلى.",
            (Voice::Makhbaz, Self::Harbour) => "الميناء قبل شروق الشمس، وخط ضوء فوق الماء.",
            (Voice::Makhbaz, Self::Kitchen) => "أفران المخبز مضاءة في مطبخ معتم.",
            (Voice::Makhbaz, Self::Coffee) => "فنجان قهوة على طاولة داكنة من الأعلى.",
            (_, Self::Loaves) => "Three dark loaves cooling on a wooden board by the window.",
            (_, Self::Buns) => "A tray of glossy golden buns, seen from above.",
            (_, Self::Jar) => "A glass jar of bubbling sourdough starter on a kitchen shelf.",
            (_, Self::Field) => "A ripe field of grain under a high summer sky.",
            (_, Self::Kitchen) => "The bakery kitchen before dawn, two oven doors glowing orange.",
            (_, Self::Harbour) => "The harbour before sunrise: dark hills, a strip of light over still water.",
            (_, Self::Coffee) => "A cup of coffee on a dark table, seen from above.",
            (_, Self::Snow) => "A street in the first snow at night, warm light in the windows.",
            (_, Self::Christmas) => "A dark window hung with small round lights, red and gold.",
            (_, Self::Desk) => "A notebook and a pencil on a pale desk in morning light.",
            (_, Self::Dogs) => "Two dogs asleep in front of a warm oven.",
        }
    }

    /// Paints it and takes it in, as if a person had chosen the file. Blocks for some tenths of a second.
    pub(super) fn take(self) -> Result<Taken, ApiError> {
        let mut file = Cursor::new(Vec::new());
        let encoder = JpegEncoder::new_with_quality(&mut file, 92);
        self.paint().finish().to_rgb8().write_with_encoder(encoder).map_err(|error| internal(&error))?;
        images::take(self.name(), file.get_ref(), false, Timestamp::UNIX_EPOCH)
    }

    fn paint(self) -> Canvas {
        match self {
            Self::Loaves => loaves(),
            Self::Buns => buns(),
            Self::Jar => jar(),
            Self::Field => field(),
            Self::Kitchen => kitchen(),
            Self::Harbour => harbour(),
            Self::Coffee => coffee(),
            Self::Snow => snow(),
            Self::Christmas => christmas(),
            Self::Desk => desk(),
            Self::Dogs => dogs(),
        }
    }
}

const fn oval(x: f32, y: f32, rx: f32, ry: f32) -> Oval {
    Oval { x, y, rx, ry }
}

const WARM: Colour = rgb(0xffc97a);

fn loaves() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0xe7dcc8), rgb(0xd6c2a2), rgb(0xa9845c)]);
    canvas.block([0.06, 0.0, 0.44, 0.46], rgb(0xeeece4));
    canvas.block([0.243, 0.0, 0.257, 0.46], rgb(0xc9bca6));
    canvas.glow(oval(0.25, 0.18, 0.6, 0.7), rgb(0x2e281c));
    canvas.block([0.0, 0.66, 1.0, 1.0], rgb(0x9c6c40));
    canvas.texture([0.0, 0.66, 1.0, 1.0], (5.0, 60.0), 0.28);
    for (x, y, size, colour) in [(0.24, 0.6, 1.0, 0x8a4e24), (0.78, 0.58, 0.94, 0x7d431e), (0.5, 0.68, 1.12, 0x9a5a2a)]
    {
        canvas.disc(oval(x + 0.03, y + 0.17 * size, 0.2 * size, 0.05), rgb(0x4b2c17), 0.5);
        canvas.ball(oval(x, y, 0.19 * size, 0.19 * size), rgb(colour), 0.06);
        for cut in [-0.09_f32, -0.02, 0.05] {
            canvas.disc(oval(x + cut * size, y - 0.06, 0.018 * size, 0.09 * size), rgb(0xe6c08a), 0.6);
        }
        canvas.crust(oval(x, y, 0.19 * size, 0.19 * size), 0.5);
    }
    canvas
}

fn buns() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x3d3936), rgb(0x2c2927)]);
    canvas.texture([0.0, 0.0, 1.0, 1.0], (60.0, 4.0), 0.2);
    for row in 0..3_u8 {
        for column in 0..4_u8 {
            let x = 0.14 + 0.24 * f32::from(column) + if row == 1 { 0.03 } else { 0.0 };
            let y = 0.18 + 0.32 * f32::from(row);
            canvas.disc(oval(x + 0.012, y + 0.03, 0.115, 0.15), rgb(0x161210), 0.35);
            canvas.ball(oval(x, y, 0.105, 0.14), rgb(0xc97f36), 0.05);
            for ring in [0.78_f32, 0.5, 0.24] {
                canvas.disc(oval(x, y, 0.105 * ring, 0.14 * ring), rgb(0x8e4c1c), 0.22);
                canvas.ball(oval(x - 0.004, y - 0.006, 0.095 * ring, 0.126 * ring), rgb(0xdd984b), 0.12);
            }
            canvas.glow(oval(x - 0.04, y - 0.06, 0.05, 0.06), rgb(0x66583c));
        }
    }
    canvas.texture([0.0, 0.0, 1.0, 1.0], (70.0, 50.0), 0.12);
    canvas
}

fn jar() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0xdde2df), rgb(0xc5cdc9), rgb(0xb3a894)]);
    canvas.block([0.0, 0.78, 1.0, 1.0], rgb(0xb48a5b));
    canvas.texture([0.0, 0.78, 1.0, 1.0], (4.0, 70.0), 0.25);
    canvas.disc(oval(0.56, 0.84, 0.2, 0.05), rgb(0x6d5033), 0.7);
    canvas.block([0.34, 0.24, 0.66, 0.84], rgb(0xd3dcd8));
    canvas.block([0.355, 0.44, 0.645, 0.83], rgb(0xe2d0ae));
    for bubble in 0..34_u8 {
        let t = f32::from(bubble);
        let (x, y) = (0.37 + 0.26 * (t * 0.755).fract(), 0.47 + 0.34 * (t * 0.57).fract());
        canvas.disc(
            oval(x, y, 0.006 + 0.009 * (t * 0.21).fract(), 0.009 + 0.013 * (t * 0.21).fract()),
            rgb(0xd0b88e),
            0.4,
        );
    }
    canvas.disc(oval(0.5, 0.44, 0.145, 0.022), rgb(0xf8ecd2), 0.15);
    canvas.block([0.325, 0.17, 0.675, 0.25], rgb(0x9b6a3c));
    canvas.glow(oval(0.4, 0.52, 0.03, 0.34), rgb(0x30302e));
    canvas.glow(oval(0.12, 0.1, 0.6, 0.8), rgb(0x161410));
    canvas
}

fn field() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x6fa3cb), rgb(0xb7d2e2), rgb(0xf0e3c0), rgb(0xe3b85a), rgb(0xb07e2c)]);
    canvas.glow(oval(0.72, 0.42, 0.5, 0.4), rgb(0x5a461c));
    canvas.ridge(0.5, 0.03, 4, rgb(0x7d8d78));
    canvas.ridge(0.56, 0.02, 9, rgb(0xd9ad4c));
    canvas.texture([0.0, 0.56, 1.0, 1.0], (110.0, 14.0), 0.5);
    for cloud in [(0.2, 0.16, 0.16), (0.34, 0.2, 0.1), (0.82, 0.12, 0.14)] {
        canvas.disc(oval(cloud.0, cloud.1, cloud.2, 0.035), rgb(0xf2f3ef), 1.6);
    }
    canvas
}

fn kitchen() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x1f232a), rgb(0x2d2b2c), rgb(0x1c1918)]);
    canvas.block([0.0, 0.72, 1.0, 1.0], rgb(0x59514a));
    for x in [0.1, 0.56] {
        canvas.block([x, 0.2, x + 0.34, 0.66], rgb(0x3b3d40));
        canvas.block([x + 0.03, 0.27, x + 0.31, 0.58], rgb(0xc25a1c));
        canvas.glow(oval(x + 0.17, 0.45, 0.2, 0.26), rgb(0xd08030));
        for loaf in [0.1, 0.17, 0.24] {
            canvas.ball(oval(x + loaf, 0.52, 0.032, 0.035), rgb(0x7a3f16), 0.2);
        }
        canvas.glow(oval(x + 0.17, 0.8, 0.36, 0.24), rgb(0x6a3814));
    }
    canvas.glow(oval(0.5, 0.04, 0.24, 0.2), WARM);
    canvas.texture([0.0, 0.72, 1.0, 1.0], (9.0, 50.0), 0.22);
    canvas
}

fn harbour() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x2b3c5c), rgb(0x6b7c9a), rgb(0xe0a47e), rgb(0xf2c78c)]);
    canvas.glow(oval(0.62, 0.56, 0.42, 0.4), rgb(0x8a5224));
    canvas.ridge(0.52, 0.06, 21, rgb(0x4c566c));
    canvas.ridge(0.57, 0.03, 33, rgb(0x2b354a));
    canvas.block([0.0, 0.62, 1.0, 1.0], rgb(0x5d687c));
    canvas.glow(oval(0.62, 0.62, 0.26, 0.42), rgb(0xb06c34));
    canvas.texture([0.0, 0.62, 1.0, 1.0], (9.0, 60.0), 0.42);
    canvas.block([0.2, 0.585, 0.36, 0.625], rgb(0x1d2433));
    canvas.block([0.24, 0.54, 0.33, 0.59], rgb(0xc8c4ba));
    for x in [0.255, 0.28, 0.305] {
        canvas.glow(oval(x, 0.565, 0.012, 0.018), WARM);
        canvas.glow(oval(x, 0.68, 0.014, 0.09), rgb(0x5c3e1c));
    }
    canvas.block([0.818, 0.3, 0.822, 0.63], rgb(0x1d2433));
    canvas
}

fn coffee() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x4a362a), rgb(0x3a2920)]);
    canvas.texture([0.0, 0.0, 1.0, 1.0], (3.0, 54.0), 0.32);
    canvas.glow(oval(0.2, 0.1, 0.8, 0.9), rgb(0x36281c));
    canvas.disc(oval(0.54, 0.56, 0.3, 0.44), rgb(0x221711), 0.3);
    canvas.ball(oval(0.5, 0.5, 0.28, 0.42), rgb(0xe9e5dd), 0.03);
    canvas.disc(oval(0.5, 0.5, 0.2, 0.3), rgb(0xd5cfc5), 0.06);
    canvas.ball(oval(0.5, 0.5, 0.175, 0.262), rgb(0xf4f1ea), 0.04);
    canvas.disc(oval(0.5, 0.5, 0.152, 0.228), rgb(0x5a331b), 0.05);
    canvas.disc(oval(0.5, 0.5, 0.12, 0.18), rgb(0x8d5a33), 0.4);
    canvas.disc(oval(0.5, 0.47, 0.05, 0.075), rgb(0xe9d2b0), 0.3);
    canvas.disc(oval(0.5, 0.55, 0.022, 0.06), rgb(0xe9d2b0), 0.5);
    canvas.ball(oval(0.86, 0.74, 0.1, 0.13), rgb(0xc48642), 0.08);
    canvas
}

fn snow() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x1a243c), rgb(0x2d3c58), rgb(0x6f7d93)]);
    for (left, top, colour) in [(0.0, 0.22, 0x3a3438), (0.3, 0.12, 0x473b36), (0.64, 0.2, 0x333640)] {
        canvas.block([left, top, left + 0.32, 0.74], rgb(colour));
        for row in 0..3_u8 {
            for column in 0..3_u8 {
                let (x, y) = (left + 0.05 + 0.1 * f32::from(column), top + 0.1 + 0.16 * f32::from(row));
                if (row * 3 + column + (left * 10.0) as u8) % 4 != 1 {
                    canvas.block([x, y, x + 0.035, y + 0.08], rgb(0xf0bd6a));
                    canvas.glow(oval(x + 0.018, y + 0.04, 0.05, 0.09), rgb(0x5c401a));
                }
            }
        }
        canvas.block([left, top - 0.03, left + 0.32, top], rgb(0xd9e1ec));
    }
    canvas.ridge(0.76, 0.02, 5, rgb(0xc6d0e0));
    canvas.glow(oval(0.45, 0.8, 0.4, 0.14), rgb(0x5a4626));
    for flake in 0..120_u8 {
        let t = f32::from(flake);
        let size = 0.002 + 0.003 * (t * 0.37).fract();
        canvas.disc(oval((t * 0.618).fract(), (t * 0.281).fract(), size, size * 1.5), rgb(0xeef2f8), 1.0);
    }
    canvas
}

fn christmas() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x131b22), rgb(0x1d2a2c), rgb(0x10161a)]);
    for light in 0..46_u8 {
        let t = f32::from(light);
        let (x, y) = ((t * 0.618).fract(), 0.06 + 0.86 * (t * 0.414).fract());
        let size = 0.012 + 0.035 * (t * 0.271).fract();
        let colour = if light % 4 == 0 { rgb(0xc23a32) } else { rgb(0xe2a84c) };
        canvas.disc(oval(x, y, size, size * 1.5), [colour[0] * 0.8, colour[1] * 0.8, colour[2] * 0.8], 0.18);
        canvas.glow(oval(x, y, size * 2.4, size * 3.6), [colour[0] * 0.35, colour[1] * 0.35, colour[2] * 0.35]);
    }
    canvas.block([0.0, 0.88, 1.0, 1.0], rgb(0x3a2a20));
    for x in [0.2, 0.34, 0.48] {
        canvas.ball(oval(x, 0.85, 0.06, 0.07), rgb(0xd69a3a), 0.1);
    }
    canvas
}

fn desk() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0xece6db), rgb(0xdcd2c2)]);
    canvas.texture([0.0, 0.0, 1.0, 1.0], (4.0, 60.0), 0.12);
    canvas.glow(oval(0.15, 0.1, 0.9, 0.9), rgb(0x302a1c));
    canvas.disc(oval(0.5, 0.56, 0.3, 0.36), rgb(0xa89a84), 0.25);
    canvas.block([0.26, 0.2, 0.72, 0.82], rgb(0xfaf8f2));
    canvas.block([0.486, 0.2, 0.494, 0.82], rgb(0xc9c2b4));
    for line in 0..9_u8 {
        let y = 0.28 + 0.055 * f32::from(line);
        let short = 0.03 * (f32::from(line) * 0.618).fract();
        canvas.block([0.3, y, 0.46 - short * 2.0, y + 0.008], rgb(0x9da3ad));
    }
    for step in 0..40_u8 {
        let t = f32::from(step) / 40.0;
        canvas.ball(oval(0.58 + 0.26 * t, 0.72 - 0.34 * t, 0.011, 0.016), rgb(0xd29a32), 0.2);
    }
    canvas.ball(oval(0.575, 0.727, 0.008, 0.012), rgb(0x3a3028), 0.2);
    canvas.disc(oval(0.88, 0.2, 0.09, 0.135), rgb(0xf5f2ec), 0.06);
    canvas.disc(oval(0.88, 0.2, 0.07, 0.105), rgb(0x54321e), 0.08);
    canvas
}

fn dogs() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x2a221f), rgb(0x4a3224), rgb(0x5c4432)]);
    canvas.block([0.3, 0.0, 0.72, 0.42], rgb(0x2e2c2c));
    canvas.block([0.35, 0.06, 0.67, 0.34], rgb(0xd06a20));
    canvas.glow(oval(0.51, 0.22, 0.44, 0.6), rgb(0x965420));
    canvas.texture([0.0, 0.6, 1.0, 1.0], (6.0, 30.0), 0.2);
    for (x, y, colour) in [(0.34, 0.72, 0x9a6a3c), (0.68, 0.76, 0x4a4442)] {
        canvas.disc(oval(x, y + 0.12, 0.2, 0.05), rgb(0x1e1712), 0.6);
        canvas.ball(oval(x, y, 0.17, 0.13), rgb(colour), 0.1);
        canvas.ball(oval(x - 0.14, y + 0.05, 0.075, 0.085), rgb(colour), 0.1);
        canvas.ball(oval(x - 0.2, y + 0.075, 0.035, 0.04), rgb(colour), 0.2);
        canvas.disc(oval(x - 0.23, y + 0.065, 0.011, 0.015), rgb(0x120e0c), 0.3);
        canvas.ball(oval(x - 0.1, y + 0.01, 0.03, 0.07), [0.32, 0.2, 0.12], 0.3);
        canvas.disc(oval(x - 0.155, y + 0.035, 0.014, 0.004), rgb(0x16100c), 0.5);
        canvas.crust(oval(x, y, 0.17, 0.13), 0.4);
    }

    canvas
}
