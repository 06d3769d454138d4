//! What people paste of an invitation.

use url::Url;

use crate::screens::accounts::address;

/// An invitation to an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The address of the server that it is from, if it says so.
    pub server: Option<String>,
    pub code: String,
}

impl Invitation {
    /// The link of the mail (`https://teams.example/join#...`, or with `?code=...`), the one that its page opens (`sendoff://join?server=...&code=...`),
    /// or the bare code. `None`: it is neither.
    pub fn read(typed: &str) -> Option<Self> {
        let text = typed.trim();
        if text.is_empty() || text.contains(char::is_whitespace) {
            return None;
        }
        if !text.contains("://") {
            return Some(Self { server: None, code: text.to_owned() });
        }
        let url = Url::parse(text).ok()?;
        let parameter = |wanted: &str| {
            let found = url.query_pairs().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
        };
        let (server, code) = match url.scheme() {
            // behind # it is in no log of the server
            "https" | "http" => {
                let behind = url.fragment().map(|code| code.strip_prefix("code=").unwrap_or(code).to_owned());
                let code = behind.filter(|code| !code.is_empty()).or_else(|| parameter("code"));
                (Some(url.origin().ascii_serialization()), code)
            }
            "sendoff" => (parameter("server").and_then(|server| address::server(&server).ok()), parameter("code")),
            _ => (None, None),
        };
        Some(Self { server: Some(server?), code: code? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_their_server_and_codes_do_not() {
        let read = |typed: &str| Invitation::read(typed).map(|found| (found.server, found.code));
        let at = |server: &str| Some((Some(server.to_owned()), "inv_1".to_owned()));
        assert_eq!(read(" https://teams.example/join?code=inv_1 "), at("https://teams.example"));
        assert_eq!(read("https://teams.example/join#inv_1"), at("https://teams.example"));
        assert_eq!(read("https://teams.example/join#code=inv_1"), at("https://teams.example"));
        assert_eq!(read("http://localhost:4000/join?code=inv_1"), at("http://localhost:4000"));
        assert_eq!(read("sendoff://join?server=https%3A%2F%2Fteams.example&code=inv_1"), at("https://teams.example"));
        assert_eq!(read("inv_1"), Some((None, "inv_1".to_owned())));
    }

    #[test]
    fn what_is_no_invitation_is_none() {
        for typed in [
            "",
            "  ",
            "two words",
            "https://teams.example/join",
            "https://teams.example/join#",
            "https://teams.example/join?code=",
            "sendoff://join?code=inv_1",
            "sendoff://join?server=nowhere&code=inv_1",
            "ftp://teams.example/join?code=inv_1",
        ] {
            assert_eq!(Invitation::read(typed), None, "{typed}");
        }
    }
}
