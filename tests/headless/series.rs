//! Posts that come again: every week at the same time by the clock on the wall, whatever that clock does.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use engine::ports::Clock as _;
use jiff::civil::{DateTime, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{HandClock, until};

const PATIENCE: Duration = Duration::from_secs(20);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Scene {
    laptop: Inside,
    clock: Arc<HandClock>,
    account: Value,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self::at(HandClock::real())
    }

    fn at(clock: HandClock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(clock);
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let by_hand =
            json!({ "network": "linkedin", "handle": "Harbour Bakery", "url": "", "premium": false, "account": null });
        let account = laptop.call("add_by_hand", by_hand).unwrap()["account"].take();
        Self { laptop, clock, account, _folder: folder }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn draft(&self, text: &str) -> Value {
        let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
        let targets = json!([{ "account": self.account, "variant": null }]);
        json!({ "title": "", "persona": null, "base": base, "targets": targets })
    }

    fn write(&self, text: &str) -> Value {
        self.call("create_post", json!({ "draft": self.draft(text) }))
    }

    fn repeat(&self, text: &str, rule: &str, when: &Value) -> Value {
        let written = self.write(text);
        let repeat = json!({ "post": written["post"], "read": written["version"], "rule": rule, "when": when });
        self.call("repeat_post", repeat)
    }

    /// Every post that says this, by its time: its id, its local time, and its instant.
    fn posts(&self, text: &str) -> Vec<(String, DateTime, Timestamp)> {
        let filter = json!({ "text": text, "statuses": [], "personas": [], "accounts": [] });
        let page = self.call("list_posts", json!({ "filter": filter, "after": null, "limit": 200 }));
        let mut all: Vec<_> = page["lines"].as_array().unwrap().iter().map(|line| self.post(&line["post"])).collect();
        all.sort_by_key(|(_, _, at)| *at);
        all
    }

    fn post(&self, post: &Value) -> (String, DateTime, Timestamp) {
        let view = self.call("get_post", json!({ "post": post }));
        let schedule = &view["post"]["schedule"];
        let [local, at] = ["local", "at"].map(|name| schedule[name].as_str().unwrap().to_owned());
        (post.as_str().unwrap().to_owned(), local.parse().unwrap(), at.parse().unwrap())
    }

    fn count(&self, text: &str) -> usize {
        self.posts(text).len()
    }

    /// The next Sunday in `zone` that is at least two days away.
    fn sunday(&self, zone: &str) -> jiff::civil::Date {
        let here = self.clock.now().to_zoned(jiff::tz::TimeZone::get(zone).unwrap()).date();
        here.checked_add(2.days()).unwrap().nth_weekday(1, Weekday::Sunday).unwrap()
    }
}

/// What the system's own zone database says of one zone: when the clock changes, and by how much it is ahead of UTC from then on.
struct Zdump(Vec<(Timestamp, SignedDuration)>);

impl Zdump {
    /// `None`: this machine has no zones, which continuous integration does not accept.
    fn of(zone: &str) -> Option<Self> {
        if !Path::new("/usr/share/zoneinfo").join(zone).exists() {
            assert!(std::env::var_os("CI").is_none(), "this machine has no zone {zone}");
            println!("skipped: this machine has no zone {zone}");
            return None;
        }
        let dumped = Command::new("zdump").args(["-v", "-c", "2020,2035", zone]).output().unwrap();
        let text = String::from_utf8(dumped.stdout).unwrap();
        // Europe/Berlin  Sun Mar 28 01:00:00 2027 UT = Sun Mar 28 03:00:00 2027 CEST isdst=1 gmtoff=7200
        let read = |line: &str| {
            let (utc, rest) = line.split_once(" UT = ")?;
            let at: Vec<&str> = utc.split_whitespace().skip(2).collect();
            let at = DateTime::strptime("%b %d %H:%M:%S %Y", at.join(" ")).ok()?;
            let ahead: i64 = rest.split_once("gmtoff=")?.1.trim().parse().ok()?;
            Some((jiff::tz::TimeZone::UTC.to_timestamp(at).ok()?, SignedDuration::from_secs(ahead)))
        };
        let lines: Vec<_> = text.lines().filter_map(read).collect();
        assert!(lines.len() > 20, "{text}");
        Some(Self(lines))
    }

    fn ahead(&self, at: Timestamp) -> SignedDuration {
        self.0.iter().take_while(|(from, _)| *from <= at).last().unwrap().1
    }

    /// When a clock on the wall shows this for the first time; when it jumps over it, the moment of the jump.
    fn instant(&self, local: DateTime) -> Timestamp {
        let utc = jiff::tz::TimeZone::UTC.to_timestamp(local).unwrap();
        let shows = |ahead: SignedDuration| utc.checked_sub(ahead).ok().filter(|at| self.ahead(*at) == ahead);
        let first = self.0.iter().filter_map(|(_, ahead)| shows(*ahead)).min();
        first.unwrap_or_else(|| {
            let jumps = self.0.windows(2).map(|pair| (pair[0].1, pair[1]));
            let mut over = jumps.filter(|(before, (at, after))| *at + *before <= utc && utc < *at + *after);
            over.next().unwrap().1.0
        })
    }
}

#[test]
fn a_weekly_series_keeps_its_time_across_both_changes_of_the_clock() {
    // the second time of each is one that the clock jumps over in spring and shows twice in autumn
    let cases = [
        ("Europe/Berlin", [(9, 0), (2, 30)]),
        ("Australia/Lord_Howe", [(9, 0), (2, 15)]),
        ("Australia/Lord_Howe", [(17, 45), (1, 45)]),
        ("Africa/Casablanca", [(9, 0), (2, 30)]),
    ];
    // in a year that is known for good: Morocco gave its changes up in 2026, which not every machine has heard of
    let scene = Scene::at(HandClock::at("2025-01-02T10:00:00Z".parse().unwrap()));
    let mut series = Vec::new();
    for (zone, times) in cases {
        let Some(oracle) = Zdump::of(zone).map(Arc::new) else { return };
        for (hour, minute) in times {
            let local = scene.sunday(zone).at(hour, minute, 0, 0);
            let text = format!("{} at {hour}h{minute}", zone.rsplit('/').next().unwrap());
            let when = json!({ "local": local, "zone": zone });
            let repeated = scene.repeat(&text, "FREQ=WEEKLY;BYDAY=SU", &when);
            assert_eq!(repeated["posts"], json!(scene.count(&text)), "what it says is what is there");
            series.push((text, local, Arc::clone(&oracle)));
        }
    }
    // more posts follow by themselves as time goes by
    for _ in 0..6 {
        let before = scene.count(&series[0].0);
        scene.clock.sleep_through(60 * DAY);
        let last = &series.last().unwrap().0;
        until("the series went on", PATIENCE, || (scene.count(last) >= before + 8).then_some(()));
    }
    let mut jumped = 0;
    for (text, first, oracle) in &series {
        let posts = scene.posts(text);
        assert!(posts.len() > 52, "{text}: a year of posts, not {}", posts.len());
        for (week, (_, local, at)) in posts.iter().enumerate() {
            assert_eq!(*local, *first + i64::try_from(week).unwrap().weeks(), "{text}: week {week}");
            assert_eq!(*at, oracle.instant(*local), "{text}: {local}");
            let shown = jiff::tz::TimeZone::UTC.to_datetime(*at + oracle.ahead(*at));
            jumped += usize::from(shown != *local);
        }
    }
    assert_eq!(jumped, 4, "once in Berlin and on Lord Howe, twice in Casablanca");
}

#[test]
fn one_is_left_out_one_says_something_else_and_the_rest_follows() {
    let scene = Scene::new();
    let zone = "Europe/Oslo";
    let when = json!({ "local": scene.sunday(zone).at(9, 0, 0, 0), "zone": zone });
    let repeated = scene.repeat("Sunday buns", "FREQ=WEEKLY;COUNT=6", &when);
    let posts: Vec<Value> = scene.posts("Sunday").into_iter().map(|(post, ..)| json!(post)).collect();
    assert_eq!(posts.len(), 6);
    let view = |post: &Value| scene.call("get_post", json!({ "post": post }));
    let edit = |post: &Value, text: &str| {
        let read = &view(post)["post"]["version"];
        scene.call("edit_draft", json!({ "post": post, "read": read, "draft": scene.draft(text) }))
    };
    // the third is left out
    scene.call("delete_post", json!({ "post": posts[2] }));
    // the fifth says something of its own
    let own = edit(&posts[4], "Sunday cake");
    scene.call("sign_off", json!({ "post": posts[4], "read": own["version"] }));
    // from the second on they all say something else
    let second = edit(&posts[1], "Sunday rolls");
    assert_eq!(second["status"], "in_review");
    let all = scene.call("edit_series", json!({ "post": posts[1], "read": second["version"] }));
    assert_eq!(all["posts"], 3, "the second, the fourth, the sixth");
    let said = |post: &Value| view(post)["post"]["draft"]["base"]["parts"][0]["text"].clone();
    let texts: Vec<Value> = posts.iter().map(said).collect();
    let [buns, rolls] = ["Sunday buns", "Sunday rolls"];
    assert_eq!(json!(texts), json!([buns, rolls, buns, rolls, "Sunday cake", rolls]));
    assert_eq!(scene.count("Sunday"), 5);
    let waiting = [0, 1, 3, 4, 5].map(|at: usize| view(&posts[at])["post"]["status"].clone());
    assert!(waiting.iter().all(|status| status == "scheduled"), "{waiting:?}");
    // the list knows it, and a restart does not make what was left out
    let series = scene.call("list_series", json!({}));
    assert_eq!(
        (&series[0]["title"], &series[0]["to_come"], &series[0]["ended"]),
        (&json!(rolls), &json!(5), &json!(true))
    );
    assert_eq!(series[0]["series"], repeated["series"]);
    scene.clock.sleep_through(2 * DAY);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(scene.count("Sunday"), 5);
    // whoever takes everything along takes the rhythm along
    let exported = scene.call("export_all", json!({}));
    let all: Value = serde_json::from_slice(&std::fs::read(exported["path"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(all["series"][0]["rule"], "FREQ=WEEKLY;COUNT=6");
    assert_eq!(all["posts"][0]["place"]["series"], repeated["series"]);
    // it ends behind the fourth; z brings back what that took away
    let stopped = scene.call("stop_series", json!({ "series": repeated["series"], "after": posts[3] }));
    assert_eq!((&stopped["posts"], scene.count("Sunday")), (&json!(2), 3));
    scene.call("undo", json!({ "undo": stopped["undo"] }));
    assert_eq!(scene.count("Sunday"), 5);
    // its time comes and goes; then it is off the list
    scene.call("stop_series", json!({ "series": repeated["series"], "after": null }));
    assert_eq!((scene.count("Sunday"), scene.call("list_series", json!({}))), (0, json!([])));
}

#[test]
fn a_series_that_cannot_go_on_says_why_and_goes_on_when_it_can() {
    let scene = Scene::new();
    let when = json!({ "local": scene.sunday("Europe/Oslo").at(9, 0, 0, 0), "zone": "Europe/Oslo" });
    scene.repeat("Forever fresh", "FREQ=WEEKLY", &when);
    let before = scene.count("Forever");
    let account = scene.account.clone();
    let removed = scene.call("remove_account", json!({ "account": account }));
    scene.clock.sleep_through(Duration::from_secs(8));
    // the account comes back before it is forgotten, but the series was asked in between
    scene.call("undo", json!({ "undo": removed["undo"] }));
    scene.call("remove_account", json!({ "account": account }));
    scene.clock.sleep_through(30 * DAY);
    let halted = until("the series says why", PATIENCE, || {
        let series = scene.call("list_series", json!({}));
        series[0]["halted"].as_str().map(str::to_owned)
    });
    assert!(halted.contains("removed"), "{halted}");
    assert_eq!(scene.call("get_today", json!({}))["halted"][0]["title"], "Forever fresh");
    let by_hand =
        json!({ "network": "linkedin", "handle": "Harbour Bakery", "url": "", "premium": false, "account": account });
    scene.call("add_by_hand", by_hand);
    scene.clock.sleep_through(DAY);
    until("it went on", PATIENCE, || (scene.count("Forever") > before).then_some(()));
    assert_eq!(scene.call("list_series", json!({}))[0]["halted"], Value::Null);
    assert_eq!(scene.call("get_today", json!({}))["halted"], json!([]));
}

#[test]
fn a_rhythm_is_shown_before_anything_is_written_and_what_is_wrong_is_said() {
    let scene = Scene::new();
    let berlin = |local: &str| json!({ "local": local, "zone": "Europe/Berlin" });
    let preview =
        |rule: &str, local: &str| scene.laptop.call("preview_series", json!({ "rule": rule, "when": berlin(local) }));
    let daily = preview("FREQ=DAILY;COUNT=200", "2027-01-01T02:30:00").unwrap();
    assert_eq!((daily["first"].as_array().unwrap().len(), &daily["count"]), (6, &json!(200)));
    let jump = json!([{ "local": "2027-03-28T02:30:00", "at": "2027-03-28T01:00:00Z", "mark": "gap" }]);
    assert_eq!(daily["clock_changes"], jump);
    assert_eq!(daily["last"]["local"], "2027-07-19T02:30:00");
    // the first time is the first that the rule leads to
    let tuesdays = preview("FREQ=WEEKLY;BYDAY=TU", "2027-01-01T09:00:00").unwrap();
    assert_eq!((&tuesdays["first"][0]["local"], &tuesdays["count"]), (&json!("2027-01-05T09:00:00"), &Value::Null));
    for (rule, why) in [
        ("FREQ=HOURLY", "FREQ is DAILY"),
        ("every tuesday", "NAME=VALUE"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "leads to no day"),
    ] {
        let refused = preview(rule, "2027-01-01T09:00:00").unwrap_err();
        assert!(refused.message.contains(why), "{rule}: {}", refused.message);
    }
    let written = scene.write("Never");
    let repeat =
        json!({ "post": written["post"], "read": 1, "rule": "FREQ=DAILY", "when": berlin("2020-01-01T09:00:00") });
    let refused = scene.laptop.call("repeat_post", repeat).unwrap_err();
    assert!(refused.message.contains("passed"), "{}", refused.message);
    assert_eq!(scene.call("list_series", json!({})), json!([]));
}
