//! Host names within a text, as twitter-text 3.1.0 delimits them (`valid_domain` in its regex.rb).

use std::ops::Range;

use super::is_latin_accent;
use crate::text::tld::{is_line_of, is_tld};

/// In the root zone now, and unknown to twitter-text 3.1.0.
const TOO_NEW: [&str; 7] = ["amazon", "kids", "music", "spa", "ישראל", "アマゾン", "亚马逊"];

/// Known to twitter-text 3.1.0 (conformance/tlds.yml), and in the root zone no more or never; sorted bytewise, one a line.
static GONE: &str = include_str!("gone.txt");

/// Looks for host names at places of one text that come in rising order. What may stand in host names is read once, so a long
/// text without spaces costs no more than another.
pub(in crate::text) struct Hosts<'a> {
    text: &'a str,
    run: Range<usize>,
    /// The parts of the run that a dot ends.
    labels: Vec<Label>,
}

struct Label {
    /// Where its dot is.
    dot: usize,
    /// Where its last underscore is: the label before a top-level domain may have none.
    underscore: Option<usize>,
    /// Whether its last character may end a label.
    ends_well: bool,
    /// Where the top-level domain behind its dot ends, if one is there.
    tld_end: Option<usize>,
    /// Where the longest host name that goes on behind its dot ends, if one does.
    longer_end: Option<usize>,
}

impl<'a> Hosts<'a> {
    pub(in crate::text) fn new(text: &'a str) -> Self {
        Self { text, run: 0..0, labels: Vec::new() }
    }

    /// The longest host name that begins at `start`: labels, then a known top-level domain.
    pub(in crate::text) fn at(&mut self, start: usize) -> Option<Range<usize>> {
        if !self.text.get(start..)?.starts_with(is_host_char) {
            return None;
        }
        if !self.run.contains(&start) {
            self.read(start);
        }
        let label = self.labels.get(self.labels.partition_point(|label| label.dot < start))?;
        if !label.ends_well {
            return None;
        }
        let plain = label.underscore.is_none_or(|underscore| underscore < start);
        let end = label.longer_end.or(if plain { label.tld_end } else { None })?;
        Some(start..end)
    }

    /// Takes apart what may stand in host names from `start` on.
    fn read(&mut self, start: usize) {
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.find(|c| !(is_host_char(c) || matches!(c, '.' | '-' | '_'))).unwrap_or(rest.len());
        let run = rest.get(..length).unwrap_or_default();
        self.run = start..start + length;
        self.labels.clear();
        let mut from = 0;
        let mut starts_well = Vec::new();
        for (dot, _) in run.match_indices('.') {
            let label = run.get(from..dot).unwrap_or_default();
            starts_well.push(label.starts_with(is_host_char));
            self.labels.push(Label {
                dot: start + dot,
                underscore: label.rfind('_').map(|at| start + from + at),
                ends_well: label.ends_with(is_host_char),
                tld_end: tld_end(self.text, start + dot + 1),
                longer_end: None,
            });
            from = dot + 1;
        }
        // From the last label to the first: what can follow a label depends on those behind it alone.
        let mut behind = None;
        for (label, starts_well) in self.labels.iter_mut().zip(starts_well).rev() {
            label.longer_end = behind;
            let own = if label.underscore.is_none() { label.tld_end } else { None };
            behind = if starts_well && label.ends_well { label.longer_end.or(own) } else { None };
        }
    }
}

/// The names within `host` that have Latin letters alone, as `valid_ascii_domain` finds them. Two that a letter of another
/// script parts are two.
pub(in crate::text) fn ascii_hosts(text: &str, host: &Range<usize>) -> Vec<Range<usize>> {
    let text = text.get(..host.end).unwrap_or_default();
    let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || is_latin_accent(c);
    let mut found = Vec::new();
    let mut from = host.start;
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let Some(skip) = rest.find(is_label) else { break };
        let start = from + skip;
        // labels with one dot behind each; the name ends with the last of them that a top-level domain follows
        let (mut at, mut end) = (start, None);
        loop {
            let label = text.get(at..).unwrap_or_default();
            let length = label.find(|c| !is_label(c)).unwrap_or(label.len());
            if length == 0 || !label.get(length..).is_some_and(|behind| behind.starts_with('.')) {
                at += length;
                break;
            }
            at += length + 1;
            end = tld_end(text, at).or(end);
        }
        if let Some(end) = end {
            found.push(start..end);
        }
        let behind = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        from = end.map_or(at + behind, |end| end.max(at));
    }
    found
}

/// `DIRECTIONAL_CHARACTERS`.
pub(in crate::text) fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `INVALID_CHARACTERS`.
pub(in crate::text) fn is_invalid(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
}

/// `DOMAIN_VALID_CHARS`: not punctuation (but the backslash, which twitter-text forgot), space, control or direction mark.
fn is_host_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '\\';
    }
    !(is_direction_mark(c) || is_invalid(c) || c.is_whitespace() || c == '\u{180E}')
}

/// Where the top-level domain that begins at `start` ends, if it is one.
fn tld_end(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    if let Some((front, code)) = rest.split_at_checked(4)
        && front.eq_ignore_ascii_case("xn--")
    {
        let length = code.bytes().take_while(u8::is_ascii_alphanumeric).count();
        return (length > 0).then_some(start + 4 + length);
    }
    // No known domain has more than 24 characters; of several that fit, the longest.
    let chars = rest.char_indices().take_while(|(_, c)| is_host_char(*c)).take(24);
    let ends = chars.map(|(at, c)| at + c.len_utf8()).filter(|end| rest.get(*end..).is_some_and(ends_freely));
    let known = ends.filter(|end| rest.get(..*end).is_some_and(|name| is_known(&name.to_ascii_lowercase())));
    known.last().map(|end| start + end)
}

fn ends_freely(after: &str) -> bool {
    !after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '+' | '-'))
}

fn is_known(name: &str) -> bool {
    (is_tld(name) && !TOO_NEW.contains(&name)) || is_line_of(GONE, name)
}
