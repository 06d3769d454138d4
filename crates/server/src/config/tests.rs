use super::*;
use clap::Parser;

fn settings(words: &[&str]) -> Settings {
    Settings::try_parse_from([&["sendoff-server", "--data", "/nowhere"], words].concat()).unwrap()
}

fn refusal(words: &[&str]) -> String {
    settings(words).check().unwrap_err().to_string()
}

fn file(folder: &tempfile::TempDir, name: &str, text: &str, mode: u32) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    path.display().to_string()
}

#[test]
fn alone_it_serves_this_machine() {
    let config = settings(&[]).check().unwrap();
    assert_eq!(config.listen, LISTEN);
    assert_eq!(config.issuer(), "http://127.0.0.1:8080");
    assert!(config.hashing.safe().is_ok() && config.mail.is_none() && config.metrics_listen.is_none());
}

#[test]
fn others_are_served_over_tls_or_a_proxy_only() {
    let open = ["--listen", "0.0.0.0:8080", "--public-url", "https://sendoff.example"];
    assert!(refusal(&open).contains("in the clear"));
    assert!(refusal(&["--listen", "[::]:8080"]).contains("in the clear"));
    let behind = settings(&[&open[..], &["--behind-proxy", "10.0.0.0/24"]].concat()).check().unwrap();
    assert_eq!(behind.proxies.len(), 1);
    assert!(refusal(&[&open[..], &["--behind-proxy", "0.0.0.0/0"]].concat()).contains("too wide"));
    assert!(refusal(&["--listen", "0.0.0.0:8080", "--behind-proxy", "10.0.0.0/24"]).contains("--public-url"));
    for url in [
        "http://sendoff.example",
        "https://sendoff.example/path",
        "https://ada@sendoff.example",
        "ftp://x",
        "http://192.168.1.5",
    ] {
        let words = ["--listen", "0.0.0.0:8080", "--behind-proxy", "10.0.0.0/24", "--public-url", url];
        assert!(refusal(&words).contains("--public-url"), "{url}");
    }
}

#[cfg(unix)]
#[test]
fn secrets_that_others_can_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (open, closed) = (file(&folder, "open", "x", 0o644), file(&folder, "closed", "x", 0o600));
    assert!(refusal(&["--key-file", &open]).contains("read by others"));
    assert!(refusal(&["--tls-certificate", &closed, "--tls-key", &open]).contains("read by others"));
    let mail = ["--smtp-url", "smtps://ada@mail.example", "--mail-from", "ada@mail.example", "--smtp-password-file"];
    assert!(refusal(&[&mail[..], &[open.as_str()]].concat()).contains("read by others"));
    assert!(settings(&[&mail[..], &[closed.as_str()]].concat()).check().is_ok());
    let named = file(&folder, "named.toml", "database_url = \"postgres://ada:secret@db/x\"", 0o644);
    let error = settings(&["--config", &named]).with_file().unwrap_err().to_string();
    assert!(error.contains("read by others") && !error.contains("secret@"), "{error}");
}

#[test]
fn weak_settings_are_refused() {
    assert!(refusal(&["--password-memory-kib", "8"]).contains("19456"));
    assert!(refusal(&["--password-passes", "1"]).contains("19456"));
    assert!(refusal(&["--metrics-listen", "0.0.0.0:9090"]).contains("--metrics-listen"));
    assert!(refusal(&["--metrics-listen", "8.8.8.8:9090"]).contains("--metrics-listen"));
    assert!(refusal(&["--smtp-url", "smtp://ada:secret@mail.example"]).contains("must not hold the password"));
    assert!(refusal(&["--smtp-url", "smtp://mail.example"]).contains("--mail-from"));
    assert!(refusal(&["--smtp-url", "http://mail.example", "--mail-from", "a@b.example"]).contains("smtps://"));
}

#[test]
fn mail_goes_out_in_the_clear_to_this_machine_alone() {
    let security = |url: &str| {
        settings(&["--smtp-url", url, "--mail-from", "Sendoff <a@b.example>"]).check().unwrap().mail.unwrap()
    };
    assert_eq!(security("smtps://mail.example").security, SmtpSecurity::Tls);
    let start = security("smtp://mail.example");
    assert_eq!((start.security, start.port), (SmtpSecurity::StartTls, 587));
    assert_eq!(security("smtp://127.0.0.1:1025").security, SmtpSecurity::None);
}

#[cfg(unix)]
#[test]
fn a_file_fills_what_the_command_line_leaves_open() {
    let folder = tempfile::tempdir().unwrap();
    let secret = file(&folder, "secret", "the secret\n", 0o600);
    let text = format!(
        "listen = \"127.0.0.1:9999\"\npassword_passes = 3\n[[provider]]\nname = \"corp\"\ntitle = \"Corp\"\n\
         issuer = \"https://id.example\"\nclient_id = \"x\"\nclient_secret_file = {secret:?}\n"
    );
    let path = file(&folder, "a.toml", &text, 0o644);
    let config = settings(&["--config", &path, "--listen", "127.0.0.1:7777"]).with_file().unwrap().check().unwrap();
    assert_eq!(config.listen.port(), 7777);
    assert_eq!(config.hashing.passes, 3);
    assert_eq!(
        (config.providers[0].issuer.as_str(), config.providers[0].name.as_str()),
        ("https://id.example", "corp")
    );
    assert!(!format!("{config:?}").contains("the secret"));

    for (wrong, what) in [
        ("unknown = 1", "not a settings file"),
        ("listen = 7", "not a settings file"),
        (&text.replace("https://id.example", "http://id.example"), "https://"),
        (&text.replace("\"corp\"", "\"../x\""), "letters, digits"),
        (&format!("{text}{}", text.split_once("[[").map(|(_, rest)| format!("[[{rest}")).unwrap()), "twice"),
    ] {
        let path = file(&folder, "b.toml", wrong, 0o600);
        let error = settings(&["--config", &path]).with_file().and_then(Settings::check).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}
