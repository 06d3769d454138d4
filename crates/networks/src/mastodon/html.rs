//! Reads the text out of the HTML that a server makes of a post, to recognise a post by its text.

/// The text of a fragment of HTML: tags out, line breaks and paragraphs as line breaks, character references decoded.
/// For comparing, not for showing.
pub(super) fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (plain, special) = rest.split_at(at);
        text.push_str(plain);
        rest = match special.strip_prefix('<') {
            Some(tag) => match tag.split_once('>') {
                Some((inside, after)) => {
                    text.push_str(break_of(inside));
                    after
                }
                // a tag without end: it is text
                None => {
                    text.push('<');
                    tag
                }
            },
            None => {
                let reference = special.get(1..).unwrap_or_default();
                match decoded(reference) {
                    Some((c, after)) => {
                        text.push(c);
                        after
                    }
                    None => {
                        text.push('&');
                        reference
                    }
                }
            }
        };
    }
    text.push_str(rest);
    text
}

fn break_of(tag: &str) -> &'static str {
    let name = tag.trim_start_matches('/').split([' ', '/', '\n', '\t']).next().unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "br" | "p" | "div" | "li" | "blockquote" | "pre" | "ul" | "ol" => "\n",
        _ => "",
    }
}

/// The character of a reference (without its `&`), and what follows it. The names are those that servers write.
fn decoded(reference: &str) -> Option<(char, &str)> {
    let (name, after) = reference.split_once(';')?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, after))
}

/// A text as it is compared: a name on another server without that server (servers leave it out when they show a
/// mention), all white space as one space.
pub(super) fn comparable(text: &str) -> String {
    let words = text.split_whitespace().map(|word| match word.find('@') {
        Some(at) => {
            let (front, name) = word.split_at(at);
            let mut parts = name.splitn(3, '@');
            match (parts.next(), parts.next(), parts.next()) {
                (Some(""), Some(user), Some(server)) if !user.is_empty() => {
                    format!("{front}@{user}{}", after_host(server))
                }
                _ => word.to_owned(),
            }
        }
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What follows the name of a server: punctuation at its end.
fn after_host(server: &str) -> &str {
    let host =
        server.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_'))).unwrap_or(server.len());
    let (host, after) = server.split_at(host);
    let kept = host.trim_end_matches(['.', ':', '-']);
    if after.is_empty() { host.get(kept.len()..).unwrap_or_default() } else { after }
}

/// Letters and digits only: equal for two texts of which one went through a formatting language.
pub(super) fn letters(text: &str) -> String {
    comparable(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_make_of_a_text() {
        for (html, source) in [
            ("<p>Toot!</p>", "Toot!"),
            ("<p>one<br />two</p><p>three</p>", "one\ntwo\n\nthree"),
            ("<p>a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#x27; &nbsp;e</p>", "a <b> &amp; \"c\" 'd'  e"),
            (
                "<p><a href=\"https://example.com/a/very/long/path\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.com/a/very/lon</span><span class=\"invisible\">g/path</span></a> x</p>",
                "https://example.com/a/very/long/path x",
            ),
            (
                "<p>Hi <span class=\"h-card\"><a href=\"https://b.example/@ben\" class=\"u-url mention\">@<span>ben</span></a></span>, and <a href=\"x\">#<span>tag</span></a></p>",
                "Hi @ben@b.example, and #tag",
            ),
            ("<p>Grüße 👩‍👩‍👧 &unknown; &</p>", "Grüße 👩‍👩‍👧 &unknown; &"),
            ("", ""),
        ] {
            assert_eq!(comparable(&text(html)), comparable(source), "{html}");
        }
    }

    #[test]
    fn names_on_other_servers() {
        assert_eq!(comparable("(@ben@b.example) @a@b.c. mail a@b.c @ @@ x@y@z"), "(@ben) @a. mail a@b.c @ @@ x@y");
    }

    #[test]
    fn formatting_does_not_matter_for_letters() {
        assert_eq!(letters("**Very** _good_"), letters(&text("<p><strong>very</strong> <em>good</em></p>")));
        assert_ne!(letters("one"), letters("two"));
    }
}
