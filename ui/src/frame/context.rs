//! What every screen gets from the frame: the program, the clock, messages with undo, and commands.

use std::cell::RefCell;
use std::rc::Rc;

use contract::ApiError;
use contract::approvals::ChainSaved;
use contract::changes::Undo;
use contract::comments::CommentAdded;
use contract::library::MediaDeleted;
use contract::posts::Written;
use contract::program::{Program, Saved};
use contract::queues::QueueSaved;
use contract::series::SeriesStopped;
use contract::snippets::SnippetSaved;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::i18n::{Texts, use_texts};
use crate::platform;
use crate::state::keys::Cmd;
use crate::state::time;
use crate::state::toasts::{Action, Toasts};

/// The program's own state, always loaded inside the frame.
#[hook]
pub fn use_program() -> Rc<Program> {
    #[expect(clippy::expect_used, reason = "the frame gives it to everything inside it")]
    use_context::<Rc<Program>>().expect("a screen outside the frame")
}

/// The time, and how this person reads it. Changes twice a minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    pub now: Timestamp,
    /// IANA name of the viewer's zone.
    pub zone_name: AttrValue,
    pub zone: TimeZone,
    pub texts: &'static Texts,
}

impl Clock {
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    pub fn today(&self) -> Date {
        self.local(self.now).date()
    }

    /// "14:30"
    pub fn time(&self, at: Timestamp) -> String {
        time::time(self.local(at))
    }

    /// "14:30" today, "Sat 09:40" this week, "24 Dec, 09:00" else.
    pub fn moment(&self, at: Timestamp) -> String {
        self.texts.time.moment(self.local(at), self.today())
    }

    /// "in 2 h 14 min"
    pub fn relative(&self, at: Timestamp) -> String {
        self.texts.time.relative(at, self.now)
    }

    /// Absolute and relative together: "Sat 09:40, in 6 days".
    pub fn both(&self, at: Timestamp) -> String {
        format!("{}, {}", self.moment(at), self.relative(at))
    }

    /// "Sat 28 Nov 2026, 09:00"
    pub fn full(&self, at: Timestamp) -> String {
        self.texts.time.full(self.local(at))
    }

    /// The time as a post's own zone shows it, if that clock differs from the viewer's: "09:00 Tokyo".
    pub fn elsewhere(&self, at: Timestamp, zone: &str) -> Option<String> {
        let theirs = TimeZone::get(zone).ok()?;
        if time::same_clock(&theirs, &self.zone, at) {
            return None;
        }
        let local = theirs.to_datetime(at);
        let city = time::city(zone);
        if local.date() == self.local(at).date() {
            Some(format!("{} {city}", time::time(local)))
        } else {
            Some(format!("{} {} {city}", self.texts.time.weekday_short(local.date()), time::time(local)))
        }
    }
}

#[hook]
pub fn use_clock() -> Clock {
    #[expect(clippy::expect_used, reason = "the frame gives it to everything inside it")]
    use_context::<Clock>().expect("a screen outside the frame")
}

/// Answers that can be taken back.
pub trait Undoable {
    fn undo(&self) -> Option<u64>;
}

impl Undoable for Saved {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for Written {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for QueueSaved {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for MediaDeleted {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for CommentAdded {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for SnippetSaved {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for SeriesStopped {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for ChainSaved {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Undoable for () {
    fn undo(&self) -> Option<u64> {
        None
    }
}

/// Says what happened: a toast, read out by screen readers, with an undo where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Toaster {
    pub(super) toasts: UseReducerDispatcher<Toasts>,
    pub(super) texts: &'static Texts,
}

impl Toaster {
    /// "Copied"
    pub fn say(&self, text: impl Into<String>) {
        self.toasts.dispatch(Action::Say { text: text.into(), undo: None, now: platform::now_ms() });
    }

    /// "Post deleted. Undo"
    pub fn done(&self, text: impl Into<String>, answer: &impl Undoable) {
        self.toasts.dispatch(Action::Say { text: text.into(), undo: answer.undo(), now: platform::now_ms() });
    }

    /// What went wrong and what to do; stays until it is closed.
    pub fn fail(&self, error: &ApiError) {
        let text = (self.texts.error)(error);
        self.toasts.dispatch(Action::Fail { text, detail: error.detail.clone() });
    }

    /// A failure that no command answered.
    pub fn complain(&self, text: impl Into<String>) {
        self.toasts.dispatch(Action::Fail { text: text.into(), detail: None });
    }

    /// As [`Toaster::complain`], with what helps whoever looks for the cause.
    pub fn complain_of(&self, text: impl Into<String>, detail: String) {
        self.toasts.dispatch(Action::Fail { text: text.into(), detail: Some(detail) });
    }

    /// Runs a command and says `text` with its undo, or what went wrong.
    pub fn run<C>(&self, command: C, text: impl Into<String>)
    where
        C: contract::Command,
        C::Reply: Undoable,
    {
        self.run_then(command, text, |_| {});
    }

    /// As [`Toaster::run`]; `then` gets the answer, or nothing if it was not done.
    pub fn run_then<C>(&self, command: C, text: impl Into<String>, then: impl FnOnce(Option<&C::Reply>) + 'static)
    where
        C: contract::Command,
        C::Reply: Undoable,
    {
        let text = text.into();
        self.settle(command, move |_| text, then);
    }

    /// As [`Toaster::run`], with words for the answer.
    pub fn run_saying<C>(&self, command: C, text: impl FnOnce(&C::Reply) -> String + 'static)
    where
        C: contract::Command,
        C::Reply: Undoable,
    {
        self.settle(command, text, |_| {});
    }

    pub(super) fn settle<C>(
        &self,
        command: C,
        text: impl FnOnce(&C::Reply) -> String + 'static,
        then: impl FnOnce(Option<&C::Reply>) + 'static,
    ) where
        C: contract::Command,
        C::Reply: Undoable,
    {
        let toaster = self.clone();
        spawn_local(async move {
            let answer = call(command).await;
            then(answer.as_ref().ok());
            match answer {
                Ok(answer) => toaster.done(text(&answer), &answer),
                Err(error) => toaster.fail(&error),
            }
        });
    }

    /// Runs a command whose success speaks for itself.
    pub fn run_quietly<C: contract::Command>(&self, command: C) {
        let toaster = self.clone();
        spawn_local(async move {
            if let Err(error) = call(command).await {
                toaster.fail(&error);
            }
        });
    }

    /// Takes all messages away.
    pub fn clear(&self) {
        self.toasts.dispatch(Action::Clear);
    }

    /// Takes back what `undo` names.
    pub fn undo(&self, undo: u64) {
        let toaster = self.clone();
        spawn_local(async move {
            let result = call(Undo { undo }).await;
            toaster.toasts.dispatch(Action::Undone { undo });
            match result {
                Ok(()) => toaster.say(toaster.texts.frame.undone),
                Err(error) => toaster.fail(&error),
            }
        });
    }
}

#[hook]
pub fn use_toaster() -> Toaster {
    #[expect(clippy::expect_used, reason = "the frame gives it to everything inside it")]
    use_context::<Toaster>().expect("a screen outside the frame")
}

/// A command that can run now.
#[derive(Clone, PartialEq)]
pub struct Bound {
    pub cmd: Cmd,
    pub run: Callback<()>,
    /// Shown in the palette instead of the command's own title: "Delete “Christmas orders”".
    pub title: Option<AttrValue>,
}

impl Bound {
    pub fn new(cmd: Cmd, run: impl Fn() + 'static) -> Self {
        Self { cmd, run: Callback::from(move |()| run()), title: None }
    }

    pub fn titled(mut self, title: impl Into<AttrValue>) -> Self {
        self.title = Some(title.into());
        self
    }
}

type Slot = Rc<RefCell<Vec<Bound>>>;

/// The commands that can run now, by who offers them; the last to come is the most important.
#[derive(Clone, Default)]
pub struct Offers {
    slots: Rc<RefCell<Vec<(u64, Slot)>>>,
    last: Rc<RefCell<u64>>,
}

impl PartialEq for Offers {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.slots, &other.slots)
    }
}

impl Offers {
    /// All of them, the most important first.
    pub fn all(&self) -> Vec<Bound> {
        self.slots.borrow().iter().rev().flat_map(|(_, slot)| slot.borrow().clone()).collect()
    }

    fn add(&self, slot: Slot) -> u64 {
        let mut last = self.last.borrow_mut();
        *last += 1;
        self.slots.borrow_mut().push((*last, slot));
        *last
    }

    fn remove(&self, number: u64) {
        self.slots.borrow_mut().retain(|(other, _)| *other != number);
    }
}

/// Offers commands while this component is shown: by their keys and in the palette. Leave out what cannot run now.
#[hook]
pub fn use_commands(commands: Vec<Bound>) {
    let offers = use_context::<Offers>().unwrap_or_default();
    let slot = use_mut_ref(Vec::new);
    *slot.borrow_mut() = commands;
    use_effect_with(offers, move |offers| {
        let number = offers.add(slot);
        let offers = offers.clone();
        move || offers.remove(number)
    });
}

/// The words and the clock at once: what most screens begin with.
#[hook]
pub fn use_frame() -> (&'static Texts, Clock, Toaster) {
    (use_texts(), use_clock(), use_toaster())
}
