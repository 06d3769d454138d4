//! Two people changed one text.

use std::hash::Hash;

use similar::{Algorithm, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

/// Above this many pairs of pieces that could be compared, a changed stretch counts as changed from end to end: what a
/// difference costs stays bounded, whatever somebody sends.
const PAIRS_MAX: usize = 4_000_000;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub text: String,
    /// Both changed the same place, or places that touch: nobody has read what stands there now.
    pub overlaps: bool,
}

/// One side's change of the base, in pieces: for a text words, and what stands between them.
pub(super) struct Side<T> {
    /// Of each piece of the base.
    kept: Vec<bool>,
    /// What was written before each piece of the base, and behind the last.
    written: Vec<Vec<T>>,
    /// Which stretches of the base were changed, from the first piece to behind the last; empty where something was only written.
    changed: Vec<(usize, usize)>,
}

/// Applies what `mine` and `theirs` made of `base` to it, both. What somebody wrote and nobody deleted stands there once, what
/// somebody deleted does not, and the same word written by both at the same place counts as one. Where both wrote at one
/// place, `theirs` comes first.
pub fn text(base: &str, mine: &str, theirs: &str) -> Merged {
    if mine == theirs || theirs == base {
        return Merged { text: mine.to_owned(), overlaps: false };
    }
    if mine == base {
        return Merged { text: theirs.to_owned(), overlaps: false };
    }
    let [base, mine, theirs] = [base, mine, theirs].map(|text| text.split_word_bounds().collect::<Vec<_>>());
    let (mine, theirs) = (side(&base, &mine), side(&base, &theirs));
    let mut text = String::new();
    both(&base, &mine, &theirs, |met| {
        if met.stays() {
            push(&mut text, met.piece, met.apart);
        }
    });
    Merged { text, overlaps: overlaps(&mine, &theirs) }
}

/// What is met on the way through two changed texts.
pub(super) struct Met<T> {
    pub piece: T,
    /// It is of the base; else it was written since.
    pub base: bool,
    /// My text has it.
    pub mine: bool,
    pub theirs: bool,
    /// In neither text it follows what stays before it here.
    pub apart: bool,
}

impl<T> Met<T> {
    /// Written by one, or left alone by both.
    pub fn stays(&self) -> bool {
        !self.base || (self.mine && self.theirs)
    }
}

/// Puts a word behind a text. Words that met nowhere before do not run into one that nobody wrote.
pub(super) fn push(text: &mut String, word: &str, apart: bool) {
    let runs_on = |end: Option<char>| end.is_some_and(char::is_alphanumeric);
    if apart && runs_on(text.chars().next_back()) && runs_on(word.chars().next()) {
        text.push(' ');
    }
    text.push_str(word);
}

/// Walks both sides in the order of what comes of them.
pub(super) fn both<T: Copy + PartialEq>(base: &[T], mine: &Side<T>, theirs: &Side<T>, mut meet: impl FnMut(Met<T>)) {
    // the places in both texts, and of what stayed last
    let (mut here, mut there, mut last) = (0_usize, 0_usize, (None, None));
    let mut step = |piece: T, base: bool, mine: bool, theirs: bool| {
        let place = |has: bool, at: &mut usize| {
            *at += usize::from(has);
            has.then_some(*at)
        };
        let places = (place(mine, &mut here), place(theirs, &mut there));
        let follows = |now: Option<usize>, last: Option<usize>| now.is_some() && now == last.map(|last| last + 1);
        let met = Met { piece, base, mine, theirs, apart: !follows(places.0, last.0) && !follows(places.1, last.1) };
        if met.stays() {
            last = places;
        }
        meet(met);
    };
    let nothing = Vec::new();
    for place in 0..=base.len() {
        let theirs_here = theirs.written.get(place).unwrap_or(&nothing);
        let mine_here = mine.written.get(place).unwrap_or(&nothing);
        if mine_here == theirs_here {
            theirs_here.iter().for_each(|piece| step(*piece, false, true, true));
        } else {
            theirs_here.iter().for_each(|piece| step(*piece, false, false, true));
            mine_here.iter().for_each(|piece| step(*piece, false, true, false));
        }
        let kept = |side: &Side<T>| side.kept.get(place).copied().unwrap_or(false);
        if let Some(piece) = base.get(place) {
            step(*piece, true, kept(mine), kept(theirs));
        }
    }
}

/// What texts are compared by.
pub(super) trait Piece: Copy + Eq + Hash + Ord {
    /// It says something. Blanks and points do not: they are as good at any other place.
    fn says(self) -> bool;
}

impl Piece for &str {
    fn says(self) -> bool {
        self.chars().any(|char| !char.is_whitespace() && !char.is_ascii_punctuation())
    }
}

pub(super) fn side<T: Piece>(base: &[T], pieces: &[T]) -> Side<T> {
    let same = |pair: &(&T, &T)| pair.0 == pair.1;
    let head = base.iter().zip(pieces).take_while(same).count();
    let (old, new) = (base.get(head..).unwrap_or_default(), pieces.get(head..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let old = old.get(..old.len() - tail).unwrap_or_default();
    let new = new.get(..new.len() - tail).unwrap_or_default();
    let mut side =
        Side { kept: vec![true; base.len()], written: vec![Vec::new(); base.len() + 1], changed: Vec::new() };
    let mut change = |from: usize, to: usize, written: &[T]| {
        for kept in side.kept.iter_mut().take(to).skip(from) {
            *kept = false;
        }
        if let Some(place) = side.written.get_mut(from) {
            place.extend(written);
        }
        side.changed.push((from, to));
    };
    if old.is_empty() && new.is_empty() {
        return side;
    }
    if old.len().saturating_mul(new.len()) > PAIRS_MAX {
        change(head, head + old.len(), new);
        return side;
    }
    // words hold the rest in place, above all those that occur once: a word that is held by a blank counts as deleted and
    // written anew, and comes back when the other side has deleted it
    let (mut was, mut is) = (0, 0);
    for (stays, there) in held(old, new).into_iter().chain([(old.len(), new.len())]) {
        let (before, after) = (old.get(was..stays).unwrap_or_default(), new.get(is..there).unwrap_or_default());
        for op in capture_diff_slices(Algorithm::Myers, before, after) {
            let (tag, deleted, written) = op.as_tag_tuple();
            if tag != DiffTag::Equal {
                let from = head + was;
                change(from + deleted.start, from + deleted.end, after.get(written).unwrap_or_default());
            }
        }
        (was, is) = (stays + 1, there + 1);
    }
    side
}

/// The places of the words that stay, in both texts, in their order.
fn held<T: Piece>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    #[cfg(feature = "planted")]
    if crate::planted::is(crate::planted::Planted::BlanksHoldWords) {
        return Vec::new();
    }
    let words = |pieces: &[T]| -> (Vec<usize>, Vec<T>) {
        pieces.iter().enumerate().filter(|(_, piece)| piece.says()).map(|(place, piece)| (place, *piece)).unzip()
    };
    let ((old_places, old), (new_places, new)) = (words(old), words(new));
    let mut held = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (tag, was, is) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            let places = |all: &[usize], some: std::ops::Range<usize>| all.get(some).unwrap_or_default().to_vec();
            held.extend(places(&old_places, was).into_iter().zip(places(&new_places, is)));
        }
    }
    held
}

/// Whether any change of one touches a change of the other that is not the very same.
pub(super) fn overlaps<T: PartialEq>(mine: &Side<T>, theirs: &Side<T>) -> bool {
    mine.changed.iter().any(|&(from, to)| {
        theirs.changed.iter().any(|&(start, end)| {
            let same = (from, to) == (start, end) && mine.written.get(from) == theirs.written.get(start);
            !same && from <= end && start <= to
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn merged(base: &str, mine: &str, theirs: &str) -> (String, bool) {
        let Merged { text, overlaps } = text(base, mine, theirs);
        (text, overlaps)
    }

    #[test]
    fn changes_of_different_places_are_both_there() {
        let base = "Fresh bread at eight. The oven is hot. Come early.";
        let mine = "Fresh rye bread at eight. The oven is hot. Come early.";
        let theirs = "Fresh bread at eight. The oven is hot. Come early, bring a bag.";
        let both = "Fresh rye bread at eight. The oven is hot. Come early, bring a bag.";
        assert_eq!(merged(base, mine, theirs), (both.to_owned(), false));
        assert_eq!(merged(base, theirs, mine), (both.to_owned(), false));
    }

    #[test]
    fn the_same_words_changed_by_both_are_both_kept_and_shown() {
        let (text, overlaps) = merged("Bread at eight", "Bread at nine", "Bread at ten");
        assert_eq!(text, "Bread at ten nine");
        assert!(overlaps);
    }

    #[test]
    fn a_word_that_one_deleted_does_not_come_back_with_the_blanks_that_the_other_moved() {
        let (text, overlaps) = merged("one two three four", "", "one three NEW four");
        assert!(!text.contains("three") && text.contains("NEW") && overlaps, "{text}");
    }

    #[test]
    fn the_same_correction_by_both_is_one() {
        assert_eq!(merged("Frehs bread", "Fresh bread", "Fresh bread!"), ("Fresh bread!".to_owned(), false));
    }

    #[test]
    fn what_one_deleted_and_the_other_left_alone_is_gone() {
        let (text, overlaps) = merged("One. Two. Three.", "One. Three.", "One. Two. Three. Four.");
        assert_eq!((text.as_str(), overlaps), ("One. Three. Four.", false));
    }

    #[test]
    fn what_was_written_into_a_deleted_stretch_stays() {
        let (text, overlaps) = merged("a b c d e", "a e", "a b NEW c d e");
        assert!(text.contains("NEW"), "{text}");
        assert!(overlaps);
    }

    #[test]
    fn both_wrote_at_the_end() {
        let (text, overlaps) = merged("Bread.", "Bread. Ada was here.", "Bread. Ben was here.");
        assert_eq!(text, "Bread. Ben was here. Ada was here.");
        assert!(overlaps);
    }

    #[test]
    fn a_text_of_nothing_and_a_long_one_of_other_words_cost_little() {
        let long = |word: &str| (0..20_000).map(|at| format!("{word}{at} ")).collect::<String>();
        let begun = std::time::Instant::now();
        let (text, overlaps) = merged(&long("a"), &long("b"), &long("c"));
        assert!(overlaps && text.contains("b19999") && text.contains("c0"));
        assert!(begun.elapsed() < std::time::Duration::from_secs(10));
        assert_eq!(merged("", "a", "b"), ("b a".to_owned(), true));
    }

    /// A base of numbered words, of which one side deletes some and writes some that nobody else has.
    fn edited(base: usize, name: &'static str) -> impl Strategy<Value = Vec<String>> {
        let one = (prop::bool::weighted(0.8), prop::bool::weighted(0.2));
        prop::collection::vec(one, base).prop_map(move |choices| {
            let mut words = Vec::new();
            for (at, (kept, written)) in choices.into_iter().enumerate() {
                if written {
                    words.push(format!("{name}{at}x"));
                }
                if kept {
                    words.push(format!("w{at}x"));
                }
            }
            words
        })
    }

    proptest! {
        #[test]
        fn what_somebody_wrote_and_nobody_deleted_stands_there_once(mine in edited(12, "m"), theirs in edited(12, "t")) {
            let base: Vec<String> = (0..12).map(|at| format!("w{at}x")).collect();
            let (merged, _) = merged(&base.join(" "), &mine.join(" "), &theirs.join(" "));
            for word in base.iter().chain(&mine).chain(&theirs) {
                let deleted = base.contains(word) && !(mine.contains(word) && theirs.contains(word));
                prop_assert_eq!(merged.matches(word.as_str()).count(), usize::from(!deleted), "{} in {}", word, &merged);
            }
        }

        #[test]
        fn nothing_it_is_given_makes_it_fail(base in "\\PC{0,40}", mine in "\\PC{0,40}", theirs in "\\PC{0,40}") {
            text(&base, &mine, &theirs);
            prop_assert_eq!(&text(&base, &mine, &base).text, &mine);
            prop_assert_eq!(&text(&base, &base, &theirs).text, &theirs);
            prop_assert_eq!(&text(&base, &mine, &mine).text, &mine);
        }
    }
}
