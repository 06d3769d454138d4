//! The address of a server, as a person types it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Origin of a server: scheme, host and port, such as `https://bsky.social`. No path, no user name, no trailing slash.
///
/// `http` only where it was typed: whether it may be used at all is decided by the exceptions of the egress policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Server {
    origin: String,
    scheme_length: usize,
}

/// What was typed names no server. The sentences are for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    #[error("Enter the address of the server, for example mastodon.social.")]
    Empty,
    #[error("This is not a valid server address. It looks like mastodon.social or https://mastodon.social.")]
    NotAServer,
    #[error("The address must begin with https://.")]
    OtherScheme,
    #[error("Remove the user name and password from the server address.")]
    HasPassword,
}

impl Server {
    /// Understands `bsky.social`, `https://mastodon.social/about`, `@ada@example.social`, `acct:ada@example.social` and
    /// `localhost:3000`. Without a scheme it is `https`.
    ///
    /// # Errors
    /// The text names no server, names another scheme, or holds a password.
    pub fn parse(typed: &str) -> Result<Self, ServerError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(ServerError::Empty);
        }
        let (scheme, rest) = split_scheme(typed)?;
        let rest = match scheme {
            Some(_) => rest,
            // an account's full name: what follows the last @ is the server
            None => rest.rsplit_once('@').map_or(rest, |(_, server)| server),
        };
        let named = scheme.is_some();
        let url =
            Url::parse(&format!("{}://{rest}", scheme.unwrap_or("https"))).map_err(|_| ServerError::NotAServer)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ServerError::HasPassword);
        }
        let complete = match url.host() {
            None => false,
            Some(Host::Domain(name)) => named || name == "localhost" || name.trim_end_matches('.').contains('.'),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        };
        if !complete || rest.contains(char::is_whitespace) {
            return Err(ServerError::NotAServer);
        }
        Ok(Self::of(&url))
    }

    /// A server that is written in the program.
    pub(crate) fn https(host: &str) -> Self {
        Self { origin: format!("https://{host}"), scheme_length: "https://".len() }
    }

    /// The origin that a URL belongs to; `None` unless it is http or https with a host.
    pub fn of_url(url: &Url) -> Option<Self> {
        (matches!(url.scheme(), "https" | "http") && url.has_host()).then(|| Self::of(url))
    }

    fn of(url: &Url) -> Self {
        Self { origin: url.origin().ascii_serialization(), scheme_length: url.scheme().len() + "://".len() }
    }

    /// `https://mastodon.social`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port, without the scheme: `mastodon.social`, `127.0.0.1:3000`.
    pub fn host(&self) -> &str {
        self.origin.get(self.scheme_length..).unwrap_or_default()
    }

    /// A URL on this server. `path` begins with a slash.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Whether `url` lies on this server.
    pub(crate) fn owns(&self, url: &Url) -> bool {
        Self::of_url(url).as_ref() == Some(self)
    }
}

/// The scheme, if one was typed, and the rest.
fn split_scheme(typed: &str) -> Result<(Option<&'static str>, &str), ServerError> {
    if let Some((scheme, rest)) = typed.split_once("://") {
        let known = ["https", "http"].into_iter().find(|known| known.eq_ignore_ascii_case(scheme));
        return known.map(|known| (Some(known), rest)).ok_or(ServerError::OtherScheme);
    }
    Ok((None, typed.strip_prefix("acct:").unwrap_or(typed)))
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl FromStr for Server {
    type Err = ServerError;

    fn from_str(typed: &str) -> Result<Self, ServerError> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for Server {
    type Error = ServerError;

    fn try_from(typed: String) -> Result<Self, ServerError> {
        Self::parse(&typed)
    }
}

impl From<Server> for String {
    fn from(server: Server) -> Self {
        server.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type() {
        for (typed, origin, host) in [
            ("bsky.social", "https://bsky.social", "bsky.social"),
            (" BSKY.Social \n", "https://bsky.social", "bsky.social"),
            ("https://mastodon.social/", "https://mastodon.social", "mastodon.social"),
            ("HTTPS://mastodon.social/@ada/123?x=1#y", "https://mastodon.social", "mastodon.social"),
            ("@ada@example.social", "https://example.social", "example.social"),
            ("ada@example.social", "https://example.social", "example.social"),
            ("acct:ada@example.social", "https://example.social", "example.social"),
            ("example.social/web/home", "https://example.social", "example.social"),
            ("example.social:8443", "https://example.social:8443", "example.social:8443"),
            ("https://example.social:443", "https://example.social", "example.social"),
            ("localhost:3000", "https://localhost:3000", "localhost:3000"),
            ("http://localhost:3000", "http://localhost:3000", "localhost:3000"),
            ("http://127.0.0.1:3191/", "http://127.0.0.1:3191", "127.0.0.1:3191"),
            ("http://[::1]:3191/", "http://[::1]:3191", "[::1]:3191"),
            ("http://intranet", "http://intranet", "intranet"),
            ("bücher.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            let server = Server::parse(typed).unwrap_or_else(|error| panic!("{typed:?}: {error}"));
            assert_eq!((server.origin(), server.host()), (origin, host), "{typed:?}");
            let text = serde_json::to_string(&server).unwrap();
            assert_eq!(serde_json::from_str::<Server>(&text).unwrap(), server);
        }
    }

    #[test]
    fn what_is_no_server() {
        for (typed, error) in [
            ("", ServerError::Empty),
            ("  ", ServerError::Empty),
            ("mastodon", ServerError::NotAServer),
            ("@ada", ServerError::NotAServer),
            ("two words.social", ServerError::NotAServer),
            ("https://", ServerError::NotAServer),
            ("https://two words", ServerError::NotAServer),
            ("ftp://example.social", ServerError::OtherScheme),
            ("javascript://example.social/%0Aalert(1)", ServerError::OtherScheme),
            ("https://ada:secret@example.social", ServerError::HasPassword),
            ("https://ada@example.social", ServerError::HasPassword),
            ("example.social:99999", ServerError::NotAServer),
        ] {
            assert_eq!(Server::parse(typed), Err(error), "{typed:?}");
        }
    }
}
