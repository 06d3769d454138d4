//! What mails say. Only what the server itself knows stands in them: never a name or text that somebody typed, or anybody
//! could send words of their own to addresses of others.

use maud::{DOCTYPE, html};
use serde::{Deserialize, Serialize};

/// One kind of mail. Kept sealed: a code in it lets its reader in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// Somebody typed this address to make an account. Whether there is one already is found out when the mail is written,
    /// so that the page need not know.
    Register {
        code: String,
    },
    /// Somebody asked for a new password. Nothing is sent if there is no account.
    Reset {
        code: String,
    },
    /// Somebody is invited to an organisation, whether they have an account or not.
    Invitation {
        code: String,
        /// It counts for whoever has the link, not for the address alone.
        #[serde(default)]
        anyone_with_link: bool,
    },
    PasswordChanged,
    /// A refresh token was used twice.
    SessionEnded,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Register { .. } => "Register(..)",
            Self::Reset { .. } => "Reset(..)",
            Self::Invitation { .. } => "Invitation(..)",
            Self::PasswordChanged => "PasswordChanged",
            Self::SessionEnded => "SessionEnded",
        })
    }
}

/// A mail as it is sent.
pub(crate) struct Written {
    pub subject: &'static str,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// `account`: whether there is an account with the address. `None`: this mail is not sent.
    pub(crate) fn write(&self, account: bool, server: &str) -> Option<Written> {
        let mut link = None;
        let (subject, paragraphs, code): (_, Vec<&str>, Option<&String>) = match self {
            Self::Register { code } if !account => (
                "Your code for Sendoff",
                vec![
                    "Type this code into the page where you made your account:",
                    "It is good for 30 minutes. If you did not make an account, do nothing: without the code there is none.",
                ],
                Some(code),
            ),
            Self::Register { .. } => (
                "You have a Sendoff account already",
                vec![
                    "Somebody, perhaps you, tried to make an account with this address. You have one already: sign in with it, \
                     or choose \"Forgot your password?\" on the sign-in page.",
                    "If it was not you, do nothing. Your account is as it was.",
                ],
                None,
            ),
            Self::Reset { .. } if !account => return None,
            Self::Reset { code } => (
                "Your code for a new Sendoff password",
                vec![
                    "Type this code into the page where you asked for a new password:",
                    "It is good for 30 minutes. If you did not ask, do nothing: your password stays as it is. Give the code to nobody.",
                ],
                Some(code),
            ),
            Self::Invitation { code, anyone_with_link } => (
                "You are invited to an organisation on Sendoff",
                vec![
                    "Somebody who plans posts with Sendoff invites you to their organisation. Follow this link on the computer that \
                     has Sendoff, or choose \"Join an organisation\" there and paste it:",
                    match anyone_with_link {
                        true => {
                            "It is good for a week, once, for whoever has it: give it to nobody. If you did not expect it, do nothing."
                        }
                        false => "It is good for a week, for this address alone. If you did not expect it, do nothing.",
                    },
                ],
                // behind the `#`: the part of an address that browsers keep to themselves
                Some(link.insert(format!("{server}/join#code={code}"))),
            ),
            Self::PasswordChanged => (
                "Your Sendoff password was changed",
                vec![
                    "Your password was changed, and your other devices were signed out.",
                    "If it was not you, choose \"Forgot your password?\" on the sign-in page at once.",
                ],
                None,
            ),
            Self::SessionEnded => (
                "One of your devices was signed out of Sendoff",
                vec![
                    "A sign-in was used in a way that only a copy of it explains, so it was ended. This can happen when a computer \
                     is restored from a backup.",
                    "Sign in again on that device. If you do not know why this happened, change your password.",
                ],
                None,
            ),
        };
        let mut text = String::new();
        for (number, paragraph) in paragraphs.iter().enumerate() {
            text.push_str(paragraph);
            text.push_str("\n\n");
            if let (0, Some(code)) = (number, code) {
                text.push_str(&format!("    {code}\n\n"));
            }
        }
        text.push_str(&format!("Sendoff at {server}\n"));
        let html = html! {
            (DOCTYPE)
            html lang="en" {
                head { meta charset="utf-8"; title { (subject) } }
                body {
                    @for (number, paragraph) in paragraphs.iter().enumerate() {
                        p { (paragraph) }
                        @if let (0, Some(code)) = (number, code) {
                            @if matches!(self, Self::Invitation { .. }) {
                                p { a href=(code) { (code) } }
                            } @else {
                                p style="font:bold 1.5em monospace" { (code) }
                            }
                        }
                    }
                    p { "Sendoff at " (server) }
                }
            }
        };
        Some(Written { subject, text, html: html.into_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_only_to_those_whom_it_is_for() {
        let register = Letter::Register { code: "AB12-CD34".into() };
        assert!(register.write(false, "s").unwrap().text.contains("AB12-CD34"));
        let existing = register.write(true, "s").unwrap();
        assert!(!existing.text.contains("AB12") && !existing.html.contains("AB12"));
        let reset = Letter::Reset { code: "AB12-CD34".into() };
        assert!(reset.write(false, "s").is_none());
        assert!(reset.write(true, "s").unwrap().html.contains("AB12-CD34"));
        assert!(!format!("{reset:?}").contains("AB12"));
    }
}
