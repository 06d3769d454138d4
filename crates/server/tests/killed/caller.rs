//! Somebody's database at work: pushes one after the other, and remembers what it was told.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::id::{OrganisationId, PostId};
use domain::post::{Content, Draft};
use domain::{Key, Mutation};
use server::clock::{Clock as _, SystemClock};
use server::policy::Signed;
use uuid::Uuid;
use wire::pull::{PAGE_MAX, Pull, PullReply};
use wire::push::{Answer, Envelope, Outcome, Push, PushReply};

use crate::dice::Dice;
use crate::team::fresh;

/// One of so many repetitions is repeated.
const OF_REPEATS: u64 = 4;
const TEXT: &str = "A loaf of rye, baked at four. Come early. ";

/// The way to the server.
#[derive(Clone)]
pub struct Line {
    pub http: reqwest::Client,
    pub origin: String,
    pub organisation: OrganisationId,
    pub token: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The connection ended before the end of an answer.
    Broken,
    /// The server said that it cannot answer now, and that nothing is known.
    Unavailable,
}

/// A client of the tests' own.
pub fn client() -> reqwest::Client {
    // the first one wins, and all are the same
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Line {
    async fn ask(&self, what: &str, body: &impl serde::Serialize) -> Result<String, Lost> {
        let place = format!("{}/v1/orgs/{}/{what}", self.origin, self.organisation);
        let request = self.http.post(place).bearer_auth(&self.token).json(body).timeout(Duration::from_secs(30));
        let answer = request.send().await.map_err(|_| Lost::Broken)?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|_| Lost::Broken)?;
        match status {
            200 => Ok(text),
            503 => Err(Lost::Unavailable),
            other => panic!("{what} was refused: {other} {text}"),
        }
    }

    async fn push(&self, client: Uuid, mutations: &[Envelope]) -> Result<Vec<Outcome>, Lost> {
        let push = Push { client, epoch: None, base: None, mutations: mutations.to_vec() };
        let reply: PushReply = serde_json::from_str(&self.ask("push", &push).await?).unwrap();
        assert_eq!(reply.results.len(), mutations.len(), "a result for each");
        Ok(reply.results)
    }
}

/// What everybody was told about the order of the organisation.
#[derive(Debug, Default)]
pub struct Book {
    by_seq: BTreeMap<u64, Uuid>,
    by_mid: BTreeMap<Uuid, u64>,
    /// Every post that was applied, with its number.
    pub posts: BTreeMap<PostId, u64>,
}

impl Book {
    fn applied(&mut self, mid: Uuid, post: PostId, seq: u64) {
        let there = *self.by_seq.entry(seq).or_insert(mid);
        assert_eq!(there, mid, "number {seq} was given twice");
        let known = *self.by_mid.entry(mid).or_insert(seq);
        assert_eq!(known, seq, "one mutation has two numbers");
        self.posts.insert(post, seq);
    }

    /// All numbers that were told, which have no gap once everything was answered.
    pub fn seqs(&self) -> impl Iterator<Item = u64> + '_ {
        self.by_seq.keys().copied()
    }
}

/// How it went.
#[derive(Debug, Default, Clone, Copy)]
pub struct Figures {
    /// Mutations whose answer was read in full.
    pub answered: u64,
    /// Of those, mutations that were refused.
    pub refused: u64,
    /// Pushes whose answer was not read in full,
    pub unanswered: u64,
    /// and of those, pushes of which at least one mutation had been taken.
    pub taken: u64,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.answered += other.answered;
        self.refused += other.refused;
        self.unanswered += other.unanswered;
        self.taken += other.taken;
    }
}

/// A mutation on its way, and the post that it makes.
type Sent = (Envelope, PostId);

pub struct Caller {
    pub signed: Signed,
    client: Uuid,
    dice: Dice,
    next_n: u64,
    /// The one push that was sent and not answered.
    open: Vec<Sent>,
    /// The last push that was answered, to be sent again.
    last: Vec<Sent>,
    /// All answers since the beginning, by number.
    answers: BTreeMap<u64, Answer>,
    cursor: Option<String>,
    seen_n: u64,
    /// The rows that came with pulls: posts with their numbers.
    rows: BTreeMap<PostId, u64>,
    pub figures: Figures,
}

fn envelopes(sent: &[Sent]) -> Vec<Envelope> {
    sent.iter().map(|(envelope, _)| envelope.clone()).collect()
}

impl Caller {
    pub fn new(signed: Signed, seed: u64) -> Self {
        Self {
            signed,
            client: fresh(),
            dice: Dice::new(seed),
            next_n: 1,
            open: Vec::new(),
            last: Vec::new(),
            answers: BTreeMap::new(),
            cursor: None,
            seen_n: 0,
            rows: BTreeMap::new(),
            figures: Figures::default(),
        }
    }

    /// One to four posts; some of them are there already, which the rules refuse.
    fn write(&mut self) -> Vec<Sent> {
        let count = self.dice.between(1, 5);
        let write = |_| {
            let again = self.rows.keys().next().copied().filter(|_| self.dice.between(0, 8) == 0);
            let post = again.unwrap_or_else(|| PostId::new(fresh()));
            let text = TEXT.repeat(usize::try_from(self.dice.between(1, 40)).unwrap());
            let draft = Draft { base: Content::text(&text), ..Draft::default() };
            let create = Mutation::CreatePost { post, draft };
            let sealed = Envelope::seal(self.next_n, fresh(), SystemClock.now(), &create).unwrap();
            self.next_n += 1;
            (sealed, post)
        };
        (0..count).map(write).collect()
    }

    /// Takes in the answer to what was sent; an answer that is known already is the same one.
    fn told(&mut self, sent: &[Sent], results: Vec<Outcome>, book: &mut Book) {
        for ((envelope, post), outcome) in sent.iter().zip(results) {
            assert_eq!(outcome.n, envelope.n);
            match &outcome.answer {
                Answer::Applied { seq } => book.applied(envelope.mid, *post, *seq),
                Answer::Rejected { code, .. } => assert_eq!(code, "exists"),
                Answer::RetryLater => panic!("{} was put off", envelope.n),
            }
            if let Some(known) = self.answers.get(&outcome.n) {
                assert_eq!(*known, outcome.answer, "the verdict about number {} has changed", outcome.n);
                continue;
            }
            self.figures.answered += 1;
            self.figures.refused += u64::from(matches!(outcome.answer, Answer::Rejected { .. }));
            self.answers.insert(outcome.n, outcome.answer);
        }
    }

    /// Pushes once: what is open, or something new. Answered is only what was read to its end.
    pub async fn push(&mut self, line: &Line, book: &std::sync::Mutex<Book>) -> Result<(), Lost> {
        if self.open.is_empty() {
            self.open = self.write();
        }
        let results = match line.push(self.client, &envelopes(&self.open)).await {
            Ok(results) => results,
            Err(lost) => {
                self.figures.unanswered += 1;
                return Err(lost);
            }
        };
        let sent = std::mem::take(&mut self.open);
        self.told(&sent, results, &mut book.lock().unwrap());
        self.last = sent;
        Ok(())
    }

    /// All pages from a cursor on. No row comes twice, because nobody writes meanwhile.
    async fn pages(&self, line: &Line, mut cursor: Option<String>, seen_n: u64) -> (BTreeMap<PostId, u64>, PullReply) {
        let mut rows = BTreeMap::new();
        loop {
            let pull = Pull { client: self.client, cursor: cursor.clone(), seen_n, limit: PAGE_MAX };
            let text = line.ask("pull", &pull).await.expect("a server that serves answers");
            let reply: PullReply = serde_json::from_str(&text).unwrap();
            for row in &reply.rows {
                if let Key::Post(post) = row.key {
                    assert_eq!(rows.insert(post, row.q), None, "a row came twice in one pull");
                }
            }
            if reply.complete {
                return (rows, reply);
            }
            cursor = Some(reply.cursor);
        }
    }

    /// After a start, before anybody writes: everything that was answered before is there, with the answers that were given. The cursor
    /// carries the chain of hashes at the place where the last pull ended, and the server compares it with its own.
    pub async fn looks(&mut self, line: &Line, book: &std::sync::Mutex<Book>) {
        let (rows, reply) = self.pages(line, self.cursor.clone(), self.seen_n).await;
        for (post, q) in rows {
            assert_eq!(self.rows.insert(post, q), None, "a post that nobody changed came again");
        }
        for (post, seq) in &book.lock().unwrap().posts {
            assert_eq!(self.rows.get(post), Some(seq), "an acknowledged post is not in the pull");
        }
        let answered = self.answers.keys().next_back().copied().unwrap_or(0);
        assert!(reply.last_n >= answered && reply.last_n < self.next_n, "{} of {answered}", reply.last_n);
        let kept: BTreeMap<u64, Answer> =
            reply.results.into_iter().map(|outcome| (outcome.n, outcome.answer)).collect();
        for n in self.seen_n + 1..=reply.last_n {
            let kept = kept.get(&n).unwrap_or_else(|| panic!("no result of number {n}"));
            if let Some(answer) = self.answers.get(&n) {
                assert_eq!(answer, kept, "the verdict about number {n} has changed");
            }
        }
        // what was taken and not answered: the repetition must be told the same
        if self.open.first().is_some_and(|(first, _)| first.n <= reply.last_n) {
            self.figures.taken += 1;
        }
        let mut book = book.lock().unwrap();
        for (envelope, post) in &self.open {
            if let Some(answer) = kept.get(&envelope.n) {
                self.answers.insert(envelope.n, answer.clone());
                if let Answer::Applied { seq } = answer {
                    book.applied(envelope.mid, *post, *seq);
                }
            }
        }
        (self.cursor, self.seen_n) = (Some(reply.cursor), reply.last_n);
    }

    /// Sends again what was not answered, and now and then once more, and the last that was answered: under the same numbers, with the
    /// same verdict.
    pub async fn repeats(&mut self, line: &Line, book: &std::sync::Mutex<Book>) {
        let open = std::mem::take(&mut self.open);
        let before = self.last.clone();
        let again: &[&[Sent]] = if self.dice.between(0, OF_REPEATS) == 0 { &[&open, &open, &before] } else { &[&open] };
        for sent in again.iter().filter(|sent| !sent.is_empty()) {
            let results = line.push(self.client, &envelopes(sent)).await.expect("a server that serves answers");
            self.told(sent, results, &mut book.lock().unwrap());
        }
        if !open.is_empty() {
            self.last = open;
        }
    }

    /// At the end: a pull from nothing brings what all pulls before have brought, and nothing else.
    pub async fn looks_anew(&mut self, line: &Line, book: &std::sync::Mutex<Book>) {
        self.looks(line, book).await;
        let (rows, _) = self.pages(line, None, self.seen_n).await;
        assert_eq!(rows, self.rows);
        assert_eq!(rows, book.lock().unwrap().posts);
    }
}
