//! The sample's pictures: painted here, stored like any imported photograph.

use std::io::Cursor;

use contract::ApiError;
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
    pub(super) fn take(self, now: Timestamp) -> Result<Taken, ApiError> {
        let mut file = Cursor::new(Vec::new());
        let encoder = JpegEncoder::new_with_quality(&mut file, 92);
        self.paint().finish().to_rgb8().write_with_encoder(encoder).map_err(|error| internal(&error))?;
        images::take(self.name(), file.get_ref(), now)
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

const WARM: Colour = rgb(0xff_c9_7a);

fn loaves() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0xe7_dc_c8), rgb(0xd6_c2_a2), rgb(0xa9_84_5c)]);
    canvas.block([0.06, 0.0, 0.44, 0.46], rgb(0xf8_f4_e9));
    canvas.glow(oval(0.25, 0.18, 0.6, 0.7), rgb(0x4a_42_30));
    canvas.block([0.0, 0.66, 1.0, 1.0], rgb(0x9c_6c_40));
    canvas.texture([0.0, 0.66, 1.0, 1.0], (5.0, 60.0), 0.28);
    for (x, y, size, colour) in
        [(0.24, 0.6, 1.0, 0x8a_4e_24), (0.78, 0.58, 0.94, 0x7d_43_1e), (0.5, 0.68, 1.12, 0x9a_5a_2a)]
    {
        canvas.disc(oval(x + 0.03, y + 0.17 * size, 0.2 * size, 0.05), rgb(0x4b_2c_17), 0.5);
        canvas.ball(oval(x, y, 0.19 * size, 0.19 * size), rgb(colour), 0.06);
        for cut in [-0.09_f32, -0.02, 0.05] {
            canvas.disc(oval(x + cut * size, y - 0.06, 0.018 * size, 0.09 * size), rgb(0xe6_c0_8a), 0.6);
        }
    }
    canvas.texture([0.03, 0.36, 0.97, 0.86], (46.0, 34.0), 0.22);
    canvas
}

fn buns() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x3d_39_36), rgb(0x2c_29_27)]);
    canvas.texture([0.0, 0.0, 1.0, 1.0], (60.0, 4.0), 0.2);
    for row in 0..3_u8 {
        for column in 0..4_u8 {
            let x = 0.14 + 0.24 * f32::from(column) + if row == 1 { 0.03 } else { 0.0 };
            let y = 0.18 + 0.32 * f32::from(row);
            canvas.disc(oval(x + 0.012, y + 0.03, 0.115, 0.15), rgb(0x16_12_10), 0.35);
            canvas.ball(oval(x, y, 0.105, 0.14), rgb(0xc9_7f_36), 0.05);
            for ring in [0.78_f32, 0.5, 0.24] {
                canvas.disc(oval(x, y, 0.105 * ring, 0.14 * ring), rgb(0x8e_4c_1c), 0.22);
                canvas.ball(oval(x - 0.004, y - 0.006, 0.095 * ring, 0.126 * ring), rgb(0xdd_98_4b), 0.12);
            }
            canvas.glow(oval(x - 0.04, y - 0.06, 0.05, 0.06), rgb(0x66_58_3c));
        }
    }
    canvas.texture([0.0, 0.0, 1.0, 1.0], (70.0, 50.0), 0.12);
    canvas
}

fn jar() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0xdd_e2_df), rgb(0xc5_cd_c9), rgb(0xb3_a8_94)]);
    canvas.block([0.0, 0.78, 1.0, 1.0], rgb(0xb4_8a_5b));
    canvas.texture([0.0, 0.78, 1.0, 1.0], (4.0, 70.0), 0.25);
    canvas.disc(oval(0.56, 0.84, 0.2, 0.05), rgb(0x6d_50_33), 0.7);
    canvas.block([0.34, 0.24, 0.66, 0.84], rgb(0xe9_ee_ea));
    canvas.block([0.355, 0.44, 0.645, 0.83], rgb(0xed_dd_bf));
    for bubble in 0..34_u8 {
        let t = f32::from(bubble);
        let (x, y) = (0.37 + 0.26 * (t * 0.618).fract(), 0.47 + 0.34 * (t * 0.377).fract());
        canvas.disc(
            oval(x, y, 0.006 + 0.009 * (t * 0.21).fract(), 0.009 + 0.013 * (t * 0.21).fract()),
            rgb(0xd0_b8_8e),
            0.4,
        );
    }
    canvas.disc(oval(0.5, 0.44, 0.145, 0.022), rgb(0xf8_ec_d2), 0.15);
    canvas.block([0.325, 0.17, 0.675, 0.25], rgb(0x9b_6a_3c));
    canvas.glow(oval(0.4, 0.52, 0.03, 0.34), rgb(0x66_66_62));
    canvas.glow(oval(0.12, 0.1, 0.6, 0.8), rgb(0x30_2c_20));
    canvas
}

fn field() -> Canvas {
    let mut canvas =
        Canvas::sky(&[rgb(0x6f_a3_cb), rgb(0xb7_d2_e2), rgb(0xf0_e3_c0), rgb(0xe3_b8_5a), rgb(0xb0_7e_2c)]);
    canvas.glow(oval(0.72, 0.42, 0.5, 0.4), rgb(0x5a_46_1c));
    canvas.ridge(0.5, 0.03, 4, rgb(0x7d_8d_78));
    canvas.ridge(0.56, 0.02, 9, rgb(0xd9_ad_4c));
    canvas.texture([0.0, 0.54, 1.0, 0.74], (120.0, 26.0), 0.4);
    canvas.texture([0.0, 0.74, 1.0, 1.0], (80.0, 9.0), 0.65);
    for cloud in [(0.2, 0.16, 0.16), (0.34, 0.2, 0.1), (0.82, 0.12, 0.14)] {
        canvas.disc(oval(cloud.0, cloud.1, cloud.2, 0.035), rgb(0xf2_f3_ef), 1.6);
    }
    canvas
}

fn kitchen() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x1f_23_2a), rgb(0x2d_2b_2c), rgb(0x1c_19_18)]);
    canvas.block([0.0, 0.72, 1.0, 1.0], rgb(0x59_51_4a));
    for x in [0.1, 0.56] {
        canvas.block([x, 0.2, x + 0.34, 0.66], rgb(0x3b_3d_40));
        canvas.block([x + 0.03, 0.27, x + 0.31, 0.58], rgb(0xc2_5a_1c));
        canvas.glow(oval(x + 0.17, 0.45, 0.2, 0.26), rgb(0xd0_80_30));
        for loaf in [0.1, 0.17, 0.24] {
            canvas.ball(oval(x + loaf, 0.52, 0.032, 0.035), rgb(0x7a_3f_16), 0.2);
        }
        canvas.glow(oval(x + 0.17, 0.8, 0.36, 0.24), rgb(0x6a_38_14));
    }
    canvas.glow(oval(0.5, 0.04, 0.24, 0.2), WARM);
    canvas.texture([0.0, 0.72, 1.0, 1.0], (9.0, 50.0), 0.22);
    canvas
}

fn harbour() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x2b_3c_5c), rgb(0x6b_7c_9a), rgb(0xe0_a4_7e), rgb(0xf2_c7_8c)]);
    canvas.glow(oval(0.62, 0.56, 0.42, 0.4), rgb(0x8a_52_24));
    canvas.ridge(0.52, 0.06, 21, rgb(0x4c_56_6c));
    canvas.ridge(0.57, 0.03, 33, rgb(0x2b_35_4a));
    canvas.block([0.0, 0.62, 1.0, 1.0], rgb(0x5d_68_7c));
    canvas.glow(oval(0.62, 0.62, 0.26, 0.42), rgb(0xb0_6c_34));
    canvas.texture([0.0, 0.62, 1.0, 1.0], (9.0, 60.0), 0.42);
    canvas.block([0.2, 0.585, 0.36, 0.625], rgb(0x1d_24_33));
    canvas.block([0.24, 0.54, 0.33, 0.59], rgb(0xc8_c4_ba));
    for x in [0.255, 0.28, 0.305] {
        canvas.glow(oval(x, 0.565, 0.012, 0.018), WARM);
        canvas.glow(oval(x, 0.68, 0.014, 0.09), rgb(0x5c_3e_1c));
    }
    canvas.block([0.818, 0.3, 0.822, 0.63], rgb(0x1d_24_33));
    canvas
}

fn coffee() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x4a_36_2a), rgb(0x3a_29_20)]);
    canvas.texture([0.0, 0.0, 1.0, 1.0], (3.0, 54.0), 0.32);
    canvas.glow(oval(0.2, 0.1, 0.8, 0.9), rgb(0x36_28_1c));
    canvas.disc(oval(0.54, 0.56, 0.3, 0.44), rgb(0x22_17_11), 0.3);
    canvas.ball(oval(0.5, 0.5, 0.28, 0.42), rgb(0xe9_e5_dd), 0.03);
    canvas.disc(oval(0.5, 0.5, 0.2, 0.3), rgb(0xd5_cf_c5), 0.06);
    canvas.ball(oval(0.5, 0.5, 0.175, 0.262), rgb(0xf4_f1_ea), 0.04);
    canvas.disc(oval(0.5, 0.5, 0.152, 0.228), rgb(0x5a_33_1b), 0.05);
    canvas.disc(oval(0.5, 0.5, 0.12, 0.18), rgb(0x8d_5a_33), 0.4);
    canvas.disc(oval(0.5, 0.47, 0.05, 0.075), rgb(0xe9_d2_b0), 0.3);
    canvas.disc(oval(0.5, 0.55, 0.022, 0.06), rgb(0xe9_d2_b0), 0.5);
    canvas.ball(oval(0.86, 0.74, 0.1, 0.13), rgb(0xc4_86_42), 0.08);
    canvas
}

fn snow() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x1a_24_3c), rgb(0x2d_3c_58), rgb(0x6f_7d_93)]);
    for (left, top, colour) in [(0.0, 0.22, 0x3a_34_38), (0.3, 0.12, 0x47_3b_36), (0.64, 0.2, 0x33_36_40)] {
        canvas.block([left, top, left + 0.32, 0.74], rgb(colour));
        for row in 0..3_u8 {
            for column in 0..3_u8 {
                let (x, y) = (left + 0.05 + 0.1 * f32::from(column), top + 0.1 + 0.16 * f32::from(row));
                if (row * 3 + column + (left * 10.0) as u8) % 4 != 1 {
                    canvas.block([x, y, x + 0.035, y + 0.08], rgb(0xf0_bd_6a));
                    canvas.glow(oval(x + 0.018, y + 0.04, 0.05, 0.09), rgb(0x5c_40_1a));
                }
            }
        }
        canvas.block([left, top - 0.03, left + 0.32, top], rgb(0xd9_e1_ec));
    }
    canvas.ridge(0.76, 0.02, 5, rgb(0xc6_d0_e0));
    canvas.glow(oval(0.45, 0.8, 0.4, 0.14), rgb(0x5a_46_26));
    for flake in 0..120_u8 {
        let t = f32::from(flake);
        let size = 0.002 + 0.003 * (t * 0.37).fract();
        canvas.disc(oval((t * 0.618).fract(), (t * 0.281).fract(), size, size * 1.5), rgb(0xee_f2_f8), 1.0);
    }
    canvas
}

fn christmas() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x13_1b_22), rgb(0x1d_2a_2c), rgb(0x10_16_1a)]);
    for light in 0..46_u8 {
        let t = f32::from(light);
        let (x, y) = ((t * 0.618).fract(), 0.06 + 0.86 * (t * 0.414).fract());
        let size = 0.012 + 0.035 * (t * 0.271).fract();
        let colour = if light % 4 == 0 { rgb(0xc2_3a_32) } else { rgb(0xe2_a8_4c) };
        canvas.disc(oval(x, y, size, size * 1.5), [colour[0] * 0.8, colour[1] * 0.8, colour[2] * 0.8], 0.18);
        canvas.glow(oval(x, y, size * 2.4, size * 3.6), [colour[0] * 0.35, colour[1] * 0.35, colour[2] * 0.35]);
    }
    canvas.block([0.0, 0.88, 1.0, 1.0], rgb(0x3a_2a_20));
    for x in [0.2, 0.34, 0.48] {
        canvas.ball(oval(x, 0.85, 0.06, 0.07), rgb(0xd6_9a_3a), 0.1);
    }
    canvas
}

fn desk() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0xec_e6_db), rgb(0xdc_d2_c2)]);
    canvas.texture([0.0, 0.0, 1.0, 1.0], (4.0, 60.0), 0.12);
    canvas.glow(oval(0.15, 0.1, 0.9, 0.9), rgb(0x30_2a_1c));
    canvas.disc(oval(0.5, 0.56, 0.3, 0.36), rgb(0xa8_9a_84), 0.25);
    canvas.block([0.26, 0.2, 0.72, 0.82], rgb(0xfa_f8_f2));
    canvas.block([0.486, 0.2, 0.494, 0.82], rgb(0xc9_c2_b4));
    for line in 0..9_u8 {
        let y = 0.28 + 0.055 * f32::from(line);
        let short = 0.03 * (f32::from(line) * 0.618).fract();
        canvas.block([0.3, y, 0.46 - short * 2.0, y + 0.008], rgb(0x9d_a3_ad));
    }
    for step in 0..40_u8 {
        let t = f32::from(step) / 40.0;
        canvas.ball(oval(0.58 + 0.26 * t, 0.72 - 0.34 * t, 0.011, 0.016), rgb(0xd2_9a_32), 0.2);
    }
    canvas.ball(oval(0.575, 0.727, 0.008, 0.012), rgb(0x3a_30_28), 0.2);
    canvas.disc(oval(0.88, 0.2, 0.09, 0.135), rgb(0xf5_f2_ec), 0.06);
    canvas.disc(oval(0.88, 0.2, 0.07, 0.105), rgb(0x54_32_1e), 0.08);
    canvas
}

fn dogs() -> Canvas {
    let mut canvas = Canvas::sky(&[rgb(0x2a_22_1f), rgb(0x4a_32_24), rgb(0x5c_44_32)]);
    canvas.block([0.3, 0.0, 0.72, 0.42], rgb(0x2e_2c_2c));
    canvas.block([0.35, 0.06, 0.67, 0.34], rgb(0xd0_6a_20));
    canvas.glow(oval(0.51, 0.22, 0.44, 0.6), rgb(0x96_54_20));
    canvas.texture([0.0, 0.6, 1.0, 1.0], (6.0, 30.0), 0.2);
    for (x, y, colour) in [(0.34, 0.72, 0x9a_6a_3c), (0.68, 0.76, 0x4a_44_42)] {
        canvas.disc(oval(x, y + 0.12, 0.2, 0.05), rgb(0x1e_17_12), 0.6);
        canvas.ball(oval(x, y, 0.17, 0.13), rgb(colour), 0.1);
        canvas.ball(oval(x - 0.14, y + 0.05, 0.075, 0.085), rgb(colour), 0.1);
        canvas.ball(oval(x - 0.2, y + 0.075, 0.035, 0.04), rgb(colour), 0.2);
        canvas.disc(oval(x - 0.23, y + 0.065, 0.011, 0.015), rgb(0x12_0e_0c), 0.3);
        canvas.ball(oval(x - 0.1, y + 0.01, 0.03, 0.07), [0.32, 0.2, 0.12], 0.3);
        canvas.disc(oval(x - 0.155, y + 0.035, 0.014, 0.004), rgb(0x16_10_0c), 0.5);
    }
    canvas.texture([0.1, 0.55, 0.9, 0.95], (90.0, 60.0), 0.16);
    canvas
}
