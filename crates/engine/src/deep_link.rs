//! Links of the form `sendoff://...`: untrusted input from any program of this computer.
//!
//! Two forms exist, both without a side effect of their own: the return of a sign-in, which counts only if its `state`
//! belongs to a sign-in under way, and "show this post".

use domain::id::PostId;
use secrecy::SecretString;
use url::Url;

pub(crate) const LENGTH_MAX: usize = 2048;

#[derive(Debug)]
pub(crate) enum DeepLink {
    SignIn(Return),
    OpenPost(PostId),
}

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
        ("post", id) if url.query().is_none() => id.parse().ok().map(DeepLink::OpenPost),
        _ => None,
    }
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
    fn the_two_known_forms_are_read() {
        let Some(DeepLink::SignIn(back)) = parse("sendoff://oauth/callback?code=c&state=s&iss=https%3A%2F%2Fa.example")
        else {
            panic!("a sign-in")
        };
        assert_eq!((back.state.as_str(), back.iss.as_deref()), ("s", Some("https://a.example")));
        assert!(matches!(parse("sendoff://post/018f7d3e-7c11-7cc4-8a0e-0123456789ab"), Some(DeepLink::OpenPost(_))));
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { cases: 10_000, ..Default::default() })]

        /// Whatever is read is one of the two forms, written with nothing else in it.
        #[test]
        fn no_other_form_is_read(
            scheme in "sendoff|SENDOFF|sendof|https",
            sep in "://|:/|:",
            host in "oauth|post|OAUTH|[a-z@:.%0-9]{0,6}",
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
