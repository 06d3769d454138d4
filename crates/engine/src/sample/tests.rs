use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use contract::posts::ImageSize;
use contract::program::Publishing;
use domain::hash::ContentHash;
use domain::id::JobId;
use domain::job::{Job, JobState};
use domain::network::Network;
use domain::post::{Post, PostStatus};
use domain::text::ImageFacts;
use domain::{Key, content_violations};
use networks::page::Page;
use networks::{Adapter, CallError};
use store::Order;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::*;
use crate::engine::Shared;
use crate::ports::{
    Clock, Entropy, Keyring, KeyringError, NetworkSettings, Networks, NoEntropy, Notice, Notifier, Opener, Programs,
};

#[derive(Debug)]
struct Stopped {
    now: Timestamp,
    zone: &'static str,
}

#[async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn uptime(&self) -> Duration {
        Duration::ZERO
    }
    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
    fn zone(&self) -> String {
        self.zone.to_owned()
    }
}

/// A world that the sample must not touch.
#[derive(Debug)]
struct OutOfReach;

impl Entropy for OutOfReach {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.fill(0x5a);
        Ok(())
    }
}

impl Keyring for OutOfReach {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        panic!("the sample asked the keyring")
    }
    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeyringError> {
        panic!("the sample wrote to the keyring")
    }
    fn delete(&self, _: &str) -> Result<(), KeyringError> {
        panic!("the sample deleted from the keyring")
    }
}

#[async_trait]
impl Networks for OutOfReach {
    async fn read_page(&self, _: &str) -> Result<Page, CallError> {
        panic!("the sample read a page")
    }
    fn adapter(&self, _: Network) -> Option<Arc<dyn Adapter>> {
        panic!("the sample called a network")
    }
    fn team_server(&self, _: &str) -> remote::Server {
        panic!("the sample called a server for teams")
    }
    fn configure(&self, _: &NetworkSettings) -> Result<(), String> {
        Ok(())
    }
}

impl Notifier for OutOfReach {
    fn show(&self, notice: Notice) {
        panic!("the sample notified: {notice:?}")
    }
}

impl Opener for OutOfReach {
    fn open(&self, url: &str) -> Result<(), String> {
        panic!("the sample opened {url}")
    }
}

impl Programs for OutOfReach {
    fn find(&self, name: &str) -> Option<std::path::PathBuf> {
        panic!("the sample looked for {name}")
    }
}

fn ports(now: &str, zone: &'static str) -> Ports {
    Ports {
        clock: Arc::new(Stopped { now: now.parse().unwrap(), zone }),
        entropy: Arc::new(OutOfReach),
        keyring: Arc::new(OutOfReach),
        networks: Arc::new(OutOfReach),
        notifier: Arc::new(OutOfReach),
        opener: Arc::new(OutOfReach),
        programs: Arc::new(OutOfReach),
    }
}

const SUNDAY_MORNING: &str = "2026-11-22T08:46:00Z";

type Painted = (Picture, Vec<u8>, Vec<u8>, Media);

/// A filled profile; painting takes seconds without optimisation, so all tests share the pictures.
async fn filled(folder: &Path, posts: usize, ports: &Ports, progress: impl Fn(usize)) -> Shared {
    static PAINTED: tokio::sync::OnceCell<Vec<Painted>> = tokio::sync::OnceCell::const_new();
    let painted = PAINTED.get_or_init(async || {
        let unpack = |(picture, taken): (Picture, Taken)| (picture, taken.bytes, taken.preview, taken.media);
        paint().await.unwrap().into_iter().map(unpack).collect()
    });
    let pack = |(picture, bytes, preview, media): &Painted| {
        (*picture, Taken { media: media.clone(), bytes: bytes.clone(), preview: preview.clone(), first_only: false })
    };
    let painted = painted.await.iter().map(pack).collect();
    let engine = host::open(folder, true, ports, &broadcast::channel(1).0).await.unwrap();
    tell(&engine, posts, painted, progress).await.unwrap_or_else(|error| panic!("{error:?}"));
    engine
}

async fn reopened(folder: &Path, ports: &Ports) -> Shared {
    host::open(folder, false, ports, &broadcast::channel(1).0).await.unwrap()
}

async fn all_posts(engine: &Engine) -> Vec<(Post, Vec<Job>)> {
    let (mut posts, mut after) = (Vec::new(), None);
    loop {
        let page = engine.store.posts_page(&PostFilter::default(), Order::Changed, after, 1_000).await.unwrap();
        for row in page.rows {
            let Ok(Record::Post(post)) = engine.record(Key::Post(row.id)).await else { panic!("listed, not there") };
            let jobs = engine.store.jobs_of_post(post.id).await.unwrap();
            posts.push((post, jobs));
        }
        after = page.next;
        if after.is_none() {
            return posts;
        }
    }
}

/// What must be true of any profile, and of a sample besides.
async fn check(engine: &Engine) -> BTreeMap<PostStatus, usize> {
    engine.store.verify().await.unwrap();
    let accounts = engine.accounts().await.unwrap();
    assert!(accounts.values().all(|account| account.sample && !account.can_publish()));
    let mut counts = BTreeMap::new();
    let (mut remotes, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for (post, jobs) in all_posts(engine).await {
        *counts.entry(post.status).or_insert(0) += 1;
        assert!(post.created_at < post.updated_at && post.updated_at <= engine.now(), "{post:?}");
        let delivered: Vec<_> = jobs.iter().map(|job| job.account).collect();
        assert_eq!(post.deliveries, delivered, "a delivery for every job: {post:?}");
        let current = post.schedule.as_ref().and_then(|schedule| ContentHash::of(&post.draft, schedule.at));
        for job in &jobs {
            assert_eq!(job.id, JobId::of(post.id, job.account));
            let signed = post.sign_off.as_ref().unwrap();
            assert_eq!(job.hash, signed.hash);
            assert_eq!(Some(job.hash) == current, post.status != PostStatus::InReview, "{post:?}");
            assert_eq!(job.parts.len(), post.draft.content_for(job.account).unwrap().outgoing().count());
            for part in &job.parts {
                assert!(keys.insert((job.account, part.key.clone())), "a key was used twice");
                assert_eq!(part.remote.is_some(), job.state == JobState::Published);
                let Some(remote) = &part.remote else { continue };
                assert!(remote.url.starts_with("https://") && remote.url.contains(".example"), "{}", remote.url);
                assert!(remotes.insert(remote.url.clone()), "one address twice: {}", remote.url);
                assert!(job.finished_at.unwrap() <= engine.now());
            }
        }
        for target in &post.draft.targets {
            let content = post.draft.content_for(target.account).unwrap();
            obeys_rules(engine, accounts.get(&target.account).unwrap(), content, post.text_is_empty()).await;
        }
    }
    counts
}

trait Empty {
    fn text_is_empty(&self) -> bool;
}

impl Empty for Post {
    fn text_is_empty(&self) -> bool {
        self.draft.base.is_blank()
    }
}

async fn obeys_rules(engine: &Engine, account: &Account, content: &Content, blank: bool) {
    let images = content.parts.iter().flat_map(|part| &part.images);
    let ids: Vec<_> = images.map(|image| image.media).collect();
    let media: BTreeMap<_, _> =
        engine.store.media(&ids).await.unwrap().into_iter().map(|media| (media.id, media)).collect();
    let broken = content_violations(account, content, |image| {
        let media = media.get(&image.media).unwrap();
        let (mime, alt) = (media.kind.mime(), image.alt.as_str());
        Some(ImageFacts { alt, bytes: media.bytes, mime, width: media.width, height: media.height, video: None })
    });
    assert_eq!(broken.is_empty(), !blank, "{broken:?} in {content:?}");
    for part in &content.parts {
        assert!(!part.text.contains(['{', '}']), "unfilled: {}", part.text);
    }
}

#[tokio::test]
async fn a_newcomer_meets_one_of_everything() {
    let folder = TempDir::new().unwrap();
    let ports = ports(SUNDAY_MORNING, "Europe/Oslo");
    let begun = Instant::now();
    fill(folder.path(), POSTS, &ports, |_| {}).await.unwrap();
    println!("{POSTS} posts in {:?}", begun.elapsed());
    let engine = reopened(folder.path(), &ports).await;
    assert!(engine.sample);
    assert_eq!(engine.publishing(), Publishing::Sample);
    let counts = check(&engine).await;
    println!("{counts:?}");
    assert_eq!(counts.values().sum::<usize>(), POSTS);
    for (status, least, most) in [
        (PostStatus::Draft, 8, 30),
        (PostStatus::InReview, 3, 3),
        (PostStatus::Scheduled, 20, 50),
        (PostStatus::Held, 1, 1),
        (PostStatus::Published, 80, 120),
        (PostStatus::YourTurn, 1, 1),
        (PostStatus::Unsure, 1, 1),
        (PostStatus::Missed, 1, 1),
        (PostStatus::Failed, 1, 1),
        (PostStatus::Publishing, 0, 0),
    ] {
        let found = counts.get(&status).copied().unwrap_or(0);
        assert!((least..=most).contains(&found), "{status:?}: {found}");
    }
    let accounts = engine.accounts().await.unwrap();
    let ended = |account: &&Account| matches!(account.health, domain::account::Health::ReconnectNeeded { .. });
    assert_eq!(accounts.values().filter(ended).count(), 1);
    assert!(accounts.values().any(|account| account.ends_at.is_some_and(|ends| ends > engine.now())));

    let posts = all_posts(&engine).await;
    let texts: Vec<&str> = posts.iter().flat_map(|(post, _)| &post.draft.base.parts).map(|p| p.text.as_str()).collect();
    for sign in ["🥖", "Brot", "brød", "ميناء", "https://"] {
        assert!(texts.iter().any(|text| text.contains(sign)), "{sign}");
    }
    assert!(posts.iter().any(|(post, _)| post.draft.base.parts.len() > 2), "a thread");
    let variants: Vec<_> =
        posts.iter().flat_map(|(post, _)| &post.draft.targets).filter_map(|t| t.variant.as_ref()).collect();
    assert!(variants.iter().any(|content| !content.content_warning.is_empty()), "a content warning");
    let titles: BTreeSet<String> = posts.iter().map(|(post, _)| post.draft.shown_title()).collect();
    assert!(titles.len() > POSTS / 2, "only {} different titles", titles.len());

    let media = engine.store.all_media().await.unwrap();
    let (films, images): (Vec<&Media>, Vec<&Media>) = media.iter().partition(|media| media.video.is_some());
    let (crops, whole): (Vec<&Media>, Vec<&Media>) = images.into_iter().partition(|media| media.made_from.is_some());
    assert_eq!((whole.len(), crops.len(), films.len()), (Picture::ALL.len(), 1, 1));
    assert!(
        films.iter().all(|film| film.video.is_some_and(|video| video.duration_ms == 6_000) && !film.alt.is_empty())
    );
    assert!(crops.iter().all(|crop| crop.width == crop.height && !crop.alt.is_empty()), "a square");
    for media in media {
        for size in [ImageSize::Full, ImageSize::Preview, ImageSize::Thumb] {
            assert!(images::load(folder.path(), media.id, size).unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn every_hour_and_any_number_of_posts_makes_a_sample() {
    for (now, zone, posts) in [
        ("2026-11-22T11:00:00Z", "Europe/Oslo", 0),
        // midnight, and the last minute of a year
        ("2026-11-21T23:00:00Z", "Europe/Oslo", 1),
        ("2026-12-31T23:59:00Z", "UTC", 12),
        // noon sharp: a slot of the day is just now
        ("2026-07-15T10:00:00Z", "Europe/Oslo", 70),
        // clocks change on this day, and the date line is far
        ("2026-10-25T00:30:00Z", "Europe/Oslo", 40),
        ("2027-03-14T09:30:00Z", "America/New_York", 40),
        ("2026-06-01T00:00:00Z", "Pacific/Kiritimati", 40),
    ] {
        let folder = TempDir::new().unwrap();
        let ports = ports(now, zone);
        println!("{now} in {zone}, {posts} posts");
        let engine = filled(folder.path(), posts, &ports, |_| {}).await;
        assert_eq!(check(&engine).await.values().sum::<usize>(), posts, "{now}");
        assert_eq!(engine.zone(), if zone == "UTC" { HOME } else { zone });
    }
}

#[tokio::test]
async fn the_same_moment_gives_the_same_sample() {
    let ports = ports(SUNDAY_MORNING, "Europe/Oslo");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let folder = TempDir::new().unwrap();
        let engine = filled(folder.path(), 60, &ports, |_| {}).await;
        seen.push(all_posts(&engine).await);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_profile_in_use_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let ports = ports(SUNDAY_MORNING, "Europe/Oslo");
    let engine = reopened(folder.path(), &ports).await;
    let post = PostId::new(engine.fresh_id().unwrap());
    engine.mutate(Mutation::CreatePost { post, draft: Draft::default() }).await.unwrap();
    drop(engine);
    let error = fill(folder.path(), 10, &ports, |_| {}).await.unwrap_err();
    assert_eq!(error.code, Code::BadRequest);
    let engine = reopened(folder.path(), &ports).await;
    assert!(!engine.sample);
    assert_eq!(all_posts(&engine).await.len(), 1);
}

#[tokio::test]
async fn an_open_sample_is_filled_once() {
    let folder = TempDir::new().unwrap();
    let ports = ports(SUNDAY_MORNING, "Europe/Oslo");
    let engine = filled(folder.path(), 20, &ports, |_| {}).await;
    let first = all_posts(&engine).await;
    fill_if_empty(&engine, 20).await.unwrap();
    assert_eq!(first, all_posts(&engine).await);
    assert_eq!(first.len(), 20);
}

/// `SENDOFF_POSTS=10000 cargo test -p engine sample -- --nocapture` measures an ordinary profile.
#[tokio::test]
async fn many_posts_are_made_while_one_waits() {
    let posts: u64 = std::env::var("SENDOFF_POSTS").map_or(2_000, |posts| posts.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let ports = ports(SUNDAY_MORNING, "Europe/Oslo");
    let begun = Instant::now();
    let steps = std::sync::Mutex::new(Vec::new());
    let posts_wanted = usize::try_from(posts).unwrap();
    let engine = filled(folder.path(), posts_wanted, &ports, |done| steps.lock().unwrap().push(done)).await;
    println!("{posts} posts in {:?}", begun.elapsed());
    let steps = steps.into_inner().unwrap();
    assert!(steps.is_sorted() && steps.len() >= posts_wanted / BATCH && steps.last() == Some(&posts_wanted));
    let counts = engine.store.counts_by_status().await.unwrap();
    println!("{counts:?}");
    assert_eq!(counts.values().sum::<u64>(), posts);
    engine.store.verify().await.unwrap();
}

/// Writes the pictures where a person can look at them: `SENDOFF_PICTURES=/tmp/p cargo test -p engine pictures`.
#[test]
fn pictures_are_small_photographs() {
    for picture in Picture::ALL {
        let taken = picture.take().unwrap();
        assert_eq!((taken.media.width, taken.media.height), (1_080, 720));
        assert!(taken.media.bytes < 1_000_000, "{picture:?} has {} bytes", taken.media.bytes);
        if let Some(folder) = std::env::var_os("SENDOFF_PICTURES") {
            let path = Path::new(&folder).join(format!("{picture:?}.jpg"));
            std::fs::write(path, &taken.bytes).unwrap();
        }
    }
}
