//! Links of the form `sendoff://...`: untrusted input from any program of this computer.
//!
//! Four forms exist, all without a side effect of their own: the return of a sign-in, at a network or at a server for teams, which
//! counts only if its `state` belongs to a sign-in under way; "show this post"; and an invitation, which a person has to accept.

use domain::id::PostId;
use secrecy::SecretString;
use url::Url;

pub(crate) const LENGTH_MAX: usize = 2048;

#[derive(Debug)]
pub(crate) enum DeepLink {
    SignIn(Return),
    /// At a server for teams.
    TeamSignIn(Return),
    OpenPost(PostId),
    Join(Invited),
}

/// An invitation to an organisation, as a link tells it: nobody has looked whether there is such a server or such a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invited {
    /// Scheme, host and port.
    pub server: String,
    pub code: String,
}

/// Letters and digits of an invitation's code.
const CODE_MAX: usize = 128;

/// What a sign-in brought back.
#[derive(Debug)]
pub(crate) struct Return {
    pub state: String,
    pub code: Option<SecretString>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Reads a link by a strict grammar; `None` for everything else.
pub(crate) fn parse(link: &str) -> Option<DeepLink> {
    if link.len() > LENGTH_MAX || link.chars().any(char::is_control) {
        return None;
    }
    let url = Url::parse(link).ok()?;
    let plain =
        url.username().is_empty() && url.password().is_none() && url.port().is_none() && url.fragment().is_none();
    if url.scheme() != "sendoff" || !plain {
        return None;
    }
    match (url.host_str()?, url.path().trim_matches('/')) {
        ("oauth", "callback") => parse_return(&url).map(DeepLink::SignIn),
        ("sign-in", "") => parse_return(&url).map(DeepLink::TeamSignIn),
        ("join", "") => parse_invitation(&url).map(DeepLink::Join),
        ("post", id) if url.query().is_none() => id.parse().ok().map(DeepLink::OpenPost),
        _ => None,
    }
}

/// Reads an invitation out of whatever a person pasted: the link of the mail, that of the program, or the bare code.
pub(crate) fn invitation(typed: &str) -> Option<(Option<String>, String)> {
    let typed = typed.trim();
    if typed.len() > LENGTH_MAX {
        return None;
    }
    let Ok(url) = Url::parse(typed) else { return is_code(typed).then(|| (None, typed.to_owned())) };
    if url.scheme() == "sendoff" {
        return match parse(typed)? {
            DeepLink::Join(Invited { server, code }) => Some((Some(server), code)),
            _ => None,
        };
    }
    let carried = url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
    // an address is written into logs, what follows # is not: servers put the code there
    let code = carried.or_else(|| {
        let fragment = url.fragment()?;
        Some(fragment.strip_prefix("code=").unwrap_or(fragment).to_owned())
    });
    let code = code.filter(|code| is_code(code))?;
    let joins = url.path() == "/join" && url.host_str().is_some();
    joins.then(|| (Some(url.origin().ascii_serialization()), code))
}

fn is_code(text: &str) -> bool {
    (16..=CODE_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// `sendoff://join?server=…&code=…`: each once, and nothing else.
fn parse_invitation(url: &Url) -> Option<Invited> {
    let (mut server, mut code) = (None, None);
    for (name, value) in url.query_pairs() {
        let slot = match &*name {
            "server" => &mut server,
            "code" => &mut code,
            _ => return None,
        };
        if slot.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    let server = Url::parse(&server?).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    let bare = server.host_str().is_some()
        && server.username().is_empty()
        && server.password().is_none()
        && server.path() == "/"
        && server.query().is_none()
        && server.fragment().is_none();
    let code = code.filter(|code| is_code(code))?;
    bare.then(|| Invited { server: server.origin().ascii_serialization(), code })
}

/// Reads the query of a sign-in's return address. A parameter that comes twice is an attempt to confuse: refused.
pub(crate) fn parse_return(url: &Url) -> Option<Return> {
    let (mut state, mut code, mut iss, mut error) = (None, None, None, None);
    for (name, value) in url.query_pairs() {
        let slot = match &*name {
            "state" => &mut state,
            "code" => &mut code,
            "iss" => &mut iss,
            "error" => &mut error,
            _ => continue,
        };
        if value.chars().count() > 1024 || slot.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    if code.is_some() == error.is_some() {
        return None;
    }
    Some(Return { state: state?, code: code.map(SecretString::from), iss, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_forms_are_read() {
        let Some(DeepLink::SignIn(back)) = parse("sendoff://oauth/callback?code=c&state=s&iss=https%3A%2F%2Fa.example")
        else {
            panic!("a sign-in")
        };
        assert_eq!((back.state.as_str(), back.iss.as_deref()), ("s", Some("https://a.example")));
        let Some(DeepLink::TeamSignIn(back)) = parse("sendoff://sign-in?code=c&state=s&iss=https%3A%2F%2Fa.example")
        else {
            panic!("a sign-in at a server for teams")
        };
        assert_eq!(back.state, "s");
        let code = "soi_0123456789abcdef";
        let invited = Invited { server: "https://teams.example".to_owned(), code: code.to_owned() };
        let join = format!("sendoff://join?server=https%3A%2F%2Fteams.example&code={code}");
        assert!(matches!(parse(&join), Some(DeepLink::Join(read)) if read == invited));
        for bad in [
            format!("sendoff://join?server=file%3A%2F%2F%2Fetc&code={code}"),
            format!("sendoff://join?server=https%3A%2F%2Fada%40teams.example&code={code}"),
            format!("sendoff://join?server=https%3A%2F%2Fteams.example%2Fx&code={code}"),
            format!("{join}&code={code}"),
            format!("{join}&publish=1"),
            "sendoff://join?server=https%3A%2F%2Fteams.example&code=short".to_owned(),
            format!("sendoff://join?code={code}"),
        ] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
        let there = Some("https://teams.example".to_owned());
        for (typed, server) in [
            (code.to_owned(), None),
            (format!(" {join} "), there.clone()),
            (format!("https://teams.example/join?code={code}"), there.clone()),
            (format!("https://teams.example/join#{code}"), there.clone()),
            (format!("https://teams.example/join#code={code}"), there),
        ] {
            assert_eq!(invitation(&typed), Some((server, code.to_owned())), "{typed}");
        }
        for bad in ["", "hello", "https://teams.example/join", "https://teams.example/other#soi_0123456789abcdef"] {
            assert_eq!(invitation(bad), None, "{bad}");
        }
        assert!(matches!(parse("sendoff://post/018f7d3e-7c11-7cc4-8a0e-0123456789ab"), Some(DeepLink::OpenPost(_))));
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { cases: 10_000, ..Default::default() })]

        /// Whatever is read is one of the forms, written with nothing else in it.
        #[test]
        fn no_other_form_is_read(
            scheme in "sendoff|SENDOFF|sendof|https",
            sep in "://|:/|:",
            host in "oauth|post|sign-in|join|OAUTH|[a-z@:.%0-9]{0,6}",
            path in "/callback|/CALLBACK|/018f7d3e-7c11-7cc4-8a0e-0123456789ab|[/a-z.%0-9-]{0,12}",
            query in "(\\?(code|state|error|iss|x)=[^#]{0,6}(&(code|state|error|iss|CODE)=[a-z%0-9]{0,6}){0,3})?",
            tail in "#?|[\u{0}-\u{ff}]{0,2}",
        ) {
            let link = format!("{scheme}{sep}{host}{path}{query}{tail}");
            let name_of = |link: &str| link.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            match parse(&link) {
                None => {}
                Some(DeepLink::SignIn(back)) => {
                    proptest::prop_assert!(name_of(&link).starts_with("sendoff://oauth/"), "{link}");
                    proptest::prop_assert!(link.contains("state=") && back.code.is_some() != back.error.is_some(), "{link}");
                }
                Some(DeepLink::TeamSignIn(back)) => {
                    proptest::prop_assert!(name_of(&link).starts_with("sendoff://sign-in"), "{link}");
                    proptest::prop_assert!(back.code.is_some() != back.error.is_some(), "{link}");
                }
                Some(DeepLink::Join(_)) => proptest::prop_assert!(false, "no code is that short: {link}"),
                Some(DeepLink::OpenPost(post)) => {
                    proptest::prop_assert!(name_of(&link).contains(&post.to_string()) && !link.contains('?'), "{link}");
                }
            }
            let with_a_bell = link + "\u{7}";
            proptest::prop_assert!(parse(&with_a_bell).is_none());
        }
    }

    #[test]
    fn everything_else_is_nothing() {
        let long = format!("sendoff://oauth/callback?code=c&state={}", "s".repeat(3000));
        for link in [
            "",
            "sendoff:",
            "https://oauth/callback?code=c&state=s",
            "sendoff://oauth/callback",
            "sendoff://oauth/callback?code=c",
            "sendoff://oauth/callback?state=s",
            "sendoff://oauth/callback?code=c&state=s&state=t",
            "sendoff://oauth/callback?code=c&error=e&state=s",
            "sendoff://user@oauth/callback?code=c&state=s",
            "sendoff://oauth:1/callback?code=c&state=s",
            "sendoff://oauth/callback?code=c&state=s#x",
            "sendoff://oauth/other?code=c&state=s",
            "sendoff://publish/now",
            "sendoff://post/../../etc/passwd",
            "sendoff://post/018f7d3e-7c11-7cc4-8a0e-0123456789ab?publish=1",
            "sendoff://oauth/callback?code=c&state=s\u{0}",
            &long,
        ] {
            assert!(parse(link).is_none(), "{link}");
        }
    }
}
