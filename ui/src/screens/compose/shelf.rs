//! Images from the library, for a part of the post.

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::library::{ListMedia, MediaFilter, MediaSort};
use domain::id::MediaId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend::use_query_if;
use crate::components::{Button, Dialog, Glyph, Icon, Look, Skeleton, view};
use crate::frame::context::use_frame;
use crate::screens::library::{MediaGrid, Press};
use crate::state::shelf::{Choice, Way};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    /// In the order in which they were chosen.
    pub onpick: Callback<Vec<MediaId>>,
    pub onclose: Callback<()>,
}

#[component]
pub fn ShelfDialog(props: &Props) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.library;
    let text = use_state_eq(String::new);
    let filter = MediaFilter { text: (*text).clone(), crops: true, ..MediaFilter::default() };
    let list = use_query_if(props.open.then_some(ListMedia { filter, sort: MediaSort::Newest }));
    let current = use_state_eq(|| None::<MediaId>);
    let picked = use_state_eq(Vec::<MediaId>::new);
    let columns = use_state_eq(|| 1_usize);
    let sight = use_state_eq(|| 0_u32);
    {
        let (text, current, picked) = (text.setter(), current.setter(), picked.setter());
        use_effect_with(props.open, move |open| {
            if *open {
                text.set(String::new());
                current.set(None);
                picked.set(Vec::new());
            }
        });
    }
    let lines = use_memo(list.data.clone(), |list| list.as_ref().map(|list| list.lines.clone()).unwrap_or_default());
    let order: Rc<Vec<MediaId>> = use_memo(lines.clone(), |lines| lines.iter().map(|line| line.media).collect());
    let shown = current.filter(|current| order.contains(current));
    let chosen: Rc<BTreeSet<MediaId>> = Rc::new(picked.iter().copied().collect());
    let onpress = {
        let (current, picked) = (current.setter(), picked.clone());
        Callback::from(move |(media, _): (MediaId, Press)| {
            let mut next = (*picked).clone();
            match next.iter().position(|other| *other == media) {
                Some(at) => drop(next.remove(at)),
                None => next.push(media),
            }
            current.set(Some(media));
            picked.set(next);
        })
    };
    let insert = {
        let (onpick, picked, shown) = (props.onpick.clone(), picked.clone(), shown);
        Callback::from(move |()| {
            let wanted = if picked.is_empty() { shown.into_iter().collect() } else { (*picked).clone() };
            if !wanted.is_empty() {
                onpick.emit(wanted);
            }
        })
    };
    let onkeydown = {
        let (current, sight, order, columns) = (current.setter(), sight.clone(), order.clone(), *columns);
        let insert = insert.clone();
        Callback::from(move |event: KeyboardEvent| {
            let typing = event.target_dyn_into::<HtmlInputElement>().is_some();
            let way = match event.key().as_str() {
                "ArrowDown" => Way::Down,
                "ArrowUp" if !typing => Way::Up,
                "ArrowRight" if !typing => Way::Next,
                "ArrowLeft" if !typing => Way::Previous,
                "Enter" if event.ctrl_key() || event.meta_key() || typing => {
                    event.prevent_default();
                    insert.emit(());
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            let choice = shown.map(Choice::only).unwrap_or_default();
            current.set(choice.step(&order, columns, way).current);
            sight.set(sight.wrapping_add(1));
        })
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |event: InputEvent| text.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let clear = {
        let text = text.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !text.is_empty() {
                event.prevent_default();
                event.stop_propagation();
                text.set(String::new());
            }
        })
    };
    let body = view(&list, html! { <Skeleton rows=4 /> }, |list| match (list.total, list.lines.is_empty()) {
        (0, _) => html! { <p class="muted">{ t.pick_empty }</p> },
        (_, true) => html! { <p class="muted" role="status">{ t.nothing_found }</p> },
        _ => html! {
            <MediaGrid name="pick" label={t.files} lines={lines.clone()} current={shown} chosen={chosen.clone()} {onpress}
                oncolumns={Callback::from({ let columns = columns.setter(); move |count| columns.set(count) })} sight={*sight} />
        },
    });
    let count = if picked.is_empty() { usize::from(shown.is_some()) } else { picked.len() };
    let footer = html! {
        <>
            <span class="grow sm muted">{ t.pick_hint }</span>
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="pick-insert" look={Look::Go} disabled={count == 0} onclick={insert.reform(|_: MouseEvent| ())}>{ (t.insert)(count) }</Button>
        </>
    };
    html! {
        <Dialog open={props.open} title={t.pick} wide=true onclose={props.onclose.clone()} {footer} class="pick-dialog">
            <div class="pick" {onkeydown}>
                <span class="filter-text">
                    <Glyph icon={Icon::Search} />
                    <input id="pick-filter" type="text" dir="auto" autocomplete="off" spellcheck="false" aria-label={t.filter} placeholder={t.filter}
                        value={(*text).clone()} {oninput} onkeydown={clear} />
                </span>
                { body }
            </div>
        </Dialog>
    }
}
