//! The media library: files come in, are described, found, used, taken out and brought back.

use std::sync::Arc;

use base64::Engine as _;
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{HandClock, film, picture};

use crate::ada;

struct Scene {
    laptop: Inside,
    ground: Ground,
    clock: Arc<HandClock>,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::real());
        let ground = Ground::default();
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        Self { laptop, ground, clock, folder }
    }

    fn again(self) -> Self {
        let Self { laptop, ground, clock, folder } = self;
        laptop.end();
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        Self { laptop, ground, clock, folder }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn read(&self, name: &str, seed: u8) -> Value {
        self.call("read_media", json!({ "name": name, "data": base64(&picture::png(60, 40, seed)) }))
    }

    /// Several files, as one import.
    fn add(&self, files: &[(&str, u8)], folder: &str) -> Vec<Value> {
        let read: Vec<Value> = files.iter().map(|(name, seed)| self.read(name, *seed)["media"]["id"].clone()).collect();
        self.call("add_media", json!({ "media": read, "folder": folder }));
        read
    }

    fn list(&self, filter: Value) -> Value {
        self.call("list_media", json!({ "filter": filter, "sort": "name" }))
    }

    fn names(&self, filter: Value) -> Vec<String> {
        let list = self.list(filter);
        list["lines"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
    }

    fn describe(&self, media: &Value, alt: &str, folder: &str, tags: &[&str]) {
        let name = self.call("get_media", json!({ "media": media }))["media"]["name"].take();
        let text = json!({ "name": name, "alt": alt, "folder": folder, "tags": tags });
        self.call("edit_media", json!({ "media": media, "text": text }));
    }

    fn step(&self, stack: &str) -> Value {
        let change = self.call("list_changes", json!({}))[stack][0].take();
        self.call("undo", json!({ "undo": change["undo"] }));
        change
    }
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn files_come_in_together_and_are_taken_back_together() {
    let ada = Scene::new();
    ada.read("never-added.png", 9);
    assert_eq!(ada.list(json!({}))["total"], 0, "what was only read is not there");
    ada.add(&[("rye.png", 1), ("wheat.png", 2), ("spelt.png", 3)], "Bakery");
    assert_eq!(ada.names(json!({})), ["rye.png", "spelt.png", "wheat.png"]);
    let twice = ada.read("the same again.png", 2);
    assert_eq!(twice["known"], "wheat.png");
    let all_there = ada.laptop.call("add_media", json!({ "media": [twice["media"]["id"]] })).unwrap_err();
    assert!(all_there.message.contains("already exists"), "{}", all_there.message);

    let change = ada.step("undo");
    assert_eq!((&change["kind"], &change["count"]), (&json!("import_media"), &json!(3)));
    assert_eq!(ada.list(json!({}))["total"], 0);
    assert_eq!(ada.read("the same again.png", 2)["known"], Value::Null);
    ada.step("redo");
    let ada = ada.again();
    assert_eq!(ada.names(json!({ "folder": "Bakery" })), ["rye.png", "spelt.png", "wheat.png"]);
    let image = ada.list(json!({}))["lines"][0]["media"].take();
    for size in ["thumb", "preview", "full"] {
        let shown = ada.call("get_image", json!({ "media": image, "size": size }));
        assert!(shown["mime"].as_str().unwrap().starts_with("image/"));
    }
}

#[test]
fn files_are_described_filed_and_found() {
    let ada = Scene::new();
    let files = ada.add(&[("rye.png", 1), ("wheat.png", 2), ("IMG_7.png", 3)], "");
    ada.describe(&files[0], "A loaf on a board.", "Bakery", &["bread", " Autumn "]);
    ada.describe(&files[2], "The oven at night", "", &["bread"]);
    assert_eq!(ada.names(json!({ "text": "oven" })), ["IMG_7.png"]);
    assert_eq!(ada.names(json!({ "text": "LOAF bakery" })), ["rye.png"]);
    assert_eq!(ada.names(json!({ "tag": "bread" })), ["IMG_7.png", "rye.png"]);
    assert_eq!(ada.names(json!({ "folder": "" })), ["IMG_7.png", "wheat.png"]);
    let list = ada.list(json!({ "text": "nothing is called that" }));
    assert_eq!((&list["found"], &list["total"]), (&json!(0), &json!(3)));
    assert_eq!(list["tags"], json!([{ "name": "Autumn", "files": 1 }, { "name": "bread", "files": 2 }]));

    ada.call("file_media", json!({ "media": files, "folder": "Winter", "tag": "2026" }));
    assert_eq!(ada.names(json!({ "folder": "Winter", "tag": "2026" })).len(), 3);
    let change = ada.step("undo");
    assert_eq!((&change["kind"], &change["count"]), (&json!("edit_media"), &json!(3)));
    assert_eq!(ada.names(json!({ "folder": "Bakery" })), ["rye.png"], "each is where it was");
    let nameless = json!({ "name": " ", "alt": "", "folder": "", "tags": [] });
    let refused = ada.laptop.call("edit_media", json!({ "media": files[0], "text": nameless })).unwrap_err();
    assert!(refused.message.contains("empty"), "{}", refused.message);
}

#[test]
fn a_file_knows_its_posts_and_they_keep_it() {
    let ada = Scene::new();
    let files = ada.add(&[("rye.png", 1), ("wheat.png", 2)], "");
    ada.describe(&files[0], "A loaf.", "", &[]);
    // as Compose brings it in: the description comes along
    let data = base64(&picture::png(60, 40, 1));
    let again = ada.call("import_image", json!({ "name": "again.png", "data": data }));
    assert_eq!((&again["id"], &again["alt"], &again["name"]), (&files[0], &json!("A loaf."), &json!("rye.png")));
    let mut content = ada::content(&["Rye is back"]);
    content["parts"][0]["images"] = json!([{ "media": files[0], "alt": "A loaf, cut open." }]);
    let post = ada::write(&ada.laptop, &content, &[]);
    let view = ada.call("get_media", json!({ "media": files[0] }));
    assert_eq!((&view["uses"][0]["post"], &view["uses"][0]["title"]), (&json!(post), &json!("Rye is back")));
    assert_eq!(view["media"]["alt"], "A loaf.", "what one post says is its own");
    assert_eq!(ada.names(json!({ "unused": true })), ["wheat.png"]);

    let deleted = ada.call("delete_media", json!({ "media": files }));
    assert_eq!(deleted["used"], 1);
    assert_eq!(ada.list(json!({}))["total"], 0);
    let kept = ada.call("get_post", json!({ "post": post }));
    assert_eq!(kept["media"][0]["id"], files[0]);
    assert!(ada.laptop.call("get_image", json!({ "media": files[0], "size": "full" })).is_ok());
    assert!(ada.laptop.call("get_media", json!({ "media": files[0] })).is_err());
    ada.step("undo");
    assert_eq!(ada.names(json!({})), ["rye.png", "wheat.png"]);
}

#[test]
fn a_file_that_is_no_image_gets_a_sentence() {
    let ada = Scene::new();
    for (bytes, why) in [(&b"<svg onload='x'/>"[..], "SVG"), (b"", "empty"), (b"\x89PNG\r\n\x1a\nbroken", "damaged")] {
        let failure = ada.laptop.call("read_media", json!({ "name": "a.png", "data": base64(bytes) })).unwrap_err();
        assert_eq!(failure.code, "bad_image");
        assert!(failure.message.contains(why) && failure.message.ends_with('.'), "{}", failure.message);
    }
    let unread = ada.laptop.call("add_media", json!({ "media": ["00".repeat(32)] })).unwrap_err();
    assert!(unread.message.contains("missing"), "{}", unread.message);
}

impl Scene {
    /// A video, in pieces of 5 000 bytes; what the library makes of it.
    fn read_video(&self, name: &str, bytes: &[u8], keep: bool) -> Value {
        let begin = json!({ "name": name, "bytes": bytes.len(), "keep_metadata": keep });
        let upload = self.call("begin_video", begin)["upload"].clone();
        for (at, piece) in bytes.chunks(5_000).enumerate() {
            self.call("append_video", json!({ "upload": upload, "offset": at * 5_000, "data": base64(piece) }));
        }
        self.call("finish_video", json!({ "upload": upload }))
    }

    fn on_their_way(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("profile/media/incoming")).map_or(0, Iterator::count)
    }
}

#[test]
fn a_film_comes_in_piece_by_piece_without_its_place() {
    let ada = Scene::new();
    let read = ada.read_video("oven.mp4", film::BREAD, false);
    let media = &read["media"];
    assert_eq!((&media["kind"], &media["width"], &media["height"]), (&json!("mp4"), &json!(320), &json!(180)));
    let video = json!({ "duration_ms": 2_000, "codec": "h264", "audio": "aac", "rate": 25_000 });
    assert_eq!((&media["video"], &media["metadata"]), (&video, &json!(false)));
    ada.call("add_media", json!({ "media": [media["id"]], "folder": "Bakery" }));
    ada.add(&[("rye.png", 1)], "");
    let kept = ada.read_video("phone.mov", film::TURNED, true);
    assert_eq!((&kept["media"]["metadata"], &kept["media"]["height"]), (&json!(true), &json!(320)));
    ada.call("add_media", json!({ "media": [kept["media"]["id"]] }));
    assert_eq!(ada.names(json!({ "videos": true })), ["oven.mp4", "phone.mov"]);
    assert_eq!(ada.on_their_way(), 0);
    let known = ada.read_video("again.mp4", film::BREAD, false);
    assert_eq!(known["known"], "oven.mp4");
    let face = ada.call("get_image", json!({ "media": media["id"], "size": "thumb" }));
    assert_eq!((&face["film"]["name"], &face["film"]["video"]), (&json!("oven.mp4"), &video));
    let ada = ada.again();
    let found = ada.call("get_media", json!({ "media": media["id"] }));
    assert_eq!(found["media"]["video"], video);
    assert_eq!(ada.step("undo")["kind"], "import_media");
    assert_eq!(ada.names(json!({ "videos": true })), ["oven.mp4"]);
}

#[test]
fn a_film_that_is_stopped_or_broken_leaves_nothing() {
    let ada = Scene::new();
    let begin = json!({ "name": "oven.mp4", "bytes": film::BREAD.len() });
    let upload = ada.call("begin_video", begin.clone())["upload"].clone();
    ada.call("append_video", json!({ "upload": upload, "offset": 0, "data": base64(&film::BREAD[..9_000]) }));
    assert_eq!(ada.on_their_way(), 1);
    ada.call("abandon_video", json!({ "upload": upload }));
    assert_eq!(ada.on_their_way(), 0);
    let refused = |body| ada.laptop.call("append_video", body).unwrap_err();
    let late = refused(json!({ "upload": upload, "offset": 9_000, "data": "AAAA" }));
    assert!(late.message.contains("no longer on its way"), "{late:?}");
    let upload = ada.call("begin_video", begin)["upload"].clone();
    let garbage = json!({ "upload": upload, "offset": 0, "data": base64(&vec![7; film::BREAD.len()]) });
    ada.call("append_video", garbage);
    let refused = ada.laptop.call("finish_video", json!({ "upload": upload })).unwrap_err();
    assert!(refused.message.contains("type of video"), "{refused:?}");
    assert_eq!(ada.on_their_way(), 0);
    let huge = ada.laptop.call("begin_video", json!({ "name": "a.mp4", "bytes": 2_000_000_000_u64 })).unwrap_err();
    assert!(huge.message.contains("1 GB"), "{huge:?}");
    // what a process that ended left behind is gone after a start
    std::fs::write(ada.folder.path().join("profile/media/incoming/1-1.part"), b"half").unwrap();
    let ada = ada.again();
    assert_eq!(ada.on_their_way(), 0);
    assert_eq!(ada.list(json!({}))["total"], 0);
}

const ROOM: &str =
    r#"{ "bytes": 5000000, "duration_ms": 140000, "long_side": 160, "pixels": 4294967295, "rate": 20000, "slow": 0 }"#;

#[test]
fn a_film_is_made_to_fit_and_stands_beside_the_one_it_is_made_of() {
    let ada = Scene::new();
    let room: Value = serde_json::from_str(ROOM).unwrap();
    let old = ada.read_video("bread.webm", film::WEB, false)["media"].clone();
    ada.call("add_media", json!({ "media": [old["id"]], "folder": "Bakery" }));
    ada.describe(&old["id"], "Loaves rise", "Bakery", &["rye"]);
    let encode = json!({ "media": old["id"], "room": room, "cut": false });
    let made = ada.call("encode_video", encode.clone())["media"].clone();
    assert_eq!((&made["kind"], &made["width"], &made["height"]), (&json!("mp4"), &json!(160), &json!(90)));
    let video = &made["video"];
    assert_eq!((&video["codec"], &video["audio"], &video["rate"]), (&json!("h264"), &json!("aac"), &json!(20_000)));
    assert_eq!(
        (&made["name"], &made["alt"], &made["tags"]),
        (&json!("bread.mp4"), &json!("Loaves rise"), &json!(["rye"]))
    );
    assert_eq!(ada.names(json!({ "videos": true, "folder": "Bakery" })), ["bread.mp4", "bread.webm"]);
    // both have a picture now
    for media in [&old["id"], &made["id"]] {
        let face = ada.call("get_image", json!({ "media": media, "size": "preview" }));
        assert_eq!(face["mime"], "image/jpeg");
        assert!(face["data"].as_str().unwrap().len() > 500, "a still");
    }
    // its end is cut off where that is wanted
    let short = json!({ "media": made["id"], "cut": true, "room": { "bytes": 5_000_000, "duration_ms": 500, "long_side": 160,
        "pixels": u32::MAX, "rate": 60_000, "slow": 0 } });
    let ms = ada.call("encode_video", short)["media"]["video"]["duration_ms"].as_u64().unwrap();
    // never longer than the network takes, whatever the last picture adds
    assert!((350..=500).contains(&ms), "{ms}");
    assert_eq!(ada.on_their_way(), 0);
    assert_eq!(ada.step("undo")["kind"], "import_media");
    // it is no image: none is made of it
    let fit = json!({ "media": old["id"], "fit": { "size": { "width": 10, "height": 10 } } });
    let refused = ada.laptop.call("fit_image", fit).unwrap_err();
    assert_eq!(refused.code, "bad_image", "{refused:?}");
    let tight = json!({ "media": old["id"], "cut": false, "room": { "bytes": 20_000, "duration_ms": 1, "long_side": 160,
        "pixels": 1_000_000, "rate": 60_000, "slow": 0 } });
    let refused = ada.laptop.call("encode_video", tight).unwrap_err();
    assert!(refused.message.contains("too long for the size"), "{refused:?}");
}

#[test]
fn without_the_program_a_film_is_kept_and_what_is_missing_is_said() {
    let ada = Scene::new();
    ada.ground.programs.none.store(true, std::sync::atomic::Ordering::Relaxed);
    let old = ada.read_video("bread.webm", film::WEB, false)["media"].clone();
    ada.call("add_media", json!({ "media": [old["id"]] }));
    let face = ada.call("get_image", json!({ "media": old["id"], "size": "preview" }));
    assert_eq!((&face["data"], &face["film"]["name"]), (&json!(""), &json!("bread.webm")), "a card is drawn");
    let room: Value = serde_json::from_str(ROOM).unwrap();
    let refused = ada.laptop.call("encode_video", json!({ "media": old["id"], "room": room })).unwrap_err();
    assert_eq!(refused.code, "program_missing");
    assert!(refused.message.contains("ffmpeg") && refused.message.contains("brew install"), "{refused:?}");
}

#[test]
fn what_is_being_made_can_be_cancelled_and_leaves_nothing() {
    let ada = Scene::new();
    // long enough that nobody finishes it first
    let long = ada.folder.path().join("long.mp4");
    let made = std::process::Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=60:duration=60"])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-crf", "50", "-y"])
        .arg(&long)
        .status()
        .unwrap();
    assert!(made.success());
    let media = ada.read_video("long.mp4", &std::fs::read(&long).unwrap(), false)["media"]["id"].clone();
    ada.call("add_media", json!({ "media": [media] }));
    let room = json!({ "bytes": 50_000_000, "duration_ms": 140_000, "long_side": 1_280, "pixels": u32::MAX,
        "rate": 60_000, "slow": 0 });
    std::thread::scope(|scope| {
        let encode = scope.spawn(|| ada.laptop.call("encode_video", json!({ "media": media, "room": room })));
        let percent = || ada.call("encode_progress", json!({ "media": media }))["percent"].as_u64();
        testkit::until("it goes on", std::time::Duration::from_secs(60), || {
            percent().is_some_and(|percent| percent > 0).then_some(())
        });
        let again = ada.laptop.call("encode_video", json!({ "media": media, "room": room })).unwrap_err();
        assert!(again.message.contains("already"), "{again:?}");
        ada.call("cancel_encode", json!({ "media": media }));
        assert_eq!(encode.join().unwrap().unwrap_err().code, "stopped");
    });
    assert_eq!(ada.call("encode_progress", json!({ "media": media }))["percent"], Value::Null);
    assert_eq!((ada.on_their_way(), ada.list(json!({}))["total"].as_u64()), (0, Some(1)));
}
