//! What can be done about what breaks a rule. For a text that is too long: cutting it into the parts of a thread, or shortening
//! it. How an image is made to fit stands [beside it](super::fit).
//!
//! Both ask the rules themselves whether a piece fits, so what comes out is what [`check`](super::check::check) lets through.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::bluesky::{Facet, Feature, facets};
use super::check::{Measure, PartText, measure};
use super::rule::Rule;
use super::rulebook::NetworkRules;
use crate::link_tags::LinkTags;

/// A repair of a broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// The text becomes several parts of a thread.
    Thread,
    /// The same, each part with its place at the end: `1/4`.
    NumberedThread,
    /// The end of the text is taken away.
    Shorten,
    /// The last link goes into the first comment.
    MoveLink,
    /// The image is cropped, scaled, encoded anew or converted: what a [`Plan`](super::fit::Plan) says.
    Fit,
    /// The video is coded anew, within what the networks take.
    Reencode,
    /// The same, and its end is cut off.
    CutVideo,
}

impl Rule {
    /// What can be done about what breaks this rule, the best first.
    pub const fn fixes(self) -> &'static [Fix] {
        match self {
            Self::TextLength | Self::TextBytes => &[Fix::Thread, Fix::NumberedThread, Fix::Shorten, Fix::MoveLink],
            // an image is not scaled up, but one that is too narrow for one network may be too tall for it as well
            Self::ImageBytes
            | Self::ImagePixels
            | Self::ImageWidth
            | Self::ImageSides
            | Self::ImageTooTall
            | Self::ImageTooWide
            | Self::ImageType => &[Fix::Fit],
            Self::VideoBytes
            | Self::VideoPixels
            | Self::VideoLongSide
            | Self::VideoRate
            | Self::VideoSlow
            | Self::VideoType
            | Self::VideoCodec => &[Fix::Reencode],
            Self::VideoTooLong => &[Fix::CutVideo],
            _ => &[],
        }
    }
}

/// Shown where a text was shortened.
const ELLIPSIS: char = '…';

/// A first cut, one with the number of its parts, one more where that number grew by a digit, and some for what nobody thought of.
const ROUNDS: usize = 8;

/// The rules that a piece of text must keep, of all networks that get it.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    pub rules: &'a [NetworkRules<'a>],
    /// Counts with each part where a network says so.
    pub content_warning: &'a str,
    /// Make its links longer.
    pub tags: Option<&'a LinkTags>,
}

impl Room<'_> {
    fn fits(self, text: &str) -> bool {
        // what cutting cannot mend is no reason to cut more
        let of_length = |measure: &Measure| matches!(measure.rule, Rule::TextLength | Rule::TextBytes);
        let fits = |rules: &NetworkRules<'_>| {
            let text = self.tags.map_or(Cow::Borrowed(text), |tags| tags.tagged_text(text, rules.network()));
            let part = PartText { text: &text, content_warning: self.content_warning, ..PartText::default() };
            measure(*rules, part).iter().filter(|one| of_length(one)).all(|one| one.left() >= 0)
        };
        self.rules.iter().all(fits)
    }
}

/// `text` cut into at most `most` parts that all fit, at the ends of paragraphs, sentences or words, in this order of
/// preference. A link, a mention or a tag is never cut. A text that fits is one part.
///
/// `None` if that cannot be: a single word or the content warning alone is too long, or there would be more parts.
pub fn thread(text: &str, room: Room<'_>, numbered: bool, most: usize) -> Option<Vec<String>> {
    if room.fits(text) {
        return Some(vec![text.to_owned()]);
    }
    if !numbered {
        return cut(text, room, most, |_, piece| piece.to_owned());
    }
    // the number of parts takes room itself: a cut stands if it has as many parts as it was made for
    let mut all = 2;
    for _ in 0..ROUNDS {
        let parts = cut(text, room, most, |place, piece| format!("{piece} {place}/{all}"))?;
        if parts.len() == all {
            return Some(parts);
        }
        all = parts.len();
    }
    None
}

/// The longest beginning of `text` that fits with an ellipsis behind it, whole words if there are any. `None` if not even the
/// first character does.
pub fn shorten(text: &str, room: Room<'_>) -> Option<String> {
    if room.fits(text) {
        return Some(text.to_owned());
    }
    let written = |end: usize| {
        let kept = text.get(..end).unwrap_or_default().trim_end().trim_end_matches([',', ';', ':', '-', '–', '—']);
        format!("{}{ELLIPSIS}", kept.trim_end())
    };
    let by = |ends: &[usize]| last_that(ends, |end| room.fits(&written(end)));
    let words: Vec<usize> = word_ends(text).collect();
    let end = by(&words).or_else(|| by(&grapheme_ends(text)))?;
    Some(written(end))
}

/// `text` without its last link, and that link; `None` without a link that is written with `http://` or `https://`.
pub fn without_link(text: &str) -> Option<(String, String)> {
    let links = facets(text).into_iter().filter(|facet| matches!(facet.feature, Feature::Link { .. }));
    let written = |facet: Facet| {
        let (start, end) = (usize::try_from(facet.start).ok()?, usize::try_from(facet.end).ok()?);
        let link = text.get(start..end).filter(|link| link.contains("://"))?;
        Some((text.get(..start)?, link, text.get(end..)?))
    };
    let (before, link, after) = links.rev().find_map(written)?;
    let (before, after) = match (before.strip_suffix('('), after.strip_prefix(')')) {
        (Some(before), Some(after)) => (before, after),
        _ => (before, after),
    };
    let (before, after) = (before.trim_end_matches(' '), after.trim_start_matches(' '));
    // what stood behind it on the same line goes on behind what stood before it
    let stands = before.is_empty() || before.ends_with('\n') || after.is_empty();
    let joint = if stands || after.starts_with(['\n', '.', ',', ')']) { "" } else { " " };
    Some((format!("{before}{joint}{after}").trim_end().to_owned(), link.to_owned()))
}

/// Cuts greedily; `written` is how a piece stands in the post, given its place from 1.
fn cut(text: &str, room: Room<'_>, most: usize, written: impl Fn(usize, &str) -> String) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if parts.len() == most {
            return None;
        }
        let place = parts.len() + 1;
        let fits = |end: usize| room.fits(&written(place, rest.get(..end).unwrap_or_default().trim_end()));
        let end = if fits(rest.len()) { rest.len() } else { best_end(rest, fits)? };
        let (piece, behind) = rest.split_at_checked(end)?;
        parts.push(written(place, piece.trim_end()));
        rest = behind.trim_start();
    }
    Some(parts)
}

/// Where the first part of `text` ends: at the last end of a paragraph, else of a line, else of a sentence, unless that leaves
/// less than a third of what there is room for, else at the last end of a word.
fn best_end(text: &str, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let words: Vec<usize> = word_ends(text).collect();
    let longest = last_that(&words, &fits)?;
    let least = longest / 3;
    let within = |ends: &mut dyn Iterator<Item = usize>| {
        let last = ends.take_while(|end| *end <= longest).filter(|end| *end >= least && *end > 0).last();
        last.filter(|end| fits(*end))
    };
    let paragraphs = &mut text.match_indices("\n\n").map(|(at, _)| at);
    let lines = &mut text.match_indices('\n').map(|(at, _)| at);
    // a sentence may end inside a link, so only the ends of sentences that are ends of words count
    let sentences = &mut text
        .split_sentence_bound_indices()
        .map(|(at, sentence)| at + sentence.trim_end().len())
        .filter(|end| words.binary_search(end).is_ok());
    within(paragraphs).or_else(|| within(lines)).or_else(|| within(sentences)).or(Some(longest))
}

/// Where something that white space ends is over. Links, mentions and tags hold no white space.
fn word_ends(text: &str) -> impl Iterator<Item = usize> {
    let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let ends = spaces.chain([text.len()]);
    ends.filter(move |end| text.get(..*end).is_some_and(|front| front.ends_with(|c: char| !c.is_whitespace())))
}

fn grapheme_ends(text: &str) -> Vec<usize> {
    text.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len()).collect()
}

/// The last of the rising `ends` that `fits`, if one does. What is longer is taken to fit less, and looked at only up to twice
/// what fits, so a long text costs no more for each part than a short one.
fn last_that(ends: &[usize], fits: impl Fn(usize) -> bool) -> Option<usize> {
    let (mut known, mut step) = (0, 4);
    while ends.get(known + step - 1).is_some_and(|end| fits(*end)) {
        known += step;
        step *= 2;
    }
    let open = ends.get(known..ends.len().min(known + step))?;
    let fitting = known + open.partition_point(|end| fits(*end));
    // where less was taken to fit more, what comes out still must
    ends.get(..fitting)?.iter().rev().copied().find(|end| fits(*end))
}
