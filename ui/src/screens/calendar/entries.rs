//! What stands in the calendar beside the posts, as a strip on each of its days.

use std::rc::Rc;

use domain::entry::{Entry, EntryKind};
use domain::id::EntryId;
use jiff::civil::Date;
use yew::prelude::*;

use super::Grid;
use crate::components::{Glyph, Icon};
use crate::frame::context::use_frame;

/// What pressing an entry, or the ground of a day, begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Pressed {
    Entry(Rc<Entry>),
    Day(Date),
}

const fn sign(kind: EntryKind) -> Icon {
    match kind {
        EntryKind::Holiday => Icon::Calendar,
        EntryKind::Launch => Icon::Rising,
        EntryKind::Note => Icon::Info,
    }
}

/// What a dragged entry is called among dragged posts.
const DRAGGED: &str = "entry ";

/// The entry that was dropped, by its id.
pub fn dropped(text: &str) -> Option<EntryId> {
    text.strip_prefix(DRAGGED)?.parse().ok()
}

#[derive(Properties, PartialEq)]
pub struct StripProps {
    pub entry: Rc<Entry>,
    /// The day that it is shown on.
    pub day: Date,
    pub grid: Grid,
    /// With its note.
    #[prop_or_default]
    pub whole: bool,
}

#[component]
pub fn Strip(props: &StripProps) -> Html {
    let (t, ..) = use_frame();
    let text = &props.entry.text;
    let (begins, ends) = (text.from == props.day, text.to == props.day);
    let kind = (t.calendar.entry_kind)(text.kind);
    let title = match text.note.is_empty() {
        true => format!("{kind}: {}", text.title),
        false => format!("{kind}: {}\n{}", text.title, text.note),
    };
    let onclick = {
        let (entry, pressed) = (props.entry.clone(), props.grid.pressed.clone());
        Callback::from(move |_: MouseEvent| pressed.emit(Pressed::Entry(entry.clone())))
    };
    let ondragstart = {
        let (entry, day) = (props.entry.id, props.day);
        Callback::from(move |event: DragEvent| {
            if let Some(data) = event.data_transfer() {
                data.set_data("text/plain", &format!("{DRAGGED}{entry}")).ok();
                // where it was taken hold of
                data.set_data("text/x-day", &day.to_string()).ok();
                data.set_effect_allowed("move");
            }
        })
    };
    let color = format!("persona-{}", text.color.wire());
    html! {
        <button type="button" draggable="true" class={classes!("strip", color, begins.then_some("begins"), ends.then_some("ends"), props.whole.then_some("whole"))} {title} {onclick} {ondragstart}>
            <Glyph icon={sign(text.kind)} />
            <span class="visually-hidden">{ format!("{kind}: ") }</span>
            <bdi class="cut">{ &text.title }</bdi>
            if props.whole && !text.note.is_empty() { <span class="muted cut">{ &text.note }</span> }
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct AddEntryProps {
    pub day: Date,
    pub pressed: Callback<Pressed>,
}

/// Begins an entry on a day. By keys there is a command for it, so Tab does not stop here on every day.
#[component]
pub fn AddEntry(props: &AddEntryProps) -> Html {
    let (t, ..) = use_frame();
    let onclick = {
        let (day, pressed) = (props.day, props.pressed.clone());
        Callback::from(move |_: MouseEvent| pressed.emit(Pressed::Day(day)))
    };
    html! {
        <button type="button" class="add-entry" tabindex="-1" title={t.calendar.entry_new} aria-label={t.calendar.entry_new} {onclick}><Glyph icon={Icon::Plus} /></button>
    }
}
