//! A thread that one cut up anew while another changed it.
//!
//! Parts have no names. The whole thread is merged as one text in which the beginning of a part is a piece like a word: whoever
//! splits a part writes one, whoever joins two deletes one. So no words of either side are lost, wherever the parts went.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation as _;

use super::text::{self, both, side};
use crate::post::Part;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Piece<'a> {
    Word(&'a str),
    /// A part begins.
    Part,
}

impl text::Piece for Piece<'_> {
    fn says(self) -> bool {
        match self {
            Self::Word(word) => text::Piece::says(word),
            // words hold the parts in place, not the other way round: else a cut that moves over a word moves the word
            Self::Part => false,
        }
    }
}

/// A part of the merged thread, and the parts that are in it by their places: the first of each side is the one that it begins
/// with, as long as that side has it.
#[derive(Debug, Default)]
pub(super) struct Joined {
    pub text: String,
    pub base: Vec<usize>,
    pub mine: Vec<usize>,
    pub theirs: Vec<usize>,
}

/// Whether each part of `changed` is the one at its place in `base`: nobody cut or joined, and no words went from one part to
/// another.
pub(super) fn in_place(base: &[Part], changed: &[Part]) -> bool {
    let was: Vec<BTreeSet<&str>> = base.iter().map(|part| words(part).collect()).collect();
    let elsewhere =
        |at: usize, word: &str| was.iter().enumerate().any(|(other, said)| other != at && said.contains(word));
    base.len() == changed.len()
        && changed
            .iter()
            .zip(&was)
            .enumerate()
            .all(|(at, (part, said))| !words(part).any(|word| !said.contains(word) && elsewhere(at, word)))
}

fn words(part: &Part) -> impl Iterator<Item = &str> {
    part.text.split_word_bounds().filter(|word| text::Piece::says(*word))
}

/// The merged thread, never without a part, and whether both changed the same words.
pub(super) fn parts(base: &[Part], mine: &[Part], theirs: &[Part]) -> (Vec<Joined>, bool) {
    let [base, mine, theirs] = [pieces(base), pieces(mine), pieces(theirs)];
    let (of_mine, of_theirs) = (side(&base, &mine), side(&base, &theirs));
    let mut thread = Vec::new();
    let mut open = Joined { base: vec![0], mine: vec![0], theirs: vec![0], ..Joined::default() };
    // how many parts of each were met
    let (mut in_base, mut in_mine, mut in_theirs) = (0, 0, 0);
    both(&base, &of_mine, &of_theirs, |met| {
        let stays = met.stays();
        match met.piece {
            Piece::Word(word) if stays => text::push(&mut open.text, word, met.apart),
            Piece::Word(_) => {}
            Piece::Part => {
                if stays {
                    thread.push(std::mem::take(&mut open));
                }
                let has = |is: bool, count: &mut usize, places: &mut Vec<usize>| {
                    if is {
                        *count += 1;
                        places.push(*count);
                    }
                };
                has(met.base, &mut in_base, &mut open.base);
                has(met.mine, &mut in_mine, &mut open.mine);
                has(met.theirs, &mut in_theirs, &mut open.theirs);
            }
        }
    });
    thread.push(open);
    (thread, text::overlaps(&of_mine, &of_theirs))
}

/// The pieces of a thread; the first part begins by itself.
fn pieces(parts: &[Part]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            pieces.push(Piece::Part);
        }
        pieces.extend(part.text.split_word_bounds().map(Piece::Word));
    }
    pieces
}
