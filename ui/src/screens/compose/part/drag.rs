//! What is dragged onto a part: images from elsewhere, and other parts of the thread.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::components::{Glyph, Icon};
use crate::files::{files_of, hang_over};
use crate::i18n::use_texts;
use crate::screens::compose::edit::Change;
use crate::screens::compose::hands::Hands;

/// Of a kind of its own, so that no text field takes it for text.
const KIND: &str = "application/x-sendoff-part";

#[derive(Properties)]
pub struct GripProps {
    pub part: usize,
    pub dragged: Rc<Cell<Option<usize>>>,
    /// What is seen being dragged.
    pub section: NodeRef,
}

impl PartialEq for GripProps {
    fn eq(&self, other: &Self) -> bool {
        self.part == other.part && Rc::ptr_eq(&self.dragged, &other.dragged) && self.section == other.section
    }
}

/// Where a part is taken hold of. The keys for the same are Alt and the arrows, and the menu beside it says it in words.
#[component]
pub fn Grip(props: &GripProps) -> Html {
    let t = &use_texts().compose;
    let ondragstart = {
        let (part, dragged, section) = (props.part, props.dragged.clone(), props.section.clone());
        Callback::from(move |event: DragEvent| {
            let Some(data) = event.data_transfer() else { return };
            dragged.set(Some(part));
            data.set_effect_allowed("move");
            let _ = data.set_data(KIND, &part.to_string());
            if let Some(section) = section.cast::<HtmlElement>() {
                data.set_drag_image(&section, 24, 24);
            }
        })
    };
    let ondragend = {
        let dragged = props.dragged.clone();
        Callback::from(move |_: DragEvent| dragged.set(None))
    };
    html! {
        <span class="grip" draggable="true" title={t.part_drag} aria-hidden="true" {ondragstart} {ondragend}><Glyph icon={Icon::Grip} /></span>
    }
}

/// What hangs over a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Nothing,
    Files,
    /// A part that will stand above this one.
    Above,
    Below,
}

impl Over {
    pub const fn class(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Files => Some("drop"),
            Self::Above => Some("above"),
            Self::Below => Some("below"),
        }
    }
}

pub struct DropZone {
    pub over: Over,
    pub ondragenter: Callback<DragEvent>,
    pub ondragover: Callback<DragEvent>,
    pub ondragleave: Callback<DragEvent>,
    pub ondrop: Callback<DragEvent>,
}

#[hook]
pub fn use_drop_zone(part: usize, locked: bool, hands: &Hands) -> DropZone {
    let over = use_state_eq(|| Over::Nothing);
    // children report entering and leaving too
    let depth = use_mut_ref(|| 0_u32);
    let what = {
        let dragged = hands.dragged.clone();
        move |event: &DragEvent| match dragged.get() {
            _ if locked => Over::Nothing,
            Some(other) if other > part => Over::Above,
            Some(other) if other < part => Over::Below,
            Some(_) => Over::Nothing,
            None if hang_over(event) => Over::Files,
            None => Over::Nothing,
        }
    };
    let ondragenter = {
        let (over, depth, what) = (over.setter(), depth.clone(), what.clone());
        Callback::from(move |event: DragEvent| {
            *depth.borrow_mut() += 1;
            let what = what(&event);
            if what != Over::Nothing {
                event.prevent_default();
                over.set(what);
            }
        })
    };
    let ondragover = {
        let what = what.clone();
        Callback::from(move |event: DragEvent| {
            if what(&event) != Over::Nothing {
                event.prevent_default();
            }
        })
    };
    let ondragleave = {
        let (over, depth) = (over.setter(), depth.clone());
        Callback::from(move |_: DragEvent| {
            let left = depth.borrow().saturating_sub(1);
            *depth.borrow_mut() = left;
            if left == 0 {
                over.set(Over::Nothing);
            }
        })
    };
    let ondrop = {
        let (over, on_files, on_change, dragged) =
            (over.setter(), hands.files.clone(), hands.change.clone(), hands.dragged.clone());
        Callback::from(move |event: DragEvent| {
            *depth.borrow_mut() = 0;
            over.set(Over::Nothing);
            match what(&event) {
                Over::Nothing => {}
                Over::Files => {
                    event.prevent_default();
                    let files = event.data_transfer().map(|data| files_of(data.files())).unwrap_or_default();
                    if !files.is_empty() {
                        on_files.emit((part, files));
                    }
                }
                Over::Above | Over::Below => {
                    event.prevent_default();
                    if let Some(from) = dragged.take() {
                        on_change.emit(Change::MovePart { part: from, to: part });
                    }
                }
            }
        })
    };
    DropZone { over: *over, ondragenter, ondragover, ondragleave, ondrop }
}
