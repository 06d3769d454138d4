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

use self::confirm::Confirm;
use self::make::MakeVault;
use self::open::{AskKeyring, Unlock};
use self::recover::Recover;
use crate::components::{Bar, Empty, Icon, Notice, NoticeTone, To, use_focus_on_step};
use crate::frame::context::{use_frame, use_program};
use crate::route::{Route, use_go};

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
    let home = Callback::from(move |()| go.emit(Route::Today));
    html! {
        <>
            <Bar title={t.vault.title} />
            <div class="vault">
                <div class="vault-column">
                    <VaultBody ondone={home} />
                    <footer class="vault-foot">
                        <p class="hint">{ t.vault.what }</p>
                        if needs_opening(program.vault) {
                            <p class="hint">{ t.vault.waiting }</p>
                            <div><To route={Route::Today} class="btn quiet">{ t.vault.without }</To></div>
                        }
                    </footer>
                </div>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct VaultBodyProps {
    /// The vault was made and its recovery key confirmed.
    pub ondone: Callback<()>,
}

/// What there is to do about the vault, in the state that it is in.
#[component]
pub fn VaultBody(props: &VaultBodyProps) -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let words = &t.vault;
    // the state changes as soon as the vault is made; whoever makes it still has to be shown the key
    let making = use_state_eq(|| program.vault == VaultState::Missing);
    let made = {
        let (making, ondone) = (making.setter(), props.ondone.clone());
        Callback::from(move |()| {
            making.set(false);
            ondone.emit(());
        })
    };
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
    let area = use_node_ref();
    use_focus_on_step(area.clone(), (*making, program.vault));
    let body = match program.vault {
        _ if *making => html! { <MakeVault ondone={made} /> },
        VaultState::Missing => html! { <MakeVault ondone={made} /> },
        VaultState::Unconfirmed => html! {
            <>
                <Notice tone={NoticeTone::Warn}>{ words.unconfirmed_text }</Notice>
                <Confirm ondone={props.ondone.clone()} />
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
    html! { <div class="vault-body" ref={area}>{ body }</div> }
}
