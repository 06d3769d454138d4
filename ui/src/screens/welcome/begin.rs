use contract::accounts::ListAccounts;
use contract::program::FinishWelcome;
use contract::vault::VaultState;
use domain::id::AccountId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::{call, use_query};
use crate::components::{Button, Glyph, Icon, Look};
use crate::frame::commands::open_sample;
use crate::frame::context::{use_frame, use_program};
use crate::route::{Route, use_go};
use crate::screens::accounts::{Connect, ConnectDialog};

#[derive(Properties, PartialEq)]
pub struct BeginProps {
    pub onvault: Callback<()>,
}

/// Connect an account, look at the sample, or just begin.
#[component]
pub fn Begin(props: &BeginProps) -> Html {
    let (t, _, toaster) = use_frame();
    let program = use_program();
    let go = use_go();
    let connecting = use_state_eq(|| false);
    let accounts = use_query(ListAccounts {}).data.map_or(0, |list| list.len());
    let sealed = matches!(program.vault, VaultState::Open | VaultState::Unconfirmed);
    let finish = {
        let (toaster, go) = (toaster.clone(), go.clone());
        Callback::from(move |()| {
            let (toaster, go) = (toaster.clone(), go.clone());
            spawn_local(async move {
                match call(FinishWelcome {}).await {
                    Ok(()) => go.emit(Route::Today),
                    Err(error) => toaster.fail(&error),
                }
            });
        })
    };
    let connect = {
        let (connecting, onvault) = (connecting.setter(), props.onvault.clone());
        Callback::from(move |_: MouseEvent| if sealed { connecting.set(true) } else { onvault.emit(()) })
    };
    let closed = {
        let (connecting, finish) = (connecting.setter(), finish.clone());
        Callback::from(move |account: Option<AccountId>| {
            connecting.set(false);
            if account.is_some() {
                finish.emit(());
            }
        })
    };
    let sample = {
        let (toaster, go) = (toaster.clone(), go.clone());
        Callback::from(move |_: MouseEvent| open_sample(&toaster, &go))
    };
    html! {
        <section class="welcome-card card">
            <header><h1>{ t.welcome.begin }</h1><p class="welcome-lead">{ t.welcome.begin_text }</p></header>
            <div class="welcome-ways">
                <button type="button" class="way" onclick={connect}>
                    <span class="start-mark"><Glyph icon={Icon::Accounts} /></span>
                    <span class="grow">
                        <b>{ t.welcome.connect }</b>
                        <span class="hint">{ if sealed { t.welcome.connect_text } else { t.welcome.connect_needs_vault } }</span>
                    </span>
                    <Glyph icon={Icon::Right} />
                </button>
                <button type="button" class="way" onclick={sample}>
                    <span class="start-mark"><Glyph icon={Icon::Eye} /></span>
                    <span class="grow"><b>{ t.welcome.sample }</b><span class="hint">{ t.welcome.sample_text }</span></span>
                    <Glyph icon={Icon::Right} />
                </button>
            </div>
            <footer class="welcome-foot">
                <Button look={Look::Quiet} icon={Icon::Left} onclick={props.onvault.reform(|_| ())}>{ t.frame.back }</Button>
                <span class="grow"></span>
                <Button look={if accounts > 0 { Look::Go } else { Look::Quiet }} onclick={finish.reform(|_| ())}>{ t.welcome.empty }</Button>
            </footer>
            if *connecting {
                <ConnectDialog start={Connect::new()} onclose={closed} />
            }
        </section>
    }
}
