//! What the window knows of the program's answers: pure bookkeeping, no input or output.

use std::any::Any;
use std::collections::HashMap;
use std::rc::Rc;

use contract::{ApiError, Tag};

/// A query: the command's name and its request as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub name: &'static str,
    pub body: Rc<str>,
}

/// Answers that nobody shows are kept, newest use first, up to this many: going back shows the last picture at once.
const IDLE_MAX: usize = 48;

#[derive(Default)]
struct Entry {
    tags: &'static [Tag],
    data: Option<Rc<dyn Any>>,
    fingerprint: u64,
    error: Option<Rc<ApiError>>,
    fetching: bool,
    /// How often the program was asked; what it is asked now has this number.
    asked: u32,
    /// The newest question that it answered.
    answered: u32,
    /// The data may be out of date.
    stale: bool,
    users: u32,
    used: u64,
}

/// The answers by query.
#[derive(Default)]
pub struct Cache {
    entries: HashMap<Key, Entry>,
    clock: u64,
    epoch: u32,
}

/// What a finished fetch asks of the caller.
#[derive(Debug, PartialEq, Eq)]
pub struct Settled {
    /// What is shown changed.
    pub changed: bool,
    /// Something changed while it was under way: fetch again.
    pub again: bool,
}

/// What a query shows now.
#[derive(Clone, Default)]
pub struct Shown {
    pub data: Option<Rc<dyn Any>>,
    pub error: Option<Rc<ApiError>>,
    pub fetching: bool,
}

impl Shown {
    /// Looks exactly the same.
    pub fn is(&self, other: &Self) -> bool {
        same(self.data.as_ref(), other.data.as_ref())
            && same(self.error.as_ref(), other.error.as_ref())
            && self.fetching == other.fetching
    }
}

/// The very same answer, not one that says the same.
pub fn same<T: ?Sized>(one: Option<&Rc<T>>, other: Option<&Rc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

impl Cache {
    /// Someone shows this query. `true`: it has to be fetched now.
    pub fn attach(&mut self, key: &Key, tags: &'static [Tag]) -> bool {
        self.clock += 1;
        let entry = self.entries.entry(key.clone()).or_default();
        entry.tags = tags;
        entry.users += 1;
        entry.used = self.clock;
        (entry.data.is_none() || entry.stale) && Self::start(entry)
    }

    /// Someone no longer shows it.
    pub fn detach(&mut self, key: &Key) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.users = entry.users.saturating_sub(1);
        }
        let mut idle: Vec<(u64, Key)> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.users == 0 && !entry.fetching)
            .map(|(key, entry)| (entry.used, key.clone()))
            .collect();
        if idle.len() > IDLE_MAX {
            idle.sort_unstable_by_key(|(used, _)| *used);
            for (_, key) in idle.iter().take(idle.len() - IDLE_MAX) {
                self.entries.remove(key);
            }
        }
    }

    /// These tags changed. Answers the queries to fetch now; those that nobody shows are fetched when they are.
    pub fn invalidate(&mut self, tags: &[Tag]) -> Vec<Key> {
        let hit = |entry: &Entry| entry.tags.iter().any(|tag| tags.contains(tag));
        let mut fetch = Vec::new();
        for (key, entry) in self.entries.iter_mut().filter(|(_, entry)| hit(entry)) {
            entry.stale = true;
            if entry.users > 0 && Self::start(entry) {
                fetch.push(key.clone());
            }
        }
        fetch
    }

    /// A person asked to try again.
    pub fn refetch(&mut self, key: &Key) -> bool {
        self.entries.get_mut(key).is_some_and(|entry| {
            entry.stale = true;
            Self::start(entry)
        })
    }

    /// Everything belongs to another profile now. Answers the queries to fetch.
    pub fn clear(&mut self) -> Vec<Key> {
        self.epoch += 1;
        self.entries.retain(|_, entry| entry.users > 0);
        for entry in self.entries.values_mut() {
            *entry = Entry { tags: entry.tags, users: entry.users, used: entry.used, ..Entry::default() };
            Self::start(entry);
        }
        self.entries.keys().cloned().collect()
    }

    /// The number that a fetch hands back to [`Cache::settle`].
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The number of the question that is under way; a fetch hands it back as well.
    pub fn asked(&self, key: &Key) -> u32 {
        self.entries.get(key).map_or(0, |entry| entry.asked)
    }

    /// This question has waited long. `true`: it is asked once more, because an answer that was lost would hold back all that
    /// follow.
    pub fn overdue(&mut self, key: &Key, epoch: u32, ask: u32) -> bool {
        let waits = |entry: &&mut Entry| entry.fetching && entry.asked == ask;
        let Some(entry) = self.entries.get_mut(key).filter(|_| epoch == self.epoch).filter(waits) else { return false };
        entry.asked += 1;
        true
    }

    /// The stored answer is this very text: nothing to decode, nothing to draw.
    pub fn knows(&self, key: &Key, fingerprint: u64) -> bool {
        self.entries
            .get(key)
            .is_some_and(|entry| entry.data.is_some() && entry.error.is_none() && entry.fingerprint == fingerprint)
    }

    /// A fetch came back. `None` as data: it is the answer that is known already.
    pub fn settle(
        &mut self,
        key: &Key,
        (epoch, ask): (u32, u32),
        fingerprint: u64,
        result: Result<Option<Rc<dyn Any>>, ApiError>,
    ) -> Settled {
        let nothing = Settled { changed: false, again: false };
        if epoch != self.epoch {
            return nothing;
        }
        // what was asked later and answered already says more
        let Some(entry) = self.entries.get_mut(key).filter(|entry| ask > entry.answered) else { return nothing };
        entry.answered = ask;
        entry.fetching = false;
        let changed = match result {
            Ok(None) => false,
            Ok(Some(data)) => {
                entry.data = Some(data);
                entry.fingerprint = fingerprint;
                entry.error = None;
                true
            }
            // what was shown stays: an old truth with a failed refresh is better than a blank screen
            Err(error) => {
                entry.error = Some(Rc::new(error));
                true
            }
        };
        let again = entry.stale && entry.users > 0 && Self::start(entry);
        Settled { changed, again }
    }

    pub fn shown(&self, key: &Key) -> Shown {
        self.entries.get(key).map_or_else(Shown::default, |entry| Shown {
            data: entry.data.clone(),
            error: entry.error.clone(),
            fetching: entry.fetching,
        })
    }

    /// Marks a fetch as begun; `false` if one is under way, which then runs once more.
    fn start(entry: &mut Entry) -> bool {
        if entry.fetching {
            return false;
        }
        entry.fetching = true;
        entry.asked += 1;
        entry.stale = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &'static str) -> Key {
        Key { name, body: "{}".into() }
    }

    fn answer(text: &'static str) -> Result<Option<Rc<dyn Any>>, ApiError> {
        Ok(Some(Rc::new(text)))
    }

    fn text(cache: &Cache, key: &Key) -> Option<&'static str> {
        cache.shown(key).data.and_then(|data| data.downcast::<&'static str>().ok()).map(|data| *data)
    }

    #[test]
    fn one_fetch_serves_all_who_show_the_query() {
        let mut cache = Cache::default();
        let posts = key("posts");
        assert!(cache.attach(&posts, &[Tag::Posts]));
        assert!(!cache.attach(&posts, &[Tag::Posts]));
        assert_eq!(cache.settle(&posts, (0, 1), 1, answer("a")), Settled { changed: true, again: false });
        assert!(!cache.attach(&posts, &[Tag::Posts]), "what is fresh is not fetched again");
    }

    #[test]
    fn a_change_fetches_what_is_shown_and_marks_the_rest() {
        let mut cache = Cache::default();
        let (posts, accounts, gone) = (key("posts"), key("accounts"), key("gone"));
        for (key, tag) in [(&posts, &[Tag::Posts]), (&accounts, &[Tag::Accounts]), (&gone, &[Tag::Posts])] {
            cache.attach(key, tag);
            cache.settle(key, (0, 1), 1, answer("old"));
        }
        cache.detach(&gone);
        assert_eq!(cache.invalidate(&[Tag::Posts]), std::slice::from_ref(&posts));
        assert_eq!(text(&cache, &posts), Some("old"), "old data stays while new data is on its way");
        assert!(cache.attach(&gone, &[Tag::Posts]));
    }

    #[test]
    fn a_change_during_a_fetch_fetches_once_more() {
        let mut cache = Cache::default();
        let posts = key("posts");
        cache.attach(&posts, &[Tag::Posts]);
        assert!(cache.invalidate(&[Tag::Posts]).is_empty());
        assert!(cache.invalidate(&[Tag::Posts]).is_empty());
        assert_eq!(cache.settle(&posts, (0, 1), 1, answer("a")), Settled { changed: true, again: true });
        assert_eq!(cache.settle(&posts, (0, 2), 2, answer("b")), Settled { changed: true, again: false });
    }

    #[test]
    fn an_answer_that_was_lost_is_asked_for_again_and_the_newest_answer_counts() {
        let mut cache = Cache::default();
        let posts = key("posts");
        cache.attach(&posts, &[Tag::Posts]);
        let lost = cache.asked(&posts);
        assert!(cache.overdue(&posts, 0, lost));
        let again = cache.asked(&posts);
        assert!(!cache.overdue(&posts, 0, lost), "each question is repeated once");
        assert_eq!(cache.settle(&posts, (0, again), 1, answer("b")), Settled { changed: true, again: false });
        assert!(!cache.overdue(&posts, 0, again));
        // it was not lost, only late
        assert!(!cache.settle(&posts, (0, lost), 2, answer("a")).changed);
        assert_eq!(text(&cache, &posts), Some("b"));
        assert_eq!(cache.invalidate(&[Tag::Posts]), std::slice::from_ref(&posts));
    }

    #[test]
    fn a_failed_refresh_keeps_the_data_and_says_so() {
        let mut cache = Cache::default();
        let posts = key("posts");
        cache.attach(&posts, &[Tag::Posts]);
        cache.settle(&posts, (0, 1), 1, answer("a"));
        assert!(cache.refetch(&posts));
        let error = ApiError::new(contract::Code::Storage, "The disk failed.");
        cache.settle(&posts, (0, 2), 0, Err(error));
        assert_eq!(text(&cache, &posts), Some("a"));
        assert!(cache.shown(&posts).error.is_some());
        assert!(!cache.knows(&posts, 1), "the same answer must clear the error");
    }

    #[test]
    fn another_profile_forgets_everything_and_ignores_late_answers() {
        let mut cache = Cache::default();
        let posts = key("posts");
        cache.attach(&posts, &[Tag::Posts]);
        let epoch = cache.epoch();
        assert_eq!(cache.clear(), std::slice::from_ref(&posts));
        assert!(!cache.settle(&posts, (epoch, 1), 1, answer("other profile")).changed);
        assert_eq!(text(&cache, &posts), None);
        assert!(cache.settle(&posts, (cache.epoch(), 1), 1, answer("mine")).changed);
    }

    #[test]
    fn answers_that_nobody_shows_are_bounded() {
        let mut cache = Cache::default();
        for number in 0..200_u32 {
            let key = Key { name: "image", body: number.to_string().into() };
            cache.attach(&key, &[Tag::Media]);
            cache.settle(&key, (0, 1), 1, answer("bytes"));
            cache.detach(&key);
        }
        assert_eq!(cache.entries.len(), IDLE_MAX);
    }
}
