//! The syntax of names on the AT Protocol: handles, DIDs, record keys, addresses of records.
//!
//! Syntax only: whether a handle exists and whom it names is asked of the network. Sources: atproto.com/specs/handle, did,
//! nsid, record-key and at-uri-scheme, read 2026-11; proven on bluesky-social/atproto-interop-tests 056e574 (2024).

use super::tid;

pub use tid::is_valid_tid;

/// ASCII letters, digits and hyphens, no hyphen at either end, 1 to 63 bytes.
fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    (1..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && bytes.first() != Some(&b'-')
        && bytes.last() != Some(&b'-')
}

fn starts_with_letter(label: &str) -> bool {
    label.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

/// A domain name of at least two labels, at most 253 bytes, whose last label begins with a letter.
pub fn is_valid_handle(handle: &str) -> bool {
    let Some((front, last)) = handle.rsplit_once('.') else { return false };
    handle.len() <= 253 && front.split('.').all(is_label) && is_label(last) && starts_with_letter(last)
}

/// What a person typed or pasted, as a valid handle in lower case: spaces, a leading `@` and the invisible direction marks
/// that come along when a handle is copied from a page are taken away. `None` if what remains is not a handle.
pub fn normalize_handle(typed: &str) -> Option<String> {
    let visible: String = typed
        .chars()
        .filter(
            |c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'),
        )
        .collect();
    let bare = visible.trim();
    let handle = bare.strip_prefix('@').unwrap_or(bare).to_ascii_lowercase();
    is_valid_handle(&handle).then_some(handle)
}

/// `did:method:identifier`, at most 2,048 bytes; the method is not looked at.
pub fn is_valid_did(did: &str) -> bool {
    let Some((method, id)) = did.strip_prefix("did:").and_then(|rest| rest.split_once(':')) else { return false };
    did.len() <= 2048
        && !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_lowercase())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:%-".contains(&byte))
        && id.bytes().last().is_some_and(|byte| byte != b':' && byte != b'%')
}

/// A handle or a DID.
pub fn is_valid_at_identifier(text: &str) -> bool {
    if text.starts_with("did:") { is_valid_did(text) } else { is_valid_handle(text) }
}

/// The name of a record type, such as `app.bsky.feed.post`: at most 317 bytes.
pub fn is_valid_nsid(nsid: &str) -> bool {
    let Some((authority, name)) = nsid.rsplit_once('.') else { return false };
    nsid.len() <= 317
        && authority.contains('.')
        && starts_with_letter(authority)
        && authority.split('.').all(is_label)
        && (1..=63).contains(&name.len())
        && starts_with_letter(name)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The last part of a record's address: 1 to 512 bytes, not `.` or `..`.
pub fn is_valid_record_key(key: &str) -> bool {
    (1..=512).contains(&key.len())
        && key != "."
        && key != ".."
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_~.:-".contains(&byte))
}

/// `at://` and a handle or DID, then optionally a collection, then optionally a record key. No query, fragment or trailing
/// slash; at most 8,192 bytes.
pub fn is_valid_at_uri(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix("at://") else { return false };
    let mut parts = rest.split('/');
    uri.len() <= 8192
        && parts.next().is_some_and(is_valid_at_identifier)
        && parts.next().is_none_or(is_valid_nsid)
        && parts.next().is_none_or(is_valid_record_key)
        && parts.next().is_none()
}

/// The `uri` format of lexicons: what a link facet must hold, or the server refuses the whole record. At most 8,192 bytes.
pub fn is_valid_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let target = rest.strip_prefix("//").unwrap_or(rest);
    uri.len() <= 8192
        && starts_with_letter(scheme)
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte))
        && !target.is_empty()
        && !target.starts_with('/')
        && !target.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_handle_is_cleaned() {
        let clean = Some("ada.bsky.social".to_owned());
        for typed in [
            "ada.bsky.social",
            " @Ada.bsky.social\n",
            "\u{202A}@ada.bsky.social\u{202C}",
            "\u{2068}ada.BSKY.social\u{2069}",
        ] {
            assert_eq!(normalize_handle(typed), clean, "{typed:?}");
        }
        for typed in
            ["", "@", "ada", "@@ada.bsky.social", "ada bsky.social", "ada@bsky.social", "https://bsky.app/profile/ada"]
        {
            assert_eq!(normalize_handle(typed), None, "{typed:?}");
        }
    }
}
