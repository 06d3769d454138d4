//! What must hold, and the sentence that says what does not.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use domain::hash::ContentHash;
use domain::id::PostId;
use domain::mutation::{PartKeys, When};
use domain::post::Post;
use domain::schedule::Fold;
use domain::team::Member;
use domain::{Key, Mutation, Record, Scope};
use ledger::store::OrgTx;
use uuid::Uuid;
use wire::Fault;
use wire::push::Answer;

use crate::approvals::Said;
use crate::desk::{Desk, changed};
use crate::office::{BAKERY, CAFE, DAN, EVE, FAY, Office, draft, organisation, person, persona, words};

/// What is known of the server's log.
#[derive(Debug, Default)]
pub struct Log {
    seq: u64,
    mids: BTreeSet<Uuid>,
    /// Everything that was applied, as it came.
    pub said: String,
    /// Of each word of a post: in which mutations it was written, and in which taken out.
    words: BTreeMap<(PostId, String), (Vec<u64>, Vec<u64>)>,
    /// What those said who have to agree.
    pub reviews: Said,
}

type Wrong = Result<Option<String>>;

impl Log {
    /// Reads on. `decided`: what each decision was about.
    pub async fn follow(&mut self, office: &Office, decided: &BTreeMap<Uuid, ContentHash>) -> Wrong {
        let mut tx = office.ledger.store().read(organisation()).await?;
        if tx.head().seq < self.seq {
            // the server came back from a backup
            *self = Self::default();
        }
        loop {
            let lines = tx.log(self.seq, 500).await?;
            if lines.is_empty() {
                return Ok(None);
            }
            for line in lines {
                if line.seq != self.seq + 1 {
                    return Ok(Some(format!("number {} follows {}", line.seq, self.seq)));
                }
                self.seq = line.seq;
                if !self.mids.insert(line.mid) {
                    return Ok(Some(format!(
                        "the mutation {} was applied twice, the second time as {}",
                        line.mid, line.seq
                    )));
                }
                self.said.push_str(&line.body);
                self.said.push('\n');
                let mutation: Mutation = serde_json::from_str(&line.body)?;
                self.note(line.seq, &mutation);
                self.reviews.note(line.actor, &mutation);
                if let (Some(read), Mutation::SchedulePost { post, .. }) = (decided.get(&line.mid), &mutation)
                    && let Some(row) = tx.rows(&[Key::Post(*post)]).await?.first()
                    && row.q == line.seq
                    && let Record::Post(post) = row.record()?
                    && post.sign_off.as_ref().map(|sign_off| sign_off.hash) != Some(*read)
                {
                    return Ok(Some(format!("number {} signs off what nobody had seen", line.seq)));
                }
            }
        }
    }

    pub fn has(&self, mid: &Uuid) -> bool {
        self.mids.contains(mid)
    }

    fn note(&mut self, seq: u64, mutation: &Mutation) {
        let (Mutation::CreatePost { post, .. } | Mutation::EditDraft { post, .. }) = mutation else { return };
        let Some((wrote, took)) = changed(mutation) else { return };
        for word in wrote {
            self.words.entry((*post, word)).or_default().0.push(seq);
        }
        for word in took {
            self.words.entry((*post, word)).or_default().1.push(seq);
        }
    }

    /// Whatever was written and not taken out stands there once, and what was taken out does not: at most where somebody is asked to
    /// read what came of two changes. Two words that changed their places are no longer one place, and of one that was taken out
    /// there it may then stay; it is never lost.
    pub async fn words_stand(&self, office: &Office) -> Wrong {
        let mut texts: BTreeMap<PostId, (Vec<String>, bool)> = BTreeMap::new();
        for ((post, word), (wrote, took)) in &self.words {
            // what was written again by an undo has no one moment, and what came back after a loss no one order
            let [wrote] = wrote.as_slice() else { continue };
            if took.iter().any(|took| took < wrote) {
                continue;
            }
            if !texts.contains_key(post) {
                let text = match office.record(Key::Post(*post)).await? {
                    Some(Record::Post(post)) => (words(&post.draft), post.merge.is_some()),
                    _ => return Ok(Some(format!("the post {post} is gone"))),
                };
                texts.insert(*post, text);
            }
            let Some((text, asked)) = texts.get(post) else { continue };
            let times = text.iter().filter(|said| *said == word).count();
            let stayed = *asked && times == 1 && !took.is_empty();
            if times != usize::from(took.is_empty()) && !stayed {
                return Ok(Some(format!(
                    "{word}, written by {wrote} and taken out by {took:?}, stands there {times} times"
                )));
            }
        }
        Ok(None)
    }
}

/// The ledger is what it says, and its log, judged again, gives its rows.
pub async fn ledger(office: &Office) -> Wrong {
    let mut tx = office.ledger.store().read(organisation()).await?;
    if let Err(flaw) = ledger::audit(tx.as_mut()).await {
        return Ok(Some(format!("audit: {flaw}")));
    }
    match ledger::replay(organisation(), tx.as_mut(), domain::apply).await {
        Err(flaw) => Ok(Some(format!("replay: {flaw}"))),
        Ok(_) => Ok(None),
    }
}

/// What waits on a desk stands on top of what came.
pub async fn view(desk: &Desk) -> Wrong {
    let store = desk.store()?;
    let last_n = store.replica().await?.map_or(0, |replica| replica.last_n);
    let waiting = store.pending(u32::MAX).await?;
    let mut expected: BTreeMap<PostId, BTreeSet<String>> = BTreeMap::new();
    // what is sent again after a new name was done long ago, and others may have changed it since
    for one in waiting.iter().filter(|one| one.n > last_n && !one.sent) {
        let mutation = one.mutation()?;
        let (Mutation::CreatePost { post, .. } | Mutation::EditDraft { post, .. }) = &mutation else {
            if !matches!(mutation, Mutation::SchedulePost { .. } | Mutation::SettleMerge { .. }) {
                // it may put posts out of sight
                return Ok(None);
            }
            continue;
        };
        let Some((wrote, took)) = changed(&mutation).filter(|_| !one.doubtful) else { return Ok(None) };
        let words = expected.entry(*post).or_default();
        words.retain(|word| !took.contains(word));
        words.extend(wrote);
    }
    for (post, expected) in expected {
        let text: BTreeSet<String> =
            desk.post(post).await?.map(|post| words(&post.draft).into_iter().collect()).unwrap_or_default();
        if let Some(word) = expected.difference(&text).next() {
            return Ok(Some(format!("desk {}: {word} waits, and does not stand on the desk", desk.name)));
        }
    }
    Ok(None)
}

async fn member(tx: &mut dyn OrgTx, actor: u128) -> Result<Option<Member>> {
    let row = tx.rows(&[Key::Member(person(actor))]).await?;
    Ok(match row.first().map(ledger::store::StoredRow::record).transpose()? {
        Some(Record::Member(member)) => Some(member),
        _ => None,
    })
}

/// A desk on which nothing waits has the rows of the scopes that its person holds, no others, and shows them.
pub async fn agrees(office: &Office, desk: &Desk, everything: &[Key]) -> Wrong {
    let mut tx = office.ledger.store().read(organisation()).await?;
    let Some(member) = member(tx.as_mut(), desk.actor).await? else { return Ok(Some("no member".to_owned())) };
    let rows = tx.rows(everything).await?;
    let held: BTreeMap<Key, _> =
        rows.into_iter().filter(|row| member.holds(row.scope)).map(|row| (row.key, row)).collect();
    let store = desk.store()?;
    let confirmed: BTreeSet<Key> = store.confirmed().await?.into_iter().map(|row| row.key).collect();
    if let Some(key) = confirmed.iter().find(|key| !held.contains_key(key)) {
        return Ok(Some(format!("desk {} keeps {key:?}, which its person does not hold", desk.name)));
    }
    for (key, row) in &held {
        if !confirmed.contains(key) {
            return Ok(Some(format!("desk {} never got {key:?}", desk.name)));
        }
        if store.record(*key).await? != Some(row.record()?) {
            return Ok(Some(format!("desk {} shows another {key:?} than the server has", desk.name)));
        }
    }
    Ok(None)
}

/// The keys of all rows that the server has, by the way of a pull of its owner.
pub async fn everything(office: &Office) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    let mut cursor = None;
    loop {
        let client = Uuid::from_u128(88);
        let pull = wire::pull::Pull { client, cursor, seen_n: 0, limit: wire::pull::PAGE_MAX };
        let reply = office.ledger.pull(organisation(), person(FAY), pull).await?;
        keys.extend(reply.rows.iter().map(|row| row.key));
        if reply.complete {
            return Ok(keys);
        }
        cursor = Some(reply.cursor);
    }
}

/// Whoever is out, or speaks as another persona, gets nothing and changes nothing.
pub async fn probes(office: &Office, post: PostId, number: u64) -> Wrong {
    let id = |of: u128| Uuid::from_u128(of * 1_000_000 + 50_000_000 + u128::from(number));
    match office.directly(DAN, id(DAN), &Mutation::Unschedule { post }).await {
        Err(Fault::AccessRevoked | Fault::Busy { .. } | Fault::Unavailable { .. }) => {}
        other => return Ok(Some(format!("somebody who is no member was answered {other:?}"))),
    }
    let pull = wire::pull::Pull { client: id(EVE), cursor: None, seen_n: 0, limit: wire::pull::PAGE_MAX };
    let reply = office.ledger.pull(organisation(), person(EVE), pull).await?;
    let hers = [Scope::Organisation, Scope::Persona(persona(CAFE)), Scope::Person(person(EVE))];
    if let Some(row) = reply.rows.iter().find(|row| !hers.contains(&row.scope)) {
        return Ok(Some(format!("somebody got {:?} of a scope that they do not hold", row.key)));
    }
    let Some(Record::Post(hidden)) = office.record(Key::Post(post)).await? else { return Ok(None) };
    // a program of somebody's own, on which the same number is another text, and one that does not say what it had
    let other = Post { draft: draft(&["other".to_owned()], None), ..hidden.clone() }.seen();
    for (of, seen) in [(FAY, Some(other)), (FAY + 1, None)] {
        let when = When { local: "2030-02-01T09:00:00".parse()?, zone: "UTC".to_owned(), fold: Fold::First };
        let keys = PartKeys { micros: 4_000_000 + number, clock_id: 4 };
        let sign = Mutation::SchedulePost { post, read: hidden.version, seen, when, keys };
        if let Ok(Answer::Applied { seq }) = office.directly(FAY, id(of), &sign).await {
            return Ok(Some(format!("number {seq} signs off a text that nobody had seen")));
        }
    }
    if hidden.scope() != Scope::Persona(persona(BAKERY)) {
        return Ok(None);
    }
    match office.directly(EVE, id(EVE), &Mutation::DeletePost { post }).await {
        Ok(Answer::Applied { .. }) => Ok(Some("somebody deleted a post that they cannot see".to_owned())),
        _ => Ok(None),
    }
}
