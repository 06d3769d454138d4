//! The words of the crop dialog.

use crate::i18n::grouped;

pub struct Texts {
    pub title: &'static str,
    /// The button that opens it.
    pub crop: &'static str,
    /// What is read out of the frame, which arrow keys move.
    pub frame: &'static str,
    pub keys: &'static str,
    /// Width and height in pixels, and how far it is from the left and from the top, in per cent.
    pub says: fn(u32, u32, u32, u32) -> String,
    pub result: &'static str,
    pub shapes: &'static str,
    pub free: &'static str,
    pub own_shape: &'static str,
    pub stays: &'static str,
    pub reset: &'static str,
    pub apply: &'static str,
    pub working: &'static str,
    // in the library
    pub cropped: fn(&str) -> String,
    pub cropped_from: &'static str,
    pub made_from: &'static str,
    pub versions: &'static str,
    pub version: fn(u32, u32, &str) -> String,
    pub back_to_whole: &'static str,
    pub show_crops: &'static str,
}

pub const EN: Texts = Texts {
    title: "Crop the image",
    crop: "Crop",
    frame: "Frame. Arrow keys move it",
    keys: "Arrows move the frame, Shift and an arrow move its right and bottom edge, Alt and an arrow its left and top edge; with Ctrl by one pixel.",
    says: |width, height, left, top| {
        format!(
            "{} by {} pixels, {left} % from the left, {top} % from the top",
            grouped(width.into()),
            grouped(height.into())
        )
    },
    result: "What comes out",
    shapes: "Shape",
    free: "Free",
    own_shape: "Shape of the picture",
    stays: "The whole picture stays in the library.",
    reset: "Whole picture",
    apply: "Crop",
    working: "Cropping…",
    cropped: |name| format!("“{name}” cropped"),
    cropped_from: "Cropped from",
    made_from: "Made from",
    versions: "Made of it",
    version: |width, height, kind| format!("{} × {} · {kind}", grouped(width.into()), grouped(height.into())),
    back_to_whole: "Show the whole picture",
    show_crops: "Crops",
};

pub const DE: Texts = Texts {
    title: "Bild zuschneiden",
    crop: "Zuschneiden",
    frame: "Rahmen. Pfeiltasten verschieben ihn",
    keys: "Pfeile verschieben den Rahmen, mit Umschalt die rechte und untere Kante, mit Alt die linke und obere; mit Strg um ein Pixel.",
    says: |width, height, left, top| {
        format!("{} mal {} Pixel, {left} % von links, {top} % von oben", grouped(width.into()), grouped(height.into()))
    },
    result: "Was herauskommt",
    shapes: "Form",
    free: "Frei",
    own_shape: "Form des Bildes",
    stays: "Das ganze Bild bleibt in der Mediathek.",
    reset: "Ganzes Bild",
    apply: "Zuschneiden",
    working: "Wird zugeschnitten…",
    cropped: |name| format!("„{name}“ zugeschnitten"),
    cropped_from: "Zugeschnitten aus",
    made_from: "Gemacht aus",
    versions: "Daraus gemacht",
    version: |width, height, kind| format!("{} × {} · {kind}", grouped(width.into()), grouped(height.into())),
    back_to_whole: "Ganzes Bild zeigen",
    show_crops: "Zuschnitte",
};
