//! The desk: posts that are being written. They lie beside the screens, so leaving a screen loses nothing: a text that is
//! not stored yet stays here and is tried again until it is.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use contract::ApiError;
use contract::posts::{
    CreatePost, EditDraft, GetPost, PostView, PublishNow, SchedulePost, SignOff, UnschedulePost, Written,
};
use contract::queues::{FreeSlot, QueuePost};
use contract::series::{EditSeries, RepeatPost, SeriesWritten};
use contract::teams::SettleMerge;
use domain::id::{AccountId, PersonaId, PostId};
use domain::mutation::When;
use domain::post::{Content, Draft};
use gloo_timers::callback::Timeout;
use jiff::Timestamp;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::edit::{self, Edit};
use super::save::{Act, Event, Order, Pipeline, SaveState};
use crate::backend::call;
use crate::platform;

thread_local! {
    static DESK: RefCell<Vec<Rc<Sheet>>> = const { RefCell::new(Vec::new()) };
    static WATCHERS: RefCell<Vec<(u64, Callback<()>)>> = const { RefCell::new(Vec::new()) };
    static WISH: RefCell<Option<Wish>> = const { RefCell::new(None) };
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// What was done with a post besides writing it.
#[derive(Debug, Clone)]
pub struct Done {
    pub act: Act,
    pub written: Written,
    /// So many posts were written.
    pub posts: u32,
    /// Where a queue put it.
    pub slot: Option<FreeSlot>,
}

/// One post on the desk.
pub struct Sheet {
    number: u64,
    pipeline: RefCell<Pipeline>,
    /// Texts of accounts that were taken away: they come back with the account.
    parked: RefCell<BTreeMap<AccountId, Content>>,
    listeners: RefCell<Vec<(u64, Callback<()>)>>,
    done: RefCell<Vec<Done>>,
    saved_at: Cell<Option<Timestamp>>,
    /// The time that it was begun for.
    wished: RefCell<Option<When>>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("number", &self.number).finish_non_exhaustive()
    }
}

impl PartialEq for Sheet {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

/// What the next new post is begun for.
#[derive(Debug, Clone)]
pub struct Wish {
    pub when: When,
    pub persona: Option<PersonaId>,
    /// Only these; empty: as the persona has them.
    pub accounts: Vec<AccountId>,
}

/// The next post that is begun is for this.
pub fn wish(wish: Wish) {
    WISH.set(Some(wish));
}

/// What the next post is begun for, if it is for something.
pub fn wished() -> Option<Wish> {
    WISH.with_borrow(Clone::clone)
}

fn number() -> u64 {
    LAST.with(|last| {
        last.set(last.get() + 1);
        last.get()
    })
}

impl Sheet {
    fn lay(pipeline: Pipeline) -> Rc<Self> {
        let sheet = Rc::new(Self {
            number: number(),
            pipeline: RefCell::new(pipeline),
            parked: RefCell::default(),
            listeners: RefCell::default(),
            done: RefCell::default(),
            saved_at: Cell::new(None),
            wished: RefCell::default(),
        });
        DESK.with_borrow_mut(|desk| desk.push(sheet.clone()));
        sheet
    }

    /// An empty sheet, or the one whose text could not become a post yet.
    pub fn blank(start: Draft) -> Rc<Self> {
        let waiting = DESK.with_borrow(|desk| {
            desk.iter().find(|sheet| sheet.post().is_none() && !sheet.pipeline.borrow().is_settled()).cloned()
        });
        let sheet = waiting.unwrap_or_else(|| Self::lay(Pipeline::new(start)));
        if let Some(wish) = WISH.take() {
            sheet.wished.replace(Some(wish.when));
        }
        sheet
    }

    /// The sheet of this post if it lies on the desk.
    pub fn find(post: PostId) -> Option<Rc<Self>> {
        DESK.with_borrow(|desk| desk.iter().find(|sheet| sheet.post() == Some(post)).cloned())
    }

    /// The sheet of a post that was just read.
    pub fn open(view: &PostView) -> Rc<Self> {
        match Self::find(view.post.id) {
            Some(sheet) => {
                sheet.tell(Event::Observed(Box::new(view.clone())));
                sheet
            }
            None => {
                let sheet = Self::lay(Pipeline::open(&view.post));
                sheet.saved_at.set(Some(view.post.updated_at));
                sheet
            }
        }
    }

    /// The time that it was begun for, as long as it has none of its own.
    pub fn wished(&self) -> Option<When> {
        self.wished.borrow().clone()
    }

    pub const fn number(&self) -> u64 {
        self.number
    }

    pub fn post(&self) -> Option<PostId> {
        self.pipeline.borrow().post()
    }

    pub fn pipeline(&self) -> std::cell::Ref<'_, Pipeline> {
        self.pipeline.borrow()
    }

    /// Changes the draft and stores it; answers what undoes the change where something was taken away.
    pub fn edit(self: &Rc<Self>, wanted: Edit) -> Option<Edit> {
        let mut draft = self.pipeline.borrow().draft().clone();
        let toggled = match wanted {
            Edit::Toggle(account) => Some(account),
            _ => None,
        };
        let mut undo = edit::edit(&mut draft, wanted);
        if let Some(account) = toggled {
            if let Some(Edit::Restore { target, .. }) = &undo {
                if let Some(text) = target.variant.clone() {
                    self.parked.borrow_mut().insert(account, text);
                }
            } else if draft.content_for(account).is_some()
                && let Some(content) = self.parked.borrow_mut().remove(&account)
            {
                undo = edit::edit(&mut draft, Edit::Own { account, content });
            }
        }
        if draft != *self.pipeline.borrow().draft() {
            self.tell(Event::Edited(Box::new(draft)));
        }
        undo
    }

    pub fn tell(self: &Rc<Self>, event: Event) {
        if let Event::Observed(view) = &event {
            self.saved_at.set(self.saved_at.get().max(Some(view.post.updated_at)));
        }
        let orders = self.pipeline.borrow_mut().step(event);
        for order in orders {
            self.run(order);
        }
        let listeners: Vec<Callback<()>> =
            self.listeners.borrow().iter().map(|(_, listener)| listener.clone()).collect();
        for listener in listeners
            .into_iter()
            .chain(WATCHERS.with_borrow(|all| all.iter().map(|(_, watcher)| watcher.clone()).collect::<Vec<_>>()))
        {
            listener.emit(());
        }
        self.clear_away();
    }

    /// When the text was stored last.
    pub fn saved_at(&self) -> Option<Timestamp> {
        self.saved_at.get()
    }

    /// The post was deleted: what is not stored is given up with it.
    pub fn discard(self: &Rc<Self>) {
        self.tell(Event::Discard);
    }

    /// What was done since the last call.
    pub fn take_done(&self) -> Vec<Done> {
        self.done.take()
    }

    /// As [`Pipeline::write_together`].
    pub fn write_together(&self, together: bool) {
        self.pipeline.borrow_mut().write_together(together);
    }

    /// Calls `listener` after every change, until the answer is given to [`Sheet::forget`].
    pub fn listen(&self, listener: Callback<()>) -> u64 {
        let number = number();
        self.listeners.borrow_mut().push((number, listener));
        number
    }

    pub fn forget(self: &Rc<Self>, listener: u64) {
        self.listeners.borrow_mut().retain(|(number, _)| *number != listener);
        self.clear_away();
    }

    /// Takes the sheet off the desk once nobody looks at it and nothing is left to store.
    fn clear_away(self: &Rc<Self>) {
        if self.listeners.borrow().is_empty() && self.pipeline.borrow().is_settled() {
            DESK.with_borrow_mut(|desk| desk.retain(|sheet| sheet != self));
        }
    }

    fn run(self: &Rc<Self>, order: Order) {
        let sheet = self.clone();
        if let Order::RetryIn { ms } = order {
            Timeout::new(ms, move || sheet.tell(Event::RetryDue)).forget();
            return;
        }
        spawn_local(async move {
            let event = match order {
                Order::Create { draft } => Event::Wrote(call(CreatePost { draft }).await),
                Order::Write { post, read, draft, base } => {
                    let base = Some(base);
                    Event::Wrote(call(EditDraft { post, read, draft, base }).await)
                }
                Order::Fetch { post } => Event::Fetched(call(GetPost { post }).await.map(Box::new)),
                Order::Act { post, read, act } => {
                    let answer = perform(post, read, act).await;
                    if let Ok(done) = &answer {
                        sheet.done.borrow_mut().push(done.clone());
                    }
                    Event::Acted(answer.map(|done| done.written))
                }
                Order::RetryIn { .. } => Event::RetryDue,
            };
            if matches!(event, Event::Wrote(Ok(_))) {
                sheet.saved_at.set(Some(platform::now()));
            }
            sheet.tell(event);
        });
    }
}

async fn perform(post: PostId, read: u32, act: Act) -> Result<Done, ApiError> {
    let made = act.clone();
    let one = |written: Written| Done { act: made.clone(), written, posts: 1, slot: None };
    let several = |done: SeriesWritten| Done { posts: done.posts, ..one(done.written) };
    match act {
        Act::Queue => {
            let queued = call(QueuePost { post, read, queue: None }).await?;
            Ok(Done { slot: Some(queued.slot), ..one(queued.written) })
        }
        Act::Schedule(when) => call(SchedulePost { post, read, when }).await.map(one),
        Act::PublishNow => call(PublishNow { post, read }).await.map(one),
        Act::SignOff => call(SignOff { post, read }).await.map(one),
        Act::Unschedule => call(UnschedulePost { post }).await.map(one),
        Act::Repeat { rule, when } => call(RepeatPost { post, read, rule, when }).await.map(several),
        Act::SignOffAll => call(EditSeries { post, read }).await.map(several),
        Act::SettleMerge => call(SettleMerge { post, read }).await.map(one),
    }
}

/// Texts on the desk that could not be stored.
fn unsaved() -> usize {
    let failed = |sheet: &&Rc<Sheet>| {
        matches!(sheet.pipeline().state(), SaveState::NotSaved { .. } | SaveState::Conflict { .. })
    };
    DESK.with_borrow(|desk| desk.iter().filter(failed).count())
}

/// How many texts could not be stored, on whatever screen they were written.
#[hook]
pub fn use_unsaved() -> usize {
    let count = use_state_eq(unsaved);
    {
        let count = count.clone();
        use_effect_with((), move |()| {
            let number = number();
            let listener = Callback::from(move |()| count.set(unsaved()));
            WATCHERS.with_borrow_mut(|watchers| watchers.push((number, listener)));
            move || WATCHERS.with_borrow_mut(|watchers| watchers.retain(|(other, _)| *other != number))
        });
    }
    *count
}

/// Something was typed that is not stored yet, or something is being done with a post.
pub fn is_busy() -> bool {
    DESK.with_borrow(|desk| desk.iter().any(|sheet| !sheet.pipeline().is_settled()))
}

/// The window goes out of sight: everything is offered again at once.
pub fn flush() {
    let sheets: Vec<Rc<Sheet>> = DESK.with_borrow(Clone::clone);
    for sheet in sheets {
        sheet.tell(Event::RetryNow);
    }
}

/// What `look` sees of the sheet: the caller is redrawn when that changes, and only then.
#[hook]
pub fn use_sheet<T>(sheet: &Rc<Sheet>, look: fn(&Sheet) -> T) -> UseStateHandle<T>
where
    T: PartialEq + 'static,
{
    let seen = use_state_eq(|| look(sheet));
    {
        let seen = seen.setter();
        use_effect_with(sheet.clone(), move |sheet| {
            let sheet = sheet.clone();
            // it may have changed between drawing and listening
            seen.set(look(&sheet));
            let number = {
                let sheet = sheet.clone();
                let looked_at = Rc::downgrade(&sheet);
                sheet.listen(Callback::from(move |()| {
                    if let Some(sheet) = looked_at.upgrade() {
                        seen.set(look(&sheet));
                    }
                }))
            };
            move || sheet.forget(number)
        });
    }
    seen
}
