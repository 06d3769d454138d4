//! The whole composer for one sheet: what is written on the left, what becomes of it on the right.

use std::rc::Rc;

use contract::accounts::AccountView;
use contract::personas::PersonaView;
use contract::posts::PostView;
use domain::account::Account;
use domain::id::AccountId;
use domain::media::Media;
use domain::network::Network;
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::accounts_row::{AccountsRow, Layers};
use super::checklist::Checklist;
use super::checks::{MediaById, alt_gauge, audience, blockers, part_checks, without_alt};
use super::desk::{self, Done, Sheet, use_sheet};
use super::edit::{Change, Edit, Layer};
use super::header::Header;
use super::jobs::Deliveries;
use super::notices::Notices;
use super::options::Options;
use super::part::{Focus, PartEditor};
use super::persona::PersonaBox;
use super::preview::Preview;
use super::primary::is_locked;
use super::save::Act;
use super::taken::{Taken, TakenAway, TakenBar};
use super::uploads::{self, Uploads};
use crate::components::{Button, Icon, Look};
use crate::frame::context::{Bound, Toaster, use_commands, use_frame};
use crate::i18n::Texts;
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    /// The post as the program last showed it; none before the first save.
    pub view: Option<Rc<PostView>>,
    pub accounts: Rc<Vec<AccountView>>,
    pub personas: Rc<Vec<PersonaView>>,
}

#[component]
pub fn Editor(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.compose;
    let sheet = &props.sheet;
    use_sheet(sheet);
    use_flush();
    {
        let sheet = sheet.clone();
        use_effect(move || say_what_was_done(&sheet, &toaster, texts));
    }

    let layer_state = use_state(Layer::default);
    let shown = use_state(|| None::<AccountId>);
    let focus = use_state(|| None::<Focus>);
    let current_part = use_mut_ref(|| 0_usize);
    let taken_state = use_state(|| None::<Taken>);
    let uploads = use_reducer(Uploads::default);
    let imported = use_state(MediaById::new);

    let pipeline = sheet.pipeline();
    let draft = Rc::new(pipeline.draft().clone());
    let status = pipeline.status();
    let state = pipeline.state();
    let refused = pipeline.refused().cloned();
    drop(pipeline);
    let locked = is_locked(status);
    let layer = layer_state.settled(&draft);

    let every: Rc<Vec<Account>> =
        use_memo(props.accounts.clone(), |views| views.iter().map(|view| view.account.clone()).collect());
    let media = use_memo((props.view.clone(), (*imported).clone()), |(view, imported)| {
        let stored = view.iter().flat_map(|view| &view.media).map(|media| (media.id, media.clone()));
        let mut all: MediaById = stored.collect();
        all.extend(imported.iter().map(|(id, media)| (*id, media.clone())));
        all
    });
    let checks = use_memo((draft.clone(), layer, every.clone(), media.clone()), |(draft, layer, accounts, media)| {
        part_checks(draft, *layer, accounts, media)
    });
    let found = use_memo((draft.clone(), every.clone(), media.clone()), |(draft, accounts, media)| {
        blockers(draft, accounts, media)
    });
    let targets: Rc<Vec<Account>> = use_memo((draft.clone(), every.clone()), |(draft, every)| {
        let target = |id| every.iter().find(|account| account.id == id).cloned();
        draft.targets.iter().filter_map(|entry| target(entry.account)).collect()
    });

    let ask_focus = {
        let focus = focus.clone();
        Callback::from(move |(part, at_end): (usize, bool)| {
            let turn = (*focus).map_or(0, |focus| focus.turn) + 1;
            focus.set(Some(Focus { part, at_end, turn }));
        })
    };
    let apply = {
        let (sheet, taken) = (sheet.clone(), taken_state.clone());
        Callback::from(move |wanted: Edit| {
            let what = TakenAway::of(&wanted);
            let undo = sheet.edit(wanted);
            if let (Some(what), Some(undo)) = (what, undo) {
                taken.set(Some(Taken { what, undo }));
            }
        })
    };
    {
        // a new post is there to be written
        let (ask_focus, new) = (ask_focus.clone(), sheet.post().is_none());
        use_effect_with((), move |()| {
            if new {
                ask_focus.emit((0, true));
            }
        });
    }
    let on_change = {
        let (apply, ask_focus) = (apply.clone(), ask_focus.clone());
        use_callback(layer, move |change: Change, layer| {
            let follow = match &change {
                Change::MovePart { part, up: true } => Some((part.saturating_sub(1), true)),
                Change::MovePart { part, up: false } => Some((part + 1, true)),
                Change::Join { part } | Change::RemovePart { part } => Some((part.saturating_sub(1), true)),
                _ => None,
            };
            apply.emit(Edit::In { layer: *layer, change });
            if let Some(follow) = follow {
                ask_focus.emit(follow);
            }
        })
    };
    let on_split = {
        let (apply, ask_focus) = (apply.clone(), ask_focus.clone());
        use_callback(layer, move |(part, at): (usize, Option<usize>), layer| {
            apply.emit(Edit::In { layer: *layer, change: Change::Split { part, at } });
            ask_focus.emit((part + 1, false));
        })
    };
    let on_drop_empty = on_change.reform(|part| Change::RemovePart { part });
    let on_files = {
        let (sheet, uploads, imported) = (sheet.clone(), uploads.dispatcher(), imported.clone());
        Callback::from(move |(part, files): (usize, Vec<web_sys::File>)| {
            let tell = {
                let uploads = uploads.clone();
                Callback::from(move |action| uploads.dispatch(action))
            };
            let imported = imported.clone();
            let known = Callback::from(move |media: Media| {
                let mut all = (*imported).clone();
                all.insert(media.id, media);
                imported.set(all);
            });
            for file in files {
                uploads::take_in(file, sheet.clone(), (layer, part), tell.clone(), known.clone());
            }
        })
    };
    let on_focus = {
        let current_part = current_part.clone();
        Callback::from(move |part| *current_part.borrow_mut() = part)
    };
    let on_dismiss = {
        let uploads = uploads.dispatcher();
        Callback::from(move |id| uploads.dispatch(uploads::Action::Remove(id)))
    };
    let on_layer = {
        let (layer_state, shown) = (layer_state.clone(), shown.clone());
        Callback::from(move |layer| {
            layer_state.set(layer);
            if let Layer::Account(account) = layer {
                shown.set(Some(account));
            }
        })
    };
    let go_to = {
        let (on_layer, ask_focus) = (on_layer.clone(), ask_focus.clone());
        Callback::from(move |(layer, part): (Layer, usize)| {
            on_layer.emit(layer);
            ask_focus.emit((part, true));
        })
    };

    let content = layer.content(&draft);
    let parts = content.parts.len();
    let network = audience(&draft, layer, &every).first().map_or(Network::Bluesky, |account| account.network);
    let inherited = matches!(layer, Layer::Account(_)) && !layer.differs(&draft);
    let steps = layers(&draft);
    use_commands(commands(Offer {
        locked,
        layer,
        steps,
        part: *current_part.borrow(),
        parts,
        on_split: on_split.clone(),
        on_layer: on_layer.clone(),
        ask_focus: ask_focus.clone(),
    }));

    let when = props.view.as_ref().and_then(|view| view.post.schedule.as_ref()).map(|schedule| schedule.at);
    let when = when.map_or_else(|| t.preview_now.to_owned(), |at| clock.moment(at));
    let entries = content.parts.iter().enumerate().map(|(index, part)| {
        let alts = part.images.iter().map(|image| alt_gauge(&draft, layer, &every, &image.alt)).collect::<Vec<_>>();
        let mine = uploads.0.iter().filter(|upload| upload.layer == layer && (upload.part == index || (index + 1 == parts && upload.part > index)));
        html! {
            <PartEditor key={index} {index} count={parts} part={Rc::new(part.clone())} checks={checks.get(index).cloned().unwrap_or_default()} {alts} {network}
                {locked} {inherited} uploads={mine.cloned().collect::<Vec<_>>()} focus={(*focus).filter(|focus| focus.part == index)} on_change={on_change.clone()}
                on_files={on_files.clone()} on_focus={on_focus.clone()} on_dismiss={on_dismiss.clone()} on_split={on_split.clone()} on_drop_empty={on_drop_empty.clone()} />
        }
    });
    let add_part = on_split.reform(move |_: MouseEvent| (parts.saturating_sub(1), None));
    html! {
        <>
            <Header sheet={sheet.clone()} view={props.view.clone()} personas={props.personas.clone()} {status} save={state.clone()} draft={draft.clone()}
                blocked={blocked(&draft, &targets, &found, t)} on_blocked={first_blocker(&found, &go_to)} />
            <div class="compose">
                <div class="compose-main">
                    <Notices sheet={sheet.clone()} {state} {refused} {status} />
                    <AccountsRow accounts={props.accounts.clone()} draft={draft.clone()} {locked} on_edit={apply.clone()} />
                    <Layers accounts={targets.clone()} draft={draft.clone()} {layer} {locked} {on_layer} on_edit={apply.clone()} />
                    { for entries }
                    if !locked && parts < domain::post::Content::PARTS_MAX {
                        <Button look={Look::Quiet} icon={Icon::Plus} keys={Cmd::ComposeAddPart} onclick={add_part}>{ t.part_add }</Button>
                    }
                    <Options content={Rc::new(content.clone())} accounts={targets.clone()} {layer} {locked} on_change={on_change.clone()} />
                    if let Some(taken) = (*taken_state).clone() {
                        <TakenBar sheet={sheet.clone()} {taken} on_over={let state = taken_state.clone(); Callback::from(move |()| state.set(None))} />
                    }
                </div>
                <aside class="insp" aria-label={t.inspector}>
                    <Deliveries jobs={props.view.as_ref().map(|view| view.jobs.clone()).unwrap_or_default()} accounts={props.accounts.clone()} />
                    <Preview color={persona_color(props, &draft)} draft={draft.clone()} accounts={targets.clone()} shown={*shown} {when} on_show={let shown = shown.clone(); Callback::from(move |account| shown.set(Some(account)))} />
                    if !locked {
                        <Checklist blockers={found} missing_alt={without_alt(&draft)} draft={draft.clone()} accounts={targets} on_go={go_to} />
                    }
                    <PersonaBox personas={props.personas.clone()} draft={draft} {locked} on_edit={apply} />
                </aside>
            </div>
        </>
    }
}

/// The window may go away: everything that is not stored is offered again.
#[hook]
fn use_flush() {
    use_effect_with((), |()| {
        let listeners = web_sys::window().map(|window| {
            let hide = EventListener::new(&window, "pagehide", |_| desk::flush());
            let seen =
                window.document().map(|document| EventListener::new(&document, "visibilitychange", |_| desk::flush()));
            (hide, seen)
        });
        move || drop(listeners)
    });
}

fn say_what_was_done(sheet: &Rc<Sheet>, toaster: &Toaster, texts: &'static Texts) {
    let t = &texts.compose;
    for Done { act, written } in sheet.take_done() {
        let text = match &act {
            Act::Schedule(when) => {
                let city = crate::state::time::city(&when.zone);
                (t.said_scheduled)(&format!("{} {city}", texts.time.full(when.local)))
            }
            Act::PublishNow => t.said_publishing.to_owned(),
            Act::SignOff => t.said_signed.to_owned(),
            Act::Unschedule => t.said_unscheduled.to_owned(),
        };
        toaster.done(text, &written);
    }
}

fn persona_color(props: &Props, draft: &domain::post::Draft) -> Option<domain::people::PersonaColor> {
    let persona = props.personas.iter().map(|view| &view.persona).find(|persona| Some(persona.id) == draft.persona)?;
    Some(persona.text.color)
}

/// The base, then every account.
fn layers(draft: &domain::post::Draft) -> Vec<Layer> {
    let accounts = draft.targets.iter().map(|target| Layer::Account(target.account));
    std::iter::once(Layer::Base).chain(accounts).collect()
}

/// Why the post cannot be scheduled, in one sentence.
fn blocked(
    draft: &domain::post::Draft,
    targets: &[Account],
    found: &[super::checks::Blocker],
    t: &super::texts::Texts,
) -> Option<AttrValue> {
    if draft.targets.is_empty() {
        return Some(t.blocked_accounts.into());
    }
    if targets.len() < draft.targets.len() || targets.iter().any(|account| account.removed) {
        return Some(t.blocked_gone.into());
    }
    match found.len() {
        0 => None,
        count => Some((t.blocked_rules)(count).into()),
    }
}

fn first_blocker(found: &[super::checks::Blocker], go_to: &Callback<(Layer, usize)>) -> Callback<()> {
    let place = found.first().map(|blocker| (blocker.layer, usize::try_from(blocker.part).unwrap_or(0)));
    let go_to = go_to.clone();
    Callback::from(move |()| match place {
        Some(place) => go_to.emit(place),
        None => crate::platform::focus_id("compose-accounts"),
    })
}

struct Offer {
    locked: bool,
    layer: Layer,
    steps: Vec<Layer>,
    part: usize,
    parts: usize,
    on_split: Callback<(usize, Option<usize>)>,
    on_layer: Callback<Layer>,
    ask_focus: Callback<(usize, bool)>,
}

/// The keys of the text itself; the header offers those of the whole post.
fn commands(offer: Offer) -> Vec<Bound> {
    let Offer { locked, layer, steps, part, parts, on_split, on_layer, ask_focus } = offer;
    let at = steps.iter().position(|step| *step == layer).unwrap_or(0);
    let mut bound = Vec::new();
    if steps.len() > 2 {
        let next = steps.get((at + 1) % steps.len()).copied().unwrap_or_default();
        let previous = steps.get((at + steps.len() - 1) % steps.len()).copied().unwrap_or_default();
        let forward = on_layer.clone();
        bound.push(Bound::new(Cmd::ComposeNextAccount, move || forward.emit(next)));
        bound.push(Bound::new(Cmd::ComposePreviousAccount, move || on_layer.emit(previous)));
    }
    if !locked {
        let part = part.min(parts.saturating_sub(1));
        bound.push(Bound::new(Cmd::ComposeEdit, move || ask_focus.emit((part, true))));
        bound.push(Bound::new(Cmd::ComposeAddPart, move || on_split.emit((parts.saturating_sub(1), None))));
        bound.push(Bound::new(Cmd::ComposeAddImage, move || open_file_picker(part)));
    }
    bound
}

/// Presses the hidden file field of a part.
fn open_file_picker(part: usize) {
    let found = crate::platform::document().and_then(|document| {
        document.query_selector(&format!("input[type=file][data-part=\"{part}\"]")).ok().flatten()
    });
    if let Some(input) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        input.click();
    }
}
