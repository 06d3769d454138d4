//! The save pipeline: every change is stored at once, one write at a time, and the newest text wins.
//!
//! Pure: events go in, orders come out, and the state that a person sees follows from nothing else. Writes that name the
//! version they read (schedule, publish, sign off) go through the same queue, after everything that was typed before them.
//!
//! In a team the same draft is written on other desks too. A write says what it was made of, so that the program keeps the words
//! of others; what they wrote meanwhile is then brought into what is typed here.

use contract::posts::{PostView, Written};
use contract::{ApiError, Code};
use domain::Reject;
use domain::id::PostId;
use domain::merge::{self, MergedDraft};
use domain::mutation::When;
use domain::post::{Draft, Post, PostStatus};

/// A write besides the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Schedule(When),
    PublishNow,
    SignOff,
    Unschedule,
    /// At the next free time of the queues that take it.
    Queue,
    /// By a rule of RFC 5545, from a first time on.
    Repeat {
        rule: String,
        when: When,
    },
    /// This and all that follow in its series.
    SignOffAll,
    /// What came of two changes was read.
    SettleMerge,
}

/// What the driver has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    Create {
        draft: Draft,
    },
    Write {
        post: PostId,
        read: u32,
        draft: Draft,
        /// What it was made of.
        base: Box<Draft>,
    },
    Act {
        post: PostId,
        read: u32,
        act: Act,
    },
    Fetch {
        post: PostId,
    },
    /// Call [`Event::RetryDue`] after so many milliseconds.
    RetryIn {
        ms: u32,
    },
}

#[derive(Debug)]
pub enum Event {
    Edited(Box<Draft>),
    Wrote(Result<Written, ApiError>),
    Asked(Act),
    Acted(Result<Written, ApiError>),
    Fetched(Result<Box<PostView>, ApiError>),
    /// The program showed this post again, after something changed.
    Observed(Box<PostView>),
    RetryDue,
    RetryNow,
    Resolve(Choice),
    /// Store what stands here as a post of its own.
    Detach,
    /// The post was deleted: nothing of it is written any more.
    Discard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Mine,
    Theirs,
}

/// What is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Idle,
    Writing(Box<Draft>),
    Acting(Act),
    /// Looking at what was changed elsewhere; the text that could not be written.
    Comparing,
    /// Both texts stand; a person chooses.
    Conflict(Box<Post>),
}

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was typed yet.
    Blank,
    Saved,
    Saving,
    /// It is only here. `again`: the program tries again by itself.
    NotSaved {
        error: ApiError,
        again: bool,
    },
    Conflict {
        theirs: Box<Post>,
    },
}

#[derive(Debug, Clone)]
pub struct Pipeline {
    post: Option<PostId>,
    read: u32,
    status: PostStatus,
    stored: Draft,
    current: Draft,
    phase: Phase,
    wanted: Option<Act>,
    trouble: Option<ApiError>,
    /// Why the last act was not done.
    refused: Option<ApiError>,
    failures: u32,
    retry_set: bool,
    /// Others write here too: what they change is brought together with what is typed here.
    together: bool,
    /// The newest version that was shown while something was on its way.
    glimpsed: u32,
}

impl Pipeline {
    /// A post that does not exist yet; it is created with the first change of `draft`.
    pub fn new(draft: Draft) -> Self {
        Self {
            post: None,
            read: 0,
            status: PostStatus::Draft,
            stored: draft.clone(),
            current: draft,
            phase: Phase::Idle,
            wanted: None,
            trouble: None,
            refused: None,
            failures: 0,
            retry_set: false,
            together: false,
            glimpsed: 0,
        }
    }

    pub fn open(post: &Post) -> Self {
        Self { post: Some(post.id), read: post.version, status: post.status, ..Self::new(post.draft.clone()) }
    }

    /// Whether the words of others are kept beside those that are typed here, as in a team, or a person chooses between two texts.
    pub const fn write_together(&mut self, together: bool) {
        self.together = together;
    }

    pub const fn post(&self) -> Option<PostId> {
        self.post
    }

    /// The version of the post that stands here.
    pub const fn read(&self) -> u32 {
        self.read
    }

    pub const fn status(&self) -> PostStatus {
        self.status
    }

    pub const fn draft(&self) -> &Draft {
        &self.current
    }

    pub const fn refused(&self) -> Option<&ApiError> {
        self.refused.as_ref()
    }

    /// The act that waits for its turn or is on its way.
    pub const fn acting(&self) -> Option<&Act> {
        match &self.phase {
            Phase::Acting(act) => Some(act),
            _ => self.wanted.as_ref(),
        }
    }

    /// Everything that was typed is stored, and nothing is on its way.
    pub fn is_settled(&self) -> bool {
        self.phase == Phase::Idle && self.current == self.stored && self.wanted.is_none()
    }

    pub fn state(&self) -> SaveState {
        if let Phase::Conflict(theirs) = &self.phase {
            return SaveState::Conflict { theirs: theirs.clone() };
        }
        if let Some(error) = &self.trouble {
            return SaveState::NotSaved { error: error.clone(), again: self.retry_set };
        }
        match self.phase {
            // in a team: a look at what others wrote
            Phase::Comparing if self.together && self.current == self.stored => SaveState::Saved,
            Phase::Idle | Phase::Acting(_) if self.current == self.stored => {
                if self.post.is_some() {
                    SaveState::Saved
                } else {
                    SaveState::Blank
                }
            }
            _ => SaveState::Saving,
        }
    }

    /// Takes what happened; answers what has to be done, in this order.
    pub fn step(&mut self, event: Event) -> Vec<Order> {
        match event {
            Event::Edited(draft) => {
                self.current = *draft;
                self.refused = None;
                // a refusal was about the text before this one
                if self.trouble.as_ref().is_some_and(|error| !error.retry) {
                    self.trouble = None;
                }
                if self.retry_set { Vec::new() } else { self.next() }
            }
            Event::Wrote(Ok(written)) => self.wrote(&written),
            Event::Wrote(Err(error)) => self.not_written(error),
            Event::Asked(act) => {
                self.wanted = Some(act);
                self.refused = None;
                self.retry_set = false;
                self.next()
            }
            Event::Acted(answer) => self.acted(answer),
            Event::Fetched(Ok(view)) => self.compare(view.post),
            Event::Fetched(Err(_)) if self.phase != Phase::Comparing => Vec::new(),
            Event::Fetched(Err(error)) => {
                self.phase = Phase::Idle;
                // everything is stored: what others wrote comes with the next look at it
                if self.together && self.current == self.stored { self.next() } else { self.failed(error) }
            }
            Event::Observed(view) => self.observed(view.post),
            Event::RetryDue if !self.retry_set => Vec::new(),
            Event::RetryDue | Event::RetryNow => {
                self.retry_set = false;
                self.next()
            }
            Event::Resolve(choice) => self.resolve(choice),
            Event::Detach => {
                let draft = self.current.clone();
                *self = Self { together: self.together, ..Self::new(Draft::default()) };
                self.current = draft.clone();
                self.phase = Phase::Writing(Box::new(draft.clone()));
                vec![Order::Create { draft }]
            }
            Event::Discard => {
                *self = Self { post: self.post, together: self.together, ..Self::new(self.current.clone()) };
                Vec::new()
            }
        }
    }

    fn next(&mut self) -> Vec<Order> {
        if self.phase != Phase::Idle {
            return Vec::new();
        }
        if self.current != self.stored || (self.post.is_none() && self.wanted.is_some()) {
            let draft = self.current.clone();
            self.phase = Phase::Writing(Box::new(draft.clone()));
            return vec![match self.post {
                Some(post) => Order::Write { post, read: self.read, draft, base: Box::new(self.stored.clone()) },
                None => Order::Create { draft },
            }];
        }
        self.trouble = None;
        self.failures = 0;
        match (self.post, self.wanted.take()) {
            (Some(post), Some(act)) => {
                self.phase = Phase::Acting(act.clone());
                vec![Order::Act { post, read: self.read, act }]
            }
            _ => Vec::new(),
        }
    }

    fn wrote(&mut self, written: &Written) -> Vec<Order> {
        let Phase::Writing(draft) = std::mem::replace(&mut self.phase, Phase::Idle) else { return Vec::new() };
        let known = self.read.saturating_add(1);
        let was_there = self.post.is_some();
        self.stored = *draft;
        self.take(written);
        self.trouble = None;
        self.failures = 0;
        // somebody else's words came between: what stands there now is more than what was sent
        if self.overtaken(written.version) || self.together && was_there && written.version != known {
            return self.look(written.post);
        }
        self.next()
    }

    /// A newer version than this was shown while it was on its way.
    fn overtaken(&mut self, version: u32) -> bool {
        std::mem::take(&mut self.glimpsed) > version && self.together
    }

    /// Asks what stands there now.
    fn look(&mut self, post: PostId) -> Vec<Order> {
        self.phase = Phase::Comparing;
        vec![Order::Fetch { post }]
    }

    fn take(&mut self, written: &Written) {
        self.post = Some(written.post);
        self.read = written.version;
        self.status = written.status;
    }

    fn not_written(&mut self, error: ApiError) -> Vec<Order> {
        if !matches!(self.phase, Phase::Writing(_)) {
            return Vec::new();
        }
        if let (Some(Reject::Stale { .. }), Some(post)) = (error.reject.as_deref(), self.post) {
            return self.look(post);
        }
        let tried = std::mem::replace(&mut self.phase, Phase::Idle);
        // a refused text is not offered again, but a newer one is
        if !error.retry && tried != Phase::Writing(Box::new(self.current.clone())) {
            return self.next();
        }
        self.failed(error)
    }

    fn failed(&mut self, error: ApiError) -> Vec<Order> {
        // what should have followed the text does not happen behind a person's back later
        if self.wanted.take().is_some() {
            self.refused = Some(error.clone());
        }
        self.failures = self.failures.saturating_add(1);
        self.retry_set = error.retry;
        let ms = back_off_ms(self.failures);
        let again = error.retry;
        self.trouble = Some(error);
        if again { vec![Order::RetryIn { ms }] } else { Vec::new() }
    }

    fn acted(&mut self, answer: Result<Written, ApiError>) -> Vec<Order> {
        let Phase::Acting(_) = std::mem::replace(&mut self.phase, Phase::Idle) else { return Vec::new() };
        match answer {
            Ok(written) => {
                self.take(&written);
                if self.overtaken(written.version) {
                    return self.look(written.post);
                }
            }
            Err(error) => {
                let stale = matches!(error.reject.as_deref(), Some(Reject::Stale { .. }));
                self.refused = Some(error);
                if let (true, Some(post)) = (stale, self.post) {
                    // not asked again by itself: the person has not seen that version
                    return self.look(post);
                }
            }
        }
        self.next()
    }

    /// The version was old: is there another text, or only another time?
    fn compare(&mut self, theirs: Post) -> Vec<Order> {
        if self.phase != Phase::Comparing {
            return Vec::new();
        }
        self.phase = Phase::Idle;
        if theirs.deleted {
            return self.failed(ApiError::from(Reject::NotFound));
        }
        if theirs.draft == self.stored || theirs.draft == self.current {
            self.read = theirs.version;
            self.status = theirs.status;
            self.stored = theirs.draft;
            return self.next();
        }
        if self.current == self.stored {
            self.adopt(theirs);
            return self.next();
        }
        if self.together {
            self.bring_in(theirs);
            return self.next();
        }
        self.phase = Phase::Conflict(Box::new(theirs));
        Vec::new()
    }

    fn observed(&mut self, theirs: Post) -> Vec<Order> {
        if self.post != Some(theirs.id) {
            return Vec::new();
        }
        if self.together {
            return self.observed_together(theirs);
        }
        if self.phase != Phase::Idle || theirs.version < self.read {
            return Vec::new();
        }
        if theirs.draft == self.stored {
            self.read = theirs.version;
            self.status = theirs.status;
        } else if self.current == self.stored && theirs.version > self.read {
            self.adopt(theirs);
        }
        Vec::new()
    }

    fn observed_together(&mut self, theirs: Post) -> Vec<Order> {
        if self.phase != Phase::Idle {
            self.glimpsed = self.glimpsed.max(theirs.version);
            return Vec::new();
        }
        if theirs.version < self.read {
            // an answer that was overtaken, or a change of this desk that the team's server refused: it is asked which
            return self.look(theirs.id);
        }
        if theirs.draft == self.stored {
            self.read = theirs.version;
            self.status = theirs.status;
        } else if self.current == self.stored {
            self.adopt(theirs);
        } else {
            self.bring_in(theirs);
        }
        Vec::new()
    }

    /// Puts what was typed here since the last state that was stored into `theirs`, which stands there by now. Where both changed
    /// the same words, what is typed here stays and is sent as it is: the program keeps both, and notes that somebody should read it.
    fn bring_in(&mut self, theirs: Post) {
        self.read = theirs.version;
        self.status = theirs.status;
        let MergedDraft { draft, overlaps } = merge::draft(&self.stored, &self.current, &theirs.draft);
        if !overlaps {
            self.current = draft;
            self.stored = theirs.draft;
        }
    }

    fn adopt(&mut self, theirs: Post) {
        self.read = theirs.version;
        self.status = theirs.status;
        self.stored = theirs.draft.clone();
        self.current = theirs.draft;
        self.trouble = None;
    }

    fn resolve(&mut self, choice: Choice) -> Vec<Order> {
        let Phase::Conflict(theirs) = std::mem::replace(&mut self.phase, Phase::Idle) else { return Vec::new() };
        match choice {
            Choice::Theirs => self.adopt(*theirs),
            Choice::Mine => {
                self.read = theirs.version;
                self.status = theirs.status;
                self.stored = theirs.draft;
            }
        }
        self.next()
    }
}

/// 0.5, 1, 2 ... seconds, at most thirty.
pub fn back_off_ms(failures: u32) -> u32 {
    250_u32.checked_shl(failures.clamp(1, 7)).unwrap_or(30_000).min(30_000)
}

/// Whether asking the same again cannot help, but a new post can take the text.
pub fn wants_new_post(error: &ApiError) -> bool {
    error.code == Code::NotFound || matches!(error.reject.as_deref(), Some(Reject::AlreadySent | Reject::NotFound))
}
