//! Approval against everything else that happens at the same time.

use std::collections::BTreeSet;

use domain::Mutation;
use domain::approval::{Quorum, Verdict};
use domain::id::JobId;

use crate::office::*;

/// Ben agrees while others edit, sign off, move and publish, 1,000 rounds: nothing is ever sent that he did not agree to.
#[test]
fn approval_against_edits_with_publishing_due() {
    let mut state = 11_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut sent, mut refused) = (0, 0);
    for round in 0..1_000 {
        let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
        let job = JobId::of(POST, account_id(ACCOUNT));
        let mut agreed = BTreeSet::new();
        // what Ben's window shows may be older than what stands there
        let mut shown = office.post().clone();
        office.now = office.post().schedule.as_ref().unwrap().at;
        for _ in 0..12 {
            match next(6) {
                0 => shown = office.post().clone(),
                1 => {
                    let (seen, note) = (Some(shown.seen()), String::new());
                    let read = if next(2) == 0 { shown.version } else { office.post().version };
                    let approve = Mutation::Review { post: POST, read, seen, verdict: Verdict::Approve, note };
                    if let Ok(writes) = office.ask(BEN, &approve) {
                        office.set.overlay(&writes);
                        agreed.insert(shown.draft.base.parts[0].text.clone());
                    }
                }
                2 => {
                    let (read, text) = (office.post().version, format!("Rye {}.", next(3)));
                    let edit = Mutation::EditDraft { post: POST, read, draft: draft(&text), since: None };
                    if let Ok(writes) = office.ask(if next(2) == 0 { DAN } else { EVE }, &edit) {
                        office.set.overlay(&writes);
                    }
                }
                3 => {
                    let read = office.post().version;
                    if let Ok(writes) = office.ask(DAN, &Mutation::SignOff { post: POST, read, seen: None, keys: KEYS })
                    {
                        office.set.overlay(&writes);
                    }
                }
                4 => {
                    if let Ok(writes) = office.ask(BEN, &Mutation::WithdrawReview { post: POST }) {
                        office.set.overlay(&writes);
                        agreed.clear();
                    }
                }
                _ => {
                    if let Ok(writes) = office.ask(EVE, &Mutation::Claim { job }) {
                        office.set.overlay(&writes);
                    }
                    let claimed = office.job(job);
                    let prepare = Mutation::Prepare { job, fence: claimed.fence, request: "{}".to_owned() };
                    if let Ok(writes) = office.ask(EVE, &prepare) {
                        office.set.overlay(&writes);
                    }
                    match office.ask(EVE, &Mutation::BeginSend { job, fence: claimed.fence }) {
                        Ok(_) => {
                            let text = &office.post().draft.base.parts[0].text;
                            assert!(agreed.contains(text), "round {round}: nobody agreed to {text:?}");
                            sent += 1;
                        }
                        Err(_) => refused += 1,
                    }
                }
            }
        }
    }
    assert!(sent > 100 && refused > 100, "{sent} {refused}");
}
