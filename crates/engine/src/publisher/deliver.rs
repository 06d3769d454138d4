//! One delivery: claim, make ready, wait for the minute, take the ticket, send once, write down what came back.

use std::time::Duration;

use contract::posts::ImageSize;
use contract::program::Publishing;
use domain::account::Account;
use domain::job::{Job, JobState, Lookup, Outcome, Reason, WAIT_FOR_ACCOUNT_S, back_off_s, plus};
use domain::network::Network;
use domain::post::{Image, Post};
use domain::{Key, Mutation, Record, Reject};
use fail::fail_point;
use networks::{CallError, CardFile, Credential, ImageFile, PrepareError, PrepareInput, Reply};
use tokio::sync::Notify;

use super::{Lane, notices, step, step_noting, team, until};
use crate::engine::{Engine, Note, Shared};
use crate::images;
use crate::sessions::NoSession;

/// From asking for the ticket to the first byte. With the longest that a request may take it is the life of a ticket
/// ([`Job::TICKET_S`]).
const START_WITHIN: Duration = Duration::from_secs(5);

/// The longest that a wait for the minute sleeps at once. Timers stand still while the machine sleeps, and the clock may be
/// set: looking again is what keeps the minute.
const NAP: Duration = Duration::from_secs(1);

/// Takes a waiting job as far as it gets now.
pub(super) async fn deliver(engine: &Shared, lane: &Lane, bell: &Notify, job: Job) {
    let early = carries_video(engine, &job).await;
    let making = if early { &lane.filming } else { &lane.making };
    let mut making = Some(making.lock().await);
    let mut turn = None;
    let Some(mut job) = team::claim(engine, &job).await else { return };
    fail_point!("publisher-claimed");
    loop {
        let Some((post, account)) = load(engine, &job).await else { return };
        let Some(mut credential) = session(engine, &job, &account).await else { return };
        let Some(prepared) = prepare(engine, &job, &post, &account, &credential).await else { return };
        fail_point!("publisher-prepared");
        drop(making.take());
        if !wait_for_minute(engine, bell, &prepared).await {
            return;
        }
        if turn.is_none() {
            turn = Some(lane.sending.lock().await);
            // of a thread that has begun the rest follows
            if !running(engine) {
                return release(engine, &prepared, 0, Reason::NobodyPublishing, String::new()).await;
            }
        }
        // a film is made ready long before its minute: its sign-in may have to be renewed by now
        if early {
            match session(engine, &prepared, &account).await {
                Some(fresh) => credential = fresh,
                None => return,
            }
        }
        let asked = engine.ports.clock.uptime();
        let Some(sending) = begin_send(engine, &prepared).await else { return };
        fail_point!("publisher-ticket");
        let Some(after) = send(engine, &sending, asked, &account, &credential).await else { return };
        fail_point!("publisher-reported");
        match after.state {
            JobState::Published => return notices::published(engine, &after).await,
            // the next part of a thread goes out at once
            JobState::Scheduled if after.not_before.is_none() => {
                let Some(claimed) = team::claim(engine, &after).await else { return };
                job = claimed;
            }
            JobState::Refused => return notices::failed(engine, &after).await,
            _ => return,
        }
    }
}

/// Until it is time, or until somebody pauses. Not for a delivery that was taken back meanwhile: it may be due earlier now.
async fn wait_for_minute(engine: &Engine, bell: &Notify, prepared: &Job) -> bool {
    while running(engine) {
        let left = until(engine.now(), prepared.due_at);
        if left.is_zero() {
            break;
        }
        tokio::select! {
            () = engine.ports.clock.sleep(left.min(NAP)) => {}
            () = bell.notified() => {
                let stored = engine.record(Key::Job(prepared.id)).await;
                if matches!(stored, Ok(Record::Job(job)) if job.fence != prepared.fence) {
                    return false;
                }
            }
        }
    }
    true
}

fn running(engine: &Engine) -> bool {
    matches!(engine.publishing(), Publishing::Running)
}

/// Asks the network for a post whose answer was lost. "It is not there" lets the same request go again once the wall clock
/// shows that enough time has passed; shortly after somebody set that clock it shows nothing.
pub(super) async fn look_up(engine: &Shared, lane: &Lane, job: Job, steady_for: impl Fn(Duration) -> bool) {
    let _one_at_a_time = lane.making.lock().await;
    let Some((_, account)) = load(engine, &job).await else { return };
    let Some(part) = job.next_part().and_then(|next| job.parts.get(next)) else { return };
    let (Some(request), Some(ticket)) = (&part.request, part.first_ticket_at) else { return };
    let Some(adapter) = engine.ports.networks.adapter(account.network) else { return };
    let found = match engine.credential(&account).await {
        Ok(credential) => adapter.look_up(&credential, request, &part.key, ticket, engine.now()).await,
        Err(none) => Lookup::Unknown { detail: contract::ApiError::from(none).message },
    };
    let wait = Duration::from_secs((Job::TICKET_S + account.network.repeat_after_s()).unsigned_abs());
    let found = match found {
        Lookup::Absent if !steady_for(wait) => {
            Lookup::Unknown { detail: "the clock of this computer was set a moment ago".to_owned() }
        }
        found => found,
    };
    fail_point!("publisher-looked-up");
    let detail = match &found {
        Lookup::Unknown { detail } => detail.clone(),
        _ => String::new(),
    };
    let Some(after) = step_noting(engine, Mutation::LookedUp { job: job.id, found }, detail).await else { return };
    match after.state {
        JobState::Published => notices::published(engine, &after).await,
        JobState::Unsure => notices::unsure(engine, &after).await,
        // its text changed while nobody knew that a part of it is out
        JobState::Refused => notices::failed(engine, &after).await,
        _ => {}
    }
}

/// What goes out next needs more time than images do.
pub(super) async fn carries_video(engine: &Engine, job: &Job) -> bool {
    let Some((post, _)) = load(engine, job).await else { return false };
    let content = post.draft.content_for(job.account);
    let outgoing = content.zip(job.next_part()).and_then(|(content, next)| content.outgoing().nth(next));
    for image in outgoing.map(|outgoing| outgoing.images).unwrap_or_default() {
        if let Ok(Record::Media(media)) = engine.record(Key::Media(image.media)).await
            && media.kind.is_video()
        {
            return true;
        }
    }
    false
}

async fn load(engine: &Engine, job: &Job) -> Option<(Post, Account)> {
    let post = engine.record(Key::Post(job.post)).await;
    let account = engine.record(Key::Account(job.account)).await;
    match (post, account) {
        (Ok(Record::Post(post)), Ok(Record::Account(account))) => Some((post, account)),
        _ => {
            tracing::warn!(job.id = %job.id, "a delivery names a post or an account that is not there");
            None
        }
    }
}

/// A credential, or the job goes back to wait for one.
async fn session(engine: &Engine, job: &Job, account: &Account) -> Option<Credential> {
    if !account.can_publish() {
        wait_for_account(engine, job, Reason::AccountUnavailable, String::new()).await;
        return None;
    }
    match engine.credential(account).await {
        Ok(credential) => Some(credential),
        Err(NoSession::Reconnect) => {
            engine.sign_in_ended(account).await;
            wait_for_account(engine, job, Reason::ReconnectNeeded, String::new()).await;
            None
        }
        Err(NoSession::Later(error)) => {
            let wait = back_off_s(job.failures.saturating_add(1)).min(60);
            let reason = Reason::NeverSent { detail: error.message };
            release(engine, job, wait, reason, error.detail.unwrap_or_default()).await;
            None
        }
    }
}

/// Waits until the account is back. What has begun is not missed by itself: after the grace time a person is asked about the
/// rest, or, if a request may have arrived, the network is.
async fn wait_for_account(engine: &Engine, job: &Job, reason: Reason, detail: String) {
    if !job.begun() || engine.now() <= job.latest_start() {
        release(engine, job, WAIT_FOR_ACCOUNT_S, reason, detail).await;
    } else if was_out(job) {
        step_noting(engine, Mutation::LoseAnswer { job: job.id, reason }, detail).await;
    } else {
        stop(engine, job, reason, detail).await;
    }
}

async fn release(engine: &Engine, job: &Job, wait_s: i64, reason: Reason, detail: String) {
    let not_before = plus(engine.now(), wait_s);
    step_noting(engine, Mutation::Release { job: job.id, fence: job.fence, not_before, reason }, detail).await;
}

/// Uploads what must be uploaded and freezes the request of the next part.
async fn prepare(engine: &Engine, job: &Job, post: &Post, account: &Account, credential: &Credential) -> Option<Job> {
    let next = job.next_part()?;
    let part = job.parts.get(next)?;
    // what somebody else of a team made ready is nothing that this computer has read
    let own = engine.team.is_none() || part.prepared_by == Some(engine.person);
    if let (Some(request), Some(_), true) = (&part.request, part.first_ticket_at, own) {
        // it may have left before: the very same bytes again
        return step(engine, Mutation::Prepare { job: job.id, fence: job.fence, request: request.clone() }).await;
    }
    let content = post.draft.sent_to(account)?;
    let outgoing = content.outgoing().nth(next)?;
    let images = match load_images(engine, outgoing.images).await {
        Ok(images) => images,
        // in a team it comes from the computer that added it
        Err(reason) if engine.team.is_some() => {
            release(engine, job, WAIT_FOR_ACCOUNT_S, reason, String::new()).await;
            return None;
        }
        Err(reason) => {
            stop(engine, job, reason, String::new()).await;
            return None;
        }
    };
    // elsewhere the network reads the page itself; and a card without its picture is better than no post
    let pictured = outgoing.card.filter(|_| account.network == Network::Bluesky).and_then(|card| card.picture);
    let picture = match pictured {
        Some(media) => load_images(engine, &[Image { media, alt: String::new() }]).await.ok(),
        None => None,
    };
    let picture = picture.and_then(|files| files.into_iter().next());
    let card = outgoing.card.map(|card| CardFile {
        url: &card.url,
        title: &card.title,
        description: &card.description,
        picture: picture.as_ref(),
    });
    let (root, parent) =
        (job.remote(), next.checked_sub(1).and_then(|n| job.parts.get(n)).and_then(|p| p.remote.as_ref()));
    let reply = root.zip(parent).map(|(root, parent)| Reply { root, parent });
    let input = PrepareInput {
        key: &part.key,
        text: outgoing.text,
        content_warning: &content.content_warning,
        visibility: content.visibility,
        images: &images,
        card,
        reply,
        now: engine.now(),
        created_at: engine.now().max(job.due_at),
    };
    let adapter = engine.ports.networks.adapter(account.network)?;
    match adapter.prepare(credential, input).await {
        Ok(request) => step(engine, Mutation::Prepare { job: job.id, fence: job.fence, request }).await,
        Err(error) => {
            not_prepared(engine, job, account, credential, error).await;
            None
        }
    }
}

async fn not_prepared(engine: &Engine, job: &Job, account: &Account, used: &Credential, error: PrepareError) {
    let detail = error.detail().map(|detail| detail.as_str().to_owned()).unwrap_or_default();
    match error {
        PrepareError::Call(CallError::SignInRefused) => {
            let reason = Reason::ReconnectNeeded;
            match engine.renew(account, used).await {
                Ok(_) => release(engine, job, 0, reason, detail).await,
                Err(_) => wait_for_account(engine, job, reason, detail).await,
            }
        }
        PrepareError::Call(CallError::RateLimited { until }) => {
            let reason = Reason::RateLimited { until };
            let (job, fence) = (job.id, job.fence);
            step_noting(engine, Mutation::Release { job, fence, not_before: until, reason }, detail).await;
        }
        PrepareError::Call(CallError::Refused { status, .. }) => {
            stop(engine, job, Reason::RefusedByNetwork { status, detail: detail.clone() }, detail).await;
        }
        PrepareError::BreaksRules { sentence } => {
            stop(engine, job, Reason::BreaksRules { detail: sentence }, detail).await;
        }
        other => {
            let wait = back_off_s(job.failures.saturating_add(1)).min(60);
            release(engine, job, wait, Reason::NeverSent { detail: other.to_string() }, detail).await;
        }
    }
}

async fn stop(engine: &Engine, job: &Job, reason: Reason, detail: String) {
    if let Some(stopped) = step_noting(engine, Mutation::Stop { job: job.id, reason }, detail).await {
        notices::failed(engine, &stopped).await;
    }
}

async fn load_images(engine: &Engine, images: &[Image]) -> Result<Vec<ImageFile>, Reason> {
    let mut files = Vec::new();
    for image in images {
        let Ok(Record::Media(media)) = engine.record(Key::Media(image.media)).await else {
            return Err(Reason::MediaMissing);
        };
        if let Some(team) = &engine.team
            && let Err(error) = crate::teams::fetch(engine, team, &media).await
        {
            tracing::info!(error.code = ?error.code, "a file of a team is not here yet");
        }
        let folder = engine.folder.clone();
        let loaded = tokio::task::spawn_blocking(move || images::load(&folder, media.id, ImageSize::Full)).await;
        let Ok(Ok(Some(bytes))) = loaded else { return Err(Reason::MediaMissing) };
        files.push(ImageFile {
            bytes: bytes.into(),
            kind: media.kind,
            width: media.width,
            height: media.height,
            alt: image.alt.clone(),
        });
    }
    Ok(files)
}

/// The ticket. A refusal is no fault: the text may have changed, or the account is gone.
async fn begin_send(engine: &Engine, job: &Job) -> Option<Job> {
    let mutation = Mutation::BeginSend { job: job.id, fence: job.fence };
    match engine.try_mutate(&mutation, Note::default()).await {
        Ok(Ok(done)) => {
            engine.announce(&[contract::Tag::Jobs, contract::Tag::Posts], contract::Origin::Scheduler);
            team::ticket(engine, &done).await
        }
        Ok(Err(Reject::ChangedAfterSignOff | Reject::NotSignedOff)) => {
            release(engine, job, WAIT_FOR_ACCOUNT_S, Reason::ChangedAfterSignOff, String::new()).await;
            None
        }
        Ok(Err(Reject::NotApproved)) => {
            // its word may be older than who has to agree
            engine.recount_some(&[job.post]).await;
            release(engine, job, WAIT_FOR_ACCOUNT_S, Reason::NotApproved, String::new()).await;
            None
        }
        Ok(Err(Reject::AccountUnavailable { .. })) => {
            wait_for_account(engine, job, Reason::AccountUnavailable, String::new()).await;
            None
        }
        Ok(Err(Reject::TooLate)) if was_out(job) => {
            // its repeat waited until the network's own key protected no more: only looking it up, or a person, can tell
            step(engine, Mutation::LoseAnswer { job: job.id, reason: Reason::NotFoundAfterwards }).await;
            None
        }
        Ok(Err(reject)) => {
            tracing::info!(job.id = %job.id, refusal = %reject, "no ticket");
            None
        }
        Err(error) => {
            tracing::warn!(job.id = %job.id, error.code = ?error.code, "the ticket could not be written, nothing was sent");
            None
        }
    }
}

/// The next part had a ticket before.
fn was_out(job: &Job) -> bool {
    let part = job.next_part().and_then(|next| job.parts.get(next));
    part.is_some_and(|part| part.first_ticket_at.is_some())
}

/// Sends once and writes down what came back. A report that cannot be written leaves the ticket open: after its deadline
/// the network is asked. A ticket that was `asked` for too long ago, by a clock that nobody can set, is given back unused:
/// by its deadline the request must be over.
async fn send(engine: &Engine, job: &Job, asked: Duration, account: &Account, credential: &Credential) -> Option<Job> {
    let part = job.next_part().and_then(|next| job.parts.get(next))?;
    let request = part.request.as_deref()?;
    let adapter = engine.ports.networks.adapter(account.network)?;
    let outcome = if engine.ports.clock.uptime().saturating_sub(asked) > START_WITHIN {
        Outcome::NeverSent { detail: "this computer was asleep or too busy at that moment".to_owned() }
    } else {
        adapter.send(credential, request, &part.key, engine.now()).await
    };
    fail_point!("publisher-sent");
    let refused = outcome == Outcome::SignInRefused;
    let detail = match &outcome {
        Outcome::NeverSent { detail } | Outcome::Refused { detail, .. } | Outcome::Ambiguous { detail } => {
            detail.clone()
        }
        _ => String::new(),
    };
    let report = Mutation::Report { job: job.id, attempt: job.attempt, outcome };
    let after = step_noting(engine, report, detail).await?;
    if refused && let Err(NoSession::Reconnect) = engine.renew(account, credential).await {
        engine.sign_in_ended(account).await;
    }
    Some(after)
}
