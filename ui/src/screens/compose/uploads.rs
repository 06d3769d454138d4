//! Images and videos on their way into the program: chosen, pasted or dropped, read, and taken in; and those that are made of
//! others.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use contract::ApiError;
use contract::changes::Undo;
use contract::library::{AddMedia, FitImage, GetMedia};
use contract::posts::{GetImage, ImageData, ImageSize, ImportImage};
use contract::videos::{EncodeProgress, EncodeState, EncodeVideo};
use domain::id::MediaId;
use domain::media::Media;
use domain::post::Image;
use domain::text::film::VideoRoom;
use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::desk::Sheet;
use super::edit::{Change, Edit, Layer};
use super::fitting::Order;
use super::swaps::Swap;
use crate::backend::call;
use crate::files::{BYTES_MAX, NoVideo, Stop, is_video, read, send_video};
use crate::frame::context::Toaster;
use crate::i18n::Texts;

#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    pub id: u64,
    pub layer: Layer,
    pub part: usize,
    pub name: String,
    /// It can be stopped to the end.
    pub video: bool,
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
    /// It is coded anew.
    Encoding {
        percent: u32,
    },
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    NoImage,
    TooLarge,
    LargeVideo,
    Unreadable,
    Refused(ApiError),
}

impl Failure {
    pub fn sentence(&self, texts: &'static Texts) -> String {
        match self {
            Self::NoImage => texts.compose.upload_no_image.to_owned(),
            Self::TooLarge => texts.compose.upload_too_large.to_owned(),
            Self::LargeVideo => texts.compose.video_too_large.to_owned(),
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
    /// Of the videos that are on their way in.
    static STOPS: RefCell<BTreeMap<u64, Rc<Stop>>> = const { RefCell::new(BTreeMap::new()) };
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
        let upload = Upload { id, layer, part, name, video: false, state: UploadState::Fitting };
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

/// A person does not want it any more. An image that is read already comes in all the same.
pub fn dismiss(id: u64) {
    if let Some(stop) = STOPS.with(|stops| stops.borrow_mut().remove(&id)) {
        stop.ask();
    }
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
    let video = is_video(&file);
    let add = |state| Action::Add(Upload { id, layer, part, name: name.clone(), video, state });
    if video {
        tell.emit(add(UploadState::Reading { percent: 0 }));
        let video = take_video(id, file, sheet, (layer, part), tell, known);
        return spawn_local(video);
    }
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

async fn take_video(
    id: u64,
    file: File,
    sheet: Rc<Sheet>,
    (layer, part): (Layer, usize),
    tell: Callback<Action>,
    known: Callback<Media>,
) {
    let stop = Rc::new(Stop::default());
    STOPS.with(|stops| stops.borrow_mut().insert(id, Rc::clone(&stop)));
    let progress = tell.reform(move |percent: Option<u32>| {
        Action::Set(id, percent.map_or(UploadState::Storing, |percent| UploadState::Reading { percent }))
    });
    let read = send_video(&file, false, &stop, progress).await;
    STOPS.with(|stops| stops.borrow_mut().remove(&id));
    let added = match read {
        // one that is in the library is described already
        Ok(read) if read.known.is_some() => call(GetMedia { media: read.media.id }).await.map(|found| found.media),
        Ok(read) => {
            let add = AddMedia { media: vec![read.media.id], folder: String::new() };
            call(add).await.map(|_| read.media)
        }
        Err(NoVideo::Stopped) => return tell.emit(Action::Remove(id)),
        Err(NoVideo::TooLarge) => return tell.emit(Action::Set(id, UploadState::Failed(Failure::LargeVideo))),
        Err(NoVideo::Unreadable) => return tell.emit(Action::Set(id, UploadState::Failed(Failure::Unreadable))),
        Err(NoVideo::Refused(error)) => Err(error),
    };
    match added {
        Ok(media) => {
            insert(&sheet, layer, part, media, &known);
            tell.emit(Action::Remove(id));
        }
        Err(error) => tell.emit(Action::Set(id, UploadState::Failed(Failure::Refused(error)))),
    }
}

/// How often is asked how far a video is, in milliseconds.
const ASK_MS: u32 = 400;

/// What is coded anew, for whom, and where it stands.
#[derive(Debug, Clone)]
pub struct Reencode {
    pub images: Vec<Image>,
    pub room: VideoRoom,
    pub cut: bool,
    pub layer: Layer,
    pub part: usize,
}

/// Codes the video of a part anew and shows the new one in its place, also when the screen was left meanwhile.
pub fn reencode(
    wanted: Reencode,
    edit: Callback<Edit>,
    tell: Callback<Action>,
    known: Callback<Media>,
    toaster: Toaster,
    none: &'static str,
) {
    spawn_local(async move {
        let Reencode { images, room, cut, layer, part } = wanted;
        let mut video = None;
        for (place, image) in images.iter().enumerate() {
            match call(GetImage { media: image.media, size: ImageSize::Thumb }).await {
                Ok(ImageData { film: Some(face), .. }) => {
                    video = Some((place, image.clone(), face.name));
                    break;
                }
                Ok(_) => {}
                Err(error) => return toaster.fail(&error),
            }
        }
        let Some((place, image, name)) = video else { return toaster.complain(none) };
        let id = next();
        let stop = Rc::new(Stop::default());
        stop.encoding(image.media);
        STOPS.with(|stops| stops.borrow_mut().insert(id, Rc::clone(&stop)));
        tell.emit(Action::Add(Upload {
            id,
            layer,
            part,
            name,
            video: true,
            state: UploadState::Encoding { percent: 0 },
        }));
        let asking = {
            let (tell, media) = (tell.clone(), image.media);
            Interval::new(ASK_MS, move || {
                let tell = tell.clone();
                spawn_local(async move {
                    if let Ok(EncodeState { percent: Some(percent) }) = call(EncodeProgress { media }).await {
                        tell.emit(Action::Set(id, UploadState::Encoding { percent }));
                    }
                });
            })
        };
        let made = call(EncodeVideo { media: image.media, room, cut }).await;
        drop(asking);
        STOPS.with(|stops| stops.borrow_mut().remove(&id));
        match made {
            // it stays in the library, and the post as it was
            Ok(_) if stop.is_asked() => tell.emit(Action::Remove(id)),
            Ok(made) => {
                let new = Image { media: made.media.id, alt: image.alt.clone() };
                known.emit(made.media);
                tell.emit(Action::Remove(id));
                let change = Change::ReplaceImage { part, image: place, from: image.media, to: new };
                edit.emit(Edit::In { layer, change });
            }
            Err(_) if stop.is_asked() => tell.emit(Action::Remove(id)),
            Err(error) => tell.emit(Action::Set(id, UploadState::Failed(Failure::Refused(error)))),
        }
    });
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
