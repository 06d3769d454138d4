//! Files that a person chooses, pastes or drops.

use std::cell::Cell;

use contract::ApiError;
use contract::library::MediaRead;
use contract::videos::{AbandonVideo, AppendVideo, BeginVideo, CancelEncode, FinishVideo};
use domain::id::MediaId;
use domain::video::Video;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DataTransfer, DragEvent, File, FileList, FileReader};
use yew::Callback;

use crate::backend::call;

/// As the contract allows.
pub const BYTES_MAX: f64 = 30.0 * 1024.0 * 1024.0;

/// What a file dialog offers.
pub const ACCEPTED: &str =
    "image/jpeg,image/png,image/webp,image/gif,video/mp4,video/quicktime,video/webm,.mp4,.m4v,.mov,.webm,.mkv";

/// Reads a file as base64; `None` if it cannot be read.
pub fn read(file: &Blob, progress: Callback<u32>, done: Callback<Option<String>>) {
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
pub async fn read_whole(file: &Blob, progress: Callback<u32>) -> Option<String> {
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

/// By what the system says, or, where that knows no Matroska, by the name.
pub fn is_video(file: &File) -> bool {
    let name = file.name().to_lowercase();
    file.type_().starts_with("video/")
        || [".mp4", ".m4v", ".mov", ".webm", ".mkv"].iter().any(|ending| name.ends_with(ending))
}

/// What a person stops: a video on its way in, wherever it is by then.
#[derive(Debug, Default)]
pub struct Stop {
    asked: Cell<bool>,
    upload: Cell<Option<u64>>,
    /// What is being coded anew.
    encode: Cell<Option<MediaId>>,
}

impl Stop {
    pub fn is_asked(&self) -> bool {
        self.asked.get()
    }

    pub fn reset(&self) {
        self.asked.set(false);
        self.upload.set(None);
        self.encode.set(None);
    }

    pub fn encoding(&self, media: MediaId) {
        self.encode.set(Some(media));
    }

    pub fn ask(&self) {
        self.asked.set(true);
        if let Some(upload) = self.upload.take() {
            spawn_local(async move {
                // one that is not known any more has come in, or was cleared away
                let _ = call(AbandonVideo { upload }).await;
            });
        }
        if let Some(media) = self.encode.take() {
            spawn_local(async move {
                let _ = call(CancelEncode { media }).await;
            });
        }
    }
}

/// Why a video did not come in.
#[derive(Debug)]
pub enum NoVideo {
    TooLarge,
    Unreadable,
    Stopped,
    Refused(ApiError),
}

/// Sends a video to the program, piece by piece, and waits until it was looked through. `progress` tells the hundredth that is
/// sent, and `None` from then on.
pub async fn send_video(
    file: &File,
    keep_metadata: bool,
    stop: &Stop,
    progress: Callback<Option<u32>>,
) -> Result<MediaRead, NoVideo> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a file")]
    let bytes = file.size() as u64;
    if bytes > Video::BYTES_MAX {
        return Err(NoVideo::TooLarge);
    }
    let begun = call(BeginVideo { name: file.name(), bytes, keep_metadata }).await.map_err(NoVideo::Refused)?;
    let upload = begun.upload;
    stop.upload.set(Some(upload));
    let sent = send_pieces(file, bytes, upload, stop, &progress).await;
    // also when it was stopped before it had a number to be stopped by
    if sent.is_err() {
        let _ = call(AbandonVideo { upload }).await;
    }
    sent?;
    progress.emit(None);
    let read = call(FinishVideo { upload }).await;
    stop.upload.set(None);
    match read {
        _ if stop.is_asked() => Err(NoVideo::Stopped),
        read => read.map_err(NoVideo::Refused),
    }
}

async fn send_pieces(
    file: &File,
    bytes: u64,
    upload: u64,
    stop: &Stop,
    progress: &Callback<Option<u32>>,
) -> Result<(), NoVideo> {
    let mut offset = 0;
    while offset < bytes {
        if stop.is_asked() {
            return Err(NoVideo::Stopped);
        }
        progress.emit(Some(u32::try_from(offset * 100 / bytes).unwrap_or(100)));
        let end = bytes.min(offset + AppendVideo::PIECE_MAX as u64);
        #[expect(clippy::cast_precision_loss, reason = "at most a gigabyte")]
        let piece = file.slice_with_f64_and_f64(offset as f64, end as f64).map_err(|_| NoVideo::Unreadable)?;
        let data = read_whole(&piece, Callback::noop()).await.ok_or(NoVideo::Unreadable)?;
        let appended = call(AppendVideo { upload, offset, data }).await;
        if stop.is_asked() {
            return Err(NoVideo::Stopped);
        }
        appended.map_err(NoVideo::Refused)?;
        offset = end;
    }
    Ok(())
}

/// The images of a clipboard or a drop.
pub fn images_of(data: &DataTransfer) -> Vec<File> {
    files_of(data.files()).into_iter().filter(|file| file.type_().starts_with("image/")).collect()
}

/// Files hang over the page, not words or a part of the page.
pub fn hang_over(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
