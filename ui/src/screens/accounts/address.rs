//! What people type into the sign-in form, read as kindly as possible.

use domain::text::handle::normalize_handle;

/// Why an entry cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Empty,
    NoHandle,
    NoServer,
    /// Of a profile.
    NoAddress,
    /// Mail addresses do not work as a name here.
    Mail,
}

/// A Bluesky handle: `ada` is completed to `ada.bsky.social`, a profile's address is cut down to the name in it.
///
/// # Errors
/// Why it is no handle.
pub fn handle(typed: &str) -> Result<String, Fault> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let name = text.split_once("/profile/").map_or(text, |(_, name)| name.trim_end_matches('/'));
    if let Some(handle) = normalize_handle(name) {
        return Ok(handle);
    }
    let bare = name.strip_prefix('@').unwrap_or(name);
    if bare.contains('@') {
        return Err(Fault::Mail);
    }
    if bare.contains('.') {
        return Err(Fault::NoHandle);
    }
    normalize_handle(&format!("{bare}.bsky.social")).ok_or(Fault::NoHandle)
}

/// The origin of a server from its name, any address on it, or a full handle: `oslo.town`, `https://oslo.town/@bakery`,
/// `@bakery@oslo.town` all give `https://oslo.town`. A scheme and port that were typed stay.
///
/// # Errors
/// Why it is no server.
pub fn server(typed: &str) -> Result<String, Fault> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), text.rsplit_once('@').map_or(text, |(_, host)| host)),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let port_fits = host.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok());
    let local = name == "localhost" || name.contains(':');
    let plain = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || matches!(c, '@' | '\\' | '<' | '>'));
    let dotted = name.contains('.') && name.split('.').all(|label| !label.is_empty());
    if !matches!(scheme.as_str(), "https" | "http") || !plain || !port_fits || !(local || dotted) {
        return Err(Fault::NoServer);
    }
    Ok(format!("{scheme}://{host}"))
}

/// The address of a profile, if one is given: `linkedin.com/in/ada` is completed to `https://linkedin.com/in/ada`.
///
/// # Errors
/// It is none that a browser can open safely.
pub fn profile(typed: &str) -> Result<String, Fault> {
    let text = typed.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let host = whole.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let fits = host.contains('.') && !host.contains(['@', '\\']) && !whole.contains(char::is_whitespace);
    if fits { Ok(whole) } else { Err(Fault::NoAddress) }
}

/// `abcd-efgh-ijkl-mnop`: what Bluesky calls an app password. Anything else is probably the account's main password.
pub fn is_app_password(typed: &str) -> bool {
    let groups: Vec<&str> = typed.trim().split('-').collect();
    let fits =
        |group: &&str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    groups.len() == 4 && groups.iter().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_an_address_that_a_browser_opens() {
        assert_eq!(profile(" linkedin.com/in/ada "), Ok("https://linkedin.com/in/ada".to_owned()));
        assert_eq!(profile("https://x.com/ada"), Ok("https://x.com/ada".to_owned()));
        assert_eq!(profile(""), Ok(String::new()));
        for none in ["http://x.com/ada", "javascript:alert(1)", "ada", "https://a b.com", "https://x.com@evil.com/"] {
            assert_eq!(profile(none), Err(Fault::NoAddress), "{none}");
        }
    }

    #[test]
    fn a_handle_is_read_as_people_write_it() {
        for (typed, expected) in [
            ("ada", Ok("ada.bsky.social")),
            (" @Ada.bsky.social ", Ok("ada.bsky.social")),
            ("harbourbakery.no", Ok("harbourbakery.no")),
            ("https://bsky.app/profile/harbourbakery.no/", Ok("harbourbakery.no")),
            ("", Err(Fault::Empty)),
            ("ada@example.com", Err(Fault::Mail)),
            ("ada berg", Err(Fault::NoHandle)),
            ("ada..social", Err(Fault::NoHandle)),
        ] {
            assert_eq!(handle(typed), expected.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn a_server_is_found_in_what_people_paste() {
        for (typed, expected) in [
            ("oslo.town", Ok("https://oslo.town")),
            ("Oslo.Town/", Ok("https://oslo.town")),
            ("https://oslo.town/@bakery", Ok("https://oslo.town")),
            ("@bakery@oslo.town", Ok("https://oslo.town")),
            ("bakery@oslo.town", Ok("https://oslo.town")),
            ("http://127.0.0.1:3000", Ok("http://127.0.0.1:3000")),
            ("localhost:3000", Ok("https://localhost:3000")),
            ("bücher.example", Ok("https://bücher.example")),
            ("", Err(Fault::Empty)),
            ("oslo", Err(Fault::NoServer)),
            ("oslo..town", Err(Fault::NoServer)),
            ("oslo.town:port", Err(Fault::NoServer)),
            ("ftp://oslo.town", Err(Fault::NoServer)),
            ("oslo town.no", Err(Fault::NoServer)),
        ] {
            assert_eq!(server(typed), expected.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn an_app_password_has_four_groups() {
        assert!(is_app_password(" abcd-efgh-ij2l-mnop "));
        for other in ["", "correct horse", "abcd-efgh-ijkl", "ABCD-efgh-ijkl-mnop", "abcde-fgh-ijkl-mnop"] {
            assert!(!is_app_password(other), "{other}");
        }
    }
}
