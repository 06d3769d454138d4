//! An ordinary profile has ten thousand posts. Times are printed as multiples of the cheapest question there is, because
//! machines differ; what is asserted are plans and results.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::Future;
use std::time::{Duration, Instant};

use domain::job::JobState;
use domain::post::{Post, PostStatus};
use domain::{Key, Record, Step};
use jiff::SignedDuration;

use super::{Laptop, account_id, commit, job, now, persona_id, planned, post_id};
use crate::{Commit, Order, PostFilter, Store};

const POSTS: u128 = 10_000;

const WORDS: [&str; 24] = [
    "rye",
    "sourdough",
    "crumb",
    "oven",
    "starter",
    "levain",
    "crust",
    "flour",
    "water",
    "salt",
    "morning",
    "market",
    "bakery",
    "croissant",
    "brötchen",
    "recipe",
    "today",
    "tomorrow",
    "fresh",
    "loaf",
    "slice",
    "butter",
    "queue",
    "window",
];

/// A year of work: most of it published, some of it ahead, texts of some three hundred characters.
fn ordinary(n: u128) -> (Post, domain::job::Job) {
    let day = i64::try_from(n).unwrap() - 9_000;
    let due = now() + SignedDuration::from_mins(day * 53);
    let mut seed = u64::try_from(n).unwrap() + 1;
    let words = (0..44).map(|_| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[usize::try_from(seed >> 40).unwrap() % WORDS.len()]
    });
    let mut text: Vec<&str> = words.chain(["bread"]).collect();
    let number = format!("number{n}");
    text.push(&number);
    let mut post = planned(n, &text.join(" "), due, &[n % 5, 5 + n % 3]);
    post.draft.persona = Some(persona_id(n % 4));
    post.updated_at = due - SignedDuration::from_hours(48);
    post.status = match n % 100 {
        0 => PostStatus::Draft,
        1 => PostStatus::Failed,
        _ if n < 9_000 => PostStatus::Published,
        _ => PostStatus::Scheduled,
    };
    let mut job = job(&post, n % 5, due);
    if post.status != PostStatus::Scheduled {
        job.state = JobState::Published;
    }
    (post, job)
}

async fn ordinary_profile() -> (Laptop, Store) {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let records = (0..POSTS).map(ordinary).flat_map(|(post, job)| [Record::Post(post), Record::Job(job)]);
    store.put(records).await;
    (laptop, store)
}

async fn median<T>(mut ask: impl FnMut() -> T) -> Duration
where
    T: Future,
{
    let mut times = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        ask().await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[10]
}

fn filter(change: impl FnOnce(&mut PostFilter)) -> PostFilter {
    let mut filter = PostFilter::default();
    change(&mut filter);
    filter
}

fn searching(text: &str) -> PostFilter {
    filter(|filter| filter.text = Some(text.to_owned()))
}

#[tokio::test]
async fn ten_thousand_posts_are_an_ordinary_profile() {
    let (laptop, store) = ordinary_profile().await;
    let one = median(|| store.setting("nothing")).await;
    println!("{:<44} {:>7.2} ms   1.0 x", "a setting that is not there", one.as_secs_f64() * 1e3);
    let report = |name: &str, time: Duration| {
        let ratio = time.as_secs_f64() / one.as_secs_f64();
        println!("{name:<44} {:>7.2} ms {ratio:>5.1} x", time.as_secs_f64() * 1e3);
    };

    let month = (now() - SignedDuration::from_hours(24 * 15), now() + SignedDuration::from_hours(24 * 15));
    let all_filters = filter(|filter| {
        filter.statuses = vec![PostStatus::Scheduled, PostStatus::Failed];
        filter.personas = vec![persona_id(1)];
        filter.accounts = vec![account_id(1), account_id(2)];
    });
    let filters = [
        ("everything", PostFilter::default(), POSTS),
        ("one rare state", filter(|filter| filter.statuses = vec![PostStatus::Failed]), POSTS / 100),
        ("a state that nothing is in", filter(|filter| filter.statuses = vec![PostStatus::Unsure]), 0),
        ("one account", filter(|filter| filter.accounts = vec![account_id(6)]), 3_333),
        ("an account without posts", filter(|filter| filter.accounts = vec![account_id(99)]), 0),
        ("two states, a persona, two accounts", all_filters.clone(), 220),
        ("deleted", filter(|filter| filter.deleted = true), 0),
        ("a word in every post", searching("bread"), POSTS),
        ("two words in every post, one unfinished", searching("bread numb"), POSTS),
        ("two letters", searching("br"), POSTS),
        ("a word in one post", searching("number4711"), 1),
        ("a word in no post", searching("pumpernickel"), 0),
        ("a sign in no post", searching("🥖"), 0),
        ("what the index has no words for", searching("!!!"), 0),
    ];
    for (name, filter, _) in &filters {
        for (order, suffix) in [(Order::Changed, "by change"), (Order::DueFirst, "by time")] {
            report(&format!("page: {name}, {suffix}"), median(|| store.posts_page(filter, order, None, 50)).await);
        }
        report(&format!("count: {name}"), median(|| store.posts_count(filter)).await);
    }
    for (name, filter, expected) in &filters {
        let found = u128::from(store.posts_count(filter).await.unwrap());
        let nearly = found == *expected || (*expected == 220 && found > 0 && found < 1_000);
        assert!(nearly, "{name}: {found} instead of {expected}");
    }
    let all = PostFilter::default();
    let deep = {
        let mut after = None;
        for _ in 0..9 {
            after = store.posts_page(&all, Order::Changed, after, 1_000).await.unwrap().next;
        }
        after
    };
    report("page: everything, after nine thousand", median(|| store.posts_page(&all, Order::Changed, deep, 50)).await);
    for (name, text) in [("a word in every post", "bread"), ("two letters", "br"), ("two words", "rye oven")] {
        report(&format!("titles first: {name}"), median(|| store.posts_found(text, 20)).await);
    }
    report("calendar: a month", median(|| store.posts_between(month.0, month.1, &all)).await);
    report("counts by state", median(|| store.counts_by_status()).await);
    report("a post", median(|| store.record(Key::Post(post_id(4_711)))).await);
    report("deliveries of a post", median(|| store.jobs_of_post(post_id(4_711))).await);
    report("open deliveries, 100", median(|| store.open_jobs(100)).await);
    report("next due", median(|| store.next_due()).await);
    report("deliveries to look at, none", median(|| store.jobs_to_look_at(month.0, 100)).await);
    report("deliveries unsure", median(|| store.jobs_in_state(JobState::Unsure)).await);
    report("the last mutation", median(|| store.log_entry(1)).await);

    let mut version = 1;
    let keystroke = median(|| {
        version += 1;
        type_one_letter(&store, version)
    });
    report("a keystroke, stored", keystroke.await);

    let size = std::fs::metadata(laptop.database()).unwrap().len();
    let start = Instant::now();
    store.backup(now()).await.unwrap();
    report(&format!("a backup of {} MB, checked", size >> 20), start.elapsed());
    store.close().await;
    let start = Instant::now();
    let store = laptop.open().await;
    report("opening, with the check", start.elapsed());
    store.close().await;
}

async fn type_one_letter(store: &Store, version: u32) {
    let key = Key::Post(post_id(4_711));
    store
        .mutate(|set| match set.get(key) {
            Some(Some(Record::Post(old))) => {
                let mut post = Post { version, ..old.clone() };
                post.draft.base.parts[0].text.push('x');
                Step::Done(Ok::<_, Infallible>(Commit { coalesce: true, ..commit(vec![Record::Post(post)]) }))
            }
            _ => Step::Need(BTreeSet::from([key])),
        })
        .await
        .unwrap()
        .unwrap();
}
