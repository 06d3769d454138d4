//! The program itself: what it refuses to start with, what it leaves on the disk and in its log, and how it stops.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
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
    /// Reads what it logs all the time, or it would wait for a full pipe.
    log: JoinHandle<Vec<String>>,
}

#[allow(clippy::zombie_processes)] // it is waited for when it is stopped
fn start(words: &[&str], environment: &[(&str, &str)]) -> Running {
    let mut child = program(words).envs(environment.iter().copied()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let (serving, served) = mpsc::channel();
    let log = std::thread::spawn(move || {
        let mut all = Vec::new();
        for line in lines.map(Result::unwrap) {
            let parsed: Value = serde_json::from_str(&line).unwrap_or_default();
            if parsed["message"] == "serving" {
                let _ = serving.send(parsed["public"].as_str().unwrap().to_owned());
            }
            all.push(line);
        }
        all
    });
    // fails when the program ends before it serves
    let origin = served.recv().unwrap();
    Running { child, origin, log }
}

impl Running {
    fn stop(mut self) -> Vec<String> {
        let began = Instant::now();
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(self.child.wait().unwrap().success());
        assert!(began.elapsed().as_secs() < 10);
        self.log.join().unwrap()
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

    let answer = reqwest::Client::new()
        .delete(format!("{}/v1/devices/canary-one?token=canary-two", running.origin))
        .bearer_auth("canary-three")
        .send()
        .await
        .unwrap();
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
    assert!(
        refusal(&["--data", data, "--listen", "0.0.0.0:0", "--behind-proxy", "10.0.0.1/32"], &[])
            .contains("--public-url")
    );
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

/// Twelve canaries through every way in, at the loudest log there is.
#[cfg(unix)]
#[tokio::test]
async fn nothing_that_is_sent_to_it_comes_out_in_its_log() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let words = ["--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    let running = start(&words, &[("SENDOFF_LOG", "trace,sqlx::query=trace,hyper=trace")]);
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let at = |path: &str| format!("{}{path}", running.origin);
    let begun = http
        .get(at("/authorize?response_type=code&client_id=sendoff-desktop&redirect_uri=sendoff://sign-in\
                 &state=canary-01-in-the-state&code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256"))
        .send()
        .await
        .unwrap();
    assert_eq!(begun.status(), 303);
    let flow = begun.headers()["location"].to_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
    let cookie = begun.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    for (path, form) in [
        ("/authorize/sign-in", vec![("email", "canary-02@example.com"), ("password", "canary-03 is my password")]),
        (
            "/authorize/register",
            vec![
                ("email", "canary-04@example.com"),
                ("password", "canary-05 is my password"),
                ("display_name", "canary-06"),
            ],
        ),
        ("/authorize/reset", vec![("email", "canary-07@example.com")]),
    ] {
        let form = [form, vec![("flow", flow.as_str())]].concat();
        let page = http.post(at(path)).header("cookie", &cookie).form(&form).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
    }
    let grant = [("grant_type", "refresh_token"), ("refresh_token", "sor_canary-08"), ("device_proof", "canary-09")];
    assert_eq!(http.post(at("/v1/token")).form(&grant).send().await.unwrap().status(), 400);
    let me = http.get(at("/v1/me?x=canary-10")).bearer_auth("canary-11").header("x-canary-12", "canary-12\t").send();
    assert_eq!(me.await.unwrap().status(), 401);
    let secret = cookie.split_once('=').unwrap().1.to_owned();
    let lines = running.stop();
    assert!(lines.len() >= 8, "{lines:?}");
    for line in &lines {
        assert!(!line.contains("canary") && !line.contains(&secret), "{line}");
    }
}

/// A program of its own, so that what it takes is not what the other stories take. Each request comes from an address of its
/// own, as far as the proxy says, so that only the bound on hashes holds them back.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_sign_ins_at_once_stay_within_memory() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let words = [
        "--data",
        data.to_str().unwrap(),
        "--listen",
        "127.0.0.1:0",
        "--behind-proxy",
        "127.0.0.1/32",
        "--password-parallel",
        "2",
    ];
    let running = start(&words, &[]);
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", running.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let before = peak();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let tries = (0..200).map(|n| {
        let (http, origin) = (http.clone(), running.origin.clone());
        async move {
            let address = format!("198.51.100.{n}");
            let begun = http
                .get(format!(
                    "{origin}/authorize?response_type=code&client_id=sendoff-desktop&redirect_uri=sendoff://sign-in&state={}\
                     &code_challenge={}&code_challenge_method=S256",
                    "s".repeat(20),
                    "A".repeat(43)
                ))
                .header("x-forwarded-for", &address)
                .send()
                .await
                .unwrap();
            let flow = begun.headers()["location"].to_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
            let cookie = begun.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
            let email = format!("somebody.{n}@example.com");
            let form = [("flow", flow.as_str()), ("email", email.as_str()), ("password", "a guess at a password")];
            let page = http.post(format!("{origin}/authorize/sign-in")).header("x-forwarded-for", &address);
            page.header("cookie", cookie).form(&form).send().await.unwrap().status().as_u16()
        }
    });
    let statuses = futures::future::join_all(tries).await;
    let busy = statuses.iter().filter(|status| **status == 503).count();
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert!(busy > 0, "some have to be told to come back");
    let more = peak() - before;
    // two hashes of 19 MiB, and what 200 connections need; 200 hashes would take 3.7 GiB
    assert!(more < 120 * 1024, "{more} KiB more");
    println!("200 sign-ins at once: {busy} turned away, {before} KiB before, {more} KiB more at the peak");
    running.stop();
}
