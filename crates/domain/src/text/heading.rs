//! What a post without a title of its own is called.

/// Characters of a heading.
const LENGTH_MAX: usize = 80;
/// Characters of an address behind its server.
const PATH_MAX: usize = 24;

/// The first line of the texts that says something, with its addresses short; if all of them are addresses, the first one.
/// At most 80 characters; empty for texts without a line.
pub fn heading<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut lines = texts.into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()).peekable();
    let first = lines.peek().copied().unwrap_or_default();
    let telling = lines.find(|line| line.split_whitespace().any(|word| address(word).is_none())).unwrap_or(first);
    let words: Vec<String> =
        telling.split_whitespace().map(|word| address(word).unwrap_or_else(|| word.to_owned())).collect();
    cut(&words.join(" "), LENGTH_MAX)
}

/// `example.org/bread/rye…` of `https://www.example.org/bread/rye-with-seeds-and-more?from=here`.
fn address(word: &str) -> Option<String> {
    let (scheme, rest) = word.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.get(..end)?.trim_end_matches('/').split_once('/').unwrap_or((rest.get(..end)?, ""));
    let host = host.trim_end_matches('/');
    if host.is_empty() {
        return None;
    }
    Some(if path.is_empty() { host.to_owned() } else { format!("{host}/{}", cut(path, PATH_MAX)) })
}

fn cut(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_with_words_is_the_heading() {
        assert_eq!(heading(["\n  \n Rye week \nmore"]), "Rye week");
        assert_eq!(heading(["", "second part"]), "second part");
        assert_eq!(heading([]), "");
        assert_eq!(heading(["two  spaces\tand a tab"]), "two spaces and a tab");
    }

    #[test]
    fn an_address_is_short_and_gives_way_to_words() {
        let long = "https://www.example.org/2026/11/rye-week-with-seeds-and-salt?utm_source=a#top";
        assert_eq!(heading([long]), "example.org/2026/11/rye-week-with-se…");
        assert_eq!(heading([format!("{long}\nRye week begins").as_str()]), "Rye week begins");
        assert_eq!(heading([format!("More: {long}").as_str()]), "More: example.org/2026/11/rye-week-with-se…");
        assert_eq!(heading(["https://example.org/"]), "example.org");
        assert_eq!(heading(["HTTP://example.org?x=1"]), "example.org");
        assert_eq!(heading(["https:// is how it begins"]), "https:// is how it begins");
        assert_eq!(heading(["at://did:plc:abc/x"]), "at://did:plc:abc/x", "only what opens in a browser");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let shown = heading(["ü".repeat(100).as_str()]);
        assert_eq!(shown.chars().count(), 81);
        assert!(shown.ends_with('…'));
    }
}
