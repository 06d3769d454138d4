//! Names of people while they are typed, and those that stand in a text, on whatever network.

use crate::network::Network;

/// Characters of a name without its `@`: longer than any network's.
const NAME_MAX: usize = 320;

const fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@')
}

fn opens(before: Option<char>) -> bool {
    before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '„' | '“' | '«' | '/'))
}

/// The name that is being typed at the end of `before`, without its `@`; it may be empty still. `None` if no name is.
pub fn at_end(before: &str) -> Option<&str> {
    // from the end: a name has at most one more `@` in it
    let start = before.char_indices().rev().take(NAME_MAX).take_while(|(_, c)| is_of_name(*c)).last()?.0;
    let (text, run) = before.split_at_checked(start)?;
    let name = run.strip_prefix('@')?;
    (opens(text.chars().next_back()) && name.matches('@').count() <= 1).then_some(name)
}

/// The names in `text`, without their `@`, in its order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut before = None;
    text.char_indices().filter_map(move |(at, c)| {
        let opened = c == '@' && opens(before);
        before = Some(c);
        let rest = text.get(at + 1..).filter(|_| opened)?;
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        let name = rest.get(..end)?.trim_end_matches(['.', '-', '@']);
        (!name.is_empty() && name.len() <= NAME_MAX).then_some(name)
    })
}

/// Whether `name` is one that `network` would make a link: `ada.example` on Bluesky, `ada@oslo.town` on Mastodon, `ada` elsewhere.
pub fn is_of(name: &str, network: Network) -> bool {
    match network {
        Network::Bluesky => !name.contains('@') && name.contains('.'),
        Network::Mastodon => name.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')),
        _ => !name.contains('@') && !name.starts_with('.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_it_is_typed() {
        for (before, typed) in [
            ("@", Some("")),
            ("Thanks @ad", Some("ad")),
            ("(@ada@oslo.to", Some("ada@oslo.to")),
            ("mail ada@oslo.town", None),
            ("ada", None),
            ("@ada ", None),
            ("@a@b@c", None),
            ("Grüße @ada.bsky", Some("ada.bsky")),
            ("", None),
        ] {
            assert_eq!(at_end(before), typed, "{before}");
        }
    }

    #[test]
    fn the_names_in_a_text_end_where_a_sentence_does() {
        let text = "Hi @ada.example. And (@ben@oslo.town), @cleo! not mail@host.example @";
        assert_eq!(names(text).collect::<Vec<_>>(), ["ada.example", "ben@oslo.town", "cleo"]);
    }

    #[test]
    fn each_network_has_names_of_its_own() {
        assert!(is_of("ada.example", Network::Bluesky) && !is_of("ada", Network::Bluesky));
        assert!(is_of("ada@oslo.town", Network::Mastodon) && !is_of("ada@", Network::Mastodon));
        assert!(is_of("ada", Network::X) && !is_of("ada@oslo.town", Network::X));
    }
}
