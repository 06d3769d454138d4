use contract::accounts::{ComeBack, ConnectFlow};
use contract::program::OpenLink;
use yew::prelude::*;

use super::connect::minutes_left;
use crate::components::{Button, Icon, Look};
use crate::frame::context::use_frame;
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct BrowserProps {
    pub flow: ConnectFlow,
    pub finishing: bool,
    /// What is to be done there.
    pub what: AttrValue,
    /// How the browser comes back; `None`: through `sendoff://`.
    pub come_back: Option<ComeBack>,
    /// Signs in anew with the other way back.
    pub on_other: Callback<ComeBack>,
    pub on_cancel: Callback<()>,
}

/// The browser is open; this waits for it to come back.
#[component]
pub fn Browser(props: &BrowserProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.accounts;
    let reopen = {
        let (toaster, url) = (toaster.clone(), props.flow.url.clone());
        Callback::from(move |_: MouseEvent| toaster.run_quietly(OpenLink { url: url.clone() }))
    };
    let copy = {
        let (toaster, url) = (toaster, props.flow.url.clone());
        Callback::from(move |_: MouseEvent| {
            let (toaster, url) = (toaster.clone(), url.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match platform::copy(&url).await {
                    Ok(()) => toaster.say(texts.frame.copied),
                    Err(_) => toaster.complain(t.copy_failed),
                }
            });
        })
    };
    let other = match props.come_back {
        Some(ComeBack::Loopback) => ComeBack::DeepLink,
        _ => ComeBack::Loopback,
    };
    html! {
        <div class="browser-wait stack" role="status">
            <div class="row"><progress aria-label={t.browser_waiting} /></div>
            if props.finishing {
                <p>{ t.browser_finishing }</p>
            } else {
                <p>{ props.what.clone() }</p>
                <p class="sm muted num">{ (t.browser_time)(minutes_left(props.flow.expires_at, clock.now)) }</p>
                <div class="row wrap">
                    <Button icon={Icon::Link} onclick={reopen}>{ t.browser_again }</Button>
                    <Button icon={Icon::Copy} onclick={copy}>{ t.browser_copy }</Button>
                </div>
                <details class="own-server">
                    <summary>{ t.browser_stuck }</summary>
                    <p class="sm">{ t.browser_other }</p>
                    <Button onclick={props.on_other.reform(move |_: MouseEvent| other)}>{ t.browser_other_go }</Button>
                </details>
            }
            <div class="row form-foot">
                <Button id="connect-cancel" look={Look::Quiet} onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            </div>
        </div>
    }
}
