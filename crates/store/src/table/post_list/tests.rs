use std::collections::BTreeSet;

use domain::Record;
use domain::post::{Content, Merge, Post};
use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::tests::{Laptop, account_id, now, persona_id, planned, post, post_id};

fn day(n: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * n)
}

/// Two weeks of a bakery: every state, two personas, three accounts, some without a time, many changed in one instant.
fn fortnight() -> Vec<Post> {
    (0..60u128)
        .map(|n| {
            let number = i64::try_from(n).unwrap();
            let accounts: &[u128] = [&[1][..], &[2, 1], &[3], &[]][usize::try_from(n % 4).unwrap()];
            let mut post = planned(n, &format!("bread number {n}"), day(number / 4 - 7), accounts);
            if n % 5 == 0 {
                post.schedule = None;
            }
            post.status = PostStatus::ALL[usize::try_from(n % 8).unwrap()];
            post.draft.persona = (n % 3 > 0).then(|| persona_id(n % 3));
            post.deleted = n % 11 == 10;
            post.updated_at = now() - SignedDuration::from_secs(number / 6);
            post
        })
        .collect()
}

/// What a filter means, said once more without SQL. Texts aside.
fn is_in(filter: &PostFilter, post: &Post) -> bool {
    let due = post.schedule.as_ref().map(|schedule| schedule.at);
    post.deleted == filter.deleted
        && (filter.statuses.is_empty() || filter.statuses.contains(&post.status))
        && (filter.personas.is_empty() || post.draft.persona.is_some_and(|id| filter.personas.contains(&id)))
        && (filter.accounts.is_empty() || post.draft.targets.iter().any(|t| filter.accounts.contains(&t.account)))
        && filter.from.is_none_or(|from| due.is_some_and(|due| due >= from))
        && filter.to.is_none_or(|to| due.is_some_and(|due| due < to))
}

fn sorted(mut posts: Vec<Post>, order: Order) -> Vec<PostId> {
    let due = |post: &Post| post.schedule.as_ref().map_or(Timestamp::MAX, |schedule| schedule.at);
    match order {
        Order::Changed => posts.sort_by_key(|post| std::cmp::Reverse((post.updated_at, post.id))),
        Order::DueFirst => posts.sort_by_key(|post| (due(post), post.id)),
        Order::DueLast => posts.sort_by_key(|post| std::cmp::Reverse((due(post), post.id))),
    }
    posts.into_iter().map(|post| post.id).collect()
}

async fn all_pages(store: &Store, filter: &PostFilter, order: Order, limit: u32) -> Vec<PostId> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = store.posts_page(filter, order, after, limit).await.unwrap();
        assert!(page.rows.len() <= limit as usize);
        found.extend(page.rows.into_iter().map(|row| row.id));
        match page.next {
            // a cursor travels as text
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return found,
        }
    }
}

#[tokio::test]
async fn every_filter_in_every_order_pages_through_exactly_its_posts() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let posts = fortnight();
    store.put(posts.iter().cloned().map(Record::Post)).await;
    let some = |n: u128, count: u128| n & (1 << count) != 0;
    for n in 0..64u128 {
        let filter = PostFilter {
            text: None,
            statuses: if some(n, 0) { vec![PostStatus::Draft, PostStatus::Unsure] } else { Vec::new() },
            personas: if some(n, 1) { vec![persona_id(1)] } else { Vec::new() },
            accounts: if some(n, 2) { vec![account_id(1), account_id(3)] } else { Vec::new() },
            from: some(n, 3).then(|| day(-3)),
            to: some(n, 4).then(|| day(4)),
            deleted: some(n, 5),
        };
        let expected: Vec<Post> = posts.iter().filter(|post| is_in(&filter, post)).cloned().collect();
        assert_eq!(store.posts_count(&filter).await.unwrap(), expected.len() as u64, "{filter:?}");
        for order in [Order::Changed, Order::DueFirst, Order::DueLast] {
            let found = all_pages(&store, &filter, order, 7).await;
            assert_eq!(found, sorted(expected.clone(), order), "{filter:?} {order:?}");
        }
    }
}

#[tokio::test]
async fn a_calendar_is_all_posts_with_a_time_between_two_instants() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let posts = fortnight();
    store.put(posts.iter().cloned().map(Record::Post)).await;
    let found = store.posts_between(day(-2), day(2), &PostFilter::default()).await.unwrap();
    let filter = PostFilter { from: Some(day(-2)), to: Some(day(2)), ..PostFilter::default() };
    let expected: Vec<Post> = posts.into_iter().filter(|post| is_in(&filter, post)).collect();
    assert!(!expected.is_empty());
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), sorted(expected, Order::DueFirst));
}

#[tokio::test]
async fn a_row_is_what_a_list_shows() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let mut post = planned(1, "\nfirst line\nsecond", day(1), &[3, 1, 2]);
    post.draft.persona = Some(persona_id(7));
    post.version = 12;
    store.put([Record::Post(post.clone())]).await;
    let row = store.posts_page(&PostFilter::default(), Order::Changed, None, 10).await.unwrap().rows.remove(0);
    let expected = PostRow {
        id: post.id,
        title: String::new(),
        first_line: "first line".to_owned(),
        status: PostStatus::Scheduled,
        due_at: Some(day(1)),
        zone: Some("Europe/Oslo".to_owned()),
        persona: Some(persona_id(7)),
        accounts: vec![account_id(3), account_id(1), account_id(2)],
        created_at: now(),
        updated_at: now(),
        version: 12,
        deleted: false,
        repeats: false,
        snippet: Vec::new(),
    };
    assert_eq!(row, expected);
    post.draft.targets.remove(0);
    store.put([Record::Post(post)]).await;
    let rows = store.posts_page(&PostFilter::default(), Order::Changed, None, 10).await.unwrap().rows;
    assert_eq!(rows[0].accounts, [account_id(1), account_id(2)]);
}

fn searching(text: &str) -> PostFilter {
    PostFilter { text: Some(text.to_owned()), ..PostFilter::default() }
}

async fn bakery() -> (Laptop, Store) {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let texts = [
        "Fresh sourdough at nine, café opens at ten",
        "Don't miss the rye: #brot @ada.example says \"wow\"",
        "パンが焼けました 🥖 AI活用",
        "🥐🥐 croissants (C++ jokes inside)",
    ];
    store.put((1..).zip(texts).map(|(n, text)| Record::Post(post(n, text)))).await;
    (laptop, store)
}

#[tokio::test]
async fn search_finds_what_a_person_means() {
    let (_laptop, store) = bakery().await;
    let find = async |text: &str| -> Vec<u128> {
        let page = store.posts_page(&searching(text), Order::Changed, None, 10).await.unwrap();
        assert_eq!(store.posts_count(&searching(text)).await.unwrap(), page.rows.len() as u64);
        let mut found: Vec<u128> = page.rows.iter().map(|row| row.id.uuid().as_u128()).collect();
        found.sort_unstable();
        found
    };
    for (text, expected) in [
        ("sour", &[1][..]),
        ("SOURDOUGH fresh", &[1]),
        ("cafe", &[1]),
        ("ope", &[1]),
        ("sourdough opens a", &[1]),
        ("at sour", &[1]),
        ("fres sourdough", &[]),
        ("sour opens", &[]),
        ("#brot", &[2]),
        ("@ada.example", &[2]),
        ("don't", &[2]),
        ("\"wow\"", &[2]),
        ("パン", &[3]),
        ("焼け", &[3]),
        ("🥖", &[3]),
        ("🥐🥐 joke", &[4]),
        ("🥖🥖", &[]),
        ("パけ", &[]),
        ("パンが🥖", &[]),
        ("焼けました 🥖", &[3]),
        ("ai活用", &[3]),
        ("i活", &[3]),
        ("b活用", &[]),
        ("9,", &[]),
        ("c++", &[4]),
        ("NOT rye", &[]),
        ("rye OR sourdough", &[]),
        ("", &[1, 2, 3, 4]),
        ("  \n", &[1, 2, 3, 4]),
        ("!!!", &[]),
    ] {
        assert_eq!(find(text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_snippet_shows_the_hit_in_its_place() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let mut long = post(1, &format!("{} the rye is ready, {}", "before ".repeat(200), "after ".repeat(200)));
    long.draft.title = "Saturday".to_owned();
    store.put([Record::Post(long)]).await;
    let snippet =
        store.posts_page(&searching("rye rea"), Order::Changed, None, 10).await.unwrap().rows.remove(0).snippet;
    let hits: Vec<&str> = snippet.iter().filter(|part| part.hit).map(|part| part.text.as_str()).collect();
    assert_eq!(hits, ["rye", "ready"]);
    let whole: String = snippet.iter().map(|part| part.text.as_str()).collect();
    assert!(whole.starts_with('…') && whole.contains("the rye is ready") && whole.len() < 200, "{whole}");
    let in_title =
        store.posts_page(&searching("satur"), Order::Changed, None, 10).await.unwrap().rows.remove(0).snippet;
    assert_eq!(in_title, [SnippetPart { text: "Saturday".to_owned(), hit: true }]);

    let (_laptop, store) = bakery().await;
    for text in ["ンが", "が焼 🥖"] {
        let row = store.posts_page(&searching(text), Order::Changed, None, 10).await.unwrap().rows.remove(0);
        assert!(row.snippet.iter().any(|part| part.hit && text.starts_with(&part.text)), "{:?}", row.snippet);
    }
}

#[tokio::test]
async fn a_damaged_index_is_made_anew_and_loses_nothing() {
    let (_laptop, store) = bakery().await;
    let damage = async || {
        let connection = store.writer.lock().await.connection().await.unwrap();
        let broken = "UPDATE post_fts_data SET block = x'00000000ffffffffff' WHERE id > 10";
        assert!(connection.execute_unprepared(broken).await.unwrap().rows_affected() > 0);
    };
    let rye = searching("rye");
    damage().await;
    assert_eq!(store.posts_page(&rye, Order::Changed, None, 10).await.unwrap().rows.len(), 1);
    damage().await;
    assert_eq!(store.posts_count(&rye).await.unwrap(), 1);
    damage().await;
    assert_eq!(store.posts_between(day(-1), day(1), &rye).await.unwrap(), []);
    damage().await;
    store.put([Record::Post(post(2, "more rye")), Record::Post(post(9, "rye again"))]).await;
    assert_eq!(store.posts_count(&rye).await.unwrap(), 2);
    store.verify().await.unwrap();
}

#[test]
fn a_cursor_is_text_and_bad_text_is_none() {
    let cursor = Cursor { at: -5, post: post_id(1) };
    assert_eq!(cursor.to_string().parse(), Ok(cursor));
    for bad in ["", "_", "1", "x_00000000-0000-0000-0000-000000000001", "1_x", "1_2_3"] {
        assert_eq!(bad.parse::<Cursor>(), Err(BadId), "{bad}");
    }
}

#[tokio::test]
async fn every_list_walks_an_index_in_order() {
    let (_laptop, store) = bakery().await;
    let all = PostFilter {
        text: Some("rye 🥖".to_owned()),
        statuses: vec![PostStatus::Draft],
        personas: vec![persona_id(1)],
        accounts: vec![account_id(1)],
        from: Some(now()),
        to: Some(now()),
        deleted: false,
    };
    for filter in [PostFilter::default(), searching("rye"), all] {
        for order in [Order::Changed, Order::DueFirst, Order::DueLast] {
            let mut query = Query::new(&filter, order.index());
            query.and(order.behind(), [5.into(), "".into()]);
            let plan = store.plan(query.page(order, Some(50))).await;
            assert!(plan.contains(&format!("SEARCH p USING INDEX {} (deleted=? AND", order.index())), "{plan}");
            assert!(!plan.contains("FOR ORDER BY") && !plan.contains("SCAN p"), "{plan}");
        }
        let plan = store.plan(Query::new(&filter, Order::Changed.index()).count()).await;
        assert!(plan.contains("SEARCH p USING") && !plan.contains("SCAN p"), "{plan}");
    }
    let counts = "SELECT status, count(*) FROM post WHERE deleted = 0 GROUP BY status";
    let plan = store.plan(Statement::from_string(DbBackend::Sqlite, counts)).await;
    assert!(plan.contains("USING COVERING INDEX post_by_status (deleted=?)"), "{plan}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One profile for all cases would be faster and would hide which one broke it.
    #[test]
    fn no_text_is_an_error(texts in proptest::collection::vec(any::<String>(), 1..20), hostile in r#"["*^:(){}+\-,.|&~ \x00-\x1fANDORTNE]{0,60}"#) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_laptop, store) = bakery().await;
            for text in texts.iter().chain([&hostile]) {
                store.put([Record::Post(Post { draft: domain::post::Draft { base: Content::text(text.as_str()), ..Default::default() }, ..post(50, "") })]).await;
                store.posts_page(&searching(text), Order::Changed, None, 10).await.unwrap();
                store.posts_count(&searching(text)).await.unwrap();
            }
        });
    }
}

#[tokio::test]
async fn merges_that_nobody_read_are_found_by_their_index() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let mut posts: Vec<Post> = (0..5).map(|n| post(n, &format!("bread number {n}"))).collect();
    for (n, post) in posts.iter_mut().enumerate().filter(|(n, _)| *n > 2) {
        let draft = || Box::new(post.draft.clone());
        post.merge = Some(Box::new(Merge {
            by: post.author,
            at: now(),
            base: *draft(),
            mine: *draft(),
            theirs: *draft(),
            earlier: Vec::new(),
        }));
        post.deleted = n == 4;
    }
    store.put(posts.iter().cloned().map(Record::Post)).await;
    assert_eq!(store.merged_posts().await.unwrap(), BTreeSet::from([post_id(3)]));
    let plan =
        store.plan(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, crate::table::post::MERGED)).await;
    assert!(plan.contains("INDEX post_merged"), "{plan}");
    posts[3].merge = None;
    store.put([Record::Post(posts[3].clone())]).await;
    assert!(store.merged_posts().await.unwrap().is_empty());
}
