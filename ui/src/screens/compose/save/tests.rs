use contract::posts::{PostView, Written};
use contract::{ApiError, Code};
use domain::Reject;
use domain::id::{PersonId, PostId};
use domain::post::{Content, Draft, Post, PostStatus};
use jiff::Timestamp;
use uuid::Uuid;

use super::pipeline::{Act, Choice, Event, Order, Pipeline, SaveState, back_off_ms};

fn draft(text: &str) -> Draft {
    Draft { base: Content::text(text), ..Draft::default() }
}

fn post_id(number: u128) -> PostId {
    PostId::new(Uuid::from_u128(number))
}

fn post(number: u128, version: u32, text: &str) -> Post {
    Post {
        id: post_id(number),
        author: PersonId::new(Uuid::from_u128(7)),
        draft: draft(text),
        schedule: None,
        place: None,
        sign_off: None,
        held: false,
        merge: None,
        status: PostStatus::Draft,
        version,
        deliveries: Vec::new(),
        deleted: false,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn view(post: Post) -> Box<PostView> {
    Box::new(PostView { post, jobs: Vec::new(), media: Vec::new(), signed: false, series: None, idea: None })
}

fn written(version: u32) -> Written {
    Written { post: post_id(1), version, status: PostStatus::Draft, undo: None }
}

fn stale() -> ApiError {
    ApiError::from(Reject::Stale { read: 1, current: 2 })
}

fn full_disk() -> ApiError {
    ApiError::new(Code::DiskFull, "The disk is full.")
}

#[test]
fn the_first_character_creates_the_post_and_the_next_ones_write_it_one_at_a_time() {
    let mut pipeline = Pipeline::new(draft(""));
    assert_eq!(pipeline.state(), SaveState::Blank);
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("B")))), [Order::Create { draft: draft("B") }]);
    // typed while the first write is on its way: nothing more is sent
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("Br")))), []);
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("Bre")))), []);
    assert_eq!(pipeline.state(), SaveState::Saving);
    // the newest wins, those between are never written
    let order = Order::Write { post: post_id(1), read: 1, draft: draft("Bre") };
    assert_eq!(pipeline.step(Event::Wrote(Ok(written(1)))), [order]);
    assert_eq!(pipeline.step(Event::Wrote(Ok(written(2)))), []);
    assert_eq!(pipeline.state(), SaveState::Saved);
    assert!(pipeline.is_settled());
}

#[test]
fn a_failed_write_says_so_and_is_tried_again_more_and_more_slowly() {
    let mut pipeline = Pipeline::open(&post(1, 4, "a"));
    pipeline.step(Event::Edited(Box::new(draft("ab"))));
    assert_eq!(pipeline.step(Event::Wrote(Err(full_disk()))), [Order::RetryIn { ms: 500 }]);
    assert_eq!(pipeline.state(), SaveState::NotSaved { error: full_disk(), again: true });
    // typing goes on and is not lost; the retry carries the newest text
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("abc")))), []);
    assert_eq!(pipeline.step(Event::RetryDue), [Order::Write { post: post_id(1), read: 4, draft: draft("abc") }]);
    assert_eq!(pipeline.step(Event::Wrote(Err(full_disk()))), [Order::RetryIn { ms: 1_000 }]);
    assert!(!pipeline.is_settled());
    pipeline.step(Event::RetryNow);
    // a timer of an earlier failure does nothing
    assert_eq!(pipeline.step(Event::RetryDue), []);
    pipeline.step(Event::Wrote(Ok(written(5))));
    assert_eq!(pipeline.state(), SaveState::Saved);
    assert_eq!(back_off_ms(1_000), 30_000);
}

#[test]
fn a_refused_text_is_not_offered_again_until_it_changes() {
    let too_long = || ApiError::from(Reject::TooLong { field: domain::reject::Field::Text, measured: 3, limit: 2 });
    let mut pipeline = Pipeline::open(&post(1, 1, "a"));
    pipeline.step(Event::Edited(Box::new(draft("aaa"))));
    assert_eq!(pipeline.step(Event::Wrote(Err(too_long()))), []);
    assert_eq!(pipeline.state(), SaveState::NotSaved { error: too_long(), again: false });
    assert_eq!(pipeline.draft(), &draft("aaa"));
    assert_eq!(
        pipeline.step(Event::Edited(Box::new(draft("aa")))),
        [Order::Write { post: post_id(1), read: 1, draft: draft("aa") }]
    );
    // it was shortened while the long one was on its way
    pipeline.step(Event::Edited(Box::new(draft("a"))));
    assert_eq!(pipeline.step(Event::Wrote(Err(too_long()))), []);
    assert_eq!(pipeline.state(), SaveState::Saved);
}

#[test]
fn an_act_waits_for_the_text_and_names_the_version_that_holds_it() {
    let mut pipeline = Pipeline::open(&post(1, 1, "a"));
    pipeline.step(Event::Edited(Box::new(draft("ab"))));
    assert_eq!(pipeline.step(Event::Asked(Act::PublishNow)), []);
    assert_eq!(
        pipeline.step(Event::Wrote(Ok(written(2)))),
        [Order::Act { post: post_id(1), read: 2, act: Act::PublishNow }]
    );
    // typed while it is being scheduled: written after it, over the new version
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("abc")))), []);
    let scheduled = Written { status: PostStatus::Scheduled, ..written(3) };
    assert_eq!(
        pipeline.step(Event::Acted(Ok(scheduled))),
        [Order::Write { post: post_id(1), read: 3, draft: draft("abc") }]
    );
    assert_eq!(pipeline.status(), PostStatus::Scheduled);
}

#[test]
fn a_post_that_does_not_exist_is_created_before_it_is_scheduled() {
    let mut pipeline = Pipeline::new(draft("ready"));
    assert_eq!(pipeline.step(Event::Asked(Act::PublishNow)), [Order::Create { draft: draft("ready") }]);
    let act = Order::Act { post: post_id(1), read: 1, act: Act::PublishNow };
    assert_eq!(pipeline.step(Event::Wrote(Ok(written(1)))), [act]);
}

#[test]
fn nothing_is_scheduled_behind_a_person_s_back_after_a_failed_write() {
    let mut pipeline = Pipeline::open(&post(1, 1, "a"));
    pipeline.step(Event::Edited(Box::new(draft("ab"))));
    pipeline.step(Event::Asked(Act::PublishNow));
    pipeline.step(Event::Wrote(Err(full_disk())));
    assert_eq!(pipeline.refused(), Some(&full_disk()));
    pipeline.step(Event::RetryDue);
    assert_eq!(pipeline.step(Event::Wrote(Ok(written(2)))), []);
}

#[test]
fn another_time_is_no_conflict_but_another_text_is() {
    let mut pipeline = Pipeline::open(&post(1, 1, "a"));
    pipeline.step(Event::Edited(Box::new(draft("ab"))));
    assert_eq!(pipeline.step(Event::Wrote(Err(stale()))), [Order::Fetch { post: post_id(1) }]);
    let order = Order::Write { post: post_id(1), read: 2, draft: draft("ab") };
    assert_eq!(pipeline.step(Event::Fetched(Ok(view(post(1, 2, "a"))))), [order]);

    pipeline.step(Event::Wrote(Err(stale())));
    assert_eq!(pipeline.step(Event::Fetched(Ok(view(post(1, 3, "theirs"))))), []);
    assert_eq!(pipeline.state(), SaveState::Conflict { theirs: Box::new(post(1, 3, "theirs")) });
    // typing goes on while the question stands
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("abc")))), []);
    let mut other = pipeline.clone();
    assert_eq!(
        pipeline.step(Event::Resolve(Choice::Mine)),
        [Order::Write { post: post_id(1), read: 3, draft: draft("abc") }]
    );
    assert_eq!(other.step(Event::Resolve(Choice::Theirs)), []);
    assert_eq!(other.draft(), &draft("theirs"));
}

#[test]
fn a_change_from_elsewhere_is_shown_only_where_nothing_was_typed() {
    let mut pipeline = Pipeline::open(&post(1, 1, "a"));
    pipeline.step(Event::Observed(view(post(1, 2, "theirs"))));
    assert_eq!(pipeline.draft(), &draft("theirs"));
    pipeline.step(Event::Edited(Box::new(draft("mine"))));
    pipeline.step(Event::Observed(view(post(1, 3, "more"))));
    assert_eq!(pipeline.draft(), &draft("mine"));
    // an answer that was overtaken changes nothing
    pipeline.step(Event::Wrote(Ok(written(3))));
    pipeline.step(Event::Observed(view(post(1, 2, "theirs"))));
    assert_eq!(pipeline.draft(), &draft("mine"));
}

#[test]
fn a_text_without_a_post_becomes_a_post_of_its_own() {
    let mut pipeline = Pipeline::open(&post(1, 1, "a"));
    pipeline.step(Event::Edited(Box::new(draft("ab"))));
    pipeline.step(Event::Wrote(Err(ApiError::from(Reject::NotFound))));
    assert!(matches!(pipeline.state(), SaveState::NotSaved { again: false, .. }));
    assert_eq!(pipeline.step(Event::Detach), [Order::Create { draft: draft("ab") }]);
    pipeline.step(Event::Wrote(Ok(Written { post: post_id(2), ..written(1) })));
    assert_eq!(pipeline.post(), Some(post_id(2)));
    assert!(pipeline.is_settled());
}

/// A store that fails, that another writer uses too, and a person who types at any moment: what is stored in the end is
/// what was typed last, or the person was asked.
#[test]
fn whatever_happens_the_last_text_is_stored_or_shown_as_not_stored() {
    let mut seed = 0x2545_f491_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..500 {
        let mut store = post(1, 1, "start");
        let mut pipeline = Pipeline::open(&store);
        let mut pending: Vec<Order> = Vec::new();
        let mut typed = "start".to_owned();
        let mut history = vec![draft("start")];
        let calm_after = 60;
        for turn in 0..200 {
            let disturbed = turn < calm_after;
            if disturbed && random(2) == 0 {
                typed = format!("text {round}.{turn}");
                pending.extend(pipeline.step(Event::Edited(Box::new(draft(&typed)))));
            }
            if disturbed && random(15) == 0 {
                store.version += 1;
                if random(2) == 0 {
                    store.draft = draft(&format!("elsewhere {turn}"));
                }
            }
            if pending.is_empty() {
                if let SaveState::Conflict { .. } = pipeline.state() {
                    typed.clone_from(&pipeline.draft().base.parts[0].text);
                    pending.extend(pipeline.step(Event::Resolve(Choice::Mine)));
                }
                continue;
            }
            let event = match pending.remove(0) {
                Order::RetryIn { .. } => Event::RetryDue,
                Order::Fetch { .. } => Event::Fetched(Ok(view(store.clone()))),
                Order::Write { .. } if disturbed && random(4) == 0 => Event::Wrote(Err(full_disk())),
                Order::Write { read, .. } if read != store.version => Event::Wrote(Err(stale())),
                Order::Write { draft, .. } => {
                    history.push(draft.clone());
                    store.draft = draft;
                    store.version += 1;
                    Event::Wrote(Ok(written(store.version)))
                }
                order => panic!("not expected: {order:?}"),
            };
            pending.extend(pipeline.step(event));
            let writes = pending.iter().filter(|order| !matches!(order, Order::RetryIn { .. })).count();
            assert!(writes <= 1, "two writes at once");
        }
        assert_eq!(pipeline.state(), SaveState::Saved, "round {round}");
        assert!(history.contains(&draft(&typed)), "round {round}: {typed} was never stored");
        pipeline.step(Event::Observed(view(store.clone())));
        assert_eq!(&store.draft, pipeline.draft(), "round {round}");
    }
}
