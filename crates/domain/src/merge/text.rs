//! Two people changed one text.

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

/// One side's change of the base, in pieces: words, and what stands between them.
struct Side<'a> {
    /// Of each piece of the base.
    kept: Vec<bool>,
    /// What was written before each piece of the base, and behind the last.
    written: Vec<Vec<&'a str>>,
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
    let pieces: Vec<&str> = base.split_word_bounds().collect();
    let (mine, theirs) = (side(&pieces, mine), side(&pieces, theirs));
    let mut merged = String::with_capacity(base.len());
    let nothing = Vec::new();
    for place in 0..=pieces.len() {
        let theirs_here = theirs.written.get(place).unwrap_or(&nothing);
        let mine_here = mine.written.get(place).unwrap_or(&nothing);
        merged.extend(theirs_here.iter().copied());
        if mine_here != theirs_here {
            merged.extend(mine_here.iter().copied());
        }
        let kept = |side: &Side<'_>| side.kept.get(place).copied().unwrap_or(false);
        if let Some(piece) = pieces.get(place)
            && kept(&mine)
            && kept(&theirs)
        {
            merged.push_str(piece);
        }
    }
    Merged { text: merged, overlaps: overlaps(&mine, &theirs) }
}

fn side<'a>(base: &[&'a str], text: &'a str) -> Side<'a> {
    let pieces: Vec<&str> = text.split_word_bounds().collect();
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let head = base.iter().zip(&pieces).take_while(same).count();
    let (old, new) = (base.get(head..).unwrap_or_default(), pieces.get(head..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let old = old.get(..old.len() - tail).unwrap_or_default();
    let new = new.get(..new.len() - tail).unwrap_or_default();
    let mut side =
        Side { kept: vec![true; base.len()], written: vec![Vec::new(); base.len() + 1], changed: Vec::new() };
    let mut change = |from: usize, to: usize, written: &[&'a str]| {
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
    // words that occur once hold the rest in place, not the blanks between them
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        let (tag, was, is) = op.as_tag_tuple();
        if tag != DiffTag::Equal {
            change(head + was.start, head + was.end, new.get(is).unwrap_or_default());
        }
    }
    side
}

/// Whether any change of one touches a change of the other that is not the very same.
fn overlaps(mine: &Side<'_>, theirs: &Side<'_>) -> bool {
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
        assert_eq!(text, "Bread at tennine");
        assert!(overlaps);
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
        assert_eq!(merged("", "a", "b"), ("ba".to_owned(), true));
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
