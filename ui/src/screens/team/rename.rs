use contract::teams::RenameTeam;
use domain::team::Organisation;
use yew::prelude::*;

use crate::components::{Button, Dialog, Field, Look, TextInput};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub name: AttrValue,
    pub onclose: Callback<()>,
}

/// Another name for the organisation.
#[component]
pub fn RenameDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let typed = use_state_eq(|| props.name.to_string());
    let wrong = use_state_eq(|| false);
    let save = {
        let (typed, wrong, old, onclose) =
            ((*typed).clone(), wrong.setter(), props.name.clone(), props.onclose.clone());
        Callback::from(move |()| {
            let name = typed.trim().to_owned();
            wrong.set(name.is_empty());
            if name.is_empty() {
                return;
            }
            onclose.emit(());
            if name != *old {
                toaster.run(RenameTeam { name }, t.said_renamed);
            }
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button look={Look::Go} onclick={save.reform(|_: MouseEvent| ())}>{ t.save }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.rename} onclose={props.onclose.clone()} {footer}>
            <Field id="team-name" label={t.name_of_team} hint={t.found_name_hint} error={wrong.then(|| AttrValue::from(t.name_missing))}>
                <TextInput id="team-name" value={(*typed).clone()} oninput={let typed = typed.setter(); Callback::from(move |text| typed.set(text))}
                    autofocus=true wrong={*wrong} onenter={save} maxlength={u32::try_from(Organisation::NAME_MAX).ok()} />
            </Field>
        </Dialog>
    }
}
