//! Posts written to files: which ones, and for what.

pub mod texts;

use contract::export::{ExportFormat, ExportPosts};
use contract::posts::Filter;
use domain::post::PostStatus;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::components::{Button, Dialog, Icon, Look, Segmented};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn ExportDialog(props: &Props) -> Html {
    html! { if props.open { <Open onclose={props.onclose.clone()} /> } }
}

/// Which posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Drafts,
    Planned,
    Published,
}

const WHICH: [(Which, &str); 4] =
    [(Which::All, "all"), (Which::Drafts, "drafts"), (Which::Planned, "planned"), (Which::Published, "published")];
const FORMATS: [(ExportFormat, &str); 3] =
    [(ExportFormat::Table, "table"), (ExportFormat::Document, "document"), (ExportFormat::Calendar, "calendar")];

fn statuses(which: Which) -> Vec<PostStatus> {
    match which {
        Which::All => Vec::new(),
        Which::Drafts => vec![PostStatus::Draft],
        Which::Planned => {
            vec![
                PostStatus::InReview,
                PostStatus::ChangesRequested,
                PostStatus::Rejected,
                PostStatus::Scheduled,
                PostStatus::Held,
                PostStatus::Publishing,
                PostStatus::YourTurn,
            ]
        }
        Which::Published => vec![PostStatus::Published],
    }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    onclose: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.export;
    let format = use_state_eq(|| ExportFormat::Table);
    let which = use_state_eq(|| Which::All);
    let busy = use_state_eq(|| false);
    let on_format = use_callback(format.setter(), |key: AttrValue, format| {
        FORMATS.into_iter().filter(|(_, name)| *name == key).for_each(|(chosen, _)| format.set(chosen));
    });
    let on_which = use_callback(which.setter(), |key: AttrValue, which| {
        WHICH.into_iter().filter(|(_, name)| *name == key).for_each(|(chosen, _)| which.set(chosen));
    });
    let export = {
        let (busy, onclose, toaster) = (busy.clone(), props.onclose.clone(), toaster.clone());
        let filter = Filter { statuses: statuses(*which), ..Filter::default() };
        let command = ExportPosts { filter, format: *format };
        Callback::from(move |_: MouseEvent| {
            busy.set(true);
            let (busy, onclose, toaster, command) = (busy.clone(), onclose.clone(), toaster.clone(), command.clone());
            spawn_local(async move {
                match call(command).await {
                    Ok(exported) => {
                        toaster.say((t.exported)(exported.posts, exported.missing, &exported.path));
                        onclose.emit(());
                    }
                    Err(error) => {
                        toaster.fail(&error);
                        busy.set(false);
                    }
                }
            });
        })
    };
    let formats: Vec<(AttrValue, AttrValue)> = FORMATS
        .map(|(format, key)| {
            let name = match format {
                ExportFormat::Table => t.table,
                ExportFormat::Document => t.document,
                ExportFormat::Calendar => t.calendar,
            };
            (key.into(), name.into())
        })
        .into();
    let whiches: Vec<(AttrValue, AttrValue)> = WHICH
        .map(|(which, key)| {
            let name = match which {
                Which::All => t.all,
                Which::Drafts => t.drafts,
                Which::Planned => t.planned,
                Which::Published => t.published,
            };
            (key.into(), name.into())
        })
        .into();
    let format_key = FORMATS.iter().find(|(one, _)| one == &*format).map_or("", |(_, key)| *key);
    let which_key = WHICH.iter().find(|(one, _)| one == &*which).map_or("", |(_, key)| *key);
    let hint = match *format {
        ExportFormat::Table => t.table_hint,
        ExportFormat::Document => t.document_hint,
        ExportFormat::Calendar => t.calendar_hint,
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="export-go" look={Look::Go} icon={Icon::Download} busy={*busy} onclick={export}>{ t.go }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.title} onclose={props.onclose.clone()} sticky={*busy} {footer}>
            <div class="stack">
                <div class="field">
                    <span class="label">{ t.as_what }</span>
                    <Segmented label={t.as_what} options={formats} value={format_key} onchange={on_format} />
                    <p class="hint">{ hint }</p>
                </div>
                <div class="field">
                    <span class="label">{ t.which }</span>
                    <Segmented label={t.which} options={whiches} value={which_key} onchange={on_which} />
                </div>
            </div>
        </Dialog>
    }
}
