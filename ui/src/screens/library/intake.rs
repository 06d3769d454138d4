//! Takes files in, whatever screen is shown meanwhile.

use std::cell::RefCell;
use std::rc::Rc;

use contract::library::{AddMedia, MediaRead, ReadMedia};
use domain::id::MediaId;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use crate::backend::call;
use crate::files::{self, NoVideo, Stop};
use crate::frame::context::Toaster;
use crate::i18n::Texts;
use crate::state::intake::{Action, Intake, ItemState, Phase};

/// The files, and what is known of them. It lies beside the screens.
#[derive(Clone)]
pub struct IntakeHandle {
    state: UseReducerHandle<Intake>,
    files: Rc<RefCell<Vec<File>>>,
    /// What runs ends behind the image that it reads, or within the video.
    stop: Rc<Stop>,
}

impl PartialEq for IntakeHandle {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

/// For the frame, which keeps it.
#[hook]
pub fn use_new_intake() -> IntakeHandle {
    let state = use_reducer_eq(Intake::default);
    let files = use_mut_ref(Vec::new);
    let stop = use_memo((), |()| Stop::default());
    IntakeHandle { state, files, stop }
}

#[hook]
pub fn use_intake() -> IntakeHandle {
    #[expect(clippy::expect_used, reason = "the frame gives it to everything inside it")]
    use_context::<IntakeHandle>().expect("a screen outside the frame")
}

impl IntakeHandle {
    pub fn state(&self) -> &Intake {
        &self.state
    }

    pub fn tell(&self, action: Action) {
        if action == Action::Stop {
            self.stop.ask();
        }
        if let Action::Drop(at) = action {
            let mut files = self.files.borrow_mut();
            if self.state.phase == Phase::Choosing && at < files.len() {
                files.remove(at);
            }
        }
        self.state.dispatch(action);
    }

    /// Begins anew, with these files or with none. What runs goes on.
    pub fn open(&self, folder: &str, files: Vec<File>) {
        let running = self.state.is_running();
        self.state.dispatch(Action::Open { folder: folder.to_owned() });
        if !running {
            self.files.borrow_mut().clear();
            self.push(files);
        }
    }

    /// Further files.
    pub fn choose(&self, files: Vec<File>) {
        if self.state.phase == Phase::Choosing {
            self.push(files);
        }
    }

    fn push(&self, files: Vec<File>) {
        if files.is_empty() {
            return;
        }
        let named = files.iter().map(|file| (file.name(), file.size())).collect();
        self.files.borrow_mut().extend(files);
        self.files.borrow_mut().truncate(domain::media::Media::TOGETHER_MAX);
        self.state.dispatch(Action::Choose(named));
    }

    /// Reads one file after the other, and puts what was read into the library as one change.
    pub fn begin(&self, toaster: Toaster, texts: &'static Texts) {
        let handle = self.clone();
        handle.stop.reset();
        handle.state.dispatch(Action::Begin);
        let files: Vec<File> = self.files.borrow().clone();
        let items = self.state.items.clone();
        let folder = self.state.folder.clone();
        spawn_local(async move {
            let mut read: Vec<MediaId> = Vec::new();
            // something is to be read before the list of files is closed
            let mut news = false;
            for (at, (file, item)) in files.iter().zip(items.iter()).enumerate() {
                if handle.stop.is_asked() {
                    break;
                }
                let state = handle.take(at, file, item.keep, texts, &read).await;
                news |= state.is_news();
                if let ItemState::Added { media, .. } = &state {
                    read.push(*media);
                }
                handle.state.dispatch(Action::Set(at, state));
            }
            handle.state.dispatch(Action::End);
            handle.files.borrow_mut().clear();
            if !read.is_empty() {
                match call(AddMedia { media: read.clone(), folder }).await {
                    Ok(saved) => toaster.done((texts.library.added)(read.len()), &saved),
                    Err(error) => toaster.fail(&error),
                }
            }
            if !news {
                handle.state.dispatch(Action::Close);
            }
        });
    }

    async fn take(&self, at: usize, file: &File, keep: bool, texts: &'static Texts, read: &[MediaId]) -> ItemState {
        let refused = |sentence: &str| ItemState::Refused { sentence: sentence.to_owned() };
        if files::is_video(file) {
            return self.take_video(at, file, keep, texts, read).await;
        }
        if file.size() > files::BYTES_MAX {
            return refused(texts.compose.upload_too_large);
        }
        self.state.dispatch(Action::Set(at, ItemState::Reading { percent: 0 }));
        let progress = {
            let state = self.state.dispatcher();
            Callback::from(move |percent| state.dispatch(Action::Set(at, ItemState::Reading { percent })))
        };
        let Some(data) = files::read_whole(file, progress).await else {
            return refused(texts.compose.upload_unreadable);
        };
        self.state.dispatch(Action::Set(at, ItemState::Storing));
        match call(ReadMedia { name: file.name(), data, keep_metadata: keep }).await {
            Ok(answer) => came_in(answer, read),
            Err(error) => ItemState::Refused { sentence: (texts.error)(&error) },
        }
    }

    async fn take_video(
        &self,
        at: usize,
        file: &File,
        keep: bool,
        texts: &'static Texts,
        read: &[MediaId],
    ) -> ItemState {
        let refused = |sentence: &str| ItemState::Refused { sentence: sentence.to_owned() };
        let progress = {
            let state = self.state.dispatcher();
            Callback::from(move |percent: Option<u32>| {
                let now = percent.map_or(ItemState::Storing, |percent| ItemState::Reading { percent });
                state.dispatch(Action::Set(at, now));
            })
        };
        match files::send_video(file, keep, &self.stop, progress).await {
            Ok(answer) => came_in(answer, read),
            Err(NoVideo::Stopped) => ItemState::LeftOut,
            Err(NoVideo::TooLarge) => refused(texts.compose.video_too_large),
            Err(NoVideo::Unreadable) => refused(texts.compose.upload_unreadable),
            Err(NoVideo::Refused(error)) => refused(&(texts.error)(&error)),
        }
    }
}

fn came_in(answer: MediaRead, read: &[MediaId]) -> ItemState {
    match answer.known {
        Some(name) => ItemState::Known { name },
        None if read.contains(&answer.media.id) => ItemState::Known { name: answer.media.name },
        None => ItemState::Added { media: answer.media.id, first_only: answer.first_only },
    }
}
