//! Files that come in: chosen, looked at, read one by one, with what became of each.

use std::rc::Rc;

use contract::library::{ListMedia, MediaFilter, MediaSort};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::inspector::FolderInput;
use super::use_intake;
use crate::backend::use_query_if;
use crate::components::{Button, Dialog, Field, Glyph, Icon, IconButton, Look, Switch, VirtualList, use_rem};
use crate::files::{ACCEPTED, files_of, hang_over};
use crate::frame::context::use_frame;
use crate::i18n::Texts;
use crate::platform;
use crate::state::intake::{Action, Item, ItemState, Phase};
use crate::state::rows::Layout;

/// Height of a file's line, in `rem`; the styles say the same.
const ROW: f64 = 3.5;

#[component]
pub fn AddDialog() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.library;
    let intake = use_intake();
    let state = intake.state().clone();
    let rem = use_rem();
    let input = use_node_ref();
    let library =
        use_query_if(state.open.then(|| ListMedia { filter: MediaFilter::default(), sort: MediaSort::default() }));
    let folders = library.data.map(|list| list.folders.clone()).unwrap_or_default();
    let tell = |action: Action| {
        let intake = intake.clone();
        Callback::from(move |_: MouseEvent| intake.tell(action.clone()))
    };
    let close = {
        let intake = intake.clone();
        Callback::from(move |()| intake.tell(Action::Close))
    };
    let begin = {
        let (intake, toaster) = (intake.clone(), toaster.clone());
        Callback::from(move |_: MouseEvent| intake.begin(toaster.clone(), texts))
    };
    let onchange = {
        let intake = intake.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            intake.choose(files_of(input.files()));
            // the same file may be chosen again
            input.set_value("");
        })
    };
    let choose = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let ondragover = Callback::from(|event: DragEvent| {
        if hang_over(&event) {
            event.prevent_default();
        }
    });
    let ondrop = {
        let intake = intake.clone();
        Callback::from(move |event: DragEvent| {
            if hang_over(&event) {
                event.prevent_default();
                intake.choose(event.data_transfer().map(|data| files_of(data.files())).unwrap_or_default());
            }
        })
    };
    let count = state.items.len();
    // what is to be done next is one key away
    use_effect_with((state.open, state.phase, count > 0), |(open, phase, any)| {
        let next = match phase {
            _ if !open => return,
            Phase::Choosing if *any => "add-begin",
            Phase::Choosing => "add-choose",
            Phase::Over => "add-close",
            Phase::Running | Phase::Stopping => "add-stop",
        };
        platform::focus_id(next);
    });
    let choosing = state.phase == Phase::Choosing;
    let layout = use_memo((count, rem.to_bits()), |(count, _)| Layout::new(std::iter::repeat_n(ROW * rem, *count)));
    let row = {
        let (items, intake) = (state.items.clone(), intake.clone());
        Callback::from(move |at: usize| {
            let drop = {
                let intake = intake.clone();
                Callback::from(move |_: MouseEvent| intake.tell(Action::Drop(at)))
            };
            let keep = {
                let intake = intake.clone();
                Callback::from(move |keep| intake.tell(Action::Keep(at, keep)))
            };
            items.get(at).map(|item| line(at, item, choosing, texts, drop, keep)).unwrap_or_default()
        })
    };
    let all_kept = count > 0 && state.items.iter().all(|item| item.keep);
    let keep_all = {
        let intake = intake.clone();
        Callback::from(move |keep| intake.tell(Action::KeepAll(keep)))
    };
    let to_folder = {
        let intake = intake.clone();
        Callback::from(move |folder| intake.tell(Action::Folder(folder)))
    };
    let footer = match state.phase {
        Phase::Choosing => html! {
            <>
                <span class="grow"></span>
                <Button look={Look::Quiet} onclick={tell(Action::Close)}>{ texts.frame.cancel }</Button>
                <Button id="add-begin" look={Look::Go} disabled={count == 0} onclick={begin}>{ (t.add_count)(count) }</Button>
            </>
        },
        Phase::Running | Phase::Stopping => html! {
            <>
                <progress class="grow" max={count.to_string()} value={state.done().to_string()} aria-label={(t.adding)(state.done(), count)} />
                <span class="sm num">{ (t.adding)(state.done(), count) }</span>
                <Button id="add-stop" look={Look::Quiet} busy={state.phase == Phase::Stopping} onclick={tell(Action::Stop)}>{ texts.frame.cancel }</Button>
            </>
        },
        Phase::Over => html! {
            <>
                <span class="grow sm" role="status">{ summary(&state.items, t) }</span>
                <Button id="add-close" look={Look::Go} onclick={tell(Action::Close)}>{ texts.frame.close }</Button>
            </>
        },
    };
    html! {
        <Dialog open={state.open} title={t.add} wide=true onclose={close} {footer}>
            <div class="stack add-files" {ondragover} {ondrop}>
                if choosing {
                    <div class="import-drop">
                        <p>{ t.drop_or_choose }</p>
                        <p class="sm muted">{ t.what_happens }</p>
                        <Button id="add-choose" look={if count == 0 { Look::Go } else { Look::Plain }} icon={Icon::Folder} onclick={choose}>{ if count == 0 { t.choose_files } else { t.more_files } }</Button>
                    </div>
                    if state.too_many > 0 { <p class="sm" role="alert">{ (t.too_many)(state.too_many) }</p> }
                }
                if count > 0 {
                    <VirtualList {layout} {row} label={t.files_to_add} class="add-list" />
                    if choosing {
                        <Field id="add-folder" label={t.folder} optional=true>
                            <FolderInput id="add-folder" value={state.folder.clone()} {folders} oninput={to_folder} />
                        </Field>
                        <Switch id="add-keep" label={t.keep_all} hint={t.keep_hint} on={all_kept} onchange={keep_all} />
                    }
                }
                // last, so that the focus begins elsewhere
                <input ref={input} type="file" class="hidden" id="library-files" accept={ACCEPTED} multiple=true tabindex="-1" aria-hidden="true" {onchange} />
            </div>
        </Dialog>
    }
}

fn line(
    at: usize,
    item: &Item,
    choosing: bool,
    texts: &'static Texts,
    drop: Callback<MouseEvent>,
    keep: Callback<bool>,
) -> Html {
    let t = &texts.library;
    let bad = matches!(item.state, ItemState::Refused { .. });
    let (icon, said) = match &item.state {
        ItemState::Waiting | ItemState::LeftOut if item.keep => (None, t.keeps.to_owned()),
        ItemState::Waiting => (None, String::new()),
        ItemState::Reading { percent } => (None, (t.reading)(*percent)),
        ItemState::Storing => (None, t.storing.to_owned()),
        ItemState::Added { first_only: true, .. } => (Some(Icon::Check), t.first_only.to_owned()),
        ItemState::Added { .. } => (Some(Icon::Check), t.was_added.to_owned()),
        ItemState::Known { name } => (Some(Icon::Copy), (t.known)(name)),
        ItemState::Refused { sentence } => (Some(Icon::Warning), sentence.clone()),
        ItemState::LeftOut => (None, t.left_out.to_owned()),
    };
    let onkeep = {
        let on = item.keep;
        Callback::from(move |_: MouseEvent| keep.emit(!on))
    };
    html! {
        <div key={at} class={classes!("add-line", bad.then_some("bad"))}>
            if let Some(icon) = icon { <Glyph {icon} /> }
            <div class="grow">
                <div class="row"><bdi class="cut">{ &item.name }</bdi><span class="xs muted num">{ size(item.bytes, t) }</span></div>
                if !said.is_empty() { <div class="sm said" title={said.clone()}>{ said.clone() }</div> }
            </div>
            if choosing {
                <button type="button" class={classes!("btn", "quiet", item.keep.then_some("on"))} aria-pressed={item.keep.to_string()} onclick={onkeep}
                    aria-label={(t.keep_of)(&item.name)} title={t.keep_hint}>{ t.keep_short }</button>
                <IconButton icon={Icon::Cross} label={(t.leave_out)(&item.name)} onclick={drop} />
            }
        </div>
    }
}

fn size(bytes: f64, t: &super::texts::Texts) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a file")]
    let bytes = bytes as u64;
    (t.size)(bytes)
}

/// "12 added, 1 was there already, 2 not added"
fn summary(items: &Rc<Vec<Item>>, t: &super::texts::Texts) -> String {
    let count = |is: fn(&ItemState) -> bool| items.iter().filter(|item| is(&item.state)).count();
    let parts = [
        (count(|state| matches!(state, ItemState::Added { .. })), t.sum_added),
        (count(|state| matches!(state, ItemState::Known { .. })), t.sum_known),
        (count(|state| matches!(state, ItemState::Refused { .. } | ItemState::LeftOut)), t.sum_not),
    ];
    let said: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(count, say)| say(*count)).collect();
    said.join(", ")
}
