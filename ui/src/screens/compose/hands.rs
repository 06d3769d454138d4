//! What the screen does to the draft, as callbacks that stay the same while letters are typed: whatever is not touched by
//! a letter is not drawn again.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use domain::account::Account;
use domain::id::{AccountId, MediaId};
use domain::media::Media;
use domain::post::PostStatus;
use domain::text::Fix;
use domain::text::film::VideoRoom;
use yew::prelude::*;

use super::checks::{MediaById, audience};
use super::desk::Sheet;
use super::edit::{Change, Edit, Layer, own_text};
use super::fitting::{self, Fitting, Spot};
use super::fixes;
use super::part::{Caret, Focus};
use super::swaps::Swap;
use super::taken::{Taken, TakenAway};
use super::uploads::{self, Making, Reencode, Uploads};
use crate::frame::context::{Bound, Toaster};
use crate::i18n::{Texts, use_texts};
use crate::state::keys::Cmd;

/// The callbacks of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hands {
    pub edit: Callback<Edit>,
    pub change: Callback<Change>,
    /// Splits a part after so many characters, or adds an empty one below it.
    pub split: Callback<(usize, Option<usize>)>,
    /// Repairs a part.
    pub fix: Callback<(usize, Fix)>,
    /// Makes the images of a part fit: for those who need it, or for all.
    pub fit: Callback<(Layer, usize, bool)>,
    /// One image of a part became another one: its place, which it was, and what it is now.
    pub cropped: Callback<(usize, usize, MediaId, Media)>,
    /// Images for a part.
    pub files: Callback<(usize, Vec<web_sys::File>)>,
    /// Images of the library for a part.
    pub shelf: Callback<(usize, Vec<MediaId>)>,
    /// An upload is not wanted, or its failure was read.
    pub dismiss: Callback<u64>,
    /// The part that is being dragged.
    pub dragged: Rc<Cell<Option<usize>>>,
    /// The focus went into a part.
    pub entered: Callback<usize>,
    /// Puts the caret at the end (or the start) of a part.
    pub focus: Callback<(usize, bool)>,
    pub layer: Callback<Layer>,
    /// Selects characters of a part.
    pub mark: Callback<(Layer, usize, Range<usize>)>,
    /// Shows a place.
    pub go: Callback<(Layer, usize)>,
}

/// What they look at, and the states that they change.
#[derive(Debug)]
pub struct Reach<'a> {
    pub accounts: &'a Rc<Vec<Account>>,
    pub media: &'a Rc<MediaById>,
    pub toaster: &'a Toaster,
    pub layer: &'a UseStateHandle<Layer>,
    pub shown: &'a UseStateHandle<Option<AccountId>>,
    pub focus: &'a UseStateHandle<Option<Focus>>,
    pub taken: &'a UseStateHandle<Option<Taken>>,
    /// Nothing was changed since something was taken away.
    pub fresh: &'a UseStateHandle<bool>,
    pub uploads: &'a UseReducerHandle<Uploads>,
    pub imported: &'a UseStateHandle<MediaById>,
    pub part: &'a Rc<RefCell<usize>>,
}

#[hook]
pub fn use_hands(sheet: &Rc<Sheet>, layer: Layer, reach: &Reach<'_>) -> Hands {
    let focus = {
        let (set, turn) = (reach.focus.setter(), use_mut_ref(|| 0_u32));
        use_callback((), move |(part, caret): (usize, Caret), ()| {
            *turn.borrow_mut() += 1;
            set.set(Some(Focus { part, caret, turn: *turn.borrow() }));
        })
    };
    let put = focus;
    let focus = use_callback(put.clone(), |(part, at_end): (usize, bool), put| {
        put.emit((part, if at_end { Caret::End } else { Caret::Start }));
    });
    let edit = {
        let (taken, fresh) = (reach.taken.setter(), reach.fresh.setter());
        use_callback(sheet.clone(), move |wanted: Edit, sheet| {
            let what = TakenAway::of(&wanted);
            let away = what.zip(sheet.edit(wanted));
            fresh.set(away.is_some());
            if let Some((what, undo)) = away {
                taken.set(Some(Taken { what, undo }));
            }
        })
    };
    let change = use_callback(
        (sheet.clone(), layer, edit.clone(), focus.clone()),
        |change: Change, (sheet, layer, edit, focus)| {
            if let Change::CardRead { by_itself, .. } = &change
                && !may_come(sheet, *layer, *by_itself)
            {
                return;
            }
            let follow = match &change {
                Change::MovePart { to, .. } => Some(*to),
                Change::Join { part } | Change::RemovePart { part } => Some(part.saturating_sub(1)),
                _ => None,
            };
            edit.emit(Edit::In { layer: *layer, change });
            if let Some(part) = follow {
                focus.emit((part, true));
            }
        },
    );
    let split = use_callback(
        (layer, edit.clone(), focus.clone()),
        |(part, at): (usize, Option<usize>), (layer, edit, focus)| {
            edit.emit(Edit::In { layer: *layer, change: Change::Split { part, at } });
            focus.emit((part + 1, false));
        },
    );
    let known = {
        let (imported, all) = (reach.imported.setter(), use_mut_ref(MediaById::new));
        use_callback((), move |media: Media, ()| {
            all.borrow_mut().insert(media.id, media);
            imported.set(all.borrow().clone());
        })
    };
    let tell = {
        let uploads = reach.uploads.dispatcher();
        use_callback((), move |action, ()| uploads.dispatch(action))
    };
    let fix = {
        let (toaster, texts) = (reach.toaster.clone(), use_texts());
        let (known, tell) = (known.clone(), tell.clone());
        use_callback(
            (sheet.clone(), layer, reach.accounts.clone(), edit.clone(), focus.clone()),
            move |(part, fix): (usize, Fix), (sheet, layer, accounts, edit, focus)| {
                if matches!(fix, Fix::Reencode | Fix::CutVideo) {
                    let pipeline = sheet.pipeline();
                    let draft = pipeline.draft();
                    let images = layer.content(draft).parts.get(part).map(|part| part.images.clone());
                    let rules = audience(draft, *layer, accounts).into_iter().map(Account::rules);
                    let wanted = Reencode {
                        images: images.unwrap_or_default(),
                        room: VideoRoom::of(rules),
                        cut: fix == Fix::CutVideo,
                        layer: *layer,
                        part,
                    };
                    let (edit, tell, known) = (edit.clone(), tell.clone(), known.clone());
                    return uploads::reencode(
                        wanted,
                        edit,
                        tell,
                        known,
                        toaster.clone(),
                        (texts.compose.cannot_fix)(fix),
                    );
                }
                let change = fixes::repair(sheet.pipeline().draft(), *layer, accounts, part, fix);
                match change {
                    Some(change) => {
                        edit.emit(Edit::In { layer: *layer, change });
                        focus.emit((part, true));
                    }
                    None => toaster.complain((texts.compose.cannot_fix)(fix)),
                }
            },
        )
    };
    let run = {
        let (known, toaster, tell) = (known.clone(), reach.toaster.clone(), tell.clone());
        use_callback(edit.clone(), move |making: Making, edit| {
            uploads::make(making, edit.clone(), tell.clone(), known.clone(), toaster.clone());
        })
    };
    let name = |media: &MediaById, id: MediaId| media.get(&id).map(|media| media.name.clone()).unwrap_or_default();
    let fit = {
        let (toaster, texts) = (reach.toaster.clone(), use_texts());
        use_callback(
            (sheet.clone(), reach.accounts.clone(), reach.media.clone(), run),
            move |(layer, part, all): (Layer, usize, bool), (sheet, accounts, media, run)| {
                let Fitting { orders, for_all, .. } =
                    fitting::fitting(sheet.pipeline().draft(), layer, part, accounts, media);
                let orders = if all && !for_all.is_empty() { for_all } else { orders };
                match orders.first() {
                    Some(first) => {
                        let name = name(media, first.media);
                        run.emit(Making { orders, layer, part, name });
                    }
                    None => toaster.complain((texts.compose.cannot_fix)(Fix::Fit)),
                }
            },
        )
    };
    let cropped = {
        let known = known.clone();
        use_callback(
            (layer, edit.clone()),
            move |(part, image, from, media): (usize, usize, MediaId, Media), (layer, edit)| {
                let swap = Swap { layer: *layer, from, to: media.id, at: Some((part, image)) };
                known.emit(media);
                edit.emit(Edit::Swap(vec![swap]));
            },
        )
    };
    let shelf = {
        let (known, toaster) = (known.clone(), reach.toaster.clone());
        use_callback((sheet.clone(), layer), move |(part, media): (usize, Vec<MediaId>), (sheet, layer)| {
            uploads::from_library(media, sheet.clone(), (*layer, part), known.clone(), toaster.clone());
        })
    };
    let files = {
        use_callback((sheet.clone(), layer), move |(part, files): (usize, Vec<web_sys::File>), (sheet, layer)| {
            for file in files {
                uploads::take_in(file, sheet.clone(), (*layer, part), tell.clone(), known.clone());
            }
        })
    };
    let dismiss = {
        let uploads = reach.uploads.dispatcher();
        use_callback((), move |id, ()| {
            uploads::cancel(id);
            uploads::dismiss(id);
            uploads.dispatch(uploads::Action::Remove(id));
        })
    };
    let entered = {
        let current = reach.part.clone();
        use_callback((), move |part, ()| *current.borrow_mut() = part)
    };
    let to_layer = {
        let (set, shown) = (reach.layer.setter(), reach.shown.setter());
        use_callback((), move |layer: Layer, ()| {
            set.set(layer);
            if let Layer::Account(account) = layer {
                shown.set(Some(account));
            }
        })
    };
    let go = use_callback((to_layer.clone(), focus.clone()), |(layer, part): (Layer, usize), (to_layer, focus)| {
        to_layer.emit(layer);
        focus.emit((part, true));
    });
    let mark = use_callback((to_layer.clone(), put), |(layer, part, range), (to_layer, put)| {
        to_layer.emit(layer);
        put.emit((part, Caret::On(range)));
    });
    let dragged = (*use_memo((), |()| Rc::new(Cell::new(None)))).clone();
    Hands {
        dragged,
        edit,
        change,
        split,
        fix,
        fit,
        cropped,
        files,
        shelf,
        dismiss,
        entered,
        focus,
        layer: to_layer,
        mark,
        go,
    }
}

/// Whether a card that was read a moment ago may still come into the post. What is signed off meanwhile, or is about to be, stays
/// as it was signed; and a text that follows the base again gets no card of its own.
fn may_come(sheet: &Sheet, layer: Layer, by_itself: bool) -> bool {
    let pipeline = sheet.pipeline();
    let own = match layer {
        Layer::Base => true,
        Layer::Account(account) => own_text(pipeline.draft(), account).is_some(),
    };
    let status = pipeline.status();
    let unsigned = status == PostStatus::Draft || status.is_in_review();
    own && pipeline.acting().is_none() && (unsigned || !by_itself)
}

/// The keys of the text itself; the header offers those of the whole post. `place`: the part with the focus, and how many
/// parts there are. `fixes`: what can be repaired, part by part.
pub fn text_commands(
    locked: bool,
    (fixes, spots): (&Rc<Vec<Vec<Fix>>>, &Rc<Vec<Spot>>),
    layer: Layer,
    steps: &[Layer],
    place: (&Rc<RefCell<usize>>, usize),
    hands: &Hands,
    texts: &'static Texts,
) -> Vec<Bound> {
    let at = steps.iter().position(|step| *step == layer).unwrap_or(0);
    let (part, parts) = place;
    let mut bound = Vec::new();
    if steps.len() > 2 {
        for (cmd, by) in [(Cmd::ComposeNextAccount, 1), (Cmd::ComposePreviousAccount, steps.len() - 1)] {
            let (to, next) = (hands.layer.clone(), steps.get((at + by) % steps.len()).copied().unwrap_or_default());
            bound.push(Bound::new(cmd, move || to.emit(next)));
        }
    }
    if !locked {
        // the focus goes from part to part without anything being drawn again
        let here = |part: &Rc<RefCell<usize>>| {
            let part = part.clone();
            move || (*part.borrow()).min(parts.saturating_sub(1))
        };
        let (to_edit, to_add) = (here(part), here(part));
        let (focus, split) = (hands.focus.clone(), hands.split.clone());
        bound.push(Bound::new(Cmd::ComposeEdit, move || focus.emit((to_edit(), true))));
        bound.push(Bound::new(Cmd::ComposeAddPart, move || split.emit((parts.saturating_sub(1), None))));
        let mut offered: Vec<Fix> = fixes.iter().flatten().copied().collect();
        offered.sort_unstable();
        offered.dedup();
        for fix in offered {
            // the part that is being written, or the first that needs it
            let (run, fixes, part) = (hands.fix.clone(), fixes.clone(), here(part));
            bound.push(Bound::new(fixes::command(fix), move || {
                let needs = |place: &usize| fixes.get(*place).is_some_and(|fixes| fixes.contains(&fix));
                if let Some(place) = Some(part()).filter(needs).or_else(|| (0..fixes.len()).find(needs)) {
                    run.emit((place, fix));
                }
            }));
        }
        bound.extend(fit_commands(spots, layer, here(part), hands, texts));
        let (to_shelf, to_card) = (here(part), here(part));
        bound.push(Bound::new(Cmd::ComposeCard, move || {
            crate::platform::click(&format!("#{}", super::part::card::id(to_card())));
        }));
        bound.push(Bound::new(Cmd::ComposeAddImage, move || {
            crate::platform::click(&format!("input[type=file][data-part=\"{}\"]", to_add()));
        }));
        bound.push(Bound::new(Cmd::ComposeFromLibrary, move || {
            crate::platform::click(&format!("[data-shelf=\"{}\"]", to_shelf()));
        }));
    }
    bound
}

/// Of the part that is being written, else of the first that needs it, here or in the text of an account.
fn fit_commands(
    spots: &Rc<Vec<Spot>>,
    layer: Layer,
    part: impl Fn() -> usize + 'static,
    hands: &Hands,
    texts: &'static Texts,
) -> Vec<Bound> {
    let t = &texts.compose;
    let part = Rc::new(part);
    let find = |has: fn(&Fitting) -> bool| {
        let (spots, part) = (spots.clone(), part.clone());
        move || {
            let can = |spot: &&Spot| has(&spot.fitting);
            let here = |spot: &&Spot| spot.layer == layer;
            let mut places = spots.iter().filter(can);
            let written = part();
            let found = places.clone().find(|spot| here(spot) && spot.part == written);
            found.or_else(|| places.clone().find(here)).or_else(|| places.next()).cloned()
        }
    };
    let (needed, for_all) = (find(|fitting| !fitting.orders.is_empty()), find(|fitting| !fitting.for_all.is_empty()));
    let mut bound = Vec::new();
    if let Some(spot) = needed() {
        let run = hands.fit.clone();
        let title = (t.fit)(&fitting::steps(&spot.fitting.orders), &spot.fitting.only());
        let command = Bound::new(Cmd::ComposeFit, move || {
            if let Some(spot) = needed() {
                run.emit((spot.layer, spot.part, false));
            }
        });
        bound.push(command.titled(title));
    }
    if for_all().is_some() {
        let run = hands.fit.clone();
        bound.push(Bound::new(Cmd::ComposeFitAll, move || {
            if let Some(spot) = for_all() {
                run.emit((spot.layer, spot.part, true));
            }
        }));
    }
    bound
}
