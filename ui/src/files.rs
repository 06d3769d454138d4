//! Files that a person chooses, pastes or drops.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, DragEvent, File, FileList, FileReader};
use yew::Callback;

/// As the contract allows.
pub const BYTES_MAX: f64 = 30.0 * 1024.0 * 1024.0;

/// What a file dialog offers.
pub const ACCEPTED: &str = "image/jpeg,image/png,image/webp,image/gif";

/// Reads a file as base64; `None` if it cannot be read.
pub fn read(file: &File, progress: Callback<u32>, done: Callback<Option<String>>) {
    let Ok(reader) = FileReader::new() else { return done.emit(None) };
    let finished = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            let url = reader.result().ok().and_then(|result| result.as_string());
            // an empty file has no data behind its type, and often no comma
            done.emit(url.map(|url| url.split_once(',').map(|(_, data)| data.to_owned()).unwrap_or_default()));
        })
    };
    let moved = Closure::<dyn FnMut(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
            progress.emit((event.loaded() / event.total() * 100.0) as u32);
        }
    })
    .into_js_value();
    // loadend comes after success and after failure alike
    reader.set_onloadend(Some(finished.unchecked_ref()));
    reader.set_onprogress(Some(moved.unchecked_ref()));
    if reader.read_as_data_url(file).is_err() {
        reader.abort();
    }
}

/// As [`read`], to be waited for.
pub async fn read_whole(file: &File, progress: Callback<u32>) -> Option<String> {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let done = Callback::from(move |data: Option<String>| {
            let data = data.map_or(JsValue::NULL, |data| JsValue::from_str(&data));
            resolve.call1(&JsValue::NULL, &data).ok();
        });
        read(file, progress.clone(), done);
    });
    JsFuture::from(promise).await.ok()?.as_string()
}

pub fn files_of(list: Option<FileList>) -> Vec<File> {
    list.map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect()).unwrap_or_default()
}

/// The images of a clipboard or a drop.
pub fn images_of(data: &DataTransfer) -> Vec<File> {
    files_of(data.files()).into_iter().filter(|file| file.type_().starts_with("image/")).collect()
}

/// Files hang over the page, not words or a part of the page.
pub fn hang_over(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
