//! The program as it is started: its arguments, its streams and its exit codes.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const PASSPHRASE: &str = "correct horse battery";

/// `sendoff` on a profile, on a machine without a keyring.
fn sendoff(profile: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sendoff"));
    command.arg("--profile").arg(profile);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    for name in ["SENDOFF_PASSPHRASE", "SENDOFF_LOG", "DISPLAY"] {
        command.env_remove(name);
    }
    command
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn reply(output: &Output) -> Value {
    assert_eq!(code(output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(output: &Output, exit: i32) -> Value {
    assert_eq!(code(output), exit, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    serde_json::from_slice(&output.stderr).unwrap()
}

#[test]
fn a_command_prints_its_reply_as_one_line_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(sendoff(folder.path()).args(["call", "get_program", "{}"]));
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    let program = reply(&output);
    assert_eq!(program["vault"], "missing");
    assert_eq!(program["profile"], folder.path().to_str().unwrap());
    assert_eq!(program["version"], env!("CARGO_PKG_VERSION"));
    // no request is an empty one
    assert_eq!(reply(&run(sendoff(folder.path()).args(["call", "get_program"])))["vault"], "missing");
}

#[test]
fn what_one_call_writes_the_next_one_reads() {
    let folder = tempfile::tempdir().unwrap();
    let mut named = sendoff(folder.path())
        .args(["call", "name_person", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    named.stdin.take().unwrap().write_all(json!({ "name": "Ada Løvelace" }).to_string().as_bytes()).unwrap();
    assert!(named.wait().unwrap().success());
    assert_eq!(reply(&run(sendoff(folder.path()).args(["call", "get_program"])))["person"], "Ada Løvelace");
}

#[test]
fn an_error_of_a_command_is_json_on_the_other_stream() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = json!({ "post": "01936f00-0000-7000-8000-000000000000" }).to_string();
    let error = refusal(&run(sendoff(folder.path()).args(["call", "get_post", &nobody])), 1);
    assert_eq!(error["code"], "not_found");
    assert!(error["message"].as_str().unwrap().ends_with('.'));
    let error = refusal(&run(sendoff(folder.path()).args(["call", "get_post", r#"{"post": 7}"#])), 1);
    assert_eq!(error["code"], "bad_request");
}

#[test]
fn a_call_that_cannot_be_meant_is_a_usage_error_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("never");
    for arguments in [
        &["call", "drop_everything", "{}"][..],
        &["call", "get_program", "{"],
        &["call"],
        &["publish"],
        &["call", "get_program", "{}", "{}"],
        &["serve", "--fast"],
        &[],
    ] {
        let output = run(sendoff(&profile).args(arguments));
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(!profile.exists());
    let secret = run(sendoff(&profile).args(["call", "unlock_vault", r#"{"passphrase": "hunter2""#]));
    assert!(!String::from_utf8_lossy(&secret.stderr).contains("hunter2"));
}

#[test]
fn a_profile_that_does_not_open_is_told_from_a_command_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    for arguments in [&["call", "get_program"][..], &["serve"]] {
        let output = run(sendoff(&file).args(arguments));
        assert_eq!(code(&output), 3);
        let line = String::from_utf8(output.stderr).unwrap();
        let error: Value = serde_json::from_str(line.lines().last().unwrap()).unwrap();
        assert_eq!(error["code"], "storage");
    }

    let profile = folder.path().join("profile");
    reply(&run(sendoff(&profile).args(["call", "get_program"])));
    let database = std::fs::read_dir(&profile)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "db"))
        .unwrap();
    std::fs::write(&database, vec![b'x'; 8192]).unwrap();
    let error = refusal(&run(sendoff(&profile).args(["call", "get_program"])), 3);
    assert_eq!(error["code"], "corrupt");
    assert_eq!(std::fs::read(&database).unwrap(), vec![b'x'; 8192], "a damaged database was written to");
}

#[test]
fn the_table_is_listed_without_a_profile() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("never");
    let table = reply(&run(sendoff(&profile).arg("commands")));
    let names: Vec<&str> = table.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, contract::TABLE.iter().map(|row| row.name).collect::<Vec<_>>());
    assert!(!profile.exists());
}

#[test]
fn the_passphrase_comes_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let create = json!({ "protection": { "protection": "passphrase", "passphrase": PASSPHRASE } }).to_string();
    let key = reply(&run(sendoff(folder.path()).args(["call", "create_vault", &create])));
    let confirm = json!({ "key": key["key"] }).to_string();
    reply(&run(sendoff(folder.path()).args(["call", "confirm_recovery_key", &confirm])));

    let vault = |passphrase: Option<&str>| {
        let mut command = sendoff(folder.path());
        if let Some(passphrase) = passphrase {
            command.env("SENDOFF_PASSPHRASE", passphrase);
        }
        run(command.args(["call", "get_program"]))
    };
    assert_eq!(reply(&vault(None))["vault"], "needs_passphrase");
    assert_eq!(reply(&vault(Some(PASSPHRASE)))["vault"], "open");
    assert_eq!(refusal(&vault(Some("another horse")), 1)["code"], "wrong_key");
    // asked for where nobody can type
    let asked = run(sendoff(folder.path()).args(["--ask-passphrase", "call", "get_program"]));
    assert_eq!(refusal(&asked, 1)["code"], "bad_request");
}

#[test]
fn serving_says_what_happens_and_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut serving = sendoff(folder.path()).arg("serve").stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap())
        .lines()
        .map(|line| -> Value { serde_json::from_str(&line.unwrap()).unwrap() });
    let first = lines.next().unwrap();
    assert_eq!(first["event"], "serving");
    assert_eq!(first["publishing"]["state"], "running");
    assert_eq!(first["profile"], folder.path().to_str().unwrap());
    // another process may work on the profile meanwhile
    assert_eq!(reply(&run(sendoff(folder.path()).args(["call", "get_program"])))["vault"], "missing");
    // and a second one stands by
    let mut second = sendoff(folder.path()).arg("serve").stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(second.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(said.any(|line| line.contains(r#""event":"serving""#)));

    for child in [&mut second, &mut serving] {
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_sample_is_made_in_an_empty_profile_only() {
    let folder = tempfile::tempdir().unwrap();
    let made = reply(&run(sendoff(folder.path()).args(["demo", "--posts", "40"])));
    assert_eq!(made["posts"], 40);
    assert_eq!(reply(&run(sendoff(folder.path()).args(["call", "get_program"])))["sample"], true);
    let again = refusal(&run(sendoff(folder.path()).args(["demo", "--posts", "40"])), 1);
    assert_eq!(again["code"], "bad_request");
}

#[test]
fn the_help_names_the_exit_codes_and_variables() {
    let output = run(Command::new(env!("CARGO_BIN_EXE_sendoff")).arg("--help"));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["Exit codes", "SENDOFF_PASSPHRASE", "SENDOFF_BROWSER", "SENDOFF_LOG"] {
        assert!(text.contains(part), "{part}");
    }
}
