//! How often a second it can be counted whether a post may go out, beside how often its content can be hashed: each count hashes it.

#![allow(clippy::print_stdout, reason = "what it is for")]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Instant;

use domain::approval::{
    Approval, Case, Chain, ChainStep, ChainText, Condition, Covers, Quorum, Reach, Review, Verdict, Vote,
};
use domain::hash::ContentHash;
use domain::id::{AccountId, ChainId, PersonId, PostId, StepId};
use domain::network::Network;
use domain::post::{Content, Draft, Post, PostStatus, SignOff, Target};
use domain::schedule::{Fold, Schedule};
use domain::team::{Member, Membership, Personas, Role};
use jiff::Timestamp;
use uuid::Uuid;

const ROUNDS: u32 = 200_000;
/// As many chains as a large organisation has, of which two cover the post.
const CHAINS: u128 = 12;
const PEOPLE: u128 = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (schedule, _) = Schedule::resolve("2026-12-24T09:00:00".parse()?, "Europe/Berlin", Fold::First)
        .map_err(|error| format!("{error:?}"))?;
    let person = |number: u128| PersonId::new(Uuid::from_u128(number));
    let account = AccountId::new(Uuid::from_u128(100));
    let text =
        "Rye is back. We bake it on Fridays, from six in the morning, until it is gone: https://bakery.example/rye "
            .repeat(3);
    let draft =
        Draft { base: Content::text(text), targets: vec![Target { account, variant: None }], ..Draft::default() };
    let hash = ContentHash::of(&draft, schedule.at).ok_or("no hash")?;
    let words = ContentHash::of_text(&draft).ok_or("no hash")?;
    let chains: Vec<Chain> = (0..CHAINS)
        .map(|number| {
            let network = if number < 2 { Network::Bluesky } else { Network::X };
            let steps = (0..3).map(|at| step(number * 10 + at, (0..PEOPLE).map(person).collect())).collect();
            let covers = Covers { networks: [network].into(), ..Covers::default() };
            let text = ChainText { name: number.to_string(), covers, steps, ..ChainText::default() };
            let (id, created_at) = (ChainId::new(Uuid::from_u128(number)), Timestamp::UNIX_EPOCH);
            Chain { id, version: 1, text, created_at, updated_at: created_at }
        })
        .collect();
    let steps: BTreeSet<StepId> = chains.iter().flat_map(|chain| &chain.text.steps).map(|step| step.id).collect();
    let votes = (0..3).map(|number| Vote {
        by: person(number),
        at: Timestamp::UNIX_EPOCH,
        verdict: Verdict::Approve,
        note: String::new(),
        steps: steps.clone(),
        version: 1,
        hash,
        text: words,
        replaces: None,
    });
    let review = Review { votes: votes.collect(), ..Review::default() };
    let author = person(99);
    let post = Post {
        id: PostId::new(Uuid::from_u128(1)),
        author,
        draft,
        schedule: Some(schedule),
        place: None,
        sign_off: Some(SignOff { by: author, at: Timestamp::UNIX_EPOCH, hash }),
        held: false,
        merge: None,
        review: Some(Box::new(review)),
        status: PostStatus::Scheduled,
        version: 1,
        deliveries: vec![account],
        deleted: false,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    let people: Vec<Member> = (0..PEOPLE).map(|number| member(person(number))).collect();
    let members: BTreeMap<PersonId, &Member> = people.iter().map(|member| (member.person, member)).collect();
    let (reach, now) = (Reach { networks: [Network::Bluesky].into(), ..Reach::default() }, Timestamp::UNIX_EPOCH);
    let case = || Case::of(&chains, black_box(&post), &reach, &members, now);
    if case().standing().approval != Approval::Approved {
        return Err("it is not approved".into());
    }
    let counted = rate(|| black_box(case().standing().approval) == Approval::Approved);
    let hashed = rate(|| black_box(black_box(&post).current_hash()).is_some());
    println!("counted {counted:.0}/s, hashed {hashed:.0}/s: {:.1} hashes a count", hashed / counted);
    Ok(())
}

fn rate(once: impl Fn() -> bool) -> f64 {
    let begun = Instant::now();
    let done = (0..ROUNDS).filter(|_| once()).count();
    done as f64 / begun.elapsed().as_secs_f64()
}

fn step(number: u128, people: BTreeSet<PersonId>) -> ChainStep {
    let only_if = if number % 3 == 2 { vec![Condition::HasLink] } else { Vec::new() };
    ChainStep {
        id: StepId::new(Uuid::from_u128(1_000 + number)),
        name: number.to_string(),
        people,
        roles: [Role::Approver].into(),
        quorum: Quorum::AtLeast(2),
        only_if,
        within_h: Some(24),
        then: BTreeSet::new(),
    }
}

fn member(person: PersonId) -> Member {
    Member {
        person,
        name: "Ada".to_owned(),
        role: Role::Approver,
        personas: Personas::All,
        membership: Membership::Active,
        away: None,
        again_at: None,
        joined_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}
