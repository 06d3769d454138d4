use std::rc::Rc;

use contract::program::{ChangeSettings, Settings};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::frame::context::{Toaster, use_program, use_toaster};

/// Changes settings: shown at once, stored at once, and shown as they were if storing failed.
#[derive(Clone)]
pub struct Change {
    newest: Rc<std::cell::RefCell<Settings>>,
    shown: UseStateSetter<Settings>,
    toaster: Toaster,
}

impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.newest, &other.newest) && self.toaster == other.toaster
    }
}

impl Change {
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        let (before, settings) = self.apply(change);
        let this = self.clone();
        spawn_local(async move {
            if let Err(error) = call(ChangeSettings { settings }).await {
                this.show(before);
                this.toaster.fail(&error);
            }
        });
    }

    /// Like [`Change::set`], for fields that say themselves what is wrong.
    pub async fn try_set(&self, change: impl FnOnce(&mut Settings)) -> Result<(), contract::ApiError> {
        let (before, settings) = self.apply(change);
        call(ChangeSettings { settings }).await.map(|_| ()).inspect_err(|_| self.show(before))
    }

    fn apply(&self, change: impl FnOnce(&mut Settings)) -> (Settings, Settings) {
        let before = self.newest.borrow().clone();
        let mut settings = before.clone();
        change(&mut settings);
        self.show(settings.clone());
        (before, settings)
    }

    fn show(&self, settings: Settings) {
        self.newest.borrow_mut().clone_from(&settings);
        self.shown.set(settings);
    }
}

/// The settings as they are shown, and how to change them.
#[hook]
pub fn use_settings() -> (Settings, Change) {
    let program = use_program();
    let toaster = use_toaster();
    let shown = use_state_eq(|| program.settings.clone());
    let newest = use_mut_ref(|| program.settings.clone());
    {
        let (shown, newest) = (shown.setter(), newest.clone());
        use_effect_with(program.settings.clone(), move |settings| {
            newest.borrow_mut().clone_from(settings);
            shown.set(settings.clone());
        });
    }
    ((*shown).clone(), Change { newest, shown: shown.setter(), toaster })
}
