//! Names of people while they are typed: a list below the text that the keys of the text field walk through.

use std::rc::Rc;

use contract::people::{FindPeople, PeopleFound, PersonFound};
use domain::id::AccountId;
use domain::text::mention;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::backend::call;
use crate::i18n::use_texts;
use crate::screens::compose::insert;

/// Typing pauses this long before the networks are asked, in milliseconds.
const QUIET_MS: u32 = 250;

/// What a text field has to do with it.
pub struct Mentions {
    typed: UseStateHandle<Option<String>>,
    /// And what it was asked for.
    found: UseStateHandle<(String, PeopleFound)>,
    at: UseStateHandle<usize>,
    part: usize,
}

/// `accounts`: those that get the text.
#[hook]
pub fn use_mentions(part: usize, accounts: &Rc<Vec<AccountId>>) -> Mentions {
    let typed = use_state_eq(|| None::<String>);
    let found = use_state_eq(<(String, PeopleFound)>::default);
    let at = use_state_eq(|| 0_usize);
    let turn = use_mut_ref(|| 0_u32);
    {
        let (found, at) = (found.setter(), at.setter());
        use_effect_with(((*typed).clone(), accounts.clone()), move |(typed, accounts)| {
            *turn.borrow_mut() += 1;
            at.set(0);
            let mine = *turn.borrow();
            let ask = {
                let (typed, accounts) = (typed.clone(), accounts.to_vec());
                move |ask: bool| {
                    let (turn, found) = (turn.clone(), found.clone());
                    let Some(text) = typed.clone().filter(|_| !accounts.is_empty()) else {
                        found.set(<(String, PeopleFound)>::default());
                        return;
                    };
                    let accounts = accounts.clone();
                    spawn_local(async move {
                        // an older answer is about other letters; a failure is no reason to disturb somebody who writes
                        if let Ok(people) = call(FindPeople { text: text.clone(), accounts, ask }).await
                            && *turn.borrow() == mine
                        {
                            found.set((text, people));
                        }
                    });
                }
            };
            ask(false);
            let later = typed.is_some().then(|| Timeout::new(QUIET_MS, move || ask(true)));
            move || drop(later)
        });
    }
    Mentions { typed, found, at, part }
}

impl Mentions {
    fn people(&self) -> &[PersonFound] {
        // what was found for other letters is not what Enter shall take
        if self.typed.as_ref() == Some(&self.found.0) { &self.found.1.people } else { &[] }
    }

    /// The field's text or caret changed.
    pub fn look(&self) -> impl Fn(&HtmlTextAreaElement) + use<> {
        let typed = self.typed.setter();
        move |field| {
            let before = insert::place(field).before;
            typed.set(mention::at_end(&before).map(str::to_owned));
        }
    }

    pub fn close(&self) -> Callback<()> {
        let typed = self.typed.setter();
        Callback::from(move |()| typed.set(None))
    }

    /// Takes a key if the list is open and the key is meant for it.
    pub fn key(&self) -> impl Fn(&KeyboardEvent) -> bool + use<> {
        let (count, at, set) = (self.people().len(), *self.at, self.at.setter());
        let (typed, part) = ((*self.typed).clone(), self.part);
        let chosen = self.people().get(at).cloned();
        let close = self.typed.setter();
        move |event| {
            let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
            if count == 0 || !plain {
                return false;
            }
            match event.key().as_str() {
                "ArrowDown" => set.set((at + 1) % count),
                "ArrowUp" => set.set((at + count - 1) % count),
                "Escape" => close.set(None),
                "Enter" | "Tab" => {
                    if let (Some(person), Some(typed)) = (&chosen, &typed) {
                        insert::complete(part, typed, &person.handle);
                    }
                    close.set(None);
                }
                _ => return false,
            }
            true
        }
    }

    /// The id of the list, if it is open.
    pub fn list_id(&self) -> Option<AttrValue> {
        (!self.people().is_empty()).then(|| format!("people-{}", self.part).into())
    }

    /// The id of the entry that Enter takes.
    pub fn active_id(&self) -> Option<AttrValue> {
        (!self.people().is_empty()).then(|| format!("people-{}-{}", self.part, *self.at).into())
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub part: usize,
    pub typed: AttrValue,
    pub found: PeopleFound,
    pub at: usize,
    pub onclose: Callback<()>,
}

impl Mentions {
    pub fn view(&self) -> Html {
        match &*self.typed {
            Some(typed) if *typed == self.found.0 => html! {
                <PeopleList part={self.part} typed={typed.clone()} found={self.found.1.clone()} at={*self.at} onclose={self.close()} />
            },
            _ => Html::default(),
        }
    }
}

#[component]
pub fn PeopleList(props: &Props) -> Html {
    let t = &use_texts().compose;
    let part = props.part;
    if props.found.people.is_empty() {
        return Html::default();
    }
    let lines = props.found.people.iter().enumerate().map(|(place, person)| {
        let (typed, handle, close) = (props.typed.clone(), person.handle.clone(), props.onclose.clone());
        // the field keeps the focus
        let onmousedown = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            insert::complete(part, &typed, &handle);
            close.emit(());
        });
        let about = match (person.name.trim(), person.known) {
            ("", true) => t.people_known.to_owned(),
            (name, _) => name.to_owned(),
        };
        html! {
            <li key={format!("{}-{}", person.network.name(), person.handle)} id={format!("people-{part}-{place}")} role="option"
                aria-selected={(place == props.at).to_string()} class={(place == props.at).then_some("on")} {onmousedown}>
                <b class="cut" dir="ltr">{ "@" }{ &person.handle }</b>
                <bdi class="cut muted grow">{ about }</bdi>
                <span class="xs muted">{ person.network.name() }</span>
            </li>
        }
    });
    html! {
        <div class="people"><div class="people-list">
            <ul id={format!("people-{part}")} role="listbox" aria-label={t.people}>{ for lines }</ul>
            if !props.found.silent.is_empty() {
                <p class="xs muted">{ (t.people_silent)(&props.found.silent.iter().map(|network| network.name()).collect::<Vec<_>>().join(", ")) }</p>
            }
        </div></div>
    }
}
