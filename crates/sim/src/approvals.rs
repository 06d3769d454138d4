//! Approval chains in stories, and what must hold whenever something goes out: every text that is sent has its own approvals, counted
//! here from what people said, and not by the rule that let it go.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use domain::approval::{ChainStep, ChainText, Condition, Covers, Order, Quorum, Verdict};
use domain::hash::ContentHash;
use domain::id::{ChainId, JobId, PersonId, PostId, StepId};
use domain::job::{JobState, Outcome, Remote};
use domain::mutation::When;
use domain::post::Post;
use domain::schedule::Fold;
use domain::team::{Member, Organisation, Role};
use domain::{Key, Mutation, Record};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Unit};
use uuid::Uuid;
use wire::push::Answer;

use crate::office::{ADA, BAKERY, BEN, CARA, FAY, GIL, Office, account, organisation, person, persona};
use crate::random::Random;

/// Two are enough for more than one to cover a post.
const CHAINS: [u128; 2] = [500, 501];
pub const APPROVERS: [u128; 5] = [ADA, BEN, CARA, FAY, GIL];

pub fn chain(number: usize) -> ChainId {
    ChainId::new(Uuid::from_u128(CHAINS.get(number).copied().unwrap_or(500)))
}

/// A chain of one or two steps.
pub fn text(random: &Random, of: usize) -> ChainText {
    let steps = (0..1 + random.below(2)).map(|at| step(random, of as u128 * 10 + at as u128)).collect();
    let personas = if random.percent(30) { [persona(BAKERY)].into() } else { BTreeSet::new() };
    ChainText {
        name: "Chain".to_owned(),
        covers: Covers { personas, ..Covers::default() },
        order: if random.percent(70) { Order::OneByOne } else { Order::AtOnce },
        own_work: random.percent(25),
        time_counts: random.percent(40),
        steps,
    }
}

fn step(random: &Random, number: u128) -> ChainStep {
    let some = |percent: u32| -> BTreeSet<PersonId> {
        APPROVERS.into_iter().filter(|_| random.percent(percent)).map(person).collect()
    };
    let roles: BTreeSet<Role> = if random.percent(30) { [Role::Approver].into() } else { BTreeSet::new() };
    let mut people = some(50);
    if people.is_empty() && roles.is_empty() {
        people.insert(person(BEN));
    }
    let quorum = match random.below(3) {
        0 if roles.is_empty() => Quorum::All,
        1 if people.len() > 1 => Quorum::AtLeast(2),
        _ => Quorum::Any,
    };
    // every post goes to one account
    let only_if = match random.below(4) {
        0 => vec![Condition::MoreAccountsThan(0)],
        1 => vec![Condition::MoreAccountsThan(1)],
        _ => Vec::new(),
    };
    let id = StepId::new(Uuid::from_u128(600 + number));
    let name = format!("Step {number}");
    ChainStep { id, name, people, roles, quorum, only_if, within_h: None, then: BTreeSet::new() }
}

/// A whole minute, so many after this moment.
pub fn soon(now: Timestamp, minutes: usize) -> Result<When> {
    let local = now.to_zoned(TimeZone::UTC).datetime().checked_add(Span::new().minutes(i64::try_from(minutes)?))?;
    Ok(When { local: local.round(Unit::Minute)?, zone: "UTC".to_owned(), fold: Fold::First })
}

/// What a person says.
pub fn verdict(random: &Random) -> Verdict {
    match random.below(20) {
        0 | 1 => Verdict::RequestChanges,
        2 => Verdict::Reject,
        3 => Verdict::Override,
        _ => Verdict::Approve,
    }
}

/// What was said and written, as the log has it.
#[derive(Debug, Default)]
pub struct Said {
    /// Who wrote a word of a post that nobody had written.
    wrote: BTreeMap<PostId, BTreeSet<PersonId>>,
    words: BTreeSet<String>,
    /// The last word of each person about each post: what it was, and what they saw.
    last: BTreeMap<(PostId, PersonId), (Verdict, Option<ContentHash>)>,
}

impl Said {
    pub fn note(&mut self, actor: PersonId, mutation: &Mutation) {
        match mutation {
            Mutation::Review { post, verdict, seen, .. } => {
                self.last.insert((*post, actor), (*verdict, *seen));
            }
            Mutation::WithdrawReview { post } => {
                self.last.remove(&(*post, actor));
            }
            Mutation::CreatePost { post, .. } | Mutation::EditDraft { post, .. } => {
                let Some((wrote, _)) = crate::desk::changed(mutation) else { return };
                if wrote.into_iter().filter(|word| self.words.insert(word.clone())).count() > 0 {
                    self.wrote.entry(*post).or_default().insert(actor);
                }
            }
            _ => {}
        }
    }
}

/// Somebody's program sends whatever is due of a post, and the server lets it or not.
pub async fn publishes(office: &Office, said: &Said, post: PostId, number: u64) -> Result<(String, Option<String>)> {
    let job = JobId::of(post, account());
    let fresh = |step: u128| Uuid::from_u128(900_000_000_000 + u128::from(number) * 10 + step);
    let claim = office.directly(FAY, fresh(0), &Mutation::Claim { job }).await;
    if !matches!(claim, Ok(Answer::Applied { .. })) {
        return Ok(("nothing to send".to_owned(), None));
    }
    let Some(Record::Job(claimed)) = office.record(Key::Job(job)).await? else { return Ok(("gone".to_owned(), None)) };
    let (fence, request) = (claimed.fence, "{}".to_owned());
    drop(office.directly(FAY, fresh(1), &Mutation::Prepare { job, fence, request }).await);
    let ticket = office.directly(FAY, fresh(2), &Mutation::BeginSend { job, fence }).await;
    let Some(Record::Job(sending)) = office.record(Key::Job(job)).await? else { return Ok(("gone".to_owned(), None)) };
    if sending.state != JobState::Sending {
        let not_before = office.now()?;
        let reason = domain::job::Reason::NotApproved;
        drop(office.directly(FAY, fresh(3), &Mutation::Release { job, fence, not_before, reason }).await);
        return Ok((format!("no ticket: {ticket:?}"), None));
    }
    let Some(Record::Post(sent)) = office.record(Key::Post(post)).await? else { return Ok(("gone".to_owned(), None)) };
    let wrong = unapproved(office, said, &sent).await?;
    let (id, url, cid) = (number.to_string(), String::new(), String::new());
    let outcome = Outcome::Published { remote: Remote { id, url, cid } };
    let report = Mutation::Report { job, attempt: sending.attempt, outcome };
    drop(office.directly(FAY, fresh(4), &report).await);
    Ok(("sent".to_owned(), wrong))
}

/// Why this must not have been sent.
async fn unapproved(office: &Office, said: &Said, post: &Post) -> Result<Option<String>> {
    let organisation = match office.record(Key::Organisation(organisation())).await? {
        Some(Record::Organisation(organisation)) => organisation,
        other => anyhow::bail!("no organisation: {other:?}"),
    };
    let mut members = BTreeMap::new();
    for number in APPROVERS {
        if let Some(Record::Member(member)) = office.record(Key::Member(person(number))).await? {
            members.insert(member.person, member);
        }
    }
    let case = Asked { said, post, members };
    Ok(case.missing(&organisation).map(|why| format!("{} was sent, although {why}", post.id)))
}

struct Asked<'a> {
    said: &'a Said,
    post: &'a Post,
    members: BTreeMap<PersonId, Member>,
}

impl Asked<'_> {
    fn missing(&self, organisation: &Organisation) -> Option<String> {
        let covering = organisation.chains.iter().filter(|chain| {
            let personas = &chain.text.covers.personas;
            personas.is_empty() || self.post.draft.persona.is_some_and(|persona| personas.contains(&persona))
        });
        let mut asked = covering.flat_map(|chain| chain.text.steps.iter().map(move |step| (&chain.text, step)));
        let asks = |step: &ChainStep| {
            step.only_if.is_empty() || step.only_if.iter().any(|one| matches!(one, Condition::MoreAccountsThan(0)))
        };
        if !asked.clone().any(|(_, step)| asks(step)) || self.is_overridden() {
            return None;
        }
        if let Some(person) = self.against() {
            return Some(format!("{person} is against it"));
        }
        asked.find(|(chain, step)| asks(step) && !self.is_met(chain, step)).map(|(chain, step)| {
            format!(
                "{} has not enough of {:?} ({:?}, own work: {})",
                step.name, step.people, step.quorum, chain.own_work
            )
        })
    }

    fn words(&self) -> impl Iterator<Item = (PersonId, Verdict, Option<ContentHash>)> {
        self.said
            .last
            .iter()
            .filter(|((post, _), _)| *post == self.post.id)
            .map(|((_, who), (what, saw))| (*who, *what, *saw))
    }

    fn is_member(&self, person: PersonId) -> bool {
        self.members.get(&person).is_some_and(Member::is_active)
    }

    fn there(&self, person: PersonId) -> Option<&Member> {
        self.members.get(&person).filter(|member| member.is_active() && member.holds(self.post.scope()))
    }

    /// Exactly this, with its time.
    fn saw_this(&self, saw: Option<ContentHash>) -> bool {
        saw == Some(self.post.seen())
    }

    /// These words, at whatever time: those are whole minutes of a few hours, or nine o'clock on a day far away.
    fn saw_words(&self, saw: Option<ContentHash>) -> bool {
        self.said_times().any(|at| saw == Some(ContentHash::of_seen(&self.post.draft, Some(at))))
    }

    fn said_times(&self) -> impl Iterator<Item = Timestamp> {
        let begin = crate::office::BEGIN / 60_000_000;
        let near = (begin..begin + 60 * 24 * 3).map(|minute| Timestamp::from_second(minute * 60));
        let far = (0..28).map(|day| Timestamp::from_second(FAR_S + day * 86_400));
        near.chain(far).filter_map(Result::ok)
    }

    fn is_overridden(&self) -> bool {
        self.words().any(|(who, what, saw)| {
            what == Verdict::Override
                && self.saw_this(saw)
                && self.there(who).is_some_and(|member| member.role == Role::Owner)
        })
    }

    fn against(&self) -> Option<PersonId> {
        let mut words = self.words();
        let against = words.find(|(who, what, saw)| {
            matches!(what, Verdict::RequestChanges | Verdict::Reject)
                && self.there(*who).is_some()
                && self.saw_words(*saw)
        });
        against.map(|(who, ..)| who)
    }

    fn may_agree(&self, chain: &ChainText, who: PersonId) -> bool {
        let wrote = self.said.wrote.get(&self.post.id).is_some_and(|writers| writers.contains(&who));
        self.there(who).is_some() && (chain.own_work || !wrote)
    }

    fn is_met(&self, chain: &ChainText, step: &ChainStep) -> bool {
        let agreed = self.words().filter(|(who, what, saw)| {
            let saw = if chain.time_counts { self.saw_this(*saw) } else { self.saw_words(*saw) };
            let role = self.there(*who).map(|member| member.role);
            let asked = step.people.contains(who) || role.is_some_and(|role| step.roles.contains(&role));
            *what == Verdict::Approve && saw && asked && self.may_agree(chain, *who)
        });
        let agreed = agreed.count();
        match step.quorum {
            Quorum::Any => agreed >= 1,
            Quorum::AtLeast(people) => agreed >= people as usize,
            Quorum::All => agreed > 0 && agreed >= step.people.iter().filter(|who| self.is_member(**who)).count(),
        }
    }
}

/// 2030-01-01, nine o'clock.
const FAR_S: i64 = 1_893_488_400;
