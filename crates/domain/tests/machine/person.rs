//! A person who writes, plans, changes their mind and decides.

use domain::account::Health;
use domain::id::{AccountId, PostId, SeriesId};
use domain::job::{Decision, Job, JobState, plus};
use domain::mutation::{PostsChange, When};
use domain::post::{Content, Draft, Part, Post, Target};
use domain::schedule::{Fold, Schedule};
use domain::series::Ahead;
use domain::{Mutation, Reject};

use crate::essence;
use crate::run::Broken;
use crate::world::World;

/// Few, so that a text is often changed back to what was signed.
const WORDS: [&str; 3] = ["ada", "bread", "class"];
const POSTS_MAX: usize = 3;

impl World {
    pub fn act(&mut self) -> Result<(), Broken> {
        let posts: Vec<Post> = self.posts().cloned().collect();
        let post = self.random.pick(&posts).cloned();
        let Some(post) = post.filter(|_| posts.len() >= POSTS_MAX || !self.random.percent(20)) else {
            let post = PostId::new(self.fresh());
            let draft = self.draft();
            self.mutate(&Mutation::CreatePost { post, draft })?.ok();
            return self.plan(post);
        };
        if post.deleted {
            let keys = self.fresh_keys();
            return self.mutate(&Mutation::RestorePost { post: post.id, keys }).map(|_| ());
        }
        match self.random.below(100) {
            0..=24 => self.edit(&post),
            25..=39 => self.plan(post.id),
            40..=51 => {
                let keys = self.fresh_keys();
                self.do_and_maybe_undo(
                    post.id,
                    &Mutation::SignOff { post: post.id, read: post.version, seen: None, keys },
                )
            }
            52..=54 if post.place.is_none() => self.repeat(&post),
            52..=54 => self.change_series(&post),
            55..=59 => self.do_and_maybe_undo(post.id, &Mutation::Unschedule { post: post.id }),
            60..=65 => self.do_and_maybe_undo(post.id, &Mutation::DeletePost { post: post.id }),
            66..=74 => self.change_account(),
            75..=80 => self.hold_or_resume(&post),
            81..=84 => self.change_many(&post),
            _ => self.decide(),
        }
    }

    fn draft(&mut self) -> Draft {
        let mut accounts: Vec<AccountId> = self.accounts().map(|account| account.id).collect();
        match self.random.below(4) {
            0 => drop(accounts.pop()),
            1 => drop(accounts.remove(0)),
            _ => {}
        }
        let variant = self.random.percent(20).then(|| self.content());
        let targets = accounts
            .into_iter()
            .enumerate()
            .map(|(number, account)| Target { account, variant: variant.clone().filter(|_| number == 0) });
        let targets = targets.collect();
        Draft { base: self.content(), targets, ..Draft::default() }
    }

    fn content(&mut self) -> Content {
        let parts = 1 + self.random.below(3) / 2;
        let text = |world: &mut Self| (*world.random.pick(&WORDS).unwrap()).to_owned();
        let wait = |world: &mut Self| if world.random.percent(30) { 60 * world.random.below(90) } else { 0 };
        let part = |world: &mut Self| Part {
            text: text(world),
            wait_s: u32::try_from(wait(world)).unwrap(),
            ..Part::default()
        };
        let parts = (0..parts).map(|_| part(self)).collect();
        let first_comment = if self.random.percent(15) { text(self) } else { String::new() };
        Content { parts, first_comment, ..Content::default() }
    }

    fn edit(&mut self, post: &Post) -> Result<(), Broken> {
        let signed = self.signed.get(&post.id).and_then(|all| all.last()).map(|(_, draft)| draft.clone());
        let draft = match signed {
            // back to what was signed: the hash fits again
            Some(draft) if self.random.percent(40) => draft,
            _ if self.random.percent(20) => self.draft(),
            _ => {
                let mut draft = post.draft.clone();
                draft.base.parts[0].text = (*self.random.pick(&WORDS).unwrap()).to_owned();
                draft
            }
        };
        self.do_and_maybe_undo(post.id, &Mutation::EditDraft { post: post.id, read: post.version, draft, since: None })
    }

    fn plan(&mut self, post: PostId) -> Result<(), Broken> {
        let ahead = match self.random.below(4) {
            0 => self.random.between(-90, 5),
            1 | 2 => self.random.between(5, 300),
            _ => self.random.between(300, 3 * 3_600),
        };
        let at = plus(self.shown(), ahead);
        let Ok(schedule) = Schedule::at_instant(at, "Europe/Oslo") else { return Ok(()) };
        let when = When { local: schedule.local, zone: schedule.zone, fold: Fold::First };
        let Some(read) = self.post(post).map(|post| post.version) else { return Ok(()) };
        let keys = self.fresh_keys();
        self.do_and_maybe_undo(post, &Mutation::SchedulePost { post, read, seen: None, when, keys })
    }

    /// Every hour, three more times.
    fn repeat(&mut self, post: &Post) -> Result<(), Broken> {
        let at = plus(self.shown(), self.random.between(5, 3_600));
        let Ok(first) = Schedule::at_instant(at, "Europe/Oslo") else { return Ok(()) };
        let hours = |n: i64| first.local.checked_add(jiff::Span::new().hours(n)).unwrap();
        let ahead = Ahead { places: (1..4).map(hours).collect(), complete: self.random.percent(50) };
        let when = When { local: first.local, zone: first.zone, fold: Fold::First };
        let (series, keys) = (SeriesId::new(self.fresh()), self.fresh_keys());
        let rule = "FREQ=DAILY".to_owned();
        let start =
            Mutation::StartSeries { series, post: post.id, read: post.version, seen: None, rule, when, ahead, keys };
        self.do_and_maybe_undo(post.id, &start)
    }

    fn change_series(&mut self, post: &Post) -> Result<(), Broken> {
        let Some(place) = &post.place else { return Ok(()) };
        let after = place.local.checked_sub(jiff::Span::new().seconds(1)).unwrap();
        let mutation = if self.random.percent(50) {
            let keys = self.fresh_keys();
            Mutation::EditSeries { series: place.series, after, draft: self.draft(), keys }
        } else {
            Mutation::StopSeries { series: place.series, after }
        };
        self.do_and_maybe_undo(post.id, &mutation)
    }

    fn hold_or_resume(&mut self, post: &Post) -> Result<(), Broken> {
        let change = if post.held { PostsChange::Resume } else { PostsChange::Hold };
        let keys = self.fresh_keys();
        self.do_and_maybe_undo(
            post.id,
            &Mutation::ChangePosts { posts: vec![post.id], change, seen: Default::default(), keys },
        )
    }

    /// One thing done to all posts; what it does not suit stays as it is.
    fn change_many(&mut self, post: &Post) -> Result<(), Broken> {
        let change = match self.random.below(6) {
            0 => PostsChange::Shift { days: i32::try_from(self.random.between(-1, 2)).unwrap() },
            1 => {
                let ahead = self.random.between(-90, 3_600);
                let Ok(at) = Schedule::at_instant(plus(self.shown(), ahead), "Europe/Oslo") else { return Ok(()) };
                PostsChange::MoveTo { when: When { local: at.local, zone: at.zone, fold: Fold::First } }
            }
            2 => PostsChange::Unschedule,
            3 => PostsChange::Delete,
            4 => PostsChange::Hold,
            _ => PostsChange::Resume,
        };
        let posts = self.posts().map(|post| post.id).collect();
        let keys = self.fresh_keys();
        self.do_and_maybe_undo(post.id, &Mutation::ChangePosts { posts, change, seen: Default::default(), keys })
    }

    fn change_account(&mut self) -> Result<(), Broken> {
        let accounts: Vec<AccountId> = self.accounts().map(|account| account.id).collect();
        let Some(account) = self.random.pick(&accounts).copied() else { return Ok(()) };
        let mutation = match self.random.below(8) {
            0 => Mutation::RemoveAccount { account },
            1..=3 => Mutation::RestoreAccount { account },
            4 => Mutation::RecordHealth { account, health: Health::ReconnectNeeded { since: self.shown() } },
            5 | 6 => Mutation::RecordHealth { account, health: Health::Healthy },
            _ => Mutation::SetGrace { account, grace_s: u32::try_from(self.random.below(3_600)).unwrap() },
        };
        self.mutate(&mutation).map(|_| ())
    }

    /// Looks at the profile, then says what they see.
    fn decide(&mut self) -> Result<(), Broken> {
        let asks = |job: &&Job| matches!(job.state, JobState::Unsure | JobState::Missed | JobState::Refused);
        let jobs: Vec<Job> = self.jobs().filter(asks).cloned().collect();
        let Some(job) = self.random.pick(&jobs).cloned() else { return Ok(()) };
        let key = job.next_part().map(|next| job.parts[next].key.clone()).unwrap_or_default();
        let there = self.networks[&job.account].visible(self.now, &key);
        let decision = match there {
            Some(remote) if job.state == JobState::Unsure && self.random.percent(80) => {
                Decision::ItIsThere { url: remote.url }
            }
            _ if self.random.percent(60) => Decision::PublishNow,
            _ => Decision::Skip,
        };
        self.seen.decisions += 1;
        let keys = self.fresh_keys();
        self.mutate(&Mutation::Decide { job: job.id, decision, seen: None, keys }).map(|_| ())
    }

    /// Does it, and now and then takes it back at once: then everything must be as it was.
    fn do_and_maybe_undo(&mut self, post: PostId, mutation: &Mutation) -> Result<(), Broken> {
        // a person does not do two things in one instant
        self.pass(1);
        let before = essence::of(self, post);
        let waiting = self.jobs().filter(|job| job.post == post && job.state.is_open());
        let starts: Vec<_> = waiting.map(Job::latest_start).collect();
        // a resumed post asks about each delivery that is late by then
        let of_each = matches!(mutation, Mutation::ChangePosts { .. });
        let latest = if of_each { starts.iter().min() } else { starts.iter().max() }.copied();
        let Ok((_, back)) = self.mutate_with_inverse(mutation)? else { return Ok(()) };
        let Some(back) = back.filter(|_| self.random.percent(25)) else { return Ok(()) };
        self.pass(1_000);
        let back = back.with_keys(self.fresh_keys());
        // of many, those stay as they are that would be refused by themselves
        let gone = |world: &Self| {
            let targets = world.post(post).map(|post| post.draft.targets.clone()).unwrap_or_default();
            targets.iter().any(|target| world.account(target.account).removed)
        };
        let due = before.as_ref().and_then(essence::Essence::due);
        let passed = due.is_some_and(|due| plus(due, 60) < self.shown());
        let left = matches!(back, Mutation::PutBackPosts { .. }) && (passed || gone(self));
        match self.mutate(&back)? {
            Ok(_) => {
                self.seen.undone += 1;
                let after = essence::of(self, post);
                // what waited may have become too late in the meantime
                let waited = before.as_ref().is_some_and(essence::Essence::waits);
                let too_late = waited && latest.is_some_and(|latest| latest < self.shown());
                if before != after && !too_late && !left {
                    let what = format!("{} undone by {}: {before:?} became {after:?}", mutation.name(), back.name());
                    return Err(self.broken(what));
                }
                Ok(())
            }
            // the old time lies in the past by now
            Err(Reject::InThePast | Reject::AlreadySent) => Ok(()),
            Err(Reject::AccountUnavailable { .. })
                if matches!(back, Mutation::SchedulePost { .. } | Mutation::PutBackPosts { .. }) =>
            {
                Ok(())
            }
            Err(reject) => Err(self.broken(format!("{} cannot be undone: {reject:?}", mutation.name()))),
        }
    }
}
