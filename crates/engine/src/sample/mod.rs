//! The sample profile: a small company's year of posts, for newcomers, pictures of the screens and measurements.
//!
//! It is told through the rulebook, see [`history`], so everything in it obeys the same rules as a person's own posts. Its
//! accounts are marked as examples and can never publish. Nothing in it depends on chance: the same moment and the same
//! number of posts give the same sample.

mod canvas;
mod entries;
mod film;
mod history;
mod ideas;
mod people;
mod pictures;
mod plan;
mod random;
mod snippets;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::PoisonError;

use contract::{ApiError, Code};
use domain::account::Account;
use domain::comment::Anchor;
use domain::id::{CommentId, EntryId, PostId};
use domain::job::plus;
use domain::media::{Fit, MadeFrom, Media};
use domain::post::{Content, Draft, Image, Part, Target};
use domain::schedule::{Fold, Schedule};
use domain::{Mutation, Record, Reject, Step};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Commit, JobLogEntry, LogEntry, PostFilter};
use tokio::sync::broadcast;

use crate::engine::Engine;
use crate::errors::{internal, storage};
use crate::host::{self, SAMPLE, WELCOMED};
use crate::images::{self, Taken};
use crate::ports::Ports;
use crate::settings;
use history::{End, History};
use people::{Place, Voice, fixed};
use pictures::Picture;
use plan::{Fate, Item};
use random::Random;
use texts::{Text, fill as words};

/// Posts of the sample that a newcomer opens.
pub(crate) const POSTS: usize = 160;
/// Posts that are written in one transaction.
const BATCH: usize = 250;
const SEED: u64 = 0x5e4d_0ff5;
const HOUR_S: i64 = 60 * 60;
const DAY_S: i64 = 24 * HOUR_S;
/// Where Harbour & Co. is at home: the zone of the sample where the computer does not name its own.
const HOME: &str = "Europe/Oslo";

/// Fills the sample profile unless that was done before.
pub(crate) async fn fill_if_empty(engine: &Engine, posts: usize) -> Result<(), ApiError> {
    // even deleted ones are still listed
    if !engine.store.personas().await.map_err(|error| storage(&error))?.is_empty() {
        return Ok(());
    }
    tell(engine, posts, paint().await?, |_| {}).await
}

/// Makes a sample profile with so many posts in a folder of its own, which from then on opens as a sample: it publishes
/// nothing and connects no accounts. `progress` is told how many posts are written.
///
/// # Errors
/// [`Code::BadRequest`] if the folder holds a profile in which somebody has begun to work; else whatever the disk says.
pub async fn fill(folder: &Path, posts: usize, ports: &Ports, progress: impl Fn(usize)) -> Result<(), ApiError> {
    let (events, _) = broadcast::channel(1);
    let engine = host::open(folder, false, ports, &events).await?;
    if is_used(&engine).await? {
        return Err(ApiError::new(
            Code::BadRequest,
            "This folder already contains a profile. Choose another folder for the sample.",
        ));
    }
    engine.store.put_setting(SAMPLE, &json!(true)).await.map_err(|error| storage(&error))?;
    tell(&engine, posts, paint().await?, progress).await
}

async fn is_used(engine: &Engine) -> Result<bool, ApiError> {
    let store = &engine.store;
    let failed = |error| storage(&error);
    Ok(store.setting(WELCOMED).await.map_err(failed)?.is_some()
        || !store.personas().await.map_err(failed)?.is_empty()
        || !store.accounts().await.map_err(failed)?.is_empty()
        || store.posts_count(&PostFilter::default()).await.map_err(failed)? > 0)
}

async fn tell(
    engine: &Engine,
    posts: usize,
    painted: Vec<(Picture, Taken)>,
    progress: impl Fn(usize),
) -> Result<(), ApiError> {
    let now = engine.now();
    let zone = zone(engine).await?;
    let tz = TimeZone::get(&zone).map_err(|error| internal(&error))?;
    let (pictures, crops) = keep(engine, painted, plus(now, -90 * DAY_S)).await?;
    let mut story = Story::new(engine, now, pictures);
    story.first.extend(crops.into_iter().map(Record::Media));
    story.begin(&zone)?;
    let mut random = Random::new(SEED);
    let items = plan::plan(posts, now, &tz, &zone, &mut random);
    let mut done = 0;
    for batch in items.chunks(BATCH) {
        for item in batch {
            story.tell(item, &mut random)?;
        }
        done += batch.len();
        story.write(engine, done).await?;
        progress(done);
    }
    if items.is_empty() {
        story.write(engine, 0).await?;
    }
    Ok(())
}

/// The zone of the sample. A computer that names none shows it where its people live.
async fn zone(engine: &Engine) -> Result<String, ApiError> {
    let zone = engine.zone();
    if zone != "UTC" {
        return Ok(zone);
    }
    let mut changed = engine.settings();
    changed.zone = HOME.to_owned();
    settings::write(&engine.store, &changed).await?;
    *engine.settings.write().unwrap_or_else(PoisonError::into_inner) = changed;
    Ok(HOME.to_owned())
}

async fn paint() -> Result<Vec<(Picture, Taken)>, ApiError> {
    let painting = tokio::task::spawn_blocking(|| {
        let all = Picture::ALL.into_iter();
        all.map(|picture| Ok((picture, picture.take()?))).collect::<Result<Vec<_>, ApiError>>()
    });
    painting.await.map_err(|error| internal(&error))?
}

/// Stores the pictures as if they had been imported `then`, and what was made of them.
async fn keep(
    engine: &Engine,
    painted: Vec<(Picture, Taken)>,
    then: Timestamp,
) -> Result<(BTreeMap<Picture, Media>, Vec<Media>), ApiError> {
    let folder = engine.folder.clone();
    let storing = tokio::task::spawn_blocking(move || {
        let (mut kept, mut made_of) = (BTreeMap::new(), Vec::new());
        for (picture, taken) in painted {
            images::store(&folder, &taken)?;
            let (shelf, tags) = picture.shelf();
            let alt = picture.alt(Voice::Bakery).to_owned();
            let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let described = Media { alt, folder: shelf.to_owned(), tags, created_at: then, ..taken.media.clone() };
            if let Some(square) = picture.square() {
                let fit = Fit { crop: Some(square), ..Fit::default() };
                let made = images::fit(&described, &taken.bytes, &fit, then)?;
                images::store(&folder, &made)?;
                made_of.push(Media { made_from: Some(MadeFrom { media: described.id, fit }), ..made.media });
            }
            if picture == Picture::Kitchen {
                made_of.push(film::keep(&folder, &taken, then)?);
            }
            kept.insert(picture, described);
        }
        Ok::<_, ApiError>((kept, made_of))
    });
    storing.await.map_err(|error| internal(&error))?
}

/// The sample while it is told.
struct Story {
    now: Timestamp,
    person: domain::id::PersonId,
    pictures: BTreeMap<Picture, Media>,
    /// As they were while the posts went out.
    accounts: BTreeMap<Place, Account>,
    history: History,
    /// Records that no story tells: pictures, and the accounts as they are shown.
    first: Vec<Record>,
    /// Posts that were talked about.
    talks: u32,
}

impl Story {
    fn new(engine: &Engine, now: Timestamp, pictures: BTreeMap<Picture, Media>) -> Self {
        let accounts: BTreeMap<Place, Account> =
            Place::ALL.into_iter().map(|place| (place, place.working(now))).collect();
        let media: Vec<Media> = pictures.values().cloned().collect();
        let known: Vec<Account> = accounts.values().cloned().collect();
        let shown = Place::ALL.into_iter().map(|place| Record::Account(place.shown(now)));
        let first = media.iter().cloned().map(Record::Media).chain(shown).collect();
        let history = History::new(engine.person, &known, &media);
        Self { now, person: engine.person, pictures, accounts, history, first, talks: 0 }
    }

    fn begin(&mut self, zone: &str) -> Result<(), Reject> {
        let then = plus(self.now, -900 * DAY_S);
        self.history.step(then, Mutation::NamePerson { person: self.person, name: "Ada Berg".to_owned() })?;
        for voice in Voice::ALL {
            let at = plus(then, i64::from(voice as u8));
            self.history.step(at, Mutation::AddPersona { persona: voice.persona(), text: voice.text() })?;
        }
        for (queue, text) in people::queues(zone) {
            self.history.step(plus(then, 60), Mutation::AddQueue { queue, text })?;
        }
        for (snippet, text) in snippets::all() {
            self.history.step(plus(then, 90), Mutation::AddSnippet { snippet, text })?;
        }
        let today = Schedule::at_instant(self.now, zone).map_err(|error| Reject::Schedule { error })?.local.date();
        for (number, text) in (0..).zip(entries::all(today)) {
            let entry = EntryId::new(fixed(b'e', number));
            self.history.step(plus(then, 120), Mutation::AddEntry { entry, text })?;
        }
        for (number, (idea, column, text)) in ideas::all().into_iter().enumerate() {
            let at = plus(self.now, -HOUR_S * (40 - i64::try_from(number).unwrap_or(0)));
            self.history.step(at, Mutation::AddIdea { idea, text, column })?;
        }
        Ok(())
    }

    fn tell(&mut self, item: &Item, random: &mut Random) -> Result<(), Reject> {
        let draft = self.draft(item);
        let due = Schedule::resolve(item.local, &item.zone, Fold::First).map_err(|error| Reject::Schedule { error })?;
        let due = due.0.at;
        match item.fate {
            Fate::Draft => {
                let created = plus(self.now, -random.between(HOUR_S, 20 * DAY_S));
                let edited = plus(created, random.between(60, HOUR_S - 60));
                let post = self.create(created, Draft { title: draft.title.clone(), ..Draft::default() }, random)?;
                self.history.edit(edited, post, draft)
            }
            Fate::Scheduled | Fate::Held => {
                let created = plus(due, -random.between(DAY_S, 9 * DAY_S));
                let created = created.min(plus(self.now, -random.between(2 * HOUR_S, 9 * DAY_S)));
                let signed = plus(created, random.between(600, 20 * HOUR_S)).min(plus(self.now, -180));
                let post = self.create(created, draft, random)?;
                self.history.schedule(signed, post, item.local, &item.zone, random)?;
                if matches!(item.fate, Fate::Held) {
                    self.history.hold(plus(signed, 120), post)?;
                }
                Ok(())
            }
            Fate::InReview(now_says, signed_said) => {
                let mut signed_draft = draft.clone();
                let variants = signed_draft.targets.iter_mut().filter_map(|target| target.variant.as_mut());
                for part in
                    std::iter::once(&mut signed_draft.base).chain(variants).flat_map(|content| &mut content.parts)
                {
                    part.text = part.text.replace(now_says, signed_said);
                }
                let post = self.create(plus(self.now, -4 * DAY_S), signed_draft, random)?;
                let signed = plus(self.now, -3 * DAY_S);
                self.history.schedule(signed, post, item.local, &item.zone, random)?;
                self.history.edit(plus(self.now, -random.between(HOUR_S, 44 * HOUR_S)), post, draft)?;
                self.talk(post, now_says, signed_said)
            }
            Fate::Sent(others, last) => {
                let created = plus(due, -random.between(DAY_S, 9 * DAY_S));
                let signed = plus(created, random.between(600, 20 * HOUR_S));
                let post = self.create(created, draft, random)?;
                self.history.schedule(signed, post, item.local, &item.zone, random)?;
                for (number, place) in item.places.iter().enumerate() {
                    let end: End = if number + 1 == item.places.len() { last } else { others };
                    let account = self.accounts.get(place).ok_or(Reject::NotFound)?;
                    self.history.deliver(post, account, end, random)?;
                }
                Ok(())
            }
        }
    }

    /// What is said about a post that was changed after it was signed off.
    fn talk(&mut self, post: PostId, says: &str, said: &str) -> Result<(), Reject> {
        let parts = self.history.post(post).map(|post| post.draft.base.parts.clone()).unwrap_or_default();
        let anchor = parts.iter().enumerate().find_map(|(part, Part { text, .. })| {
            let before = text.get(..text.find(says)?)?.chars().count();
            Anchor::of(None, part, text, before..before.saturating_add(says.chars().count()))
        });
        let number = u8::try_from(self.talks).unwrap_or(u8::MAX);
        self.talks = self.talks.saturating_add(1);
        let [first, answer, settled] = [b'a', b'b', b'c'].map(|kind| CommentId::new(fixed(kind, number)));
        let on =
            |comment, text: String, anchor, reply_to| Mutation::AddComment { comment, post, text, anchor, reply_to };
        let asked = format!("Is this right now? It said “{said}” when it was signed off.");
        self.history.step(plus(self.now, -50 * 60), on(first, asked, anchor, None))?;
        let answered = "Yes, the shop called this morning.".to_owned();
        self.history.step(plus(self.now, -35 * 60), on(answer, answered, None, Some(first)))?;
        let picture = "The picture by daylight, please.".to_owned();
        self.history.step(plus(self.now, -3 * HOUR_S), on(settled, picture, None, None))?;
        self.history.step(plus(self.now, -2 * HOUR_S), Mutation::ResolveComment { comment: settled })
    }

    fn create(&mut self, at: Timestamp, draft: Draft, random: &mut Random) -> Result<PostId, Reject> {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let post = PostId::new(uuid::Builder::from_unix_timestamp_millis(millis, &random.bytes()).into_uuid());
        self.history.create(at, post, draft)?;
        Ok(post)
    }

    fn draft(&self, item: &Item) -> Draft {
        let Some(text) = item.text else {
            let targets = item.places.iter().map(|place| Target { account: place.account(), variant: None }).collect();
            let link_tags = item.voice.link_tags();
            return Draft { persona: Some(item.voice.persona()), targets, link_tags, ..Draft::default() };
        };
        let target = |place: &Place| Target {
            account: place.account(),
            variant: (place.network() == domain::network::Network::Mastodon && !text.mastodon.is_empty())
                .then(|| self.content(item, text, text.mastodon, text.warning)),
        };
        Draft {
            title: words(text.title, item.seed, item.local.date()),
            persona: Some(item.voice.persona()),
            base: self.content(item, text, text.parts, ""),
            targets: item.places.iter().map(target).collect(),
            link_tags: item.voice.link_tags(),
        }
    }

    fn content(&self, item: &Item, text: &Text, parts: &[&str], warning: &str) -> Content {
        let day = item.local.date();
        let mut parts: Vec<Part> =
            parts.iter().map(|part| Part { text: words(part, item.seed, day), ..Part::default() }).collect();
        if let Some(first) = parts.first_mut() {
            first.images = text.pictures.iter().filter_map(|picture| self.image(*picture, item)).collect();
            // somebody still has to say what the second picture shows
            if matches!(item.fate, Fate::InReview(..))
                && let Some(image) = first.images.get_mut(1)
            {
                image.alt.clear();
            }
        }
        Content { parts, content_warning: warning.to_owned(), ..Content::default() }
    }

    fn image(&self, picture: Picture, item: &Item) -> Option<Image> {
        let media = self.pictures.get(&picture)?.id;
        Some(Image { media, alt: picture.alt(item.voice).to_owned() })
    }

    /// Writes what was told since the last time, in one transaction.
    async fn write(&mut self, engine: &Engine, done: usize) -> Result<(), ApiError> {
        let (records, job_log): (Vec<Record>, Vec<JobLogEntry>) = self.history.take();
        let mut writes = std::mem::take(&mut self.first);
        writes.extend(records);
        let log = LogEntry {
            actor: self.person,
            at: self.now,
            name: "fill_sample".to_owned(),
            data: json!({ "posts": done }),
            inverse: None,
            undoes: None,
        };
        let mut commit = Some(Commit { writes, log, job_log, coalesce: false, pending: None });
        let written = engine.store.mutate::<Reject, _>(|_| match commit.take() {
            Some(commit) => Step::Done(Ok(commit)),
            None => Step::Done(Err(Reject::Exists)),
        });
        written.await.map_err(|error| storage(&error))??;
        Ok(())
    }
}
