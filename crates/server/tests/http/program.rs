//! The program itself: what it refuses to start with, what it leaves on the disk and in its log, and how it stops.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sendoff-server"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SENDOFF_")) {
        command.env_remove(name);
    }
    command.args(words).stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

fn refusal(words: &[&str], environment: &[(&str, &str)]) -> String {
    let output = program(words).envs(environment.iter().copied()).output().unwrap();
    assert!(!output.status.success(), "{words:?} was started");
    String::from_utf8(output.stderr).unwrap()
}

struct Running {
    child: Child,
    origin: String,
    lines: Vec<String>,
    rest: BufReader<std::process::ChildStderr>,
}

fn start(words: &[&str], environment: &[(&str, &str)]) -> Running {
    let mut child = program(words).envs(environment.iter().copied()).spawn().unwrap();
    let mut rest = BufReader::new(child.stderr.take().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        assert!(rest.read_line(&mut line).unwrap() > 0, "it ended: {lines:?}");
        lines.push(line.clone());
        let Ok(line) = serde_json::from_str::<Value>(&line) else { continue };
        if line["message"] == "serving" {
            let origin = line["public"].as_str().unwrap().to_owned();
            return Running { child, origin, lines, rest };
        }
    }
}

impl Running {
    fn stop(mut self) -> Vec<String> {
        let began = Instant::now();
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(self.child.wait().unwrap().success());
        assert!(began.elapsed().as_secs() < 10);
        self.lines.extend(self.rest.lines().map(Result::unwrap));
        self.lines
    }
}

#[cfg(unix)]
#[tokio::test]
async fn it_starts_alone_keeps_to_itself_and_stops_when_told() {
    use std::os::unix::fs::PermissionsExt;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("a/b");
    let words = ["--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    let running = start(&words, &[]);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("server.key")), 0o600);
    assert!(data.join("server.db").exists());

    // a second one on the same folder
    assert!(refusal(&words, &[]).contains("another server uses"));

    let answer = reqwest::get(format!("{}/v1/devices/canary-one?token=canary-two", running.origin)).await.unwrap();
    assert_eq!(answer.status(), 401);
    let key = std::fs::read_to_string(data.join("server.key")).unwrap();
    let lines = running.stop();
    for line in &lines {
        let parsed: Value = serde_json::from_str(line).unwrap();
        assert!(parsed["level"].is_string() && parsed["message"].is_string(), "{line}");
        assert!(!line.contains("canary") && !line.contains(key.trim()), "{line}");
    }
    assert!(lines.iter().any(|line| line.contains("\"http.route\":\"/v1/devices/{device}\"")), "{lines:?}");
    assert!(lines.last().unwrap().contains("stopped"));

    // the same key and data the next time
    start(&words, &[]).stop();
    assert_eq!(std::fs::read_to_string(data.join("server.key")).unwrap(), key);
}

#[cfg(unix)]
#[test]
fn it_refuses_to_run_unsafely_and_says_why() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let key = folder.path().join("key");
    let file = key.to_str().unwrap();
    let write = |text: &str, mode: u32| {
        std::fs::write(&key, text).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    write("changeme", 0o600);
    assert!(refusal(&["--data", data, "--key-file", file], &[]).contains("is no key"));
    write("Y2hhbmdlbWVjaGFuZ2VtZWNoYW5nZW1lY2hhbmdlbWU", 0o600);
    assert!(refusal(&["--data", data, "--key-file", file], &[]).contains("not random"));
    write("", 0o600);
    assert!(refusal(&["--data", data, "--key-file", file], &[]).contains("between one"));
    write("x", 0o644);
    assert!(refusal(&["--data", data, "--key-file", file], &[]).contains("read by others"));
    assert!(refusal(&["--data", data], &[("SENDOFF_LISTEN", "0.0.0.0:0")]).contains("in the clear"));
    assert!(refusal(&["--data", data, "--listen", "0.0.0.0:0", "--behind-proxy", "10.0.0.1/32"], &[]).contains("--public-url"));
    assert!(refusal(&["--data", data, "--password-memory-kib", "1024"], &[]).contains("19456"));
    assert!(refusal(&["--data", "/proc/nothing/here"], &[]).contains("data folder"));
    let secret = [("SENDOFF_DATABASE_URL", "postgres://ada:the-password@127.0.0.1:1/x")];
    let error = refusal(&["--data", data], &secret);
    assert!(error.contains("the database does not answer") && !error.contains("the-password"), "{error}");
    // the key that was made can be opened to others: then it does not start any more
    let _ = start(&["--data", data, "--listen", "127.0.0.1:0"], &[]).stop();
    let own = std::path::Path::new(data).join("server.key");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(refusal(&["--data", data], &[]).contains("read by others"));
}
