use contract::ApiError;
use contract::teams::LeaveTeam;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::{Confirm, Notice, NoticeTone};
use crate::frame::context::use_frame;
use crate::frame::team::{NotOpened, enter};
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub name: AttrValue,
    /// Changes that the server has not.
    pub waiting: u64,
    pub last_owner: bool,
    pub onclose: Callback<()>,
}

/// The way out, for good.
#[component]
pub fn LeaveDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let go = use_go();
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<ApiError>);
    let leave = {
        let (busy, failed, said) = (busy.setter(), failed.setter(), (t.said_left)(&props.name));
        Callback::from(move |()| {
            let (busy, failed, said) = (busy.clone(), failed.clone(), said.clone());
            let (toaster, go) = (toaster.clone(), go.clone());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match enter(LeaveTeam {}, &toaster).await {
                    Ok(()) => {
                        go.emit(Route::Today);
                        return toaster.say(said);
                    }
                    Err(NotOpened::Unsaved) => toaster.complain(t.unsaved),
                    Err(NotOpened::Refused(error)) => failed.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <Confirm open=true title={(t.leave_title)(&props.name)} yes={t.leave} busy={*busy} disabled={props.last_owner} onyes={leave} onclose={props.onclose.clone()}>
            if let Some(error) = (*failed).clone() {
                <Notice tone={NoticeTone::Bad}><p>{ (texts.error)(&error) }</p></Notice>
            }
            <p>{ if props.last_owner { t.leave_last } else { t.leave_what } }</p>
            if props.waiting > 0 { <p><b>{ (t.leave_waits)(props.waiting) }</b></p> }
        </Confirm>
    }
}
