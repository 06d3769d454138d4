//! Series, told by hand.

use domain::id::{PostId, SeriesId};
use domain::mutation::When;
use domain::post::{Post, PostStatus};
use domain::schedule::Fold;
use domain::series::{Ahead, Series};
use domain::{Key, Mutation, Record, Reject};
use jiff::civil::{DateTime, date};
use uuid::Uuid;

use crate::desk::{BLUESKY, Desk, MASTODON, desk, draft};

const SERIES: SeriesId = SeriesId::new(Uuid::from_u128(500));
const OTHER: SeriesId = SeriesId::new(Uuid::from_u128(501));
const BERLIN: &str = "Europe/Berlin";

/// The stories begin on Monday, 23 November 2026.
fn tuesday(week: i32) -> DateTime {
    date(2026, 11, 24).at(9, 0, 0, 0).checked_add(jiff::Span::new().weeks(week)).unwrap()
}

fn ahead(weeks: std::ops::Range<i32>) -> Ahead {
    Ahead { places: weeks.map(tuesday).collect(), complete: false }
}

impl Desk {
    fn start(&mut self, series: SeriesId, post: PostId, first: i32, ahead: Ahead) -> Mutation {
        let (read, keys) = (self.read(post).version, self.fresh_keys());
        let when = When { local: tuesday(first), zone: BERLIN.to_owned(), fold: Fold::First };
        Mutation::StartSeries { series, post, read, seen: None, rule: "FREQ=WEEKLY".to_owned(), when, ahead, keys }
    }

    /// A series of five Tuesdays.
    pub fn weekly(&mut self) -> PostId {
        let post = self.write(&["ada"], &[BLUESKY, MASTODON]);
        let start = self.start(SERIES, post, 0, ahead(1..5));
        self.does(&start);
        post
    }

    fn series(&self, id: SeriesId) -> Series {
        match &self.records[&Key::Series(id)] {
            Record::Series(series) => series.clone(),
            other => panic!("{other:?} under the key of a series"),
        }
    }

    fn at(&self, week: i32) -> Post {
        self.read(PostId::of(SERIES, tuesday(week)))
    }

    pub fn extend(&mut self, ahead: Ahead) -> Mutation {
        Mutation::ExtendSeries { series: SERIES, ahead, keys: self.fresh_keys() }
    }

    fn texts(&self, weeks: std::ops::Range<i32>) -> Vec<String> {
        weeks.map(|week| self.at(week).draft.base.parts[0].text.clone()).collect()
    }

    fn waits(&self, weeks: std::ops::Range<i32>) -> bool {
        weeks.map(|week| self.at(week)).all(|post| !post.deleted && post.status == PostStatus::Scheduled)
    }
}

#[test]
fn every_post_of_a_series_waits_signed_off_under_keys_of_its_own() {
    let world = &mut desk();
    let first = world.weekly();
    assert!(world.waits(1..5));
    assert_eq!(world.read(first).place.unwrap().local, tuesday(0));
    assert_eq!(world.at(4).place.unwrap().local, tuesday(4));
    let mut keys: Vec<String> = world.jobs().flat_map(|job| job.parts.iter().map(|part| part.key.clone())).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 10, "five posts for two accounts");
    let series = world.series(SERIES);
    assert_eq!((series.made.len(), series.until, series.ended), (5, tuesday(4), false));
}

#[test]
fn nine_in_berlin_stays_nine_in_berlin() {
    let world = &mut desk();
    let post = world.write(&["ada"], &[BLUESKY]);
    let start = world.start(SERIES, post, 0, ahead(17..19));
    world.does(&start);
    // 2027-03-28: the clock goes from two to three
    let due = |week| world.at(week).schedule.unwrap().at.to_string();
    assert_eq!([due(17), due(18)], ["2027-03-23T08:00:00Z", "2027-03-30T07:00:00Z"]);
}

#[test]
fn places_that_are_not_in_order_are_refused_and_nothing_is_written() {
    let world = &mut desk();
    let post = world.write(&["ada"], &[BLUESKY]);
    for places in [vec![tuesday(0)], vec![tuesday(2), tuesday(1)], vec![tuesday(1), tuesday(1)]] {
        let start = world.start(SERIES, post, 0, Ahead { places, complete: false });
        assert_eq!(world.refuses(&start), Reject::BadRule);
    }
    let start = world.start(SERIES, post, 0, ahead(1..202));
    assert!(matches!(world.refuses(&start), Reject::TooLong { limit: 200, .. }));
    assert!(!world.records.contains_key(&Key::Series(SERIES)));
    assert_eq!(world.read(post).status, PostStatus::Draft);
}

#[test]
fn a_series_goes_on_and_makes_no_post_twice() {
    let world = &mut desk();
    world.weekly();
    world.does(&Mutation::DeletePost { post: PostId::of(SERIES, tuesday(3)) });
    let on = world.extend(Ahead { complete: true, ..ahead(5..7) });
    world.does(&on);
    assert!(world.waits(5..7));
    assert!(world.at(3).deleted, "what was left out stays out");
    assert_eq!(world.at(6).sign_off.unwrap().by, world.series(SERIES).author);
    assert!(world.series(SERIES).ended);
    let on = world.extend(ahead(7..8));
    assert_eq!(world.refuses(&on), Reject::SeriesEnded);
}

#[test]
fn a_device_that_comes_too_late_makes_the_same_posts() {
    let world = &mut desk();
    world.weekly();
    let late = world.extend(ahead(5..7));
    let on = world.extend(ahead(5..7));
    world.does(&on);
    assert_eq!(world.refuses(&late), Reject::BadRule, "these places are made");
    let jobs = world.jobs().count();
    assert_eq!(jobs, 14);
}

#[test]
fn what_keeps_a_series_from_going_on_is_written_once_and_forgotten_when_it_does() {
    let world = &mut desk();
    world.weekly();
    world.does(&Mutation::RemoveAccount { account: MASTODON });
    let on = world.extend(ahead(5..6));
    world.does(&on);
    let why = Reject::AccountUnavailable { account: MASTODON };
    assert_eq!(world.series(SERIES).halted.as_deref(), Some(&why));
    assert_eq!(world.series(SERIES).until, tuesday(4));
    assert_eq!(world.refuses(&on), why);
    world.does(&Mutation::RestoreAccount { account: MASTODON });
    let on = world.extend(ahead(5..6));
    world.does(&on);
    assert_eq!(world.series(SERIES).halted, None);
    assert!(world.waits(5..6));
}

#[test]
fn a_change_of_all_that_follow_leaves_alone_what_was_changed_by_itself() {
    let world = &mut desk();
    let first = world.weekly();
    let own = PostId::of(SERIES, tuesday(3));
    let edit = world.edit_to(own, &["class"], &[BLUESKY]);
    world.does(&edit);
    let sign = world.sign(own);
    world.does(&sign);
    let edit = world.edit_to(first, &["bread"], &[BLUESKY, MASTODON]);
    world.does(&edit);
    let keys = world.fresh_keys();
    let all = Mutation::EditSeries { series: SERIES, after: tuesday(1), draft: world.read(first).draft, keys };
    let back = world.undoes(&all).unwrap();
    assert_eq!(world.texts(1..5), ["ada", "bread", "class", "bread"]);
    assert!(world.waits(1..5));
    assert_eq!(world.series(SERIES).draft, draft(&["bread"], &[BLUESKY, MASTODON]));
    world.does(&back);
    assert_eq!(world.texts(1..5), ["ada", "ada", "class", "ada"]);
    assert!(world.waits(1..5));
}

#[test]
fn the_end_of_a_series_deletes_what_follows_and_can_be_taken_back() {
    let world = &mut desk();
    world.weekly();
    world.does(&Mutation::DeletePost { post: PostId::of(SERIES, tuesday(4)) });
    let stop = Mutation::StopSeries { series: SERIES, after: tuesday(1) };
    let back = world.undoes(&stop).unwrap();
    assert!(world.waits(1..2) && (2..5).all(|week| world.at(week).deleted));
    assert!(world.series(SERIES).ended);
    assert_eq!(world.refuses(&stop), Reject::SeriesEnded);
    let again = world.undoes(&back).unwrap();
    assert!(world.waits(1..4));
    assert!(world.at(4).deleted, "it was deleted before");
    assert!(!world.series(SERIES).ended);
    world.does(&again);
    assert!((2..4).all(|week| world.at(week).deleted));
}

#[test]
fn what_comes_back_with_a_series_comes_under_keys_of_its_own() {
    let world = &mut desk();
    let post = world.write(&["ada", "bread", "class"], &[BLUESKY, MASTODON]);
    let start = world.start(SERIES, post, 0, ahead(1..4));
    world.does(&start);
    // shorter than what was signed off
    for week in 1..4 {
        let edit = world.edit_to(PostId::of(SERIES, tuesday(week)), &["ada"], &[BLUESKY]);
        world.does(&edit);
    }
    let back = world.undoes(&Mutation::StopSeries { series: SERIES, after: tuesday(0) }).unwrap();
    world.does(&back);
    let mut keys: Vec<String> = world.jobs().flat_map(|job| job.parts.iter().map(|part| part.key.clone())).collect();
    keys.sort();
    let all = keys.len();
    keys.dedup();
    assert_eq!((all, keys.len()), (24, 24), "three parts for two accounts, four times");
}

#[test]
fn what_is_on_its_way_stays_when_a_series_ends() {
    let world = &mut desk();
    let first = world.weekly();
    world.sends(first, BLUESKY);
    world.sends(first, MASTODON);
    world.does(&Mutation::StopSeries { series: SERIES, after: date(2026, 1, 1).at(0, 0, 0, 0) });
    assert_eq!((world.read(first).status, world.read(first).deleted), (PostStatus::Published, false));
    assert!((1..5).all(|week| world.at(week).deleted));
}

#[test]
fn the_start_of_a_series_is_taken_back_and_done_again() {
    let world = &mut desk();
    let post = world.write(&["ada"], &[BLUESKY]);
    let start = world.start(SERIES, post, 0, ahead(1..4));
    let back = world.undoes(&start).unwrap();
    let again = world.undoes(&back).unwrap();
    let draft = world.read(post);
    assert_eq!((draft.status, draft.schedule, draft.place), (PostStatus::Draft, None, None));
    assert!((1..4).all(|week| world.at(week).deleted));
    let back = world.undoes(&again).unwrap();
    assert!(world.waits(1..4));
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    world.does(&back);
    assert_eq!(world.read(post).status, PostStatus::Draft);
}

#[test]
fn another_rhythm_from_a_post_on_ends_the_old_one_there() {
    let world = &mut desk();
    world.weekly();
    let second = PostId::of(SERIES, tuesday(1));
    let start = world.start(OTHER, second, 1, Ahead { places: vec![tuesday(9)], complete: true });
    let back = world.undoes(&start).unwrap();
    assert!((2..5).all(|week| world.at(week).deleted), "the old ones are gone");
    assert!(world.series(SERIES).ended);
    assert_eq!(world.read(second).place.unwrap().series, OTHER);
    let later = PostId::of(OTHER, tuesday(9));
    assert_eq!(world.read(later).status, PostStatus::Scheduled);
    world.does(&back);
    assert!(world.waits(1..5));
    assert!(!world.series(SERIES).ended);
    assert_eq!(world.read(second).place.unwrap().series, SERIES);
    assert!(world.read(later).deleted);
}
