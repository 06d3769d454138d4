use domain::mutation::PostsChange;
use domain::schedule::Fold;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::many::{DAYS, Many};
use crate::components::{Button, Dialog, Look, ZonePicker};
use crate::frame::context::use_frame;
use crate::screens::compose::{Choice, Reading, explain};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct MoveDialogProps {
    pub open: bool,
    /// What is moved; the one current post if none was picked.
    pub many: Many,
    pub onclose: Callback<()>,
}

/// Moves posts to one date and time, or by a day or a week. Drafts are scheduled by it.
#[component]
pub fn MoveDialog(props: &MoveDialogProps) -> Html {
    let (t, clock, _) = use_frame();
    let choice = use_state_eq(|| None::<Choice>);
    {
        let (choice, now, zone) = (choice.setter(), clock.now, clock.zone_name.clone());
        use_effect_with(props.open, move |open| {
            choice.set(open.then(|| Choice::start(None, now, &zone)));
        });
    }
    let c = &t.compose;
    let title = (t.calendar.move_title)(props.many.lines.len());
    let Some(chosen) = (*choice).clone().filter(|_| props.open) else {
        return html! { <Dialog open=false {title} onclose={props.onclose.clone()} /> };
    };
    let set = |change: fn(&mut Choice, String)| {
        let (choice, chosen) = (choice.setter(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            let mut next = chosen.clone();
            change(&mut next, event.target_unchecked_into::<HtmlInputElement>().value());
            choice.set(Some(next));
        })
    };
    let on_zone = {
        let (choice, chosen) = (choice.setter(), chosen.clone());
        Callback::from(move |zone: AttrValue| choice.set(Some(Choice { zone: zone.to_string(), ..chosen.clone() })))
    };
    let on_fold = |fold: Fold| {
        let (choice, chosen) = (choice.setter(), chosen.clone());
        Callback::from(move |_: Event| choice.set(Some(Choice { fold, ..chosen.clone() })))
    };
    let reading = chosen.read(clock.now, &clock.zone_name);
    let when = chosen.when().filter(|_| matches!(reading, Reading::Ready(_)));
    let run = {
        let (change, onclose) = (props.many.change.clone(), props.onclose.clone());
        Callback::from(move |wanted: PostsChange| {
            onclose.emit(());
            change.emit(wanted);
        })
    };
    let go = {
        let (run, when) = (run.clone(), when.clone());
        Callback::from(move |()| {
            if let Some(when) = when.clone() {
                run.emit(PostsChange::MoveTo { when });
            }
        })
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                event.stop_propagation();
                go.emit(());
            }
        })
    };
    let by_days = DAYS.into_iter().map(|(cmd, days)| {
        let run = run.clone();
        let onclick = Callback::from(move |_: MouseEvent| run.emit(PostsChange::Shift { days }));
        html! { <Button look={Look::Quiet} keys={cmd} {onclick}>{ (t.calendar.by_days)(days) }</Button> }
    });
    let footer = html! {
        <>
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t.frame.cancel }</Button>
            <Button id="move-go" look={Look::Go} disabled={when.is_none()} keys={Cmd::ComposeSchedule} onclick={go.reform(|_: MouseEvent| ())}>{ t.calendar.move_go }</Button>
        </>
    };
    html! {
        <Dialog open=true {title} onclose={props.onclose.clone()} {footer}>
            <div class="move-dialog" {onkeydown}>
                <div class="fields">
                    <label>{ c.date }<input type="date" id="move-date" value={chosen.date.clone()} oninput={set(|choice, text| choice.date = text)} /></label>
                    <label>{ c.time }<input type="time" id="move-time" value={chosen.time.clone()} oninput={set(|choice, text| choice.time = text)} /></label>
                </div>
                <label for="move-zone">{ c.zone }</label>
                <ZonePicker id="move-zone" value={chosen.zone.clone()} onchange={on_zone} own={Some(clock.zone_name.clone())} />
                <div class="reading" aria-live="polite">{ explain(&reading, &chosen, &clock, t, clock.today(), &on_fold) }</div>
                if props.many.are_planned() {
                    <p class="sm muted">{ t.calendar.or_by_days }</p>
                    <div class="row wrap">{ for by_days }</div>
                }
            </div>
        </Dialog>
    }
}
