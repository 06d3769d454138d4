//! The post that is decided about: what it says, to whom and when, who has to agree, and what was said.

use std::rc::Rc;

use contract::accounts::{AccountView, ListAccounts};
use contract::approvals::{ApprovalView, GetApproval, Looked, Request};
use contract::personas::PersonaView;
use contract::posts::{GetPost, PostView};
use domain::account::Account;
use domain::id::{AccountId, PostId};
use domain::people::Persona;
use yew::prelude::*;

use super::decisions::{Cmds, Decisions};
use super::difference::Difference;
use super::said::Said;
use crate::backend::use_query;
use crate::components::{AccountChip, ApprovalSteps, Button, Dot, Icon, Look, Skeleton, Status, view};
use crate::frame::context::{Clock, use_frame};
use crate::route::{Route, use_go};
use crate::screens::compose::Preview;
use crate::state::keys::Cmd;

const CMDS: Cmds = Cmds {
    approve: Cmd::ApprovalApprove,
    request: Cmd::ApprovalRequestChanges,
    reject: Cmd::ApprovalReject,
    override_: Cmd::ApprovalOverride,
    withdraw: Cmd::ApprovalWithdraw,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub request: Request,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// Several are selected: the decision is about all of them, and not made here.
    pub several: bool,
    pub ondone: Callback<()>,
}

#[component]
pub fn Detail(props: &Props) -> Html {
    let post = props.request.line.post;
    let shown = use_query(GetPost { post });
    let approval = use_query(GetApproval { post }).data;
    let accounts = use_query(ListAccounts {}).data;
    let accounts: Rc<Vec<Account>> = use_memo(accounts, |accounts| {
        accounts.iter().flat_map(|list| list.iter()).map(|view: &AccountView| view.account.clone()).collect()
    });
    let approval = use_memo(approval, |approval| approval.as_deref().cloned().flatten().map(Rc::new));
    view(&shown, html! { <Skeleton rows=6 /> }, |shown| {
        html! {
            <Shown request={props.request.clone()} shown={Rc::new(shown.clone())} approval={(*approval).clone()} {accounts}
                personas={props.personas.clone()} several={props.several} ondone={props.ondone.clone()} />
        }
    })
}

#[derive(Properties, PartialEq)]
struct ShownProps {
    request: Request,
    shown: Rc<PostView>,
    approval: Option<Rc<ApprovalView>>,
    accounts: Rc<Vec<Account>>,
    personas: Option<Rc<Vec<PersonaView>>>,
    several: bool,
    ondone: Callback<()>,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.approvals;
    let go = use_go();
    let post = Rc::new(props.shown.post.clone());
    let (id, draft) = (post.id, &post.draft);
    let title = props.request.line.title.clone();
    let persona = props.personas.iter().flat_map(|list| list.iter()).map(|view| &view.persona);
    let persona = persona.into_iter().find(|persona| Some(persona.id) == draft.persona);
    let looked = {
        let looked = Looked { post: id, read: post.version };
        Callback::from(move |()| Some(looked))
    };
    let open = move |_: MouseEvent| go.emit(Route::Post { post: id });
    html! {
        <article class="approval-detail" aria-label={title.clone()}>
            <header>
                <div class="row wrap"><h2><bdi>{ &title }</bdi></h2><Status status={post.status} /></div>
                { facts(props, persona, &clock) }
            </header>
            if let Some(approval) = &props.approval {
                <div class="approval-actions">
                    if !props.several { <Decisions post={id} title={title.clone()} view={approval.clone()} cmds={CMDS} {looked} ondone={props.ondone.clone()} /> }
                    <Button look={Look::Quiet} icon={Icon::Compose} keys={Cmd::ApprovalOpen} onclick={open}>{ t.open }</Button>
                </div>
                <Difference view={approval.clone()} post={post.clone()} accounts={props.accounts.clone()} />
                <ApprovalSteps steps={Rc::new(approval.steps.clone())} asked={approval.asked} />
                <Said said={Rc::new(approval.said.clone())} />
            }
            <Readable post={post.clone()} accounts={props.accounts.clone()} color={persona.map(|persona| persona.text.color)} />
        </article>
    }
}

/// As whom, when, and who says that it should go out.
fn facts(props: &ShownProps, persona: Option<&Persona>, clock: &Clock) -> Html {
    let (texts, request) = (clock.texts, &props.request);
    let t = &texts.approvals;
    let schedule = props.shown.post.schedule.as_ref();
    let theirs = schedule.and_then(|schedule| clock.elsewhere(schedule.at, &schedule.zone));
    html! {
        <p class="sm muted approval-facts">
            if let Some(persona) = persona { <span><Dot color={persona.text.color} />{ " " }<bdi>{ &persona.text.name }</bdi></span> }
            if let Some(schedule) = schedule {
                <time title={clock.full(schedule.at)}>{ (t.goes_out)(&clock.both(schedule.at)) }{ theirs.map(|theirs| format!(" ({theirs})")).unwrap_or_default() }</time>
            }
            <time title={clock.full(request.at)}>{ (t.signed_when)(&request.by, &clock.relative(request.at.min(clock.now))) }</time>
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct ReadableProps {
    post: Rc<domain::post::Post>,
    accounts: Rc<Vec<Account>>,
    color: Option<domain::people::PersonaColor>,
}

/// The whole of it, as each account gets it.
#[component]
fn Readable(props: &ReadableProps) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.approvals;
    let draft = &props.post.draft;
    let shown = use_state_eq(|| None::<AccountId>);
    let known = |id: AccountId| props.accounts.iter().find(|account| account.id == id).cloned();
    let targets: Vec<Account> = draft.targets.iter().filter_map(|target| known(target.account)).collect();
    let account = targets.iter().find(|account| Some(account.id) == *shown).or_else(|| targets.first());
    let content = account.and_then(|account| draft.sent_to(account)).map(std::borrow::Cow::into_owned);
    let when = props.post.schedule.as_ref().map(|schedule| clock.moment(schedule.at)).unwrap_or_default();
    let current = account.map(|account| account.id);
    let chips = draft.targets.iter().filter_map(|target| Some((known(target.account)?, target.variant.is_some())));
    let chips = chips.map(|(account, own)| {
        let key = account.id.to_string();
        html! { <AccountChip {key} {account} note={own.then(|| AttrValue::from(t.own_text))} /> }
    });
    let on_show = use_callback(shown.setter(), |account, shown| shown.set(Some(account)));
    html! {
        <>
            <div class="row wrap goes-to">{ for chips }</div>
            <Preview accounts={Rc::new(targets)} shown={current} content={Rc::new(content.unwrap_or_default())} {when} {on_show} color={props.color} />
        </>
    }
}

/// Whose detail is shown.
pub fn key(post: PostId) -> String {
    post.to_string()
}
