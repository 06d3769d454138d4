//! Top-level domains, to tell `example.com` from `not.a.link`.
//!
//! `tlds.txt` is the list of the npm package `tlds` 1.261.0 (MIT, copyright (c) 2013 Stephen Mathieson and 2020 Richie
//! Bendall), which is made from the IANA root zone and is the list that `@atproto/api` itself uses; internationalised domains
//! are in their Unicode form. It stays one sorted text of 9 kB that is searched in place: a public suffix crate carries a far
//! longer list, for a question that is not asked here.

/// Sorted bytewise, one lower-case domain a line.
static LIST: &str = include_str!("tlds.txt");

/// Whether `domain` (without a dot, lower case) is a top-level domain.
pub(super) fn is_tld(domain: &str) -> bool {
    is_line_of(LIST, domain)
}

/// Whether `domain` is a line of `list`, whose lines are sorted bytewise.
pub(super) fn is_line_of(list: &str, domain: &str) -> bool {
    if domain.is_empty() || domain.contains('\n') {
        return false;
    }
    let list = list.as_bytes();
    let (mut low, mut high) = (0, list.len());
    // Both ends always lie at the beginning of a line.
    while low < high {
        let middle = low + (high - low) / 2;
        let start = list.iter().take(middle).rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
        let line = list.get(start..).and_then(|rest| rest.split(|byte| *byte == b'\n').next()).unwrap_or_default();
        match line.cmp(domain.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

/// Whether `host` ends in a dot and a top-level domain. Letter case counts: `end.So` is the end of a sentence.
pub(super) fn ends_in_tld(host: &str) -> bool {
    host.rsplit_once('.').is_some_and(|(_, last)| is_tld(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_nothing_else_is() {
        let mut lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.len() > 1400);
        for line in &lines {
            assert!(is_tld(line), "{line}");
            assert!(!is_tld(&format!("{line}-")), "{line}-");
        }
        let before = lines.clone();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(before, lines, "the list must be sorted and without repeats");
        for no in ["", "\n", "aa", "jpg", "COM", "com\nnet", "zzzzz", "php"] {
            assert!(!is_tld(no), "{no:?}");
        }
    }

    #[test]
    fn a_host_needs_a_dot_before_its_top_level_domain() {
        assert!(ends_in_tld("bsky.app"));
        assert!(ends_in_tld("пример.рф"));
        assert!(!ends_in_tld("app"));
        assert!(!ends_in_tld("file.jpg"));
        assert!(!ends_in_tld("end.So"));
    }
}
