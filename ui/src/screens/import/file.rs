//! The file that a table is read from.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement, TextDecoder};
use yew::prelude::*;

use crate::components::{Button, Icon, Look};
use crate::files::files_of;
use crate::frame::context::use_frame;

/// A table, and what its file is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub text: Rc<str>,
}

/// Larger files are not read at all. The program says the same of them.
const BYTES_MAX: f64 = 5.0 * 1024.0 * 1024.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub on_table: Callback<Table>,
    /// There is a file already.
    #[prop_or_default]
    pub again: bool,
}

/// Opens a file dialog, and takes a file that is dropped on it.
#[component]
pub fn Choose(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.import;
    let input = use_node_ref();
    let take = {
        let on_table = props.on_table.clone();
        Callback::from(move |file: File| {
            if file.size() > BYTES_MAX {
                toaster.complain(t.too_large);
                return;
            }
            let (on_table, toaster) = (on_table.clone(), toaster.clone());
            spawn_local(async move {
                match read(&file).await {
                    Some(text) => on_table.emit(Table { name: file.name(), text: text.into() }),
                    None => toaster.complain(t.unreadable),
                }
            });
        })
    };
    let onchange = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            if let Some(file) = files_of(input.files()).into_iter().next() {
                take.emit(file);
            }
            // the same file may be chosen again
            input.set_value("");
        })
    };
    let ondrop = Callback::from(move |event: DragEvent| {
        event.prevent_default();
        let files = event.data_transfer().map(|data| files_of(data.files())).unwrap_or_default();
        if let Some(file) = files.into_iter().next() {
            take.emit(file);
        }
    });
    let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
    let open = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let field = html! {
        <input ref={input} type="file" class="hidden" id="import-file" accept=".csv,.tsv,.txt,text/csv" tabindex="-1" aria-hidden="true" {onchange} />
    };
    if props.again {
        return html! { <>{ field }<Button look={Look::Quiet} icon={Icon::Folder} onclick={open}>{ t.other_file }</Button></> };
    }
    html! {
        <div class="import-drop" {ondrop} {ondragover}>
            { field }
            <p>{ t.what }</p>
            <p class="sm muted">{ t.known }</p>
            <Button id="import-choose" look={Look::Go} icon={Icon::Folder} onclick={open}>{ t.choose }</Button>
        </div>
    }
}

/// The text of a file: UTF-8, or what spreadsheets on Windows write.
async fn read(file: &File) -> Option<String> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(other) => TextDecoder::new_with_label("windows-1252").ok()?.decode_with_u8_array(&other.into_bytes()).ok(),
    }
}
