use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use secrecy::SecretString;
use server::config::{Smtp, SmtpSecurity};
use tempfile::TempDir;

use crate::servers;
use crate::wait::until;

/// aiosmtpd, which keeps every mail as a file. It ends with its standard input.
pub(super) struct Mailbox {
    port: u16,
    folder: TempDir,
    _child: Child,
}

const PATIENCE: Duration = Duration::from_secs(30);
const USER: &str = "ada";
const PASSWORD: &str = "the password of the mail server";

impl Mailbox {
    /// `None` where the counterparts are not installed.
    pub(super) fn start() -> Option<Self> {
        let python = servers::counterparts()?.join("mail-venv/bin/python");
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/counterparts/mail/start.py");
        let folder = TempDir::new().expect("a folder");
        let mut command = Command::new(&python);
        command.arg(script).arg(folder.path()).args([USER, PASSWORD]);
        // it warns of every sign-in without TLS
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("it says its port");
        let port = line.trim().strip_prefix("READY ").expect("the mail server ended").parse().expect("a port");
        Some(Self { port, folder, _child: child })
    }

    pub(super) fn smtp(&self) -> Smtp {
        Smtp {
            host: "127.0.0.1".into(),
            port: self.port,
            security: SmtpSecurity::None,
            login: Some((USER.into(), SecretString::from(PASSWORD))),
            from: "Sendoff <sendoff@example.com>".parse().expect("an address"),
        }
    }

    /// The newest mail to an address in which `find` finds something, once there is one.
    pub(super) fn newest(&self, to: &str, find: impl Fn(&str) -> Option<String>) -> String {
        until(&format!("there is a mail to {to}"), PATIENCE, || {
            mails(self.folder.path(), to).iter().rev().find_map(|mail| find(mail))
        })
    }
}

/// All mails to an address, oldest first, their folded lines joined.
fn mails(folder: &Path, to: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "eml") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if text.lines().any(|line| line == format!("X-Rcpt-To: {to}")) {
                let text = text.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}
