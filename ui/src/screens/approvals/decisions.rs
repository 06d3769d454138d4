//! What somebody may say about one post: the buttons, their commands, and the words that go with them.

use std::rc::Rc;

use contract::approvals::{ApprovalView, Looked, WithdrawReview};
use contract::teams::{GetTeam, Sync};
use domain::approval::Verdict;
use domain::id::PostId;
use yew::prelude::*;

use super::note::NoteDialog;
use crate::backend::use_query;
use crate::components::{Button, Glyph, Icon, Look, Menu, MenuItem};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::frame::review::Word;
use crate::state::keys::Cmd;

/// The commands by which a screen offers the decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cmds {
    pub approve: Cmd,
    pub request: Cmd,
    pub reject: Cmd,
    pub override_: Cmd,
    pub withdraw: Cmd,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub post: PostId,
    pub title: AttrValue,
    pub view: Rc<ApprovalView>,
    pub cmds: Cmds,
    /// What is looked at right now; nothing while something that was typed is not stored.
    pub looked: Callback<(), Option<Looked>>,
    /// Something was decided.
    #[prop_or_default]
    pub ondone: Callback<()>,
}

/// What whoever looks may do.
#[derive(Debug, PartialEq, Eq)]
struct May {
    approve: bool,
    request: bool,
    reject: bool,
    override_: bool,
    withdraw: Option<Verdict>,
}

impl May {
    fn of(view: &ApprovalView) -> Self {
        let other = |verdict| view.may_decide && view.decided != Some(verdict);
        Self {
            // whose step others have met already is not asked, and may still change their mind
            approve: view.asked || view.decided.is_some() && other(Verdict::Approve),
            request: other(Verdict::RequestChanges),
            reject: other(Verdict::Reject),
            override_: view.may_override,
            withdraw: view.decided,
        }
    }
}

/// The server cannot be reached: what is decided now is sent later.
#[hook]
pub fn use_offline() -> bool {
    let team = use_query(GetTeam {}).data;
    team.as_deref()
        .and_then(Option::as_ref)
        .is_some_and(|team| matches!(team.sync, Sync::Offline { .. } | Sync::SignedOut))
}

#[component]
pub fn Decisions(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.approvals;
    let asking = use_state_eq(|| None::<Verdict>);
    let offline = use_offline();
    let Props { post, view, cmds, .. } = props;
    let may = May::of(view);
    let say = {
        let (toaster, looked, title) = (toaster.clone(), props.looked.clone(), props.title.to_string());
        let (asking, ondone) = (asking.setter(), props.ondone.clone());
        Callback::from(move |(verdict, note): (Verdict, String)| {
            asking.set(None);
            let Some(looked) = looked.emit(()) else { return toaster.complain(t.not_saved) };
            let word = Word { posts: vec![looked], verdict, note, title: title.clone(), offline };
            let ondone = ondone.clone();
            toaster.review(word, move |done| {
                if done.is_some() {
                    ondone.emit(());
                }
            });
        })
    };
    let approve = say.reform(|()| (Verdict::Approve, String::new()));
    let ask = |verdict: Verdict| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(Some(verdict)))
    };
    let withdraw = {
        let post = *post;
        Callback::from(move |()| toaster.run(WithdrawReview { post }, t.withdrawn))
    };
    let offers = [
        (may.approve, cmds.approve, approve.clone(), t.approve),
        (may.request, cmds.request, ask(Verdict::RequestChanges), t.request),
        (may.reject, cmds.reject, ask(Verdict::Reject), t.reject),
        (may.override_, cmds.override_, ask(Verdict::Override), t.override_),
        (may.withdraw.is_some(), cmds.withdraw, withdraw.clone(), may.withdraw.map_or("", t.withdraw)),
    ];
    let menu: Vec<MenuItem> = offers
        .iter()
        .filter(|(may, cmd, ..)| *may && (*cmd == cmds.reject || *cmd == cmds.override_))
        .map(|(_, _, run, text)| {
            let run = run.clone();
            MenuItem::new(*text, move || run.emit(())).danger()
        })
        .collect();
    use_commands(
        offers.into_iter().filter(|(may, ..)| *may).map(|(_, cmd, run, _)| Bound { cmd, run, title: None }).collect(),
    );
    let look = if view.asked { Look::Go } else { Look::Plain };
    let says = may.approve || may.request || may.reject || may.override_;
    html! {
        <>
            <div class="decisions">
                if may.approve { <Button id="approve" {look} icon={Icon::Check} keys={cmds.approve} onclick={approve.reform(|_: MouseEvent| ())}>{ t.approve }</Button> }
                if may.request { <Button id="request-changes" icon={Icon::Reply} keys={cmds.request} onclick={ask(Verdict::RequestChanges).reform(|_: MouseEvent| ())}>{ t.request }</Button> }
                if let Some(verdict) = may.withdraw { <Button id="withdraw-review" icon={Icon::Undo} onclick={withdraw.reform(|_: MouseEvent| ())}>{ (t.withdraw)(verdict) }</Button> }
                if !menu.is_empty() { <Menu label={t.more} trigger={html! { <Glyph icon={Icon::More} /> }} items={menu} class={classes!("btn", "quiet", "icon-only")} /> }
            </div>
            if view.own_work && !view.may_decide && !view.approval.lets_go() { <p class="sm muted">{ t.own_work }</p> }
            if offline && says { <p class="sm muted">{ t.offline }</p> }
            if let Some(verdict) = *asking {
                <NoteDialog {verdict} title={props.title.clone()} onsay={say.reform(move |note| (verdict, note))} onclose={let asking = asking.setter(); Callback::from(move |()| asking.set(None))} />
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use domain::approval::Approval;

    use super::*;

    #[test]
    fn whoever_decided_may_change_their_mind() {
        let view = |asked, may_decide, decided| ApprovalView {
            approval: Approval::Waiting,
            steps: Vec::new(),
            said: Vec::new(),
            asked,
            may_decide,
            own_work: false,
            may_override: false,
            decided,
            last_read: None,
        };
        let may = |approve, request, reject, withdraw| May { approve, request, reject, override_: false, withdraw };
        assert_eq!(May::of(&view(false, false, None)), may(false, false, false, None));
        assert_eq!(May::of(&view(true, true, None)), may(true, true, true, None));
        let approved = Some(Verdict::Approve);
        assert_eq!(May::of(&view(false, true, approved)), may(false, true, true, approved));
        let asked_for = Some(Verdict::RequestChanges);
        assert_eq!(May::of(&view(false, true, asked_for)), may(true, false, true, asked_for));
        assert_eq!(May::of(&view(false, true, None)), may(false, true, true, None), "others met the step");
    }
}
