//! The mail server of the tests: aiosmtpd, which keeps every mail as a file.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use secrecy::SecretString;
use server::config::{Smtp, SmtpSecurity};
use tempfile::TempDir;

use super::counterpart::{folder, skipped, sources};
use super::until;

struct MailServer {
    port: u16,
    folder: TempDir,
    /// Ends with its standard input.
    _child: Child,
}

fn python() -> Option<PathBuf> {
    folder().map(|folder| folder.join("mail-venv/bin/python")).filter(|python| python.exists())
}

fn mail_server() -> Option<&'static MailServer> {
    static SERVER: OnceLock<Option<MailServer>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let Some(python) = python() else {
                skipped("the mail server is not installed: cargo xtask test");
                return None;
            };
            let folder = TempDir::new().unwrap();
            let mut child = Command::new(python)
                .arg(sources().join("mail/start.py"))
                .arg(folder.path())
                .args(["ada", "the password of the mail server"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                // it warns of every sign-in without TLS
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let port = line.trim().strip_prefix("READY ").expect("the mail server ended").parse().unwrap();
            Some(MailServer { port, folder, _child: child })
        })
        .as_ref()
}

/// How the server reaches it; with a sign-in, as mail servers want it.
pub fn smtp() -> Option<Smtp> {
    let server = mail_server()?;
    Some(Smtp {
        host: "127.0.0.1".into(),
        port: server.port,
        security: SmtpSecurity::None,
        login: Some(("ada".into(), SecretString::from("the password of the mail server"))),
        from: "Sendoff <sendoff@example.com>".parse().unwrap(),
    })
}

/// What was delivered.
pub struct Mailbox(&'static MailServer);

impl Mailbox {
    pub fn new() -> Self {
        Self::try_new().expect("asked for with `try_new`")
    }

    pub fn try_new() -> Option<Self> {
        mail_server().map(Self)
    }

    /// All mails to an address, as they came over the wire, oldest first.
    pub fn all(&self, to: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.0.folder.path()).unwrap().filter_map(Result::ok) {
            let path = entry.path();
            if path.extension().is_some_and(|end| end == "eml") {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.lines().any(|line| line == format!("X-Rcpt-To: {to}")) {
                    found.push((path, text));
                }
            }
        }
        found.sort();
        found.into_iter().map(|(_, text)| text).collect()
    }

    /// Waits until so many mails have come.
    pub async fn wait(&self, to: &str, count: usize) -> Vec<String> {
        until(&format!("{count} mails to {to}"), async || {
            let all = self.all(to);
            (all.len() >= count).then_some(all)
        })
        .await
    }

    /// The code in the newest mail, once one is there that has one.
    pub async fn code(&self, to: &str) -> String {
        until(&format!("a code for {to}"), async || {
            self.all(to)
                .iter()
                .rev()
                .find_map(|mail| mail.lines().map(str::trim).find(|line| is_code(line)).map(str::to_owned))
        })
        .await
    }

    /// Refuses mails to this address for the moment, as a greylisting server does.
    pub fn refuse(&self, to: &str, refuse: bool) {
        let path = self.0.folder.path().join(format!("{to}.refuse"));
        if refuse { std::fs::write(path, "").unwrap() } else { std::fs::remove_file(path).unwrap() }
    }
}

fn is_code(line: &str) -> bool {
    line.len() == 9
        && line.as_bytes()[4] == b'-'
        && line.bytes().all(|b| b == b'-' || b.is_ascii_uppercase() || b.is_ascii_digit())
}
