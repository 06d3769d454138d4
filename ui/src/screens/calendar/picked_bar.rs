use std::rc::Rc;

use contract::personas::PersonaView;
use domain::mutation::PostsChange;
use yew::prelude::*;

use super::many::Many;
use crate::components::{Button, Dot, Glyph, Icon, IconButton, Look, Menu, MenuItem};
use crate::frame::bring::{BringDialog, use_bringable};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct PickedBarProps {
    pub many: Many,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// Asks for a date and a time.
    pub onmove: Callback<()>,
    pub onnone: Callback<()>,
}

/// How many posts are picked, and what can be done with all of them.
#[component]
pub fn PickedBar(props: &PickedBarProps) -> Html {
    let (t, ..) = use_frame();
    let Many { lines, change } = &props.many;
    let run = |wanted: PostsChange| {
        let change = change.clone();
        Callback::from(move |_: MouseEvent| change.emit(wanted.clone()))
    };
    let speak = |persona| {
        let change = change.clone();
        move || change.emit(PostsChange::Persona { persona })
    };
    let mut personas = vec![MenuItem::new(t.frame.no_persona, speak(None))];
    personas.extend(props.personas.iter().flat_map(|list| list.iter()).map(|view| {
        MenuItem::new(view.persona.text.name.clone(), speak(Some(view.persona.id)))
            .mark(html! { <Dot color={view.persona.text.color} /> })
    }));
    let trigger = html! { <>{ t.calendar.persona }<Glyph icon={Icon::Down} /></> };
    let bringing = use_state_eq(|| false);
    let bringable = !use_bringable().is_empty();
    let bring = {
        let bringing = bringing.setter();
        move || bringing.set(true)
    };
    use_commands(match bringable {
        true => vec![Bound::new(Cmd::CalendarBring, bring.clone())],
        false => Vec::new(),
    });
    let brought = {
        let (bringing, onnone) = (bringing.setter(), props.onnone.clone());
        Callback::from(move |gone: bool| {
            bringing.set(false);
            if gone {
                onnone.emit(());
            }
        })
    };
    let posts: Vec<_> = lines.iter().map(|line| line.post).take(PostsChange::POSTS_MAX).collect();
    let hold = if props.many.are_held() { t.many.resume } else { t.many.hold };
    html! {
        <>
        <div class="picked-bar" role="toolbar" aria-label={t.calendar.picked_label}>
            <b class="num" role="status">{ (t.calendar.picked)(lines.len()) }</b>
            <Button id="move-picked" icon={Icon::Clock} keys={Cmd::CalendarMoveTo} onclick={props.onmove.reform(|_: MouseEvent| ())}>{ t.calendar.move_to }</Button>
            if props.many.are_planned() {
                <Button icon={Icon::Hold} keys={Cmd::CalendarHold} onclick={run(props.many.hold_or_resume())}>{ hold }</Button>
                <Button icon={Icon::Undo} keys={Cmd::CalendarUnschedule} onclick={run(PostsChange::Unschedule)}>{ t.compose.unschedule }</Button>
            }
            <Menu label={t.calendar.persona} {trigger} items={personas} class={classes!("btn")} />
            if bringable {
                <Button icon={Icon::Team} onclick={move |_: MouseEvent| bring()}>{ t.bring.go }{ "…" }</Button>
            }
            <Button look={Look::Quiet} icon={Icon::Trash} keys={Cmd::CalendarDelete} onclick={run(PostsChange::Delete)}>{ t.frame.delete }</Button>
            <span class="grow"></span>
            <IconButton icon={Icon::Cross} label={t.calendar.pick_none} onclick={props.onnone.reform(|_: MouseEvent| ())} />
        </div>
        <BringDialog open={*bringing} {posts} onclose={brought} />
        </>
    }
}
