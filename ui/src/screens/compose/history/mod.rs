//! The history of a post: its versions, what changed from one to another, and the way back.

mod compare;

use std::rc::Rc;

use contract::accounts::ListAccounts;
use contract::posts::{GetVersion, ListVersions, Mark as Event, RestoreVersion, Version};
use domain::account::Account;
use domain::id::PostId;
use domain::post::Draft;
use yew::prelude::*;

pub(super) use self::compare::words;
pub use self::compare::{Changed, Mark, Piece, compare};
use super::desk::Sheet;
use super::texts::Texts;
use crate::backend::{Query, use_query, use_query_if};
use crate::components::{Button, Dialog, Icon, Look, Select, Skeleton, view};
use crate::frame::context::{Clock, use_frame};
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub post: PostId,
    pub sheet: Rc<Sheet>,
    /// The text stands: it may be read, not changed.
    pub locked: bool,
    pub onclose: Callback<()>,
}

/// With what a version is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Against {
    Before,
    Newest,
    Number(u32),
}

#[component]
pub fn History(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.compose;
    let versions = use_query_if(props.open.then_some(ListVersions { post: props.post }));
    let chosen = use_state_eq(|| None::<u32>);
    let against = use_state_eq(|| Against::Before);
    let list = versions.data.as_deref().map(Vec::as_slice).unwrap_or_default();
    let newest = list.first();
    let shown = list.iter().find(|version| Some(version.number) == *chosen).or(newest);
    let other = shown.and_then(|shown| match *against {
        Against::Before => list.iter().find(|version| version.number + 1 == shown.number),
        Against::Newest => newest,
        Against::Number(number) => list.iter().find(|version| version.number == number),
    });
    {
        // the arrows go through the versions at once
        let row = shown.filter(|_| props.open).map(|shown| row_id(shown.number));
        use_effect_with(props.open && !list.is_empty(), move |ready| {
            if let Some(row) = row.filter(|_| *ready) {
                platform::focus_id(&row);
            }
        });
    }
    let ask = |version: Option<&Version>| version.map(|version| GetVersion { post: props.post, entry: version.entry });
    let (new, old) = (use_query_if(ask(shown)), use_query_if(ask(other)));
    let accounts = use_query(ListAccounts {});
    let on_choose = use_callback(chosen.setter(), |number: u32, chosen| chosen.set(Some(number)));
    let onchange = use_callback(against.setter(), |key: AttrValue, against| {
        against.set(match (key.as_str(), key.parse()) {
            (_, Ok(number)) => Against::Number(number),
            ("newest", _) => Against::Newest,
            _ => Against::Before,
        });
    });
    let restore = {
        let (sheet, onclose, post) = (props.sheet.clone(), props.onclose.clone(), props.post);
        let (entry, number) = (shown.and_then(|shown| shown.entry), shown.map_or(0, |shown| shown.number));
        let (toaster, chosen) = (toaster, chosen.setter());
        Callback::from(move |_: MouseEvent| {
            let Some(entry) = entry else { return };
            // what is still on its way would be written over it
            if !sheet.pipeline().is_settled() {
                toaster.complain(t.history_wait);
                return;
            }
            let read = sheet.pipeline().read();
            let (onclose, chosen) = (onclose.clone(), chosen.clone());
            toaster.run_then(RestoreVersion { post, read, entry }, (t.said_restored)(number), move |done| {
                if done.is_some() {
                    chosen.set(None);
                    onclose.emit(());
                }
            });
        })
    };
    let is_newest = shown.map(|shown| shown.number) == newest.map(|newest| newest.number);
    let can = !props.locked && !is_newest && shown.is_some_and(|shown| shown.entry.is_some());
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.close }</Button>
            if let Some(shown) = shown.filter(|_| !props.locked) {
                <Button id="history-restore" look={Look::Go} icon={Icon::Undo} disabled={!can} onclick={restore}>{ (t.history_restore)(shown.number) }</Button>
            }
        </>
    };
    let options: Vec<(AttrValue, AttrValue)> =
        [("before".into(), t.history_before.into()), ("newest".into(), t.history_newest.into())]
            .into_iter()
            .chain(
                list.iter()
                    .map(|version| (version.number.to_string().into(), (t.history_version)(version.number).into())),
            )
            .collect();
    let value: AttrValue = match *against {
        Against::Before => "before".into(),
        Against::Newest => "newest".into(),
        Against::Number(number) => number.to_string().into(),
    };
    html! {
        <Dialog open={props.open} title={t.history} onclose={props.onclose.clone()} wide=true class={classes!("history")} {footer}>
            { view(&versions, html! { <Skeleton rows=5 /> }, |_| html! {
                <div class="history-panes">
                    <Versions versions={versions.data.clone().unwrap_or_default()} chosen={shown.map_or(0, |shown| shown.number)} {on_choose} />
                    <section class="history-text" aria-live="polite">
                        if let Some(shown) = shown {
                            <div class="row wrap">
                                <h3>{ (t.history_version)(shown.number) }</h3>
                                <span class="grow" />
                                <label class="sm muted" for="history-against">{ t.history_against }</label>
                                <Select id="history-against" {options} {value} {onchange} />
                            </div>
                            { difference(&new, &old, other.is_some(), &known(&accounts), t) }
                        }
                    </section>
                </div>
            }) }
        </Dialog>
    }
}

fn known(accounts: &Query<Vec<contract::accounts::AccountView>>) -> Vec<Account> {
    accounts.data.iter().flat_map(|list| list.iter()).map(|view| view.account.clone()).collect()
}

fn difference(
    new: &Query<Draft>,
    old: &Query<Draft>,
    has_other: bool,
    accounts: &[Account],
    t: &'static Texts,
) -> Html {
    let empty = Draft::default();
    view(new, html! { <Skeleton rows=3 /> }, |new| {
        let old = match (&old.data, has_other) {
            (Some(old), true) => old,
            (None, true) => return html! { <Skeleton rows=3 /> },
            // the first version is all new
            (_, false) => &empty,
        };
        let changed = compare(old, new, accounts, t);
        if changed.is_empty() {
            return html! { <p class="muted">{ t.history_same }</p> };
        }
        html! { <dl class="changes">{ for changed.iter().map(field) }</dl> }
    })
}

/// A field that differs, with what was taken out of it and what came into it.
pub fn field(changed: &Changed) -> Html {
    let pieces = changed.pieces.iter().map(|piece| match piece.mark {
        Mark::Same => html! { { &piece.text } },
        Mark::Added => html! { <ins>{ &piece.text }</ins> },
        Mark::Removed => html! { <del>{ &piece.text }</del> },
    });
    html! { <div><dt>{ &changed.label }</dt><dd dir="auto">{ for pieces }</dd></div> }
}

#[derive(Properties, PartialEq)]
struct VersionsProps {
    versions: Rc<Vec<Version>>,
    chosen: u32,
    on_choose: Callback<u32>,
}

fn row_id(number: u32) -> String {
    format!("version-{number}")
}

/// The versions, the newest first; the arrows go through them.
#[component]
fn Versions(props: &VersionsProps) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.compose;
    let onkeydown = {
        let (on_choose, chosen) = (props.on_choose.clone(), props.chosen);
        let last = props.versions.len() as u32;
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowDown" => chosen.saturating_sub(1).max(1),
                "ArrowUp" => (chosen + 1).min(last),
                "Home" => last,
                "End" => 1,
                _ => return,
            };
            event.prevent_default();
            on_choose.emit(next);
            platform::focus_id(&row_id(next));
        })
    };
    let rows = props.versions.iter().map(|version| {
        let number = version.number;
        let on = number == props.chosen;
        let onclick = props.on_choose.reform(move |_: MouseEvent| number);
        html! {
            <li key={number}>
                <button type="button" id={row_id(number)} class={classes!("version", on.then_some("on"))} aria-current={on.then_some("true")}
                    tabindex={if on { "0" } else { "-1" }} {onclick}>
                    { version_words(version, t, &clock) }
                </button>
            </li>
        }
    });
    html! { <ol class="versions" aria-label={t.history} reversed=true {onkeydown}>{ for rows }</ol> }
}

fn version_words(version: &Version, t: &'static Texts, clock: &Clock) -> Html {
    let marks = version.marks.iter().map(|mark| match mark {
        Event::Scheduled => t.mark_scheduled,
        Event::SignedOff => t.mark_signed,
        Event::Published => t.mark_published,
    });
    let words: Vec<&str> = version.restored.then_some(t.mark_restored).into_iter().chain(marks).collect();
    html! {
        <>
            <span class="row"><b class="num">{ version.number }</b><time class="grow cut" title={clock.full(version.at)}>{ clock.moment(version.at) }</time></span>
            <span class="xs muted cut"><bdi>{ &version.author }</bdi>{ " · " }{ (t.history_characters)(version.characters) }</span>
            if !words.is_empty() { <span class="xs marks">{ words.join(", ") }</span> }
        </>
    }
}
