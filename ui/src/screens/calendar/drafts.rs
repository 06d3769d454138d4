use std::collections::BTreeSet;
use std::rc::Rc;

use contract::personas::PersonaView;
use contract::posts::{Filter, ListPosts, PostLine};
use contract::{ApiError, Event, Tag};
use domain::id::PostId;
use domain::post::PostStatus;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::empty::NothingHere;
use super::focus::{KeptFocus, element_id};
use super::list::ROW;
use super::use_calendar;
use crate::backend::call;
use crate::components::{ErrorPanel, PostRow, Skeleton, VirtualList, use_rem};
use crate::events::use_events;
use crate::frame::context::use_frame;
use crate::state::current::{Order, Place};
use crate::state::rows::Layout;

/// Posts asked for at once: the most that one answer carries.
const PAGE: u32 = 200;

#[derive(Properties, PartialEq)]
pub struct DraftsProps {
    pub filter: Filter,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// What is shown, for the keys of the screen.
    pub onshown: Callback<Written>,
    pub focus: KeptFocus,
    /// What was picked of it.
    pub picked: Rc<BTreeSet<PostId>>,
    pub onpick: Callback<(PostId, bool)>,
}

/// The drafts that are there so far.
#[derive(Clone, Default, PartialEq)]
pub struct Written {
    /// What they were asked for with; `None` before the first answer.
    pub filter: Option<Filter>,
    pub lines: Rc<Vec<PostLine>>,
    pub order: Rc<Order>,
    /// How many there are in all.
    pub total: u64,
}

#[derive(Clone, Default, PartialEq)]
struct Loaded {
    filter: Filter,
    lines: Rc<Vec<PostLine>>,
    total: u64,
    next: Option<String>,
    error: Option<Rc<ApiError>>,
    done: bool,
}

/// All drafts, the latest first, fetched as they come into sight.
#[component]
pub fn Drafts(props: &DraftsProps) -> Html {
    let (t, ..) = use_frame();
    let state = use_calendar();
    let rem = use_rem();
    let loaded = use_state_eq(Loaded::default);
    let turn = use_mut_ref(|| 0_u32);
    let filter = Filter { statuses: vec![PostStatus::Draft], ..props.filter.clone() };
    // fetches from the start until as many are there as were
    let load = {
        let (loaded, turn) = (loaded.setter(), turn.clone());
        Callback::from(move |(filter, from, keep): (Filter, Option<(Loaded, String)>, usize)| {
            let (loaded, turn) = (loaded.clone(), turn.clone());
            *turn.borrow_mut() += 1;
            let mine = *turn.borrow();
            spawn_local(async move {
                let (mut lines, mut after) = match from {
                    Some((before, next)) => (before.lines.to_vec(), Some(next)),
                    None => (Vec::new(), None),
                };
                loop {
                    let answer = call(ListPosts { filter: filter.clone(), after: after.take(), limit: PAGE }).await;
                    if *turn.borrow() != mine {
                        return;
                    }
                    match answer {
                        Ok(page) => {
                            lines.extend(page.lines);
                            after = page.next;
                            let enough = lines.len() >= keep || after.is_none();
                            if enough {
                                let total = page.total;
                                loaded.set(Loaded {
                                    filter,
                                    lines: Rc::new(lines),
                                    total,
                                    next: after,
                                    error: None,
                                    done: true,
                                });
                                return;
                            }
                        }
                        Err(error) => {
                            let error = Some(Rc::new(error));
                            loaded.set(Loaded {
                                filter,
                                lines: Rc::new(lines),
                                total: 0,
                                next: None,
                                error,
                                done: true,
                            });
                            return;
                        }
                    }
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with(filter.clone(), move |filter| load.emit((filter.clone(), None, 0)));
    }
    {
        let (load, filter, count) = (load.clone(), filter.clone(), loaded.lines.len());
        use_events(move |event| {
            if matches!(event, Event::Changed(changed) if changed.tags.contains(&Tag::Posts)) {
                load.emit((filter.clone(), None, count));
            }
        });
    }
    {
        let onshown = props.onshown.clone();
        // the screen asked without the states, which are not its to choose here
        let asked = props.filter.clone();
        use_effect_with(((*loaded).clone(), asked), move |(loaded, asked)| {
            let answered =
                loaded.done && loaded.filter == Filter { statuses: vec![PostStatus::Draft], ..asked.clone() };
            let places = loaded.lines.iter().map(|line| Place { post: line.post, day: None }).collect();
            let order = Rc::new(Order::new(places, 0));
            onshown.emit(Written {
                filter: answered.then(|| asked.clone()),
                lines: loaded.lines.clone(),
                order,
                total: loaded.total,
            });
        });
    }
    let layout =
        use_memo((loaded.lines.len(), rem.to_bits()), |(count, _)| Layout::new(std::iter::repeat_n(ROW * rem, *count)));
    if let (Some(error), true) = (&loaded.error, loaded.lines.is_empty()) {
        let retry = Callback::from(move |()| load.emit((filter.clone(), None, 0)));
        return html! { <ErrorPanel error={error.clone()} {retry} /> };
    }
    if !loaded.done {
        return html! { <Skeleton rows=8 /> };
    }
    if loaded.lines.is_empty() {
        return html! { <NothingHere /> };
    }
    let current = state.selected_post().filter(|post| loaded.lines.iter().any(|line| line.post == *post));
    let row = {
        let (loaded, personas) = ((*loaded).clone(), props.personas.clone());
        let (picked, onpick) = (props.picked.clone(), props.onpick.clone());
        let (focus, dispatcher) = (props.focus.clone(), state.dispatcher());
        let stop = current.or(loaded.lines.first().map(|line| line.post));
        Callback::from(move |index: usize| {
            // the end comes into sight: fetch what follows
            if index + 20 > loaded.lines.len()
                && let Some(next) = &loaded.next
            {
                load.emit((filter.clone(), Some((loaded.clone(), next.clone())), 0));
            }
            let Some(line) = loaded.lines.get(index) else { return Html::default() };
            let selected = current == Some(line.post);
            let (post, picked) = (line.post, picked.contains(&line.post));
            let onfocusin = focus.selects(Place { post: line.post, day: None }, &dispatcher);
            html! {
                <ul key={line.post.to_string()} class={classes!("list-line", "draft-line", selected.then_some("selected"), picked.then_some("picked"))}>
                    <PostRow
                        line={line.clone()}
                        personas={personas.clone()}
                        written=true
                        id={element_id(line.post)}
                        tabindex={if stop == Some(line.post) { "0" } else { "-1" }}
                        {selected}
                        {picked}
                        onpick={onpick.reform(move |shift: bool| (post, shift))}
                        {onfocusin}
                    />
                </ul>
            }
        })
    };
    let of_selected = current.and_then(|post| loaded.lines.iter().position(|line| line.post == post));
    let drawn = {
        let focus = props.focus.clone();
        Callback::from(move |()| focus.settle())
    };
    html! {
        <VirtualList
            {layout}
            {row}
            reveal={of_selected}
            sight={state.sight}
            {drawn}
            label={t.calendar.drafts}
            class="calendar-list"
        />
    }
}
