//! Ideas: a board of what may become a post.

mod card;
mod column;
mod editor;
mod moving;
pub mod texts;

use std::rc::Rc;

use contract::ideas::{DeleteIdea, DraftIdea, GetIdeas, MoveIdea, SaveColumn};
use contract::personas::ListPersonas;
use domain::id::{ColumnId, IdeaId};
use domain::idea::Board;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::card::element_id;
use self::column::{ColumnBox, add_field};
use self::editor::IdeaEditor;
use self::moving::use_moving;
use crate::backend::use_query;
use crate::components::{Bar, Button, Empty, Glyph, Icon, Keys, Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::i18n::Texts;
use crate::platform;
use crate::route::{Route, use_go};
use crate::state::board::{self, Shown, Way};
use crate::state::keys::Cmd;

/// What columns and cards need to act.
#[derive(Clone, PartialEq)]
pub struct Hands {
    pub select: Callback<IdeaId>,
    pub open: Callback<IdeaId>,
    pub put: Callback<(IdeaId, ColumnId, Option<IdeaId>)>,
    pub write: Callback<IdeaId>,
}

/// What a column is called.
pub fn named(column: &Shown, t: &'static Texts) -> String {
    let usual = Board::FIRST.iter().position(|first| *first == column.column).and_then(|at| t.ideas.first.get(at));
    if column.name.is_empty() { usual.copied().unwrap_or_default().to_owned() } else { column.name.clone() }
}

#[component]
pub fn IdeasScreen() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.ideas;
    let go = use_go();
    let ideas = use_query(GetIdeas {});
    let personas = use_query(ListPersonas {}).data;
    let filter = use_state_eq(String::new);
    let selected = use_state_eq(|| None::<IdeaId>);
    let editing = use_state_eq(|| None::<IdeaId>);
    // the focus goes along with what the keys move
    let follow = use_mut_ref(|| false);

    let (board_seen, move_idea) = use_moving(ideas.data.clone(), &toaster);
    let columns: Rc<Vec<Shown>> = use_memo((board_seen, (*filter).clone()), |(data, filter)| {
        data.as_ref().map(|board| board::shown(board, filter)).unwrap_or_default()
    });
    let total = columns.iter().map(|column| column.total).sum::<usize>();
    let found = columns.iter().map(|column| column.ideas.len()).sum::<usize>();
    let current = selected.filter(|idea| board::find(&columns, *idea).is_some());
    {
        let follow = follow.clone();
        use_effect_with((columns.clone(), current), move |(_, current)| {
            if let Some(idea) = current.filter(|_| follow.replace(false)) {
                platform::focus_id(&element_id(idea));
            }
        });
    }
    // the only persona there is speaks
    let persona = match personas.as_deref().map(Vec::as_slice) {
        Some([only]) => Some(only.persona.id),
        _ => None,
    };
    let title_of = {
        let columns = columns.clone();
        move |idea: IdeaId| {
            let (column, row) = board::find(&columns, idea)?;
            Some(columns.get(column)?.ideas.get(row)?.idea.text.title.clone())
        }
    };
    let select = use_callback(selected.setter(), |idea: IdeaId, selected| selected.set(Some(idea)));
    let open = use_callback(editing.setter(), |idea: IdeaId, editing| editing.set(Some(idea)));
    let put = use_callback((move_idea, columns.clone(), texts), |(idea, column, before), (move_idea, columns, t)| {
        let there = columns.iter().find(|shown| shown.column == column).map(|shown| named(shown, t));
        let title = board::find(columns, idea)
            .and_then(|(column, row)| columns.get(column)?.ideas.get(row).map(|view| view.idea.text.title.clone()));
        let said = (t.ideas.moved)(&title.unwrap_or_default(), &there.unwrap_or_default());
        move_idea.emit((MoveIdea { idea, column, before }, said));
    });
    let write = {
        let (toaster, columns) = (toaster.clone(), columns.clone());
        use_callback((columns, persona, go.clone()), move |idea: IdeaId, (columns, persona, go)| {
            let known = board::find(columns, idea).and_then(|(column, row)| columns.get(column)?.ideas.get(row));
            match known {
                // it became one already
                Some(view) if view.status.is_some() => {
                    if let Some(post) = view.idea.post {
                        go.emit(Route::Post { post });
                    }
                }
                _ => {
                    let go = go.clone();
                    let then = move |written: Option<&contract::posts::Written>| {
                        if let Some(written) = written {
                            go.emit(Route::Post { post: written.post });
                        }
                    };
                    toaster.run_then(DraftIdea { idea, persona: *persona }, t.written, then);
                }
            }
        })
    };
    let hands = Hands { select, open: open.clone(), put: put.clone(), write: write.clone() };
    let delete = {
        let (toaster, columns, selected, editing) =
            (toaster.clone(), columns.clone(), selected.setter(), editing.setter());
        let (follow, title_of) = (follow.clone(), title_of.clone());
        Callback::from(move |idea: IdeaId| {
            let title = title_of(idea).unwrap_or_default();
            // the next one becomes the current one
            let below = board::step(&columns, Some(idea), Way::Down).filter(|next| *next != idea);
            selected.set(below.or(board::step(&columns, Some(idea), Way::Up).filter(|next| *next != idea)));
            follow.replace(true);
            editing.set(None);
            toaster.run(DeleteIdea { idea }, (t.deleted)(&title));
        })
    };

    let mut bound = vec![Bound::new(Cmd::IdeaNew, {
        let first = columns.first().map(|column| add_field(column.column));
        move || first.iter().for_each(|id| platform::focus_id(id))
    })];
    if found > 0 {
        for (cmd, way) in STEPS {
            let (columns, selected, follow) = (columns.clone(), selected.setter(), follow.clone());
            bound.push(Bound::new(cmd, move || {
                let next = board::step(&columns, current, way);
                if let Some(idea) = next.filter(|_| next == current) {
                    platform::focus_id(&element_id(idea));
                }
                follow.replace(true);
                selected.set(next);
            }));
        }
    }
    bound.push(Bound::new(Cmd::IdeaFilter, || platform::focus_id("idea-filter")));
    if let Some(idea) = current {
        let title = title_of(idea).unwrap_or_default();
        for (cmd, way) in MOVES {
            if let Some((column, before)) = board::moved(&columns, idea, way) {
                let (put, follow) = (put.clone(), follow.clone());
                bound.push(Bound::new(cmd, move || {
                    follow.replace(true);
                    put.emit((idea, column, before));
                }));
            }
        }
        let run = |callback: &Callback<IdeaId>| {
            let callback = callback.clone();
            move || callback.emit(idea)
        };
        bound.push(Bound::new(Cmd::IdeaEdit, run(&open)));
        bound.push(Bound::new(Cmd::IdeaWrite, run(&write)));
        bound.push(Bound::new(Cmd::IdeaDelete, run(&delete)).titled(format!("{}: {title}", texts.frame.delete)));
    }
    use_commands(bound);

    let oninput = {
        let filter = filter.setter();
        Callback::from(move |event: InputEvent| filter.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onkeydown = {
        let filter = filter.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !filter.is_empty() {
                event.stop_propagation();
                filter.set(String::new());
            }
        })
    };
    let add_column = {
        let toaster = toaster.clone();
        Callback::from(move |_: MouseEvent| {
            toaster.run(SaveColumn { column: None, name: t.new_column.to_owned() }, t.add_column);
        })
    };
    let last = columns.len().saturating_sub(1);
    let stop = current.or_else(|| board::step(&columns, None, Way::Down));
    let body = view(&ideas, html! { <Skeleton rows=5 /> }, |_| {
        let boxes = columns.iter().enumerate().map(|(at, column)| {
            let beside = (
                at.checked_sub(1).and_then(|left| columns.get(left)).map(|left| left.column),
                columns.get(at + 2).map(|right| right.column),
            );
            html! {
                <ColumnBox key={column.column.to_string()} column={Rc::new(column.clone())} {current} {stop} hands={hands.clone()}
                    {beside} is_last={at == last} is_only={last == 0} />
            }
        });
        html! {
            <>
                if total == 0 {
                    <Empty icon={Icon::Idea} title={t.empty} text={t.empty_what} />
                } else if found == 0 {
                    <p class="muted ideas-none" role="status">{ (t.nothing_found)(&filter) }</p>
                }
                <div class="board">{ for boxes }</div>
            </>
        }
    });
    let edited = editing.and_then(|idea| {
        let (column, row) = board::find(&columns, idea)?;
        Some((columns.get(column)?.column, columns.get(column)?.ideas.get(row)?.clone()))
    });
    let close = {
        let (editing, follow) = (editing.setter(), follow);
        Callback::from(move |()| {
            follow.replace(true);
            editing.set(None);
        })
    };
    html! {
        <>
            <Bar title={t.title} sub={if total == 0 { Html::default() } else { html! { <span class="num">{ (t.count)(found) }</span> } }}>
                <span class="filter-text">
                    <Glyph icon={Icon::Search} />
                    <input id="idea-filter" type="text" dir="auto" autocomplete="off" spellcheck="false" aria-label={t.filter} placeholder={t.filter} value={(*filter).clone()} {oninput} {onkeydown} />
                    <Keys cmd={Cmd::IdeaFilter} />
                </span>
                <Button icon={Icon::Plus} onclick={add_column} disabled={columns.len() >= Board::COLUMNS_MAX}>{ t.add_column }</Button>
            </Bar>
            <div class="ideas-screen">{ body }</div>
            if let Some((column, idea)) = edited {
                <IdeaEditor key={idea.idea.id.to_string()} idea={idea.clone()} {column} columns={columns.clone()} {hands} ondelete={delete} onclose={close} />
            }
        </>
    }
}

const STEPS: [(Cmd, Way); 6] = [
    (Cmd::IdeaNext, Way::Down),
    (Cmd::IdeaPrevious, Way::Up),
    (Cmd::IdeaDown, Way::Down),
    (Cmd::IdeaUp, Way::Up),
    (Cmd::IdeaLeft, Way::Left),
    (Cmd::IdeaRight, Way::Right),
];

const MOVES: [(Cmd, Way); 4] = [
    (Cmd::IdeaMoveUp, Way::Up),
    (Cmd::IdeaMoveDown, Way::Down),
    (Cmd::IdeaMoveLeft, Way::Left),
    (Cmd::IdeaMoveRight, Way::Right),
];
