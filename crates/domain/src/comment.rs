//! Comments on a post, among those who write it: on all of it or on a passage, answered, and settled.

use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, CommentId, PersonId, PostId};
use crate::post::{Content, Draft};

/// The passage that a comment is about, by its words and what stood around them: positions alone would be wrong after the first
/// edit. After the text quote selector of the Web Annotation Data Model (w3.org/TR/annotation-model, 4.2.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Whose text; `None`: the one that all share.
    pub account: Option<AccountId>,
    /// Which part it stood in, from 0.
    pub part: u32,
    /// Characters before it in that part.
    pub start: u32,
    /// Its words. Not empty, at most [`Anchor::QUOTE_MAX`] characters.
    pub quote: String,
    /// At most [`Anchor::AROUND_MAX`] characters that stood before it, and behind it.
    pub before: String,
    pub after: String,
}

/// Where a passage stands now, in characters of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub part: usize,
    pub range: Range<usize>,
    /// Its words are others now, between the same ones.
    pub changed: bool,
}

/// Somebody settled what a comment asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    pub by: PersonId,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    pub id: CommentId,
    pub post: PostId,
    pub author: PersonId,
    /// Not blank, at most [`Comment::TEXT_MAX`] characters.
    pub text: String,
    /// `None`: the whole post, or an answer.
    pub anchor: Option<Anchor>,
    /// The comment that it answers, which answers none itself.
    pub reply_to: Option<CommentId>,
    /// Of a comment with all its answers.
    pub resolved: Option<Resolved>,
    /// The author changed its words.
    pub edited: bool,
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Comment {
    pub const TEXT_MAX: usize = 4_000;
    /// Of one post, answers included.
    pub const COMMENTS_MAX: usize = 1_000;
}

/// Letters of what stands around a passage that must be found again if its own words are not.
const LEAST_AROUND: usize = 6;
/// A passage of so many letters is known by itself; a shorter one needs so many neighbours.
const TELLING: usize = 8;
const LEAST_NEAR: usize = 4;

impl Anchor {
    pub const QUOTE_MAX: usize = 2_000;
    pub const AROUND_MAX: usize = 48;

    /// The anchor of a range of characters; `None` for nothing but white space, or for more than a passage.
    pub fn of(account: Option<AccountId>, part: usize, text: &str, range: Range<usize>) -> Option<Self> {
        let letters: Vec<char> = text.chars().collect();
        let quoted = letters.get(range.clone())?;
        // the white space around a selection is nobody's passage
        let left = quoted.iter().take_while(|letter| letter.is_whitespace()).count();
        let right = quoted.iter().rev().take_while(|letter| letter.is_whitespace()).count();
        let (start, end) = (range.start.saturating_add(left), range.end.saturating_sub(right));
        let quoted = letters.get(start..end).filter(|quoted| !quoted.is_empty() && quoted.len() <= Self::QUOTE_MAX)?;
        Some(Self {
            account,
            part: u32::try_from(part).ok()?,
            start: u32::try_from(start).ok()?,
            quote: quoted.iter().collect(),
            before: letters.get(start.saturating_sub(Self::AROUND_MAX)..start)?.iter().collect(),
            after: letters.get(end..)?.iter().take(Self::AROUND_MAX).collect(),
        })
    }

    /// The text that it is about, if its account still belongs to the post.
    pub fn content<'a>(&self, draft: &'a Draft) -> Option<&'a Content> {
        match self.account {
            Some(account) => draft.content_for(account),
            None => Some(&draft.base),
        }
    }

    /// Where the passage stands now: its words, wherever they went, best where the same stands around them; else what stands
    /// between its neighbours; `None` if it is gone.
    pub fn find(&self, content: &Content) -> Option<Passage> {
        let parts: Vec<Vec<char>> = content.parts.iter().map(|part| part.text.chars().collect()).collect();
        self.same_words(&parts).or_else(|| self.between(&parts))
    }

    fn same_words(&self, parts: &[Vec<char>]) -> Option<Passage> {
        let (quote, before, after): (Vec<char>, Vec<char>, Vec<char>) =
            (self.quote.chars().collect(), self.before.chars().collect(), self.after.chars().collect());
        let mut best: Option<(usize, usize, Passage)> = None;
        for (part, letters) in parts.iter().enumerate() {
            for (start, window) in letters.windows(quote.len().max(1)).enumerate() {
                if window != quote.as_slice() {
                    continue;
                }
                let end = start.saturating_add(quote.len());
                let left = letters.get(..start).map_or(0, |text| same_end(text, &before));
                let right = letters.get(end..).map_or(0, |text| same_start(text, &after));
                // a short word that stands elsewhere as well is not the one that was meant
                let near = LEAST_NEAR.min(before.len().saturating_add(after.len()));
                if quote.len() < TELLING && left.saturating_add(right) < near {
                    continue;
                }
                let far = self.far(part, start);
                let found = Passage { part, range: start..end, changed: false };
                if best.as_ref().is_none_or(|(score, distance, _)| (left + right, *distance) > (*score, far)) {
                    best = Some((left + right, far, found));
                }
            }
        }
        best.map(|(_, _, passage)| passage)
    }

    /// How far a place is from where the passage was: other parts are farther than any place in its own.
    fn far(&self, part: usize, start: usize) -> usize {
        let was = (usize::try_from(self.part).unwrap_or(0), usize::try_from(self.start).unwrap_or(0));
        part.abs_diff(was.0).saturating_mul(Content::TEXT_MAX).saturating_add(start.abs_diff(was.1))
    }

    fn between(&self, parts: &[Vec<char>]) -> Option<Passage> {
        let (before, after): (Vec<char>, Vec<char>) = (self.before.chars().collect(), self.after.chars().collect());
        let quoted = self.quote.chars().count();
        let longest = quoted.saturating_mul(2).saturating_add(40);
        // the ends of a text are neighbours as well, but not both of them: everything stands between them
        let found = parts.iter().enumerate().filter_map(|(part, letters)| {
            let starts =
                ends_of(letters, before.get(before.len().saturating_sub(LEAST_AROUND * 3)..).unwrap_or(&before));
            let ends = starts_of(letters, after.get(..LEAST_AROUND * 3).unwrap_or(&after));
            let (starts, ends) = match (before.is_empty(), after.is_empty()) {
                (true, true) => return None,
                (true, false) => (vec![0], ends),
                (false, true) => (starts, vec![letters.len()]),
                (false, false) => (starts, ends),
            };
            let pairs = starts.iter().flat_map(|start| ends.iter().map(move |end| (*start, *end)));
            let fitting = pairs.filter(|(start, end)| start < end && end - start <= longest);
            let (start, end) =
                fitting.min_by_key(|(start, end)| (self.far(part, *start), (end - start).abs_diff(quoted)))?;
            let inside = letters.get(start..end)?;
            inside.iter().any(|letter| !letter.is_whitespace()).then_some(())?;
            Some((self.far(part, start), Passage { part, range: start..end, changed: true }))
        });
        found.min_by_key(|(far, _)| *far).map(|(_, passage)| passage)
    }
}

/// Letters that both end with.
fn same_end(one: &[char], other: &[char]) -> usize {
    one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count()
}

/// Letters that both start with.
fn same_start(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// Where `wanted`, or as much of its end as must be, ends in `letters`; those of the longest match.
fn ends_of(letters: &[char], wanted: &[char]) -> Vec<usize> {
    let least = wanted.len().min(LEAST_AROUND);
    (least..=wanted.len())
        .rev()
        .filter(|length| *length > 0)
        .find_map(|length| {
            let tail = wanted.get(wanted.len().saturating_sub(length)..)?;
            let found: Vec<usize> = letters
                .windows(length)
                .enumerate()
                .filter(|(_, window)| *window == tail)
                .map(|(at, _)| at.saturating_add(length))
                .collect();
            (!found.is_empty()).then_some(found)
        })
        .unwrap_or_default()
}

/// Where `wanted`, or as much of its start as must be, starts in `letters`; those of the longest match.
fn starts_of(letters: &[char], wanted: &[char]) -> Vec<usize> {
    let least = wanted.len().min(LEAST_AROUND);
    (least..=wanted.len())
        .rev()
        .filter(|length| *length > 0)
        .find_map(|length| {
            let head = wanted.get(..length)?;
            let windows = letters.windows(length).enumerate();
            let found: Vec<usize> = windows.filter(|(_, window)| *window == head).map(|(at, _)| at).collect();
            (!found.is_empty()).then_some(found)
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Part;

    fn thread(parts: &[&str]) -> Content {
        let part = |text: &&str| Part { text: (*text).to_owned(), ..Part::default() };
        Content { parts: parts.iter().map(part).collect(), ..Content::default() }
    }

    fn on(text: &str, quote: &str) -> Anchor {
        let start = text.split_once(quote).unwrap().0.chars().count();
        Anchor::of(None, 0, text, start..start + quote.chars().count()).unwrap()
    }

    /// What the passage says now; `None` if it is gone. With `~` if its words changed.
    fn now(anchor: &Anchor, parts: &[&str]) -> Option<String> {
        let found = anchor.find(&thread(parts))?;
        let text: String = parts[found.part].chars().skip(found.range.start).take(found.range.len()).collect();
        Some(if found.changed { format!("~{text}") } else { text })
    }

    const TEXT: &str = "Rye is back 🍞 on Friday. Come early, it is gone by noon.";

    #[test]
    fn a_passage_is_found_where_it_stands_and_wherever_it_goes() {
        let anchor = on(TEXT, "Come early");
        assert_eq!(now(&anchor, &[TEXT]), Some("Come early".into()));
        assert_eq!(
            now(&anchor, &["New first line.\n\nRye is back 🍞 on Friday. Come early, please."]),
            Some("Come early".into())
        );
        assert_eq!(now(&anchor, &["Rye is back.", "And: Come early!"]), Some("Come early".into()));
    }

    #[test]
    fn of_several_the_one_between_the_same_words_counts() {
        let text = "one rye, two rye, three rye";
        let anchor = Anchor::of(None, 0, text, 13..16).unwrap();
        assert_eq!(anchor.quote, "rye");
        let moved = "zero rye, one rye, two rye, three rye";
        assert_eq!(anchor.find(&thread(&[moved])).unwrap().range, 23..26);
    }

    #[test]
    fn words_that_changed_between_the_same_ones_are_still_the_passage() {
        let anchor = on(TEXT, "on Friday");
        assert_eq!(
            now(&anchor, &["Rye is back 🍞 next Saturday. Come early, it is gone."]),
            Some("~next Saturday".into())
        );
        let first = on(TEXT, "Rye is back");
        assert_eq!(now(&first, &["Wheat is back 🍞 on Friday. Come"]), Some("~Wheat is back".into()));
        let last = on(TEXT, "gone by noon.");
        assert_eq!(now(&last, &["Rye. Come early, it is sold out at ten"]), Some("~sold out at ten".into()));
    }

    #[test]
    fn what_is_deleted_is_gone() {
        let anchor = on(TEXT, "on Friday");
        assert_eq!(now(&anchor, &["Something else entirely."]), None);
        assert_eq!(now(&anchor, &["Rye is back 🍞 . Come early, it is gone by noon."]), None);
        assert_eq!(now(&anchor, &[""]), None);
        let short = on("one rye, two", "rye");
        assert_eq!(now(&short, &["Here is rye of another kind"]), None, "the same word, but not that one");
        let all = on("Rye", "Rye");
        assert_eq!(now(&all, &["Wheat"]), None);
    }

    #[test]
    fn the_space_around_a_selection_is_left_out() {
        let anchor = Anchor::of(None, 0, "  Rye  bread ", 0..6).unwrap();
        assert_eq!((anchor.quote.as_str(), anchor.start, anchor.before.as_str()), ("Rye", 2, "  "));
        assert_eq!(Anchor::of(None, 0, "  Rye", 0..2), None);
        assert_eq!(Anchor::of(None, 0, "Rye", 2..9), None);
        assert_eq!(Anchor::of(None, 0, &"r".repeat(3000), 0..2500), None);
    }
}
