use std::rc::Rc;

use contract::personas::PersonaView;
use contract::posts::{Filter, ListPosts, PostLine};
use contract::{ApiError, Event, Tag};
use domain::post::PostStatus;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::event::element_id;
use super::use_calendar;
use crate::backend::call;
use crate::components::{Button, Empty, ErrorPanel, Icon, PostRow, Skeleton, VirtualList};
use crate::events::use_events;
use crate::frame::context::use_frame;
use crate::route::{Route, use_go};
use crate::state::calendar::Action;
use crate::state::keys::Cmd;
use crate::state::rows::Layout;

const ROW: f64 = 60.0;
/// Posts asked for at once: the most that one answer carries.
const PAGE: u32 = 200;

#[derive(Properties, PartialEq)]
pub struct DraftsProps {
    pub filter: Filter,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// What is shown, for the keys of the screen.
    pub onshown: Callback<Rc<Vec<PostLine>>>,
}

#[derive(Clone, Default, PartialEq)]
struct Loaded {
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
    let go = use_go();
    let state = use_calendar();
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
                            loaded.set(Loaded { lines: Rc::new(lines), total: 0, next: None, error, done: true });
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
        use_effect_with(loaded.lines.clone(), move |lines| onshown.emit(lines.clone()));
    }
    let layout = use_memo(loaded.lines.len(), |count| Layout::new(std::iter::repeat_n(ROW, *count)));
    if let (Some(error), true) = (&loaded.error, loaded.lines.is_empty()) {
        let retry = Callback::from(move |()| load.emit((filter.clone(), None, 0)));
        return html! { <ErrorPanel error={error.clone()} {retry} /> };
    }
    if !loaded.done {
        return html! { <Skeleton rows=8 /> };
    }
    if loaded.lines.is_empty() {
        return html! {
            <Empty icon={Icon::Compose} title={t.calendar.drafts_empty} text={t.calendar.drafts_empty_text}>
                <Button icon={Icon::Plus} keys={Cmd::NewPost} onclick={move |_| go.emit(Route::Compose)}>{ t.frame.new_post }</Button>
            </Empty>
        };
    }
    let row = {
        let (loaded, personas, state) = ((*loaded).clone(), props.personas.clone(), state.clone());
        Callback::from(move |index: usize| {
            // the end comes into sight: fetch what follows
            if index + 20 > loaded.lines.len()
                && let Some(next) = &loaded.next
            {
                load.emit((filter.clone(), Some((loaded.clone(), next.clone())), 0));
            }
            let Some(line) = loaded.lines.get(index) else { return Html::default() };
            let chosen = state.selected == Some(line.post);
            let (dispatcher, post) = (state.dispatcher(), line.post);
            let onfocusin = move |_: FocusEvent| {
                if !chosen {
                    dispatcher.dispatch(Action::Select(Some(post)));
                }
            };
            html! {
                <ul key={line.post.to_string()} class={classes!("list-line", chosen.then_some("selected"))} {onfocusin}>
                    <PostRow line={line.clone()} personas={personas.clone()} written=true id={element_id(line)} />
                </ul>
            }
        })
    };
    let reveal = state
        .selected
        .filter(|_| state.by_keys)
        .and_then(|post| loaded.lines.iter().position(|line| line.post == post));
    html! {
        <>
            <p class="visually-hidden" role="status">{ (t.calendar.count)(usize::try_from(loaded.total).unwrap_or(usize::MAX)) }</p>
            <VirtualList {layout} {row} {reveal} label={t.calendar.drafts} class="calendar-list" />
        </>
    }
}
