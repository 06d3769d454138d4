//! Images on their way into the program: chosen, pasted or dropped, read, and taken in; and those that are made of others.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use contract::ApiError;
use contract::changes::Undo;
use contract::library::{FitImage, GetMedia};
use contract::posts::ImportImage;
use domain::id::MediaId;
use domain::media::Media;
use domain::post::Image;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::desk::Sheet;
use super::edit::{Change, Edit, Layer};
use super::fitting::Order;
use super::swaps::Swap;
use crate::backend::call;
use crate::files::{BYTES_MAX, read};
use crate::frame::context::Toaster;
use crate::i18n::Texts;

#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    pub id: u64,
    pub layer: Layer,
    pub part: usize,
    pub name: String,
    pub state: UploadState,
}

#[derive(Debug, Clone, PartialEq)]
pub enum UploadState {
    Reading {
        percent: u32,
    },
    Storing,
    /// It is made of an image of the part.
    Fitting,
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    NoImage,
    TooLarge,
    Unreadable,
    Refused(ApiError),
}

impl Failure {
    pub fn sentence(&self, texts: &'static Texts) -> String {
        match self {
            Self::NoImage => texts.compose.upload_no_image.to_owned(),
            Self::TooLarge => texts.compose.upload_too_large.to_owned(),
            Self::Unreadable => texts.compose.upload_unreadable.to_owned(),
            Self::Refused(error) => (texts.error)(error),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Uploads(pub Vec<Upload>);

#[derive(Debug)]
pub enum Action {
    Add(Upload),
    Set(u64, UploadState),
    Remove(u64),
}

impl Uploads {
    /// Those below a part; the last of `parts` also shows those of parts that are gone.
    pub fn of(&self, layer: Layer, part: usize, parts: usize) -> Vec<Upload> {
        let here = |upload: &&Upload| {
            upload.layer == layer && (upload.part == part || (part + 1 == parts && upload.part > part))
        };
        self.0.iter().filter(here).cloned().collect()
    }
}

impl Reducible for Uploads {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut list = self.0.clone();
        match action {
            Action::Add(upload) => list.push(upload),
            Action::Set(id, state) => {
                if let Some(upload) = list.iter_mut().find(|upload| upload.id == id) {
                    upload.state = state;
                }
            }
            Action::Remove(id) => list.retain(|upload| upload.id != id),
        }
        Rc::new(Self(list))
    }
}

thread_local! {
    static LAST: Cell<u64> = const { Cell::new(0) };
    /// What is being made and still wanted.
    static MAKING: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
}

fn next() -> u64 {
    LAST.with(|last| {
        last.set(last.get() + 1);
        last.get()
    })
}

/// What is made is not wanted any more.
pub fn cancel(id: u64) {
    MAKING.with_borrow_mut(|making| making.remove(&id));
}

/// Work that takes longer is shown, and can be cancelled, in milliseconds.
const SHOWN_AFTER_MS: u32 = 300;

/// What one text needs of images, and how they come into it.
#[derive(Debug, Clone)]
pub struct Making {
    pub orders: Vec<Order>,
    /// Where its progress shows.
    pub layer: Layer,
    pub part: usize,
    pub name: String,
}

/// Makes images and puts them where they are needed, in one edit, also when the screen was left meanwhile.
pub fn make(making: Making, edit: Callback<Edit>, tell: Callback<Action>, known: Callback<Media>, toaster: Toaster) {
    let Making { orders, layer, part, name } = making;
    let id = next();
    MAKING.with_borrow_mut(|making| making.insert(id));
    let is_wanted = move || MAKING.with_borrow(|making| making.contains(&id));
    let waiting = {
        let tell = tell.clone();
        let upload = Upload { id, layer, part, name, state: UploadState::Fitting };
        Timeout::new(SHOWN_AFTER_MS, move || tell.emit(Action::Add(upload)))
    };
    spawn_local(async move {
        let mut swaps = Vec::new();
        for Order { media, fit, layers, .. } in orders {
            if !is_wanted() {
                break;
            }
            match call(FitImage { media, fit }).await {
                // nothing stays of what nobody waits for
                Ok(fitted) if !is_wanted() => {
                    if let Some(undo) = fitted.undo {
                        call(Undo { undo }).await.ok();
                    }
                }
                Ok(fitted) => {
                    let to = fitted.media.id;
                    known.emit(fitted.media);
                    swaps.extend(layers.into_iter().map(|layer| Swap { layer, from: media, to, at: None }));
                }
                Err(error) => toaster.fail(&error),
            }
        }
        drop(waiting);
        tell.emit(Action::Remove(id));
        if is_wanted() && !swaps.is_empty() {
            edit.emit(Edit::Swap(swaps));
        }
        cancel(id);
    });
}

/// Takes a file into the program and puts it into the part it was meant for, also when the screen was left meanwhile.
pub fn take_in(
    file: File,
    sheet: Rc<Sheet>,
    (layer, part): (Layer, usize),
    tell: Callback<Action>,
    known: Callback<Media>,
) {
    let id = next();
    let name = file.name();
    let add = |state| Action::Add(Upload { id, layer, part, name: name.clone(), state });
    if !file.type_().starts_with("image/") {
        return tell.emit(add(UploadState::Failed(Failure::NoImage)));
    }
    if file.size() > BYTES_MAX {
        return tell.emit(add(UploadState::Failed(Failure::TooLarge)));
    }
    tell.emit(add(UploadState::Reading { percent: 0 }));
    let progress = tell.reform(move |percent| Action::Set(id, UploadState::Reading { percent }));
    let done = Callback::from(move |data: Option<String>| {
        let Some(data) = data else { return tell.emit(Action::Set(id, UploadState::Failed(Failure::Unreadable))) };
        tell.emit(Action::Set(id, UploadState::Storing));
        let (tell, known, sheet, name) = (tell.clone(), known.clone(), sheet.clone(), name.clone());
        spawn_local(async move {
            match call(ImportImage { name, data }).await {
                Ok(media) => {
                    insert(&sheet, layer, part, media, &known);
                    tell.emit(Action::Remove(id));
                }
                Err(error) => tell.emit(Action::Set(id, UploadState::Failed(Failure::Refused(error)))),
            }
        });
    });
    read(&file, progress, done);
}

/// Puts files of the library into a part, each with the description that it has there.
pub fn from_library(
    media: Vec<MediaId>,
    sheet: Rc<Sheet>,
    (layer, part): (Layer, usize),
    known: Callback<Media>,
    toaster: Toaster,
) {
    spawn_local(async move {
        for media in media {
            match call(GetMedia { media }).await {
                Ok(found) => insert(&sheet, layer, part, found.media, &known),
                Err(error) => toaster.fail(&error),
            }
        }
    });
}

/// At the end of the part, or of the last one if that is gone.
fn insert(sheet: &Rc<Sheet>, layer: Layer, part: usize, media: Media, known: &Callback<Media>) {
    let parts = layer.content(sheet.pipeline().draft()).parts.len();
    let part = part.min(parts.saturating_sub(1));
    let image = Image { media: media.id, alt: media.alt.clone() };
    known.emit(media);
    sheet.edit(Edit::In { layer, change: Change::InsertImage { part, at: usize::MAX, image } });
}
