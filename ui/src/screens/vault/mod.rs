//! The vault: making it, confirming its recovery key, opening it, and what to do in every state it can be in.

mod confirm;
mod make;
mod open;
mod protect;
mod recover;
mod secret;
pub mod texts;

use contract::vault::VaultState;
use yew::prelude::*;

use self::open::AskKeyring;
use self::recover::Recover;
use crate::components::{Bar, Empty, Icon, Notice, NoticeTone, To};
use crate::frame::context::{use_frame, use_program};
use crate::route::{Route, use_go};

pub use self::confirm::Confirm;
pub use self::make::MakeVault;
pub use self::open::Unlock;

/// Posts cannot go out in this state, and a person can do something about it.
pub const fn needs_opening(state: VaultState) -> bool {
    matches!(
        state,
        VaultState::NeedsPassphrase
            | VaultState::KeyringLocked
            | VaultState::KeyringEntryMissing
            | VaultState::KeyringUnavailable
            | VaultState::KeyringDenied
            | VaultState::WrongKey
    )
}

#[component]
pub fn VaultScreen() -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let go = use_go();
    let home = {
        let go = go.clone();
        Callback::from(move |()| go.emit(Route::Today))
    };
    let words = &t.vault;
    // the vault is there as soon as it was made, but its recovery key was not shown yet
    let making = use_mut_ref(|| false);
    *making.borrow_mut() |= program.vault == VaultState::Missing;
    let making = *making.borrow();
    let trouble = |title: &'static str, text: &'static str, again: bool| {
        html! {
            <>
                <header class="vault-head"><h2>{ title }</h2><p>{ text }</p></header>
                if again {
                    <AskKeyring />
                }
                <Recover own_words={!again} />
            </>
        }
    };
    let body = match program.vault {
        VaultState::Missing | VaultState::Unconfirmed if making => html! { <MakeVault ondone={home} /> },
        VaultState::Missing | VaultState::Unconfirmed => html! {
            <>
                <Notice tone={NoticeTone::Warn}>{ words.unconfirmed_text }</Notice>
                <Confirm ondone={home} />
            </>
        },
        VaultState::Open => html! { <Empty icon={Icon::Vault} title={words.open_title} text={words.open_text} /> },
        VaultState::Sample => {
            html! { <Empty icon={Icon::Vault} title={words.sample_title} text={words.sample_text} /> }
        }
        VaultState::NeedsPassphrase => html! { <Unlock /> },
        VaultState::KeyringLocked => trouble(words.locked_title, words.locked_text, true),
        VaultState::KeyringEntryMissing => trouble(words.entry_title, words.entry_text, false),
        VaultState::KeyringUnavailable => trouble(words.unavailable_title, words.unavailable_text, true),
        VaultState::KeyringDenied => trouble(words.denied_title, words.denied_text, true),
        VaultState::WrongKey => trouble(words.wrong_title, words.wrong_text, false),
    };
    html! {
        <>
            <Bar title={words.title} />
            <div class="vault">
                <div class="vault-column">
                    { body }
                    <footer class="vault-foot">
                        <p class="hint">{ words.what }</p>
                        if needs_opening(program.vault) {
                            <p class="hint">{ words.waiting }</p>
                            <div><To route={Route::Today} class="btn quiet">{ words.without }</To></div>
                        }
                    </footer>
                </div>
            </div>
        </>
    }
}
