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
        review: None,
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
    let order = Order::Write { post: post_id(1), read: 1, draft: draft("Bre"), base: Box::new(draft("B")) };
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
    assert_eq!(
        pipeline.step(Event::RetryDue),
        [Order::Write { post: post_id(1), read: 4, draft: draft("abc"), base: Box::new(draft("a")) }]
    );
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
        [Order::Write { post: post_id(1), read: 1, draft: draft("aa"), base: Box::new(draft("a")) }]
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
        [Order::Write { post: post_id(1), read: 3, draft: draft("abc"), base: Box::new(draft("ab")) }]
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
    let order = Order::Write { post: post_id(1), read: 2, draft: draft("ab"), base: Box::new(draft("a")) };
    assert_eq!(pipeline.step(Event::Fetched(Ok(view(post(1, 2, "a"))))), [order]);

    pipeline.step(Event::Wrote(Err(stale())));
    assert_eq!(pipeline.step(Event::Fetched(Ok(view(post(1, 3, "theirs"))))), []);
    assert_eq!(pipeline.state(), SaveState::Conflict { theirs: Box::new(post(1, 3, "theirs")) });
    // typing goes on while the question stands
    assert_eq!(pipeline.step(Event::Edited(Box::new(draft("abc")))), []);
    let mut other = pipeline.clone();
    assert_eq!(
        pipeline.step(Event::Resolve(Choice::Mine)),
        [Order::Write { post: post_id(1), read: 3, draft: draft("abc"), base: Box::new(draft("theirs")) }]
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

/// As [`Pipeline::open`], in a team.
fn in_a_team(post: &Post) -> Pipeline {
    let mut pipeline = Pipeline::open(post);
    pipeline.write_together(true);
    pipeline
}

#[test]
fn in_a_team_the_words_of_both_stand_there_and_nobody_is_asked() {
    let mut pipeline = in_a_team(&post(1, 1, "Rye is back"));
    pipeline.step(Event::Edited(Box::new(draft("Rye is back on Friday"))));
    // Ben's words came while this was on its way
    assert_eq!(pipeline.step(Event::Observed(view(post(1, 2, "Fresh rye is back")))), []);
    assert_eq!(pipeline.step(Event::Wrote(Ok(written(3)))), [Order::Fetch { post: post_id(1) }]);
    pipeline.step(Event::Edited(Box::new(draft("Rye is back on Friday morning"))));
    let both = draft("Fresh rye is back on Friday morning");
    let base = draft("Fresh rye is back on Friday");
    let order = Order::Write { post: post_id(1), read: 3, draft: both.clone(), base: Box::new(base.clone()) };
    assert_eq!(pipeline.step(Event::Fetched(Ok(view(post(1, 3, "Fresh rye is back on Friday"))))), [order]);
    assert_eq!(pipeline.draft(), &both);
    pipeline.step(Event::Wrote(Ok(written(4))));
    assert_eq!(pipeline.state(), SaveState::Saved);
}

#[test]
fn the_same_words_are_sent_as_they_are_so_that_somebody_is_told_to_read_them() {
    let mut pipeline = in_a_team(&post(1, 1, "Open at nine"));
    pipeline.step(Event::Edited(Box::new(draft("Open at eight"))));
    pipeline.step(Event::Wrote(Err(full_disk())));
    // both changed the same word: nothing is mixed behind the back of whoever types
    pipeline.step(Event::Observed(view(post(1, 2, "Open at ten"))));
    assert_eq!(pipeline.draft(), &draft("Open at eight"));
    let order = Order::Write {
        post: post_id(1),
        read: 2,
        draft: draft("Open at eight"),
        base: Box::new(draft("Open at nine")),
    };
    assert_eq!(pipeline.step(Event::RetryDue), [order]);
    // what came of it is taken as soon as it is there
    assert_eq!(pipeline.step(Event::Wrote(Ok(written(3)))), []);
    pipeline.step(Event::Observed(view(post(1, 3, "Open at ten eight"))));
    assert_eq!(pipeline.draft(), &draft("Open at ten eight"));
}

#[test]
fn a_change_that_the_team_refused_is_taken_back_here_too() {
    let mut pipeline = in_a_team(&post(1, 4, "ours"));
    assert_eq!(pipeline.step(Event::Observed(view(post(1, 3, "theirs")))), [Order::Fetch { post: post_id(1) }]);
    assert_eq!(pipeline.state(), SaveState::Saved, "it is a look, and no saving");
    pipeline.step(Event::Fetched(Ok(view(post(1, 3, "theirs")))));
    assert_eq!((pipeline.draft(), pipeline.read()), (&draft("theirs"), 3));
    // an answer that was overtaken, on the other hand, changes nothing
    pipeline.step(Event::Edited(Box::new(draft("theirs and mine"))));
    pipeline.step(Event::Wrote(Ok(written(4))));
    assert_eq!(pipeline.step(Event::Observed(view(post(1, 3, "theirs")))), [Order::Fetch { post: post_id(1) }]);
    pipeline.step(Event::Fetched(Ok(view(post(1, 4, "theirs and mine")))));
    assert_eq!(pipeline.draft(), &draft("theirs and mine"));
}

/// What the program does with a write in a team.
fn take_in(store: &mut Post, base: &Draft, mine: &Draft) {
    store.draft = match store.draft == *base {
        true => mine.clone(),
        false => domain::merge::draft(base, mine, &store.draft).draft,
    };
    store.version += 1;
}

/// Two desks, one draft, a disk that fails, answers that come late: every word that somebody typed stands there once.
#[test]
fn two_desks_write_one_draft_and_every_word_stands_there_once() {
    let mut seed = 0x51ed_270b_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for round in 0..300 {
        let mut store = post(1, 1, "one two three four five six seven eight");
        let mut desks = [in_a_team(&store), in_a_team(&store)];
        let mut pending: [Vec<Order>; 2] = [Vec::new(), Vec::new()];
        let mut typed = Vec::new();
        for turn in 0..400 {
            let disturbed = turn < 60;
            let who = random(2);
            if disturbed && random(3) == 0 {
                let mut words: Vec<String> =
                    desks[who].draft().base.parts[0].text.split(' ').map(str::to_owned).collect();
                let word = format!("w{turn}");
                words.insert(random(words.len() + 1), word.clone());
                typed.push(word);
                let orders = desks[who].step(Event::Edited(Box::new(draft(&words.join(" ")))));
                pending[who].extend(orders);
            }
            let event = match (pending[who].is_empty(), random(3)) {
                (true, 0) => Event::Observed(view(store.clone())),
                (true, _) => continue,
                (false, _) => match pending[who].remove(0) {
                    Order::RetryIn { .. } => Event::RetryDue,
                    Order::Fetch { .. } if disturbed && random(5) == 0 => Event::Fetched(Err(full_disk())),
                    Order::Fetch { .. } => Event::Fetched(Ok(view(store.clone()))),
                    Order::Write { .. } if disturbed && random(5) == 0 => Event::Wrote(Err(full_disk())),
                    Order::Write { draft, base, .. } => {
                        take_in(&mut store, &base, &draft);
                        let answer = written(store.version);
                        // the other desk may be faster than the answer
                        if disturbed && random(4) == 0 {
                            let late = store.draft.clone();
                            store.version += 1;
                            let orders = desks[who].step(Event::Observed(view(Post { draft: late, ..store.clone() })));
                            pending[who].extend(orders);
                        }
                        Event::Wrote(Ok(answer))
                    }
                    order => panic!("not expected: {order:?}"),
                },
            };
            pending[who].extend(desks[who].step(event));
        }
        for desk in &mut desks {
            assert_eq!(desk.state(), SaveState::Saved, "round {round}");
            desk.step(Event::Observed(view(store.clone())));
            assert_eq!(desk.draft(), &store.draft, "round {round}");
        }
        let text = &store.draft.base.parts[0].text;
        for word in &typed {
            let count = text.split(' ').filter(|other| other == word).count();
            assert_eq!(count, 1, "round {round}: {word} in {text:?}");
        }
    }
}
