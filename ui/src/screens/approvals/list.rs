//! The list of what waits for approval.

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::approvals::Request;
use contract::personas::PersonaView;
use domain::id::PostId;
use yew::prelude::*;
use yew_router::Routable;

use super::queue::{Group, Queue, Row};
use crate::components::{Dot, Glyph, Icon, Status, VirtualList, use_rem};
use crate::frame::context::{Clock, use_frame};
use crate::platform;
use crate::route::{Route, use_go};
use crate::state::rows::Layout;

/// In `rem`, a heading and a post; the styles say the same.
const HEAD: f64 = 2.5;
const ROW: f64 = 4.25;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub queue: Rc<Queue>,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    pub selected: Option<PostId>,
    pub picked: Rc<BTreeSet<PostId>>,
    pub sight: u32,
    pub on_select: Callback<PostId>,
    pub on_pick: Callback<PostId>,
    /// Rows were drawn.
    pub drawn: Callback<()>,
}

pub fn row_id(post: PostId) -> String {
    format!("approval-{post}")
}

#[component]
pub fn List(props: &Props) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.approvals;
    let rem = use_rem();
    let go = use_go();
    let layout = use_memo((props.queue.clone(), rem.to_bits()), |(queue, _)| {
        Layout::new(queue.rows.iter().map(|row| rem * if matches!(row, Row::Post(..)) { ROW } else { HEAD }))
    });
    let reveal = props.selected.and_then(|post| props.queue.row_of(post));
    let row = {
        let (queue, personas, clock) = (props.queue.clone(), props.personas.clone(), clock.clone());
        let (selected, picked) = (props.selected, props.picked.clone());
        let (on_select, on_pick) = (props.on_select.clone(), props.on_pick.clone());
        Callback::from(move |index: usize| match queue.rows.get(index) {
            Some(Row::Head(group, count)) => heading(*group, *count, &clock),
            Some(Row::Post(group, request)) => {
                let post = request.line.post;
                let is = Is { selected: selected == Some(post), picked: picked.contains(&post) };
                let onclick = {
                    let (on_select, on_pick, go) = (on_select.clone(), on_pick.clone(), go.clone());
                    Callback::from(move |event: MouseEvent| {
                        event.prevent_default();
                        match () {
                            () if event.ctrl_key() || event.meta_key() || event.shift_key() => on_pick.emit(post),
                            // pressed by a key: it is a link to the post
                            () if event.detail() == 0 => go.emit(Route::Post { post }),
                            () => on_select.emit(post),
                        }
                    })
                };
                request_row(
                    *group,
                    request,
                    personas.as_ref(),
                    is,
                    onclick,
                    on_select.reform(move |_: FocusEvent| post),
                    &clock,
                )
            }
            None => Html::default(),
        })
    };
    html! { <VirtualList {layout} {row} {reveal} sight={props.sight} drawn={props.drawn.clone()} label={t.list} class="queue" /> }
}

fn heading(group: Group, count: usize, clock: &Clock) -> Html {
    let t = &clock.texts.approvals;
    let (key, name) = match group {
        Group::Mine => ("mine", t.mine),
        Group::Others => ("others", t.others),
        Group::SentBack => ("sent-back", t.sent_back),
    };
    html! { <h2 {key} class="list-day">{ name }<span class="grow"></span><span class="muted num">{ count }</span></h2> }
}

#[derive(Clone, Copy)]
struct Is {
    selected: bool,
    picked: bool,
}

fn request_row(
    group: Group,
    request: &Request,
    personas: Option<&Rc<Vec<PersonaView>>>,
    is: Is,
    onclick: Callback<MouseEvent>,
    onfocusin: Callback<FocusEvent>,
    clock: &Clock,
) -> Html {
    let (texts, line) = (clock.texts, &request.line);
    let t = &texts.approvals;
    let persona = personas.and_then(|list| list.iter().find(|view| Some(view.persona.id) == line.persona));
    let route = Route::Post { post: line.post };
    let steps = request.steps.join(", ");
    let by = (t.signed_by)(&request.by);
    let about = if steps.is_empty() { by } else { format!("{steps} · {by}") };
    html! {
        <ul key={line.post.to_string()} class={classes!("queue-line", is.selected.then_some("selected"), is.picked.then_some("picked"))}>
            <li {onfocusin}>
                <a id={row_id(line.post)} href={format!("#{}", route.to_path())} class="queue-link" aria-current={is.selected.then_some("true")}
                    tabindex={if is.selected { "0" } else { "-1" }} draggable="false" {onclick}>
                    <span class="queue-first">
                        if is.picked { <Glyph icon={Icon::Check} /><span class="visually-hidden">{ texts.calendar.picked_mark }</span> }
                        if let Some(view) = persona { <Dot color={view.persona.text.color} /><span class="visually-hidden">{ &view.persona.text.name }</span> }
                        <bdi class="post-title cut grow" title={line.title.clone()}>{ &line.title }</bdi>
                        if let Some(due) = line.due_at { <time class="sm muted" title={clock.full(due)}>{ clock.moment(due) }</time> }
                    </span>
                    <span class="queue-second sm muted">
                        <bdi class="cut grow">{ about }</bdi>
                        if request.seen_before { <span class="badge">{ t.changed }</span> }
                        if group == Group::SentBack { <Status status={line.status} /> }
                        { deadline(request, clock) }
                    </span>
                </a>
            </li>
        </ul>
    }
}

fn deadline(request: &Request, clock: &Clock) -> Html {
    let t = &clock.texts.approvals;
    match request.deadline {
        _ if request.overdue => html! { <span class="overdue"><Glyph icon={Icon::Warning} />{ t.overdue }</span> },
        Some(deadline) => {
            html! { <time class="queue-due" title={clock.full(deadline)}>{ (t.due)(&clock.moment(deadline)) }</time> }
        }
        None => Html::default(),
    }
}

/// Puts the focus on the row of a post, if it is drawn.
pub fn focus_row(post: PostId) -> bool {
    let row = platform::document().and_then(|document| document.get_element_by_id(&row_id(post)));
    if let Some(row) = &row {
        platform::focus_in_place(row);
    }
    row.is_some()
}
