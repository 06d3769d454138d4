//! The caret stays with its words when the text changes under it: what somebody else wrote, or a version that came back.

use std::ops::Range;

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::platform;
use crate::screens::compose::history::{Mark, Piece, words};

/// What stood in the field before, and what was selected of it, in UTF-16 units.
type Before = (String, Range<u32>);

/// The browser puts the caret behind a text that it did not type itself. Here it goes to where its words are now.
#[hook]
pub fn use_caret_kept(field: &NodeRef, text: &str) {
    let before = use_mut_ref(|| None::<Before>);
    // before the new text is put into the field
    let found = field.cast::<HtmlTextAreaElement>().filter(|field| {
        let has_the_focus = platform::focused().is_some_and(|active| active == field.clone().into());
        has_the_focus && field.value() != text
    });
    if let Some(field) = found {
        let at = |end: Result<Option<u32>, _>| end.ok().flatten().unwrap_or(u32::MAX);
        let (start, end) = (at(field.selection_start()), at(field.selection_end()));
        before.replace(Some((field.value(), start..end)));
    }
    let field = field.clone();
    use_effect_with(text.to_owned(), move |text| {
        let Some((old, selected)) = before.take() else { return };
        if let Some(field) = field.cast::<HtmlTextAreaElement>() {
            let pieces = words(&old, text);
            let _ = field.set_selection_range(moved(&pieces, selected.start), moved(&pieces, selected.end));
        }
    });
}

/// Where a place of the old text is in the new one: behind the words that it stood behind.
fn moved(pieces: &[Piece], place: u32) -> u32 {
    let (mut old, mut new) = (0_u32, 0_u32);
    for piece in pieces {
        let length = u32::try_from(piece.text.encode_utf16().count()).unwrap_or(u32::MAX);
        let here = place <= old.saturating_add(length);
        match piece.mark {
            Mark::Same if here => return new.saturating_add(place.saturating_sub(old)),
            Mark::Removed if here => return new,
            Mark::Same => (old, new) = (old.saturating_add(length), new.saturating_add(length)),
            Mark::Removed => old = old.saturating_add(length),
            Mark::Added => new = new.saturating_add(length),
        }
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both texts with `|` where the caret was, and where it is expected.
    fn follows(old: &str, new: &str) {
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap();
        let (head, tail) = old.split_once('|').unwrap();
        let (expected, rest) = new.split_once('|').unwrap();
        let pieces = words(&format!("{head}{tail}"), &format!("{expected}{rest}"));
        assert_eq!(moved(&pieces, units(head)), units(expected), "{old} -> {new}");
    }

    #[test]
    fn the_caret_stays_behind_its_words() {
        follows("Rye is back|", "Fresh rye is here. Rye is back|");
        follows("Rye| is back", "Rye| is back on Friday");
        follows("Rye is| back", "👩‍🍳 Rye is| back");
        follows("one two| three", "one |three");
        follows("|one", "|one two");
    }
}
