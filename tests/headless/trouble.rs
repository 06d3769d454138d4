//! What a person does wrong, and what disks do: each has its sentence, its code and its exit, and nothing is lost.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use testkit::{BlueskyPerson, Device, Failure, picture};

use crate::ada::{self, PASSPHRASE, Program};
use crate::servers_or_skip;

/// A laptop with a vault and one draft, without any account.
fn with_a_draft() -> (Device, String) {
    let mut laptop = Device::new();
    laptop.set("SENDOFF_PASSPHRASE", PASSPHRASE);
    let post = ada::write(&laptop, &ada::content(&["Ein Gedanke, der bleibt"]), &[]);
    (laptop, post)
}

fn is_whole(laptop: &Device, post: &str) {
    let view = laptop.call("get_post", json!({ "post": post })).unwrap();
    assert_eq!(view["post"]["draft"]["base"]["parts"][0]["text"], "Ein Gedanke, der bleibt");
}

/// Every failure of the command line: not 0, and a sentence.
fn is_told(failure: &Failure, code: &str) {
    assert_eq!(failure.code, code, "{failure:?}");
    assert!(failure.exit > 0, "{failure:?}");
    assert!(failure.message.ends_with('.') && failure.message.len() > 20, "{failure:?}");
}

#[test]
fn a_text_that_is_too_long_is_refused_when_it_is_scheduled_and_the_rule_is_named() {
    let (pds, mastodon) = servers_or_skip!();
    let laptop = ada::laptop(Device::new(), &mastodon.url);
    let ada = BlueskyPerson::new(pds, "ada");
    let account = ada::connect_bluesky(&laptop, &ada);
    // 300 families are 300 graphemes and far more bytes; 301 letters are one too many
    let long = "a".repeat(301);
    let post = ada::write(&laptop, &ada::content(&[&long]), &[&account]);
    let refused = ada::schedule(&laptop, &post, 60).unwrap_err();
    is_told(&refused, "rejected");
    assert!(refused.answer["reject"].to_string().contains("300"), "{refused:?}");
    let bytes = "👩‍👩‍👧".repeat(200);
    let post = ada::write(&laptop, &ada::content(&[&bytes]), &[&account]);
    let refused = ada::schedule(&laptop, &post, 60).unwrap_err();
    assert!(refused.answer["reject"].to_string().contains("3000"), "{refused:?}");
    let view = laptop.call("get_post", json!({ "post": post })).unwrap();
    assert_eq!(view["post"]["draft"]["base"]["parts"][0]["text"], json!(bytes), "the text stays");
    assert_eq!(view["post"]["status"], "draft");
}

#[test]
fn a_broken_image_is_refused_and_the_draft_stays() {
    let (laptop, post) = with_a_draft();
    let whole = picture::png(64, 48, 1);
    let broken: [&[u8]; 4] = [b"", b"not an image", &whole[..whole.len() / 2], b"<svg onload='x'/>"];
    for file in broken {
        is_told(&ada::import(&laptop, "x.png", file).unwrap_err(), "bad_image");
    }
    let garbled = laptop.call("import_image", json!({ "name": "x.png", "data": "%%%" })).unwrap_err();
    is_told(&garbled, "bad_request");
    is_whole(&laptop, &post);
}

#[test]
fn commands_that_do_not_exist_or_do_not_fit_say_so() {
    let (laptop, post) = with_a_draft();
    let unknown = laptop.call("publish_everything", json!({})).unwrap_err();
    assert_eq!(unknown.exit, 2);
    assert!(unknown.message.contains("There is no command publish_everything."), "{unknown:?}");
    assert_eq!(laptop.run(&["call", "get_program", "{"]).status.code(), Some(2));
    is_told(&laptop.call("get_post", json!({ "pots": post })).unwrap_err(), "bad_request");
    is_told(
        &laptop.call("get_post", json!({ "post": "01234567-89ab-7def-8123-456789abcdef" })).unwrap_err(),
        "not_found",
    );
    let listed = laptop.run(&["commands"]);
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(["schedule_post", "get_job_log", "create_vault"].iter().all(|name| listed.contains(name)), "{listed}");
    is_whole(&laptop, &post);
}

#[test]
fn without_a_keyring_the_vault_says_so_and_a_passphrase_does_it() {
    let mut laptop = Device::new();
    laptop.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    let refused = laptop.call("create_vault", json!({ "protection": { "protection": "keyring" } })).unwrap_err();
    is_told(&refused, "keyring_unavailable");
    assert_eq!(laptop.call("get_program", json!({})).unwrap()["vault"], "missing", "nothing half made is left");
    let protection = json!({ "protection": "passphrase", "passphrase": PASSPHRASE });
    let made = laptop.call("create_vault", json!({ "protection": protection })).unwrap();
    laptop.set("SENDOFF_PASSPHRASE", "not the passphrase");
    let account = json!({ "account": "01234567-89ab-7def-8123-456789abcdef" });
    is_told(&laptop.call("check_account", account.clone()).unwrap_err(), "wrong_key");
    laptop.set("SENDOFF_PASSPHRASE", PASSPHRASE);
    is_told(&laptop.call("check_account", account).unwrap_err(), "not_found");
    // and the recovery key opens it when the passphrase is forgotten
    let anew = json!({ "protection": "passphrase", "passphrase": "another long passphrase" });
    laptop.call("recover_vault", json!({ "key": made["key"], "protection": anew })).unwrap();
    laptop.set("SENDOFF_PASSPHRASE", "another long passphrase");
    let open = laptop.call("check_account", json!({ "account": "01234567-89ab-7def-8123-456789abcdef" })).unwrap_err();
    is_told(&open, "not_found");
}

fn database(laptop: &Device) -> std::path::PathBuf {
    laptop.profile().join("sendoff.db")
}

/// Writes into the database file as no program should.
fn scribble(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
}

#[test]
fn a_profile_of_a_newer_program_is_left_untouched() {
    let (laptop, post) = with_a_draft();
    let path = database(&laptop);
    let known = std::fs::read(&path).unwrap();
    // the schema's number (sqlite.org/fileformat2.html#database_header, offset 60)
    scribble(&path, 60, &99u32.to_be_bytes());
    let newer = std::fs::read(&path).unwrap();
    is_told(&laptop.call("get_program", json!({})).unwrap_err(), "newer_schema");
    let mut serving = laptop.serve();
    let ended = testkit::until("serve gives up", ada::LONG, || serving.ended());
    assert!(!ended.success());
    assert_eq!(std::fs::read(&path).unwrap(), newer);
    scribble(&path, 60, &known[60..64]);
    is_whole(&laptop, &post);
}

#[test]
fn a_damaged_database_is_told_apart_and_not_replaced() {
    let (laptop, _) = with_a_draft();
    let path = database(&laptop);
    let whole = std::fs::read(&path).unwrap();
    scribble(&path, 0, &[0x55; 4096]);
    let damaged = std::fs::read(&path).unwrap();
    is_told(&laptop.call("get_program", json!({})).unwrap_err(), "corrupt");
    assert_eq!(std::fs::read(&path).unwrap(), damaged, "it lies where it was");
    scribble(&path, 0, &whole[..4096]);
    assert_eq!(laptop.call("get_program", json!({})).unwrap()["sample"], false);
}

#[test]
fn a_database_that_is_gone_is_not_quietly_made_anew() {
    let (laptop, post) = with_a_draft();
    let path = database(&laptop);
    let aside = laptop.folder().join("aside.db");
    std::fs::rename(&path, &aside).unwrap();
    is_told(&laptop.call("get_program", json!({})).unwrap_err(), "profile_missing");
    assert!(!path.exists());
    std::fs::rename(&aside, &path).unwrap();
    is_whole(&laptop, &post);
}

#[test]
fn a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest() {
    let (laptop, post) = with_a_draft();
    let disk = laptop.folder().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let Some(_mounted) = Small::mount(&disk) else { return };
    let copied = Command::new("cp").args(["-a", "--"]).arg(laptop.profile()).arg(&disk).status().unwrap();
    assert!(copied.success());
    std::fs::rename(laptop.profile(), laptop.folder().join("first")).unwrap();
    std::os::unix::fs::symlink(disk.join("profile"), laptop.profile()).unwrap();
    is_whole(&laptop, &post);

    // everything else on this disk
    let mut fill = std::fs::File::create(disk.join("films")).unwrap();
    while fill.write_all(&[1; 4096]).is_ok() {}
    drop(fill);
    let long = "Zu viel. ".repeat(2_000);
    let body =
        |text: &str| json!({ "draft": { "title": "", "persona": null, "base": ada::content(&[text]), "targets": [] } });
    let failed: Vec<Failure> =
        (0..20).filter_map(|_| Program::call(&laptop, "create_post", body(&long)).err()).collect();
    assert!(!failed.is_empty(), "the disk is full");
    failed.iter().for_each(|failure| is_told(failure, "disk_full"));

    std::fs::remove_file(disk.join("films")).unwrap();
    is_whole(&laptop, &post);
    let written: Value = laptop.call("create_post", body("Wieder Platz")).unwrap();
    assert_eq!(written["status"], "draft");
}

/// A disk of 4 MB in memory.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    fn mount(at: &'a Path) -> Option<Self> {
        let options = ["-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(at).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(at));
        }
        eprintln!("skipped: only root makes a small disk");
        None
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        // the folder goes with the laptop, the mount would stay
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}
