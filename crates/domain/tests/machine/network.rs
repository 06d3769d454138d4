//! A network that loses, delays and refuses, and remembers what really happened.

use std::collections::BTreeMap;

use domain::job::{Lookup, Outcome, Remote, plus};
use domain::network::Network as Kind;
use jiff::Timestamp;

use crate::random::Random;

/// Mastodon keeps a key for an hour after it made the post.
const REMEMBERED_MS: i64 = 3_600_000;
/// The record key is the address of the record on Bluesky: for ever.
const LONG_MS: i64 = i64::MAX / 4;
/// The longest that a request wanders before it arrives.
const LATE_MS: i64 = 180_000;
/// The longest that a server works on a request whose connection is gone. It looks the key up first and notes it last.
const SLOW_MS: i64 = 25_000;

/// What stands on the network.
#[derive(Debug, Clone)]
pub struct Posted {
    pub remote: Remote,
    pub key: String,
    pub request: String,
    visible_from: i64,
}

#[derive(Debug, Clone)]
struct Wandering {
    at: i64,
    key: String,
    request: String,
    /// The key was looked up already: it becomes a post whatever happened since.
    looked_up: bool,
}

/// Real time is in milliseconds; the clocks of computers show something else.
#[derive(Debug, Clone)]
pub struct Network {
    kind: Kind,
    pub posts: Vec<Posted>,
    /// Key to post, and until when.
    remembered: BTreeMap<String, (usize, i64)>,
    wandering: Vec<Wandering>,
    /// Bad luck in percent; none at the end of a story.
    pub trouble: u64,
    /// How long a key is known; other than [`REMEMBERED_MS`] only where a fault is planted.
    pub remembers_ms: i64,
    /// A request under a known key had other bytes.
    pub rewritten: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Luck {
    Fine,
    NeverSent,
    Lost,
    AnswerLost,
    Late,
    Slow,
    Refused,
    SignInRefused,
    RateLimited,
}

impl Network {
    pub fn new(kind: Kind, trouble: u64) -> Self {
        Self {
            kind,
            posts: Vec::new(),
            remembered: BTreeMap::new(),
            wandering: Vec::new(),
            trouble,
            remembers_ms: if kind == Kind::Bluesky { LONG_MS } else { REMEMBERED_MS },
            rewritten: None,
        }
    }

    fn luck(&self, random: &mut Random) -> Luck {
        if !random.percent(self.trouble) {
            return Luck::Fine;
        }
        match random.below(10) {
            0 => Luck::NeverSent,
            1 => Luck::Lost,
            2 | 3 => Luck::AnswerLost,
            4 => Luck::Late,
            5 | 6 => Luck::Slow,
            7 => Luck::Refused,
            8 => Luck::SignInRefused,
            _ => Luck::RateLimited,
        }
    }

    /// One request with all that can befall it. `shown` is what the sender's clock says.
    pub fn send(&mut self, random: &mut Random, now: i64, shown: Timestamp, key: &str, request: &str) -> Outcome {
        let ambiguous = |detail: &str| Outcome::Ambiguous { detail: detail.to_owned() };
        match self.luck(random) {
            Luck::Fine => Outcome::Published { remote: self.arrive(random, now, key, request) },
            Luck::NeverSent => Outcome::NeverSent { detail: "no route".to_owned() },
            Luck::Lost => ambiguous("lost on the way there"),
            Luck::AnswerLost => {
                self.arrive(random, now, key, request);
                ambiguous("lost on the way back, or 502 after the commit")
            }
            Luck::Late => {
                let at = now + random.between(1, LATE_MS);
                self.wander(at, key, request, false);
                ambiguous("it wanders")
            }
            Luck::Slow => {
                // the record key is the address of the record: making it is one step there
                let looked_up = self.kind == Kind::Mastodon && self.known(key, now).is_none();
                self.wander(now + random.between(1, SLOW_MS), key, request, looked_up);
                ambiguous("504 while the server works")
            }
            Luck::Refused => Outcome::Refused { status: 422, detail: "no".to_owned() },
            Luck::SignInRefused => Outcome::SignInRefused,
            Luck::RateLimited => Outcome::RateLimited { until: plus(shown, random.between(1, 900)) },
        }
    }

    fn wander(&mut self, at: i64, key: &str, request: &str, looked_up: bool) {
        self.wandering.push(Wandering { at, key: key.to_owned(), request: request.to_owned(), looked_up });
    }

    fn known(&self, key: &str, now: i64) -> Option<usize> {
        let (post, until) = self.remembered.get(key)?;
        (*until >= now).then_some(*post)
    }

    pub fn arrive(&mut self, random: &mut Random, now: i64, key: &str, request: &str) -> Remote {
        if let Some(post) = self.known(key, now) {
            if self.posts[post].request != request {
                self.rewritten = Some(format!("{key}: {} became {request}", self.posts[post].request));
            }
            return self.posts[post].remote.clone();
        }
        self.commit(random, now, key, request)
    }

    fn commit(&mut self, random: &mut Random, now: i64, key: &str, request: &str) -> Remote {
        let number = self.posts.len();
        let id = format!("{}/{number}", self.kind.wire());
        let remote = Remote { url: format!("https://net.example/{id}"), id, cid: String::new() };
        let lag = if random.percent(self.trouble / 2) { random.between(0, 3_000) } else { 0 };
        self.posts.push(Posted {
            remote: remote.clone(),
            key: key.to_owned(),
            request: request.to_owned(),
            visible_from: now + lag,
        });
        self.remembered.insert(key.to_owned(), (number, now + self.remembers_ms));
        remote
    }

    /// Lets arrive what was on its way.
    pub fn pass(&mut self, random: &mut Random, now: i64) {
        self.wandering.sort_by_key(|wandering| wandering.at);
        while self.wandering.first().is_some_and(|wandering| wandering.at <= now) {
            let Wandering { at, key, request, looked_up } = self.wandering.remove(0);
            if looked_up {
                self.commit(random, at, &key, &request);
            } else {
                self.arrive(random, at, &key, &request);
            }
        }
    }

    pub fn look_up(&mut self, random: &mut Random, now: i64, key: &str) -> Lookup {
        if random.percent(self.trouble / 2) {
            return Lookup::Unknown { detail: "no answer".to_owned() };
        }
        match self.visible(now, key) {
            Some(remote) => Lookup::Found { remote },
            None => Lookup::Absent,
        }
    }

    /// What a person sees who looks at the profile.
    pub fn visible(&self, now: i64, key: &str) -> Option<Remote> {
        let found = self.posts.iter().find(|post| post.key == key && post.visible_from <= now);
        found.map(|post| post.remote.clone())
    }
}
