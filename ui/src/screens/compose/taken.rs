//! What was taken away a moment ago, and the way back. It stands where it moves nothing.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::desk::Sheet;
use super::edit::{Change, Edit, Layer};
use super::swaps::Swap;
use crate::components::{Button, Icon, Look, Notice};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::state::keys::Cmd;

/// Something that a person took away, and the edit that brings it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub what: TakenAway,
    pub undo: Edit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenAway {
    Part,
    Comment,
    Card,
    /// A link went into the first comment.
    Link,
    Image,
    Account,
    OwnText,
    Joined,
    /// A text became so many parts.
    Divided(usize),
    Shortened,
    /// An image gave way to one made of it; `own`: in the text of some accounts alone.
    Fitted {
        own: bool,
    },
    /// A video gave way to one that was made of it.
    Video,
}

impl TakenAway {
    pub fn of(edit: &Edit) -> Option<Self> {
        match edit {
            Edit::Toggle(_) => Some(Self::Account),
            Edit::FollowBase(_) => Some(Self::OwnText),
            Edit::In { change: Change::RemovePart { .. }, .. } => Some(Self::Part),
            Edit::In { change: Change::Card { card: None, .. }, .. } => Some(Self::Card),
            Edit::In { change: Change::MoveLink { .. }, .. } => Some(Self::Link),
            Edit::In { change: Change::RemoveComment, .. } => Some(Self::Comment),
            Edit::In { change: Change::RemoveImage { .. }, .. } => Some(Self::Image),
            Edit::In { change: Change::ReplaceImage { .. }, .. } => Some(Self::Video),
            Edit::In { change: Change::Join { .. }, .. } => Some(Self::Joined),
            Edit::In { change: Change::Rewrite { texts, .. }, .. } => Some(match texts.len() {
                0 | 1 => Self::Shortened,
                parts => Self::Divided(parts),
            }),
            Edit::Swap(swaps) => {
                let own = |swap: &Swap| matches!(swap.layer, Layer::Account(_));
                Some(Self::Fitted { own: swaps.iter().any(own) })
            }
            _ => None,
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub taken: Taken,
    /// Nothing was changed since: the keys that undo typing undo this.
    pub fresh: bool,
    pub on_over: Callback<()>,
}

/// As long as an undo of the program.
const SHOWN_MS: u32 = 10_000;

#[component]
pub fn TakenBar(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.compose;
    {
        let on_over = props.on_over.clone();
        use_effect_with(props.taken.clone(), move |_| {
            let timer = Timeout::new(SHOWN_MS, move || on_over.emit(()));
            move || drop(timer)
        });
    }
    let bring_back = {
        let (sheet, on_over, undo) = (props.sheet.clone(), props.on_over.clone(), props.taken.undo.clone());
        Callback::from(move |()| {
            sheet.edit(undo.clone());
            on_over.emit(());
        })
    };
    let keys = if props.fresh { Cmd::ComposeUndo } else { Cmd::UndoLast };
    use_commands(
        [Some(Cmd::UndoLast), props.fresh.then_some(Cmd::ComposeUndo)]
            .into_iter()
            .flatten()
            .map(|cmd| {
                let bring_back = bring_back.clone();
                Bound::new(cmd, move || bring_back.emit(()))
            })
            .collect(),
    );
    let word = match props.taken.what {
        TakenAway::Part => t.taken_part.into(),
        TakenAway::Comment => t.taken_comment.into(),
        TakenAway::Card => t.taken_card.into(),
        TakenAway::Link => t.taken_link.into(),
        TakenAway::Image => t.taken_image.into(),
        TakenAway::Account => t.taken_account.into(),
        TakenAway::OwnText => t.taken_own.into(),
        TakenAway::Joined => t.taken_joined.into(),
        TakenAway::Divided(parts) => AttrValue::from((t.taken_divided)(parts)),
        TakenAway::Shortened => t.taken_shortened.into(),
        TakenAway::Fitted { own: false } => t.taken_fitted.into(),
        TakenAway::Fitted { own: true } => t.taken_fitted_own.into(),
        TakenAway::Video => t.taken_video.into(),
    };
    let undo = html! {
        <Button look={Look::Plain} icon={Icon::Undo} {keys} onclick={bring_back.reform(|_: MouseEvent| ())}>{ texts.frame.undo }</Button>
    };
    html! { <div class="taken" role="status"><Notice actions={undo}>{ word }</Notice></div> }
}
