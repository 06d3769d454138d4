//! "Harbour Bakery · saved just now": the one line that changes with every letter, so it is drawn alone.

use std::rc::Rc;

use jiff::Timestamp;
use yew::prelude::*;

use super::desk::{Sheet, use_sheet};
use super::save::SaveState;
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    /// Empty for nobody.
    pub persona: AttrValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Blank,
    Saving,
    Saved,
    NotSaved,
    Conflict,
}

fn look(sheet: &Sheet) -> (Word, Option<Timestamp>) {
    let word = match sheet.pipeline().state() {
        SaveState::Blank => Word::Blank,
        SaveState::Saving => Word::Saving,
        SaveState::Saved => Word::Saved,
        SaveState::NotSaved { .. } => Word::NotSaved,
        SaveState::Conflict { .. } => Word::Conflict,
    };
    (word, sheet.saved_at())
}

#[component]
pub fn SaveLine(props: &Props) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.compose;
    let (word, saved_at) = *use_sheet(&props.sheet, look);
    let (class, text) = match word {
        Word::Blank => ("", t.blank.to_owned()),
        Word::Saving => ("saving", t.saving.to_owned()),
        Word::Saved => {
            let at = saved_at.map(|at| clock.relative(at.min(clock.now)));
            ("", at.map_or_else(|| t.saved_plain.to_owned(), |when| (t.saved)(&when)))
        }
        Word::NotSaved => ("bad", t.not_saved_short.to_owned()),
        Word::Conflict => ("bad", t.conflict_short.to_owned()),
    };
    html! {
        <>
            if !props.persona.is_empty() { <bdi class="cut">{ props.persona.clone() }</bdi><i>{ "·" }</i> }
            <span class={classes!("save-state", class)} data-save={class}>{ text }</span>
        </>
    }
}
