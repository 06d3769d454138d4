//! Undo and redo: everything that was changed in the last hour, one step after the other.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use contract::changes::{Change, Changes, ListChanges, Undo};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::context::{Bound, Toaster, use_toaster};
use crate::backend::{call, use_query_if};
use crate::i18n::use_texts;
use crate::state::keys::Cmd;
use crate::state::toasts::Action;

/// What the keys step through.
#[derive(Default)]
struct Steps {
    /// A step is under way: the next one would find the same change.
    busy: Cell<bool>,
    /// The rules of the program refused these: they must not stand in the way of those before them.
    refused: RefCell<BTreeSet<u64>>,
}

impl Steps {
    fn next<'a>(&self, list: &'a [Change]) -> Option<&'a Change> {
        list.iter().find(|change| !self.refused.borrow().contains(&change.undo))
    }
}

#[derive(Clone, Copy)]
enum Way {
    Back,
    Again,
}

impl Way {
    fn list(self, changes: &Changes) -> &[Change] {
        match self {
            Self::Back => &changes.undo,
            Self::Again => &changes.redo,
        }
    }
}

/// The commands that take the newest change back and do it again. In the palette they say what that is.
#[hook]
pub fn use_stepping(in_palette: bool) -> [Bound; 2] {
    let t = use_texts();
    let toaster = use_toaster();
    let steps = use_memo((), |()| Steps::default());
    let changes = use_query_if(in_palette.then_some(ListChanges {})).data;
    [(Cmd::UndoLast, Way::Back), (Cmd::RedoLast, Way::Again)].map(|(cmd, way)| {
        let title = changes.as_ref().and_then(|changes| {
            let change = steps.next(way.list(changes))?;
            let what = (t.frame.change)(change.kind, &change.subject, change.count);
            Some(match way {
                Way::Back => (t.frame.undo_that)(&what),
                Way::Again => (t.frame.redo_that)(&what),
            })
        });
        let (steps, toaster) = (steps.clone(), toaster.clone());
        let bound = Bound::new(cmd, move || {
            if !steps.busy.replace(true) {
                let (steps, toaster) = (steps.clone(), toaster.clone());
                spawn_local(async move {
                    step(&steps, &toaster, way).await;
                    steps.busy.set(false);
                });
            }
        });
        match title {
            Some(title) => bound.titled(title),
            None => bound,
        }
    })
}

async fn step(steps: &Steps, toaster: &Toaster, way: Way) {
    let t = &toaster.texts.frame;
    let changes = match call(ListChanges {}).await {
        Ok(changes) => changes,
        Err(error) => return toaster.fail(&error),
    };
    let Some(change) = steps.next(way.list(&changes)) else {
        return toaster.say(match way {
            Way::Back => t.nothing_to_undo,
            Way::Again => t.nothing_to_redo,
        });
    };
    let done = call(Undo { undo: change.undo }).await;
    toaster.toasts.dispatch(Action::Undone { undo: change.undo });
    match done {
        Ok(()) => {
            let what = (t.change)(change.kind, &change.subject, change.count);
            toaster.say(match way {
                Way::Back => (t.undone_that)(&what),
                Way::Again => (t.redone_that)(&what),
            });
        }
        Err(error) => {
            steps.refused.borrow_mut().insert(change.undo);
            toaster.fail(&error);
        }
    }
}
