//! Writing at the caret what nobody typed: through the field, as if it had been typed.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use crate::platform;

/// The field was written in: its caret is where somebody put it.
pub const ENTERED: &str = "data-entered";

/// The text around the selection of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub before: String,
    pub after: String,
}

/// The field of a part.
pub fn field(part: usize) -> Option<HtmlTextAreaElement> {
    let selector = format!("textarea[data-part=\"{part}\"]");
    platform::document()?.query_selector(&selector).ok().flatten()?.dyn_into().ok()
}

/// Where the caret of a field stands: at the end of one that nobody was in yet.
pub fn place(field: &HtmlTextAreaElement) -> Place {
    let units: Vec<u16> = field.value().encode_utf16().collect();
    let of = |at: Result<Option<u32>, _>| at.ok().flatten().and_then(|at| usize::try_from(at).ok());
    let (start, end) = if field.has_attribute(ENTERED) {
        (of(field.selection_start()).unwrap_or(units.len()), of(field.selection_end()).unwrap_or(units.len()))
    } else {
        (units.len(), units.len())
    };
    let text = |units: Option<&[u16]>| String::from_utf16_lossy(units.unwrap_or_default());
    Place { before: text(units.get(..start)), after: text(units.get(end.max(start)..)) }
}

/// The characters of a field that are selected; none if it is only a caret.
pub fn selected(field: &HtmlTextAreaElement) -> Option<std::ops::Range<usize>> {
    let Place { before, after } = place(field);
    let start = before.chars().count();
    let end = field.value().chars().count().saturating_sub(after.chars().count());
    (start < end).then_some(start..end)
}

/// Selects a range of characters.
pub fn select(field: &HtmlTextAreaElement, range: &std::ops::Range<usize>) {
    let value = field.value();
    let to = |at: usize| units(&value.chars().take(at).collect::<String>());
    let _ = field.set_selection_range(to(range.start), to(range.end));
}

/// Puts `text` where the caret is, in the place of what is selected, and leaves the caret behind it.
pub fn at_caret(part: usize, text: impl FnOnce(&Place) -> String) {
    let Some(field) = field(part) else { return };
    let place = place(&field);
    let end = units(&field.value()).saturating_sub(units(&place.after));
    write(&field, (units(&place.before), end), &text(&place));
}

/// Puts `text` and a blank in the place of `typed`, if that still stands before the caret.
pub fn complete(part: usize, typed: &str, text: &str) {
    let Some(field) = field(part) else { return };
    let before = place(&field).before;
    if domain::text::mention::at_end(&before) == Some(typed) {
        let end = units(&before);
        write(&field, (end.saturating_sub(units(typed)), end), &format!("{text} "));
    }
}

/// Puts `text` at the end, in the place of the white space there.
pub fn at_end(part: usize, text: &str) {
    let Some(field) = field(part) else { return };
    let value = field.value();
    write(&field, (units(value.trim_end()), units(&value)), text);
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

fn write(field: &HtmlTextAreaElement, (start, end): (u32, u32), text: &str) {
    let _ = field.focus();
    let _ = field.set_selection_range(start, end);
    let document = platform::document().and_then(|document| document.dyn_into::<HtmlDocument>().ok());
    let typed = document.is_some_and(|document| {
        document.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or(false)
    });
    if !typed && field.set_range_text_with_start_and_end(text, start, end).is_ok() {
        let caret = start.saturating_add(units(text));
        let _ = field.set_selection_range(caret, caret);
        if let Ok(event) = web_sys::InputEvent::new("input") {
            let _ = field.dispatch_event(&event);
        }
    }
}
