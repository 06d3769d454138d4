//! The hook that shows the answer of a reading command and fetches it again when a change names one of its tags.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use contract::{Access, ApiError, Command, Tag};
use gloo_timers::callback::Timeout;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::cache::{Cache, Key, Shown, same};
use super::ipc;

/// A question that has no answer for so long, in milliseconds, is asked again: reading changes nothing.
const ANSWER_MS: u32 = 8_000;

type Listener = Rc<dyn Fn()>;

#[derive(Default)]
struct Store {
    cache: Cache,
    fetchers: HashMap<Key, fn(Key)>,
    listeners: HashMap<Key, Vec<(u64, Listener)>>,
    last: u64,
}

thread_local! {
    static STORE: RefCell<Store> = RefCell::new(Store::default());
}

/// What a query shows.
pub struct Query<T> {
    /// The last answer; stays while a new one is fetched.
    pub data: Option<Rc<T>>,
    /// Why the last fetch failed.
    pub error: Option<Rc<ApiError>>,
    pub fetching: bool,
    /// The data answers an earlier question (the request changed and its answer is on the way).
    pub previous: bool,
    pub retry: Callback<()>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            error: self.error.clone(),
            fetching: self.fetching,
            previous: self.previous,
            retry: self.retry.clone(),
        }
    }
}

impl<T> PartialEq for Query<T> {
    fn eq(&self, other: &Self) -> bool {
        same(self.data.as_ref(), other.data.as_ref())
            && same(self.error.as_ref(), other.error.as_ref())
            && self.fetching == other.fetching
            && self.previous == other.previous
    }
}

/// Shows the answer of `command`. The same request in two places is one fetch.
#[hook]
pub fn use_query<C: Command>(command: C) -> Query<C::Reply> {
    use_query_if(Some(command))
}

/// Like [`use_query`]; `None` asks nothing and shows nothing.
#[hook]
pub fn use_query_if<C: Command>(command: Option<C>) -> Query<C::Reply> {
    let key =
        command.and_then(|command| ipc::encode(&command).ok()).map(|body| Key { name: C::NAME, body: body.into() });
    let redraw = use_force_update();
    let drawn = use_mut_ref(Shown::default);
    {
        let drawn = drawn.clone();
        use_effect_with(key.clone(), move |key| {
            let attached = key.clone().map(|key| {
                let number = attach::<C>(&key, &drawn.borrow(), Rc::new(move || redraw.force_update()));
                (key, number)
            });
            move || {
                if let Some((key, number)) = attached {
                    detach(&key, number);
                }
            }
        });
    }
    let retry = use_callback(key.clone(), move |(), key| {
        if let Some(key) = key
            && STORE.with_borrow_mut(|store| store.cache.refetch(key))
        {
            fetch::<C::Reply>(key.clone());
            notify(key);
        }
    });
    let last = use_mut_ref(|| None::<Rc<C::Reply>>);
    let Some(key) = key else {
        *last.borrow_mut() = None;
        return Query { data: None, error: None, fetching: false, previous: false, retry };
    };
    let shown = STORE.with_borrow(|store| store.cache.shown(&key));
    drawn.replace(shown.clone());
    let data = shown.data.and_then(|data| data.downcast::<C::Reply>().ok());
    if let Some(data) = &data {
        *last.borrow_mut() = Some(data.clone());
    }
    let previous = data.is_none() && shown.error.is_none();
    let data = if previous { last.borrow().clone() } else { data };
    Query {
        previous: previous && data.is_some(),
        fetching: shown.fetching || previous,
        error: shown.error,
        data,
        retry,
    }
}

/// Asks for what is about to be shown, and says when the answer is there or will not come.
pub fn prefetch<C: Command>(command: &C, settled: impl FnOnce() + 'static) {
    let Ok(body) = ipc::encode(command) else { return settled() };
    let key = Key { name: C::NAME, body: body.into() };
    let needed = STORE.with_borrow_mut(|store| store.attach::<C>(&key));
    spawn_local(async move {
        if needed {
            fetched::<C::Reply>(key.clone()).await;
        }
        STORE.with_borrow_mut(|store| store.cache.detach(&key));
        settled();
    });
}

/// These tags changed, here or elsewhere.
pub fn invalidate(tags: &[Tag]) {
    run(STORE.with_borrow_mut(|store| store.cache.invalidate(tags)));
}

/// The window shows another profile now: nothing that was known counts.
pub fn reset() {
    let keys = STORE.with_borrow_mut(|store| store.cache.clear());
    for key in &keys {
        notify(key);
    }
    run(keys);
}

fn run(keys: Vec<Key>) {
    for key in keys {
        let fetcher = STORE.with_borrow(|store| store.fetchers.get(&key).copied());
        if let Some(fetcher) = fetcher {
            fetcher(key);
        }
    }
}

impl Store {
    /// `true`: it has to be fetched now.
    fn attach<C: Command>(&mut self, key: &Key) -> bool {
        let tags: &'static [Tag] = match C::ACCESS {
            Access::Reads(tags) | Access::Writes(tags) => tags,
        };
        self.fetchers.insert(key.clone(), fetch::<C::Reply>);
        self.cache.attach(key, tags)
    }
}

fn attach<C: Command>(key: &Key, drawn: &Shown, listener: Listener) -> u64 {
    let (number, needed, shown) = STORE.with_borrow_mut(|store| {
        store.last += 1;
        let number = store.last;
        store.listeners.entry(key.clone()).or_default().push((number, listener.clone()));
        let needed = store.attach::<C>(key);
        (number, needed, store.cache.shown(key))
    });
    if needed {
        fetch::<C::Reply>(key.clone());
    } else if !shown.is(drawn) {
        // the answer came between drawing and attaching
        listener();
    }
    number
}

fn detach(key: &Key, number: u64) {
    STORE.with_borrow_mut(|store| {
        if let Some(listeners) = store.listeners.get_mut(key) {
            listeners.retain(|(other, _)| *other != number);
            if listeners.is_empty() {
                store.listeners.remove(key);
            }
        }
        store.cache.detach(key);
    });
}

fn notify(key: &Key) {
    let listeners: Vec<Listener> = STORE.with_borrow(|store| {
        store.listeners.get(key).into_iter().flatten().map(|(_, listener)| listener.clone()).collect()
    });
    for listener in listeners {
        listener();
    }
}

fn fetch<T: DeserializeOwned + 'static>(key: Key) {
    spawn_local(fetched::<T>(key));
}

async fn fetched<T: DeserializeOwned + 'static>(key: Key) {
    let asked = STORE.with_borrow(|store| (store.cache.epoch(), store.cache.asked(&key)));
    let overdue = {
        let key = key.clone();
        Timeout::new(ANSWER_MS, move || {
            if STORE.with_borrow_mut(|store| store.cache.overdue(&key, asked.0, asked.1)) {
                fetch::<T>(key);
            }
        })
    };
    let answer = ipc::raw(key.name, &key.body).await;
    drop(overdue);
    let mut fingerprint = 0;
    let result = answer.and_then(|text| {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        fingerprint = hasher.finish();
        if STORE.with_borrow(|store| store.cache.knows(&key, fingerprint)) {
            return Ok(None);
        }
        ipc::decode::<T>(&text).map(|data| Some(Rc::new(data) as Rc<dyn std::any::Any>))
    });
    let settled = STORE.with_borrow_mut(|store| store.cache.settle(&key, asked, fingerprint, result));
    if settled.changed {
        notify(&key);
    }
    if settled.again {
        fetch::<T>(key);
    }
}
