//! One story: what is done, in which order, and what goes wrong meanwhile.

mod agree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use domain::Mutation;
use domain::mutation::{PartKeys, PostsChange};
use domain::team::Personas;
use engine::teams::{Device, NotExchanged, exchange};
use jiff::{SignedDuration, Timestamp};
use ledger::store::Backup;
use uuid::Uuid;

use crate::approvals;
use crate::check::{self, Log};
use crate::desk::{Desk, copy, said};
use crate::line::{Line, Odds};
use crate::office::{ADA, BAKERY, BEN, CAFE, CARA, Office, draft, organisation, person, persona, post};
use crate::random::Random;

/// How often something happened.
pub type Seen = BTreeMap<&'static str, u64>;

/// How a story ended.
#[derive(Debug, Clone)]
pub struct Ended {
    pub seed: u64,
    /// Everything that happened, in its order, and what the server's log says at the end.
    pub trace: String,
    /// The first thing that must not be.
    pub wrong: Option<String>,
    pub seen: Seen,
}

const STEPS: usize = 60;
/// Exchanges of a desk after which nothing may wait on it any more, once it reaches the server again.
const ROUNDS: usize = 10;
const DESKS_MAX: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Type,
    Create,
    Exchange,
    Undo,
    Decide,
    Settle,
    Chain,
    Review,
    Withdraw,
    Others,
    Publish,
    Move,
    Grant,
    Probe,
    Restart,
    Copy,
    Restore,
    Twin,
    Backup,
    ServerRestored,
    Sweep,
    Skew,
}

impl Act {
    const ALL: [(Self, usize, &'static str); 22] = [
        (Self::Type, 24, "type"),
        (Self::Create, 5, "create"),
        (Self::Exchange, 26, "exchange"),
        (Self::Undo, 5, "undo"),
        (Self::Decide, 9, "decide"),
        (Self::Settle, 4, "settle"),
        (Self::Chain, 3, "chain"),
        (Self::Review, 12, "review"),
        (Self::Withdraw, 1, "withdraw a review"),
        (Self::Others, 30, "others plan and decide"),
        (Self::Publish, 12, "publish"),
        (Self::Move, 4, "move"),
        (Self::Grant, 3, "grant"),
        (Self::Probe, 3, "probe"),
        (Self::Restart, 3, "restart"),
        (Self::Copy, 2, "copy a profile"),
        (Self::Restore, 2, "restore a profile"),
        (Self::Twin, 1, "use a copy"),
        (Self::Backup, 2, "back up the server"),
        (Self::ServerRestored, 2, "restore the server"),
        (Self::Sweep, 1, "sweep"),
        (Self::Skew, 1, "set a clock"),
    ];
}

/// What can happen in this story: never everything, so that what is rare beside others comes by itself too.
struct Swarm {
    acts: Vec<(Act, usize, &'static str)>,
    odds: Odds,
    store_faults: u32,
    /// People have to agree, and something goes out.
    agree: bool,
}

impl Swarm {
    fn of(random: &Random) -> Self {
        let always = [Act::Type, Act::Create, Act::Exchange];
        // in every other story nobody has to agree: it would leave too little of the rest
        let agree = random.percent(50);
        let of_agreeing = [Act::Chain, Act::Review, Act::Withdraw, Act::Others, Act::Publish];
        let told = |act: &Act| if of_agreeing.contains(act) { agree } else { random.percent(60) };
        let acts = Act::ALL.into_iter().filter(|(act, ..)| always.contains(act) || told(act)).collect();
        let maybe = |percent: u32| if random.percent(60) { percent } else { 0 };
        let odds = Odds {
            cut: maybe(12),
            answer_lost: maybe(15),
            twice: maybe(10),
            typing: maybe(25),
            interlude: maybe(30),
            page: if random.percent(60) { 3 } else { 0 },
        };
        Self { acts, odds, store_faults: maybe(10), agree }
    }

    fn next(&self, random: &Random) -> (Act, &'static str) {
        let mut at = random.below(self.acts.iter().map(|(_, weight, _)| weight).sum());
        for (act, weight, name) in &self.acts {
            if at < *weight {
                return (*act, name);
            }
            at -= weight;
        }
        (Act::Exchange, "exchange")
    }
}

struct World {
    office: Office,
    desks: Vec<Desk>,
    home: PathBuf,
    random: Random,
    odds: Odds,
    posts: usize,
    counter: AtomicU64,
    claimed: Mutex<Vec<Uuid>>,
    log: Log,
    trace: String,
    seen: Seen,
    /// Copies of profiles, with the words that were typed on them until then.
    copies: BTreeMap<usize, (PathBuf, BTreeSet<String>)>,
    backup: Option<Backup>,
    /// Words that were on a disk alone that is no more.
    lost: BTreeSet<String>,
}

/// Tells the story of a seed below `home`, a folder of its own. `empty` is an empty profile to begin with.
///
/// # Errors
/// Something that is no part of the story: a disk, an answer that cannot be read.
pub async fn run(seed: u64, home: &Path, empty: &Path) -> Result<Ended> {
    let random = Random::new(seed);
    let swarm = Swarm::of(&random);
    let office = Office::open(seed).await?;
    let now = office.now()?;
    let mut desks = Vec::new();
    for (name, actor) in [ADA, BEN, CARA].into_iter().enumerate() {
        desks.push(Desk::new(empty, home, name, actor, now).await?);
    }
    let mut world = World {
        office,
        desks,
        home: home.to_owned(),
        random,
        odds: swarm.odds,
        posts: 0,
        counter: AtomicU64::new(1),
        claimed: Mutex::default(),
        log: Log::default(),
        trace: String::new(),
        seen: Seen::new(),
        copies: BTreeMap::new(),
        backup: None,
        lost: BTreeSet::new(),
    };
    if swarm.agree && world.random.percent(80) {
        world.begins_with_something().await?;
    }
    let faults = &world.office.store.faults;
    for fault in [&faults.before_commit, &faults.after_commit, &faults.begin] {
        fault.store(swarm.store_faults, Ordering::Relaxed);
    }
    let mut wrong = None;
    for step in 0..STEPS {
        let (act, name) = swarm.next(&world.random);
        let clock = &world.office.store.clock;
        clock.fetch_add(1_000_000 * (1 + world.random.below(600) as i64), Ordering::Relaxed);
        *world.seen.entry(name).or_default() += 1;
        let result = world.act(act).await;
        let (told, found) = result.with_context(|| format!("seed {seed}, step {step}: {name}"))?;
        let _ = writeln!(world.trace, "{step} {name}: {told}");
        wrong = match found {
            Some(found) => Some(found),
            None => world.holds().await?,
        };
        if wrong.is_some() {
            break;
        }
    }
    if wrong.is_none() {
        wrong = world.heals().await?;
    }
    let _ = writeln!(world.trace, "{wrong:?}");
    let faults = world.office.store.faults.seen.load(Ordering::Relaxed);
    world.seen.insert("faults of the server's store", faults);
    for desk in &mut world.desks {
        desk.shut(true).await;
    }
    world.trace.push_str(&world.log.said);
    Ok(Ended { seed, trace: world.trace, wrong, seen: world.seen })
}

type Told = Result<(String, Option<String>)>;

impl World {
    fn any(&self) -> usize {
        self.random.below(self.desks.len())
    }

    fn desk(&self, at: usize) -> Result<&Desk> {
        self.desks.get(at).context("no such desk")
    }

    fn word(&self, letter: char) -> String {
        format!("{letter}{}x", self.counter.fetch_add(1, Ordering::Relaxed))
    }

    async fn act(&mut self, act: Act) -> Told {
        let (at, now) = (self.any(), self.office.now()?);
        let into = post(self.random.below(self.posts.max(1)));
        let told = match act {
            Act::Type => self.desk(at)?.types(into, self.word('w'), &self.random, now).await?,
            Act::Create => self.creates(at, now).await?,
            Act::Exchange => return self.exchanges(at, self.odds).await,
            Act::Undo => self.desk(at)?.undoes(now).await?,
            Act::Decide => self.desk(at)?.decides(into, self.random.below(60), now).await?,
            Act::Settle => self.desk(at)?.settles(into, now).await?,
            Act::Chain => self.changes_chain(at, now).await?,
            Act::Review => {
                let into = self.signed(at).await?;
                self.desk(at)?.reviews(into, approvals::verdict(&self.random), now).await?
            }
            Act::Withdraw => {
                said(self.desk(at)?.does(&Mutation::WithdrawReview { post: into }, now).await?.map(|_| ()))
            }
            Act::Others => self.others(into).await?,
            Act::Publish => return self.publishes().await,
            Act::Move => {
                let speaker = self.random.pick(&[None, Some(BAKERY), Some(CAFE)]).copied().flatten();
                let change = PostsChange::Persona { persona: speaker.map(persona) };
                let (seen, keys) = (BTreeMap::new(), PartKeys { micros: 1, clock_id: 3 });
                let moves = Mutation::ChangePosts { posts: vec![into], change, seen, keys };
                said(self.desk(at)?.does(&moves, now).await?.map(|_| ()))
            }
            Act::Grant => {
                let only = |speaker| Personas::Only([persona(speaker)].into());
                let all = [Personas::All, only(BAKERY), only(CAFE)];
                let personas = self.random.pick(&all).cloned().unwrap_or(Personas::All);
                let grant = Mutation::GrantPersonas { person: person(CARA), personas };
                said(self.desk(0)?.does(&grant, now).await?.map(|_| ()))
            }
            Act::Probe => {
                let number = self.counter.fetch_add(1, Ordering::Relaxed);
                let wrong = check::probes(&self.office, into, number).await?;
                return Ok(("asked".to_owned(), wrong));
            }
            Act::Restart => {
                let in_order = self.random.percent(50);
                let desk = self.desks.get_mut(at).context("no such desk")?;
                desk.shut(in_order).await;
                let copied = desk.open(now).await?;
                let wrong = copied.then(|| format!("desk {at} was taken for a copy"));
                return Ok((format!("in order: {in_order}"), wrong));
            }
            Act::Copy => self.copies(at, now).await?,
            Act::Restore => self.restores(at, now).await?,
            Act::Twin => self.twin(at, now).await?,
            Act::Backup => {
                self.backup = self.office.store.backup(organisation());
                "kept".to_owned()
            }
            Act::ServerRestored => self.server_restored().await?,
            Act::Sweep => {
                let swept = self.office.ledger.sweep(organisation(), now).await;
                swept.map_or_else(|error| error.to_string(), |swept| format!("{swept} exits"))
            }
            Act::Skew => {
                let skew = self.random.below(20) as i64 * 31_000_000 - 310_000_000;
                self.desks.get_mut(at).context("no such desk")?.skew_s = skew;
                format!("by {skew} s")
            }
        };
        Ok((format!("desk {at}: {told}"), None))
    }

    async fn creates(&mut self, at: usize, now: Timestamp) -> Result<String> {
        let speaker = self.random.pick(&[None, Some(BAKERY), Some(BAKERY), Some(CAFE)]).copied().flatten();
        let words: Vec<String> = (0..4).map(|_| self.word('c')).collect();
        let id = post(self.posts);
        let create = Mutation::CreatePost { post: id, draft: draft(&words, speaker) };
        let done = self.desk(at)?.does(&create, now).await?;
        self.posts += usize::from(done.is_ok());
        Ok(said(done.map(|_| ())))
    }

    async fn exchanges(&mut self, at: usize, odds: Odds) -> Told {
        let desk = self.desk(at)?;
        let now = self.office.now()?;
        let (posts, counter, claimed) = (self.posts, &self.counter, &self.claimed);
        let line = Line { office: &self.office, desk, random: &self.random, odds, posts, counter, claimed, now };
        let fresh = || Ok(desk.fresh());
        let device = Device { organisation: organisation(), person: person(desk.actor), now, fresh: &fresh };
        let exchanged = exchange(desk.store()?, &line, &device).await;
        let (told, wrong) = match exchanged {
            Ok(done) if done.mended > 0 => {
                (String::new(), Some(format!("desk {at}: what came did not add up {} times", done.mended)))
            }
            Ok(done) => (format!("{} touched, {} refused", done.taken.touched.len(), done.taken.refused), None),
            Err(NotExchanged::Later(_)) => ("later".to_owned(), None),
            Err(other) => (String::new(), Some(format!("desk {at}: {other}"))),
        };
        let wrong = match wrong {
            Some(wrong) => Some(wrong),
            None => check::view(desk).await?,
        };
        Ok((format!("desk {at}: {told}"), wrong))
    }

    async fn copies(&mut self, at: usize, now: Timestamp) -> Result<String> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let to = self.home.join(format!("copy{number}"));
        let desk = self.desks.get_mut(at).context("no such desk")?;
        desk.shut(true).await;
        copy(&desk.dir, &to)?;
        // a copy of the whole disk has this too
        std::fs::copy(&desk.outside, to.with_extension("outside"))?;
        desk.open(now).await?;
        let typed = desk.note(|notes| notes.typed.clone());
        self.copies.insert(at, (to, typed));
        Ok("copied".to_owned())
    }

    /// The disk broke; what was copied earlier takes its place.
    async fn restores(&mut self, at: usize, now: Timestamp) -> Result<String> {
        let Some((from, typed)) = self.copies.remove(&at) else { return Ok("there is no copy".to_owned()) };
        let desk = self.desks.get_mut(at).context("no such desk")?;
        desk.shut(true).await;
        std::fs::remove_dir_all(&desk.dir)?;
        copy(&from, &desk.dir)?;
        let whole_disk = self.random.percent(50);
        if whole_disk {
            std::fs::copy(from.with_extension("outside"), &desk.outside)?;
        }
        let since = desk.note(|notes| {
            notes.undo.clear();
            notes.typed.difference(&typed).cloned().collect::<Vec<_>>()
        });
        self.lost.extend(since);
        let copied = desk.open(now).await?;
        // work goes on before there is a line again
        for _ in 0..self.random.below(5) {
            self.creates(at, now).await?;
        }
        Ok(format!("of the whole disk: {whole_disk}, taken for a copy: {copied}"))
    }

    /// Somebody uses the copy of a profile beside the profile.
    async fn twin(&mut self, at: usize, now: Timestamp) -> Result<String> {
        if self.desks.len() >= DESKS_MAX {
            return Ok("there are enough".to_owned());
        }
        let Some((from, _)) = self.copies.remove(&at) else { return Ok("there is no copy".to_owned()) };
        let (name, actor) = (self.desks.len(), self.desk(at)?.actor);
        let (dir, outside) = (self.home.join(format!("desk{name}")), self.home.join(format!("outside{name}.json")));
        let mut twin = Desk::closed(name, actor, dir, outside);
        copy(&from, &twin.dir)?;
        let copied = twin.open(now).await?;
        self.desks.push(twin);
        Ok(format!("taken for a copy: {copied}"))
    }

    async fn server_restored(&mut self) -> Result<String> {
        let Some(backup) = self.backup.take() else { return Ok("there is no backup".to_owned()) };
        self.office.store.restore(organisation(), &backup);
        // at times whoever restored it forgets to say so
        let told = self.random.percent(60);
        if told {
            let epoch = Uuid::from_u128(2_000 + u128::from(self.counter.fetch_add(1, Ordering::Relaxed)));
            let faults = &self.office.store.faults;
            let rest = faults.before_commit.swap(0, Ordering::Relaxed);
            faults.begin.store(0, Ordering::Relaxed);
            faults.after_commit.store(0, Ordering::Relaxed);
            self.office.ledger.begin_epoch(organisation(), epoch).await?;
            for fault in [&faults.before_commit, &faults.after_commit, &faults.begin] {
                fault.store(rest, Ordering::Relaxed);
            }
        }
        Ok(format!("told: {told}"))
    }

    /// What must hold after every step.
    async fn holds(&mut self) -> Result<Option<String>> {
        for desk in &self.desks {
            if let Some(wrong) = desk.note(|notes| notes.wrong.take()) {
                return Ok(Some(wrong));
            }
        }
        let decided = self.desks.iter().flat_map(|desk| desk.note(|notes| notes.decided.clone())).collect();
        if let Some(wrong) = self.log.follow(&self.office, &decided).await? {
            return Ok(Some(wrong));
        }
        let claimed = std::mem::take(&mut *self.claimed.lock().unwrap_or_else(PoisonError::into_inner));
        let missing = claimed.into_iter().find(|mid| !self.log.has(mid));
        Ok(missing.map(|mid| format!("the mutation {mid} was said to be done, and is not in the log")))
    }

    /// The server is well again, and some reach it: they get through, whatever becomes of the others. Then the others do too, and
    /// everybody has the same.
    async fn heals(&mut self) -> Result<Option<String>> {
        let faults = &self.office.store.faults;
        for fault in [&faults.before_commit, &faults.after_commit, &faults.begin] {
            fault.store(0, Ordering::Relaxed);
        }
        let day = SignedDuration::from_hours(24).as_micros();
        self.office.store.clock.fetch_add(i64::try_from(day).unwrap_or(0), Ordering::Relaxed);
        let near = (0..self.desks.len()).filter(|_| self.random.percent(70)).collect();
        if let Some(wrong) = self.gets_through(&near).await? {
            return Ok(Some(wrong));
        }
        let all = (0..self.desks.len()).collect();
        if let Some(wrong) = self.gets_through(&all).await? {
            return Ok(Some(wrong));
        }
        self.ended().await
    }

    /// Of these desks nothing waits any more after some rounds. The others try on a line that is as bad as ever.
    async fn gets_through(&mut self, near: &BTreeSet<usize>) -> Result<Option<String>> {
        for round in 0..ROUNDS {
            let mut quiet = true;
            for at in 0..self.desks.len() {
                let reaches = near.contains(&at);
                let odds = if reaches { Odds::default() } else { self.odds };
                let (told, wrong) = self.exchanges(at, odds).await?;
                let _ = writeln!(self.trace, "round {round}: {told}");
                if wrong.is_some() {
                    return Ok(wrong);
                }
                quiet &= !reaches || self.desk(at)?.store()?.pending_count().await? == 0;
            }
            if let Some(wrong) = self.holds().await? {
                return Ok(Some(wrong));
            }
            if quiet && round > 1 {
                return Ok(None);
            }
        }
        Ok(Some(format!("something still waits on one of the desks {near:?} long after they reach the server again")))
    }

    async fn ended(&self) -> Result<Option<String>> {
        if let Some(wrong) = check::ledger(&self.office).await? {
            return Ok(Some(wrong));
        }
        let everything = check::everything(&self.office).await?;
        for desk in &self.desks {
            if let Some(wrong) = check::agrees(&self.office, desk, &everything).await? {
                return Ok(Some(wrong));
            }
        }
        if let Some(wrong) = self.log.words_stand(&self.office).await? {
            return Ok(Some(wrong));
        }
        for desk in &self.desks {
            for refused in desk.store()?.attention().await? {
                // its id is that of its post: nothing else can have made it
                if refused.name == "create_post" && self.log.said.contains(&refused.body) {
                    return Ok(Some(format!("desk {}: a post that was made lies among what was refused", desk.name)));
                }
            }
        }
        // nothing that somebody typed is nowhere
        let mut kept = self.log.said.clone();
        let mut gone: BTreeSet<String> = self.lost.clone();
        for desk in &self.desks {
            kept.push_str(&desk.kept().await?);
            gone.extend(desk.note(|notes| notes.gone.clone()));
        }
        for desk in &self.desks {
            let typed = desk.note(|notes| notes.typed.clone());
            if let Some(word) = typed.difference(&gone).find(|word| !kept.contains(word.as_str())) {
                return Ok(Some(format!("{word}, typed on desk {}, is nowhere", desk.name)));
            }
        }
        Ok(None)
    }
}
