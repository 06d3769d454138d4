//! Bringing posts in from a table: choose the file, see what its columns mean and what each row would become, then bring it in.

mod file;
mod rows;
pub mod texts;

use std::rc::Rc;

use contract::accounts::ListAccounts;
use contract::changes::Undo;
use contract::import::{Columns, DateOrder, ImportPosts, ImportPreview, Imported, PreviewImport};
use contract::{ApiError, Code};
use domain::id::AccountId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::file::{Choose, Table};
use self::rows::Rows;
use self::texts::Texts;
use crate::backend::{call, use_query};
use crate::components::{
    AccountChip, Button, Dialog, Icon, Look, Notice, NoticeTone, Segmented, Select, Skeleton, ZonePicker,
};
use crate::frame::context::{use_clock, use_frame};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

/// What is asked of the table.
#[derive(Debug, Clone, PartialEq)]
struct Wish {
    columns: Option<Columns>,
    accounts: Vec<AccountId>,
    zone: String,
}

#[component]
pub fn ImportDialog(props: &Props) -> Html {
    html! { if props.open { <Open onclose={props.onclose.clone()} /> } }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    onclose: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.import;
    let clock = use_clock();
    let table = use_state(|| None::<Table>);
    let zone = clock.zone_name.clone();
    let wish = use_state_eq(move || Wish { columns: None, accounts: Vec::new(), zone: zone.to_string() });
    let preview = use_state(|| None::<Result<Rc<ImportPreview>, ApiError>>);
    let busy = use_state_eq(|| false);
    let done = use_state(|| None::<Imported>);
    {
        // an answer to an earlier question is not shown
        let (preview, turn) = (preview.setter(), use_mut_ref(|| 0_u32));
        let text = table.as_ref().map(|table| table.text.clone());
        use_effect_with((text, (*wish).clone()), move |(text, wish)| {
            let mine = {
                let mut turn = turn.borrow_mut();
                *turn += 1;
                *turn
            };
            if let Some(text) = text {
                let Wish { columns, accounts, zone } = wish.clone();
                let request = PreviewImport { table: text.to_string(), columns, accounts, zone };
                spawn_local(async move {
                    let answer = call(request).await.map(Rc::new);
                    if *turn.borrow() == mine {
                        preview.set(Some(answer));
                    }
                });
            } else {
                preview.set(None);
            }
        });
    }
    let on_table = use_callback((table.setter(), wish.clone()), |chosen: Table, (table, wish)| {
        // another file has other columns
        wish.set(Wish { columns: None, ..(**wish).clone() });
        table.set(Some(chosen));
    });
    let on_wish = use_callback(wish.setter(), |next: Wish, wish| wish.set(next));
    let shown = preview.as_ref().and_then(|answer| answer.as_ref().ok()).cloned();
    let good = shown.as_ref().map_or(0, |preview| preview.good);
    let import = {
        let (table, wish, shown) = (table.clone(), (*wish).clone(), shown.clone());
        let (busy, done, toaster) = (busy.clone(), done.setter(), toaster.clone());
        Callback::from(move |_: MouseEvent| {
            let (Some(table), Some(preview)) = (table.as_ref(), &shown) else { return };
            let request = ImportPosts {
                table: table.text.to_string(),
                columns: preview.columns.clone(),
                accounts: wish.accounts.clone(),
                zone: wish.zone.clone(),
            };
            busy.set(true);
            let (busy, done, toaster) = (busy.clone(), done.clone(), toaster.clone());
            spawn_local(async move {
                match call(request).await {
                    Ok(imported) => done.set(Some(imported)),
                    Err(error) => toaster.fail(&error),
                }
                busy.set(false);
            });
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    if let Some(imported) = &*done {
        return html! { <Done imported={imported.clone()} onclose={props.onclose.clone()} /> };
    }
    let footer = html! {
        <>
            <Button onclick={close}>{ texts.frame.cancel }</Button>
            if table.is_some() {
                <Button id="import-go" look={Look::Go} icon={Icon::Check} busy={*busy} disabled={good == 0} onclick={import}>{ (t.go)(good) }</Button>
            }
        </>
    };
    let body = match (&*table, &*preview) {
        (None, _) => html! { <Choose {on_table} /> },
        (Some(table), answer) => html! {
            <div class="stack import">
                <div class="row wrap">
                    <b class="cut grow"><bdi>{ &table.name }</bdi></b>
                    <Choose again=true {on_table} />
                </div>
                { match answer {
                    Some(Ok(preview)) => html! {
                        <>
                            <Meaning preview={preview.clone()} wish={(*wish).clone()} {on_wish} />
                            <Rows preview={preview.clone()} />
                        </>
                    },
                    Some(Err(error)) => html! { <Notice tone={NoticeTone::Bad}><p>{ said(error, texts) }</p></Notice> },
                    None => html! { <Skeleton rows=4 /> },
                } }
            </div>
        },
    };
    html! { <Dialog open=true title={t.title} onclose={props.onclose.clone()} wide=true sticky={*busy} {footer}>{ body }</Dialog> }
}

fn said(error: &ApiError, texts: &'static crate::i18n::Texts) -> String {
    // what is wrong with a table has its own sentence
    if error.code == Code::BadRequest { error.message.clone() } else { (texts.error)(error) }
}

#[derive(Properties, PartialEq)]
struct MeaningProps {
    preview: Rc<ImportPreview>,
    wish: Wish,
    on_wish: Callback<Wish>,
}

/// What the columns mean, where the posts go and in which zone their times are.
#[component]
fn Meaning(props: &MeaningProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.import;
    let accounts = use_query(ListAccounts {});
    let columns = &props.preview.columns;
    let names: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), t.no_column.into()))
        .chain(
            props.preview.names.iter().enumerate().map(|(index, name)| (index.to_string().into(), name.clone().into())),
        )
        .collect();
    let change = |set: fn(&mut Columns, Option<u32>)| {
        let (wish, on_wish, columns) = (props.wish.clone(), props.on_wish.clone(), columns.clone());
        Callback::from(move |key: AttrValue| {
            let mut columns = columns.clone();
            set(&mut columns, key.parse().ok());
            on_wish.emit(Wish { columns: Some(columns), ..wish.clone() });
        })
    };
    let column = |id: &'static str, label: &'static str, value: Option<u32>, set: fn(&mut Columns, Option<u32>)| {
        let value: AttrValue = value.map(|value| value.to_string()).unwrap_or_default().into();
        html! {
            <div class="field">
                <label for={id}>{ label }</label>
                <Select {id} options={names.clone()} {value} onchange={change(set)} />
            </div>
        }
    };
    let on_order = {
        let (wish, on_wish, columns) = (props.wish.clone(), props.on_wish.clone(), columns.clone());
        Callback::from(move |key: AttrValue| {
            let order = if key == "day" { DateOrder::DayFirst } else { DateOrder::MonthFirst };
            let columns = Columns { order: Some(order), ..columns.clone() };
            on_wish.emit(Wish { columns: Some(columns), ..wish.clone() });
        })
    };
    let on_zone = {
        let (wish, on_wish) = (props.wish.clone(), props.on_wish.clone());
        Callback::from(move |zone: AttrValue| on_wish.emit(Wish { zone: zone.to_string(), ..wish.clone() }))
    };
    let chips = accounts.data.iter().flat_map(|list| list.iter()).map(|view| {
        let account = view.account.clone();
        let on = props.wish.accounts.contains(&account.id);
        let (wish, on_wish, id) = (props.wish.clone(), props.on_wish.clone(), account.id);
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut accounts = wish.accounts.clone();
            if on {
                accounts.retain(|other| *other != id)
            } else {
                accounts.push(id)
            }
            on_wish.emit(Wish { accounts, ..wish.clone() });
        });
        html! { <AccountChip key={id.to_string()} {account} {on} {onclick} /> }
    });
    let used = [columns.text, columns.date, columns.time, columns.link, columns.title, columns.accounts];
    let unused: Vec<&str> = (0_u32..)
        .zip(&props.preview.names)
        .filter(|(index, _)| columns.header && !used.contains(&Some(*index)))
        .map(|(_, name)| name.as_str())
        .collect();
    let order = match columns.order {
        Some(DateOrder::DayFirst) => "day",
        _ => "month",
    };
    html! {
        <>
            <p class="sm muted">{ (t.layout)(props.preview.layout) }</p>
            <div class="import-columns">
                { column("import-text", t.text, columns.text, |columns, at| columns.text = at) }
                { column("import-date", t.date, columns.date, |columns, at| columns.date = at) }
                { column("import-time", t.time, columns.time, |columns, at| columns.time = at) }
                { column("import-link", t.link, columns.link, |columns, at| columns.link = at) }
                { column("import-title", t.name, columns.title, |columns, at| columns.title = at) }
                { column("import-accounts", t.accounts, columns.accounts, |columns, at| columns.accounts = at) }
            </div>
            if !unused.is_empty() {
                <p class="sm muted"><bdi>{ (t.unused)(&unused.join(", ")) }</bdi></p>
            }
            if columns.date.is_some() {
                <div class="row wrap">
                    if columns.order != Some(DateOrder::YearFirst) {
                        <Segmented label={t.order} options={vec![("day".into(), t.day_first.into()), ("month".into(), t.month_first.into())]} value={order} onchange={on_order} />
                    }
                    <label class="label" for="import-zone">{ t.zone }</label>
                    <ZonePicker id="import-zone" value={props.wish.zone.clone()} onchange={on_zone} />
                </div>
            }
            <div class="field" role="group" aria-label={t.go_to}>
                <span class="label">{ t.go_to }</span>
                <div class="row wrap">{ for chips }</div>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DoneProps {
    imported: Imported,
    onclose: Callback<()>,
}

/// What came in, and the one stroke that takes it back.
#[component]
fn Done(props: &DoneProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.import;
    let busy = use_state_eq(|| false);
    let undo = props.imported.undo.map(|undo| {
        let (busy, toaster, onclose) = (busy.clone(), toaster.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            busy.set(true);
            let (busy, toaster, onclose) = (busy.clone(), toaster.clone(), onclose.clone());
            spawn_local(async move {
                match call(Undo { undo }).await {
                    Ok(()) => {
                        toaster.say(t.undone);
                        onclose.emit(());
                    }
                    Err(error) => {
                        toaster.fail(&error);
                        busy.set(false);
                    }
                }
            });
        })
    });
    let footer = html! {
        <>
            if let Some(undo) = undo { <Button id="import-undo" icon={Icon::Undo} busy={*busy} onclick={undo}>{ t.undo }</Button> }
            <Button look={Look::Go} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.done }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.title} onclose={props.onclose.clone()} {footer}>
            <p>{ said_done(&props.imported, t) }</p>
            <p class="sm muted">{ t.undo_hint }</p>
        </Dialog>
    }
}

fn said_done(imported: &Imported, t: &'static Texts) -> String {
    let came = (t.came)(imported.posts);
    if imported.left_out == 0 { came } else { format!("{came} {}", (t.left_out)(imported.left_out)) }
}
