//! Two people changed the same words of this post: what each had made of it, and what stands there now.

use std::rc::Rc;

use contract::teams::GetTeam;
use domain::account::Account;
use domain::post::{Draft, Merge};
use yew::prelude::*;

use super::desk::{Sheet, use_sheet};
use super::history::{compare, field};
use super::save::{Act, Event};
use crate::backend::use_query_if;
use crate::components::{Button, Dialog, Icon, Look, Notice, NoticeTone};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::state::keys::Cmd;

/// The button that opens the review: the checklist leads to it.
pub const REVIEW: &str = "merge-review";

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub merge: Rc<Merge>,
    pub accounts: Rc<Vec<Account>>,
    /// The text stands: it may be read, not changed.
    pub locked: bool,
}

/// Says that somebody should read it, and shows it.
#[component]
pub fn MergeReview(props: &Props) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.compose;
    let open = use_state_eq(|| false);
    let team = use_query_if(Some(GetTeam {})).data;
    let show = |on: bool| {
        let open = open.setter();
        Callback::from(move |()| open.set(on))
    };
    use_commands(vec![{
        let show = show(true);
        Bound::new(Cmd::ComposeMerge, move || show.emit(()))
    }]);
    let team = team.as_deref().and_then(Option::as_ref);
    let by = props.merge.by;
    let own = team.is_some_and(|team| team.me == by);
    let name = team
        .and_then(|team| team.members.iter().find(|member| member.person == by))
        .filter(|_| !own)
        .map(|member| member.name.clone());
    let who = match (own, &name) {
        (true, _) => t.merge_by_me.to_owned(),
        (false, Some(name)) => (t.merge_by)(name),
        (false, None) => t.merge_by_somebody.to_owned(),
    };
    let writer = match (own, name) {
        (true, _) => t.version_mine.to_owned(),
        (false, Some(name)) => (t.version_of)(&name),
        (false, None) => t.version_last.to_owned(),
    };
    let at = props.merge.at;
    let actions = html! { <Button id={REVIEW} icon={Icon::Eye} keys={Cmd::ComposeMerge} onclick={show(true).reform(|_: MouseEvent| ())}>{ t.merge_compare }</Button> };
    html! {
        <>
            <Notice tone={NoticeTone::Warn} {actions}>
                <b>{ who }</b>{ " " }{ t.merge_check }{ " " }
                <time class="muted" title={clock.full(at)}>{ clock.relative(at.min(clock.now)) }</time>
            </Notice>
            if *open { <Review sheet={props.sheet.clone()} merge={props.merge.clone()} accounts={props.accounts.clone()} locked={props.locked} {writer} {own} onclose={show(false)} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ReviewProps {
    sheet: Rc<Sheet>,
    merge: Rc<Merge>,
    accounts: Rc<Vec<Account>>,
    locked: bool,
    /// Whose the later version is.
    writer: AttrValue,
    /// It is the one of whoever reads this.
    own: bool,
    onclose: Callback<()>,
}

fn look(sheet: &Sheet) -> Draft {
    sheet.pipeline().draft().clone()
}

#[component]
fn Review(props: &ReviewProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.compose;
    let now = use_sheet(&props.sheet, look);
    let Merge { base, mine, theirs, .. } = &*props.merge;
    let column = |title: &str, old: &Draft, new: &Draft, nothing: &'static str, class: &'static str| {
        let changed = compare(old, new, &props.accounts, t);
        html! {
            <section class={class} aria-label={title.to_owned()}>
                <h3>{ title }</h3>
                if changed.is_empty() {
                    <p class="muted">{ nothing }</p>
                } else {
                    <dl class="changes">{ for changed.iter().map(field) }</dl>
                }
            </section>
        }
    };
    // through the pipeline: after everything that was typed, and with the version that holds it
    let settle = |take: Option<&Draft>| {
        let (sheet, onclose, take) = (props.sheet.clone(), props.onclose.clone(), take.cloned());
        Callback::from(move |_: MouseEvent| {
            if let Some(draft) = take.clone() {
                sheet.tell(Event::Edited(Box::new(draft)));
            }
            sheet.tell(Event::Asked(Act::SettleMerge));
            onclose.emit(());
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.close }</Button>
            if !props.locked {
                <Button id="merge-theirs" onclick={settle(Some(theirs))}>{ t.merge_take_theirs }</Button>
                <Button id="merge-mine" onclick={settle(Some(mine))}>{ (t.merge_take_mine)(props.own) }</Button>
            }
            <Button id="merge-right" look={Look::Go} icon={Icon::Check} onclick={settle(None)}>{ t.merge_right }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.merge_title} onclose={props.onclose.clone()} wide=true reading=true class={classes!("merge-dialog")} {footer}>
            <p class="muted">{ t.merge_what }</p>
            <div class="merge-columns">
                { column(t.version_theirs_was, base, theirs, t.merge_unchanged, "") }
                { column(&props.writer, base, mine, t.merge_unchanged, "") }
                { column(t.version_now, base, &now, t.merge_as_before, "now") }
            </div>
        </Dialog>
    }
}
