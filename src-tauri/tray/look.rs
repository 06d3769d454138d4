use contract::program::Publishing;
use tauri::image::Image;
use tauri::include_image;

use crate::words::Words;

const RUNNING: Image<'_> = include_image!("icons/tray.png");
const PAUSED: Image<'_> = include_image!("icons/tray-paused.png");
const ATTENTION: Image<'_> = include_image!("icons/tray-attention.png");

/// How a state of publishing looks in the tray.
pub struct Look {
    pub icon: Image<'static>,
    pub tooltip: &'static str,
    /// Whether there is something to pause or resume.
    pub choice: bool,
    pub resume: bool,
}

impl Look {
    pub fn of(publishing: Option<&Publishing>, words: &'static Words) -> Self {
        let (icon, tooltip, choice, resume) = match publishing {
            Some(Publishing::Running) => (RUNNING, words.publishing, true, false),
            Some(Publishing::Paused { .. }) => (PAUSED, words.paused, true, true),
            Some(Publishing::ClockJumped { .. }) => (ATTENTION, words.clock, true, true),
            Some(Publishing::Elsewhere) => (RUNNING, words.elsewhere, false, false),
            Some(Publishing::Sample) => (PAUSED, words.sample, false, false),
            None => (ATTENTION, words.not_open, false, false),
        };
        Self { icon, tooltip, choice, resume }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contract::program::Language;

    use super::*;

    #[test]
    fn each_state_in_each_language_has_its_own_tooltip() {
        let states = [
            None,
            Some(Publishing::Running),
            Some(Publishing::Paused { since: serde_json::from_str(r#""2026-01-01T00:00:00Z""#).unwrap() }),
            Some(Publishing::ClockJumped { by_s: 3600 }),
            Some(Publishing::Elsewhere),
            Some(Publishing::Sample),
        ];
        let looks = [Language::English, Language::German]
            .map(Words::of)
            .into_iter()
            .flat_map(|words| states.iter().map(move |state| Look::of(state.as_ref(), words)).collect::<Vec<_>>());
        let looks: Vec<Look> = looks.collect();
        let tooltips: BTreeSet<&str> = looks.iter().map(|look| look.tooltip).collect();
        assert_eq!(tooltips.len(), looks.len());
        // what cannot be paused is not offered as paused
        assert!(looks.iter().all(|look| look.choice || !look.resume));
    }
}
