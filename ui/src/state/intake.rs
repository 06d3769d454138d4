//! Files on their way into the library: chosen, read one after the other, taken in or refused. Pure.

use std::rc::Rc;

use domain::id::MediaId;
use domain::media::Media;
use yew::Reducible;

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub name: String,
    pub bytes: f64,
    /// What the camera wrote stays in the file.
    pub keep: bool,
    pub state: ItemState,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ItemState {
    Waiting,
    Reading {
        percent: u32,
    },
    Storing,
    /// `first_only`: only the first picture of an animation is kept.
    Added {
        media: MediaId,
        first_only: bool,
    },
    /// It is in the library under this name, or came twice.
    Known {
        name: String,
    },
    Refused {
        sentence: String,
    },
    /// It was stopped before.
    LeftOut,
}

impl ItemState {
    /// A person should read it.
    pub const fn is_news(&self) -> bool {
        !matches!(self, Self::Added { first_only: false, .. } | Self::LeftOut)
    }

    const fn is_over(&self) -> bool {
        matches!(self, Self::Added { .. } | Self::Known { .. } | Self::Refused { .. } | Self::LeftOut)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    Choosing,
    Running,
    /// The file that is being read is the last one.
    Stopping,
    Over,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intake {
    pub open: bool,
    pub items: Rc<Vec<Item>>,
    pub phase: Phase,
    pub folder: String,
    /// So many files were more than fit.
    pub too_many: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Open {
        folder: String,
    },
    /// It is hidden; what runs goes on.
    Close,
    /// Names and sizes of further files.
    Choose(Vec<(String, f64)>),
    Drop(usize),
    Keep(usize, bool),
    KeepAll(bool),
    Folder(String),
    Begin,
    Set(usize, ItemState),
    Stop,
    End,
}

impl Intake {
    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Stopping)
    }

    /// How many of them are through.
    pub fn done(&self) -> usize {
        self.items.iter().filter(|item| item.state.is_over()).count()
    }
}

impl Reducible for Intake {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            Action::Open { .. } if next.is_running() => next.open = true,
            Action::Open { folder } => next = Self { open: true, folder, ..Self::default() },
            Action::Close if next.is_running() => next.open = false,
            Action::Close => next = Self::default(),
            Action::Choose(files) if next.phase == Phase::Choosing => {
                let room = Media::TOGETHER_MAX.saturating_sub(next.items.len());
                next.too_many = files.len().saturating_sub(room);
                next.open = true;
                let item = |(name, bytes)| Item { name, bytes, keep: false, state: ItemState::Waiting };
                Rc::make_mut(&mut next.items).extend(files.into_iter().take(room).map(item));
            }
            Action::Drop(at) if next.phase == Phase::Choosing && at < next.items.len() => {
                Rc::make_mut(&mut next.items).remove(at);
            }
            Action::Keep(at, keep) if next.phase == Phase::Choosing => {
                Rc::make_mut(&mut next.items).get_mut(at).into_iter().for_each(|item| item.keep = keep);
            }
            Action::KeepAll(keep) if next.phase == Phase::Choosing => {
                Rc::make_mut(&mut next.items).iter_mut().for_each(|item| item.keep = keep);
            }
            Action::Folder(folder) if next.phase == Phase::Choosing => next.folder = folder,
            Action::Begin if next.phase == Phase::Choosing => next.phase = Phase::Running,
            Action::Set(at, state) => {
                if let Some(item) = Rc::make_mut(&mut next.items).get_mut(at) {
                    item.state = state;
                }
            }
            Action::Stop if next.phase == Phase::Running => next.phase = Phase::Stopping,
            Action::End => {
                next.phase = Phase::Over;
                for item in Rc::make_mut(&mut next.items).iter_mut().filter(|item| !item.state.is_over()) {
                    item.state = ItemState::LeftOut;
                }
            }
            _ => {}
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Intake> {
        actions.into_iter().fold(Rc::new(Intake::default()), Reducible::reduce)
    }

    fn files(count: usize) -> Action {
        Action::Choose((0..count).map(|number| (format!("{number}.jpg"), 10.0)).collect())
    }

    #[test]
    fn files_are_chosen_in_several_goes_and_no_more_than_fit() {
        let intake = after([Action::Open { folder: "Bakery".into() }, files(2), files(Media::TOGETHER_MAX)]);
        assert_eq!((intake.items.len(), intake.too_many), (Media::TOGETHER_MAX, 2));
        assert_eq!(intake.folder, "Bakery");
        let intake = Rc::clone(&intake).reduce(Action::Drop(0));
        assert_eq!(intake.items.len(), Media::TOGETHER_MAX - 1);
    }

    #[test]
    fn what_runs_is_not_changed_and_goes_on_when_it_is_hidden() {
        let intake =
            after([files(3), Action::Keep(1, true), Action::Begin, files(9), Action::KeepAll(true), Action::Drop(0)]);
        assert_eq!(intake.items.iter().map(|item| item.keep).collect::<Vec<_>>(), [false, true, false]);
        let hidden = Rc::clone(&intake).reduce(Action::Close);
        assert!(!hidden.open && hidden.is_running() && hidden.items.len() == 3);
        let shown = hidden.reduce(Action::Open { folder: "other".into() });
        assert!(shown.open && shown.folder.is_empty());
    }

    #[test]
    fn what_was_stopped_says_what_was_left_out() {
        let added = ItemState::Added { media: MediaId::of(b"a"), first_only: false };
        let intake = after([files(3), Action::Begin, Action::Set(0, added), Action::Stop, Action::End]);
        assert_eq!(intake.done(), 3);
        assert_eq!(intake.items[2].state, ItemState::LeftOut);
        assert!(intake.items.iter().all(|item| !item.state.is_news()));
        assert_eq!(*intake.reduce(Action::Close), Intake::default());
    }
}
