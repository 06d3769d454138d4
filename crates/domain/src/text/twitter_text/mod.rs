//! What X and Mastodon share of twitter-text 3.1.0 (github.com/twitter/twitter-text, rb/lib/twitter-text/regex.rb, read 2026-11):
//! host names, links, and the letters that its patterns name.

mod host;
pub(super) mod links;

pub(super) use host::{is_direction_mark, is_invalid};

/// `LATIN_ACCENTS` of twitter-text 3.1.0: Latin letters with marks, and combining marks.
pub(super) fn is_latin_accent(c: char) -> bool {
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{253}'..='\u{254}' | '\u{256}'..='\u{257}'
        | '\u{259}' | '\u{25B}' | '\u{263}' | '\u{268}' | '\u{26F}' | '\u{272}' | '\u{289}' | '\u{28B}' | '\u{2BB}'
        | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}
