//! What a text means: `extractor.rb` of twitter-text.

use std::ops::Range;

use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed};

use crate::text::twitter_text::{is_direction_mark, is_latin_accent, links};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Url,
    Mention,
    Hashtag,
    Cashtag,
}

/// A piece of the text that means something, its sign included: `@ada`, `#bread`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub kind: Kind,
}

/// A mention, and the list of that account if it names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Bytes of the text: sign, name and list.
    pub range: Range<usize>,
    /// The name without its sign.
    pub name: Range<usize>,
    /// The list with its slash.
    pub list: Option<Range<usize>>,
}

/// Letters of a name. Source: `valid_mention_or_list` of twitter-text.
const NAME_MAX: usize = 20;
const LIST_MAX: usize = 25;

/// Everything, in its order; of two that overlap the first counts.
pub fn entities(text: &str) -> Vec<Entity> {
    let of = |kind| move |range| Entity { range, kind };
    let mut all: Vec<Entity> = urls(text).into_iter().map(of(Kind::Url)).collect();
    all.extend(raw_hashtags(text).into_iter().map(of(Kind::Hashtag)));
    all.extend(mentions(text).into_iter().map(|found| of(Kind::Mention)(found.range)));
    all.extend(cashtags(text).into_iter().map(of(Kind::Cashtag)));
    all.sort_by_key(|entity| entity.range.start);
    let mut end = 0;
    all.retain(|entity| {
        let free = entity.range.start >= end;
        if free {
            end = entity.range.end;
        }
        free
    });
    all
}

/// Links, with and without a scheme.
pub fn urls(text: &str) -> Vec<Range<usize>> {
    links::find(text, &links::X)
}

/// Hashtags with their sign, without those that are part of a link.
pub fn hashtags(text: &str) -> Vec<Range<usize>> {
    let of_kind = |entity: Entity| (entity.kind == Kind::Hashtag).then_some(entity.range);
    entities_of(text).into_iter().filter_map(of_kind).collect()
}

/// Links and hashtags alone, the first of two that overlap.
fn entities_of(text: &str) -> Vec<Entity> {
    let tags = raw_hashtags(text);
    if tags.is_empty() {
        return Vec::new();
    }
    let of = |kind| move |range| Entity { range, kind };
    let mut all: Vec<Entity> =
        tags.into_iter().map(of(Kind::Hashtag)).chain(urls(text).into_iter().map(of(Kind::Url))).collect();
    all.sort_by_key(|entity| entity.range.start);
    let mut end = 0;
    all.retain(|entity| {
        let free = entity.range.start >= end;
        if free {
            end = entity.range.end;
        }
        free
    });
    all
}

/// Names, and lists of names.
pub fn mentions(text: &str) -> Vec<List> {
    let mut found = Vec::new();
    let mut free = 0;
    for (start, sign) in text.match_indices(['@', '＠']) {
        if start < free || !may_precede_name(text, start, free) {
            continue;
        }
        let from = start + sign.len();
        let rest = text.get(from..).unwrap_or_default();
        let length = name_length(rest);
        if length == 0 {
            continue;
        }
        let list = list_length(rest.get(length..).unwrap_or_default());
        let end = from + length + list;
        free = end;
        if !ends_mention(text.get(end..).unwrap_or_default()) {
            let name = from..from + length;
            found.push(List { range: start..end, list: (list > 0).then_some(name.end..end), name });
        }
    }
    found
}

/// The name that the text answers to, without its sign.
pub fn reply(text: &str) -> Option<&str> {
    let blank = |c: char| is_space(c) || is_direction_mark(c);
    let rest = text.trim_start_matches(blank).strip_prefix(['@', '＠'])?;
    let (name, after) = rest.split_at_checked(name_length(rest))?;
    (!name.is_empty() && !ends_mention(after)).then_some(name)
}

/// Cashtags with their sign.
pub fn cashtags(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, sign) in text.match_indices('$') {
        let before = text.get(..start).and_then(|front| front.chars().next_back());
        if before.is_some_and(|c| !is_space(c) && !is_direction_mark(c)) {
            continue;
        }
        let from = start + sign.len();
        let rest = text.get(from..).unwrap_or_default();
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).take(7).count();
        if letters == 0 || letters > 6 {
            continue;
        }
        let behind = rest.get(letters..).unwrap_or_default();
        let class = behind.strip_prefix(['.', '_']).unwrap_or_default();
        let class = class.bytes().take_while(u8::is_ascii_alphabetic).take(3).count();
        let whole = letters + 1 + class;
        let ends = |length: usize| rest.get(length..).is_some_and(ends_cashtag);
        let length = if (1..=2).contains(&class) && ends(whole) { whole } else { letters };
        if ends(length) {
            found.push(start..from + length);
        }
    }
    found
}

fn raw_hashtags(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut free = 0;
    for (start, sign) in text.match_indices(['#', '＃']) {
        let before = text.get(..start).and_then(|front| front.chars().next_back());
        let opens = before.is_none_or(|c| {
            let unused = start - c.len_utf8() >= free;
            unused && (matches!(c, '\u{FE0E}' | '\u{FE0F}') || !(c == '&' || is_tag_char(c)))
        });
        if !opens || start < free {
            continue;
        }
        let from = start + sign.len();
        let rest = text.get(from..).unwrap_or_default();
        // the sign of a keycap emoji
        if rest.starts_with(['\u{FE0F}', '\u{20E3}']) {
            continue;
        }
        let length = rest.find(|c| !is_tag_char(c)).unwrap_or(rest.len());
        let tag = rest.get(..length).unwrap_or_default();
        if !tag.contains(is_tag_letter) {
            continue;
        }
        free = from + length;
        let after = rest.get(length..).unwrap_or_default();
        if !after.starts_with(['#', '＃']) && !after.starts_with("://") {
            found.push(start..free);
        }
    }
    found
}

/// `valid_mention_preceding_chars`; what stands before `free` belongs to the name before.
fn may_precede_name(text: &str, start: usize, free: usize) -> bool {
    let front = text.get(..start).unwrap_or_default();
    let Some(before) = front.chars().next_back() else { return true };
    if before == '\n' {
        return true;
    }
    if start - before.len_utf8() < free {
        return false;
    }
    if !(before.is_ascii_alphanumeric() || "_!#$%&*@＠".contains(before)) {
        return true;
    }
    // a retweet: `RT@ada`
    let Some(front) = front.strip_suffix(['t', 'T']).and_then(|front| front.strip_suffix(['r', 'R'])) else {
        return false;
    };
    match front.chars().next_back() {
        None | Some('\n') => front.len() >= free,
        Some(c) => front.len() - c.len_utf8() >= free && !(c.is_ascii_alphanumeric() || "_+~.-".contains(c)),
    }
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').take(NAME_MAX).count()
}

/// The bytes of `/name-of-a-list` at the beginning of `text`.
fn list_length(text: &str) -> usize {
    let Some(name) = text.strip_prefix('/').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) else {
        return 0;
    };
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(*byte, b'_' | b'-');
    1 + name.bytes().take_while(fits).take(LIST_MAX).count()
}

/// What stands behind a name shows that it is none: a mail address, a word of another script, a scheme.
fn ends_mention(after: &str) -> bool {
    after.starts_with("://") || after.starts_with(|c| matches!(c, '@' | '＠') || is_latin_accent(c))
}

fn ends_cashtag(after: &str) -> bool {
    after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c.is_ascii_punctuation())
}

/// `UNICODE_SPACES`.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{180E}'
}

static CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::<GeneralCategory>::new();

/// `HASHTAG_LETTERS_AND_MARKS`: a tag has at least one. twitter-text adds by hand what its Unicode did not know yet, which the
/// Unicode of today knows, and some private characters.
fn is_tag_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    let category = CATEGORY.get(c);
    GeneralCategoryGroup::Letter.contains(category)
        || GeneralCategoryGroup::Mark.contains(category)
        || matches!(c, '\u{F870}'..='\u{F87F}' | '\u{F882}' | '\u{F884}'..='\u{F89F}' | '\u{F8B8}' | '\u{F8C1}'..='\u{F8D6}')
}

fn is_tag_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    is_tag_letter(c) || CATEGORY.get(c) == GeneralCategory::DecimalNumber || is_tag_sign(c)
}

/// `HASHTAG_SPECIAL_CHARS`.
fn is_tag_sign(c: char) -> bool {
    matches!(
        c,
        '\u{200C}'
            | '\u{200D}'
            | '\u{A67E}'
            | '\u{5BE}'
            | '\u{5F3}'
            | '\u{5F4}'
            | '\u{FF5E}'
            | '\u{301C}'
            | '\u{309B}'
            | '\u{309C}'
            | '\u{30A0}'
            | '\u{30FB}'
            | '\u{3003}'
            | '\u{F0B}'
            | '\u{F0C}'
            | '\u{B7}'
    )
}
