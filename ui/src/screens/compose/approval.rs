//! Where the post stands with those who have to agree to it, and what whoever looks may say.

use std::rc::Rc;

use contract::approvals::{ApprovalView, Looked, SaidView};
use domain::approval::{Approval, StepState, Verdict};
use domain::id::PostId;
use yew::prelude::*;

use super::desk::Sheet;
use crate::components::{ApprovalSteps, Glyph, Icon, listed, who};
use crate::frame::context::use_frame;
use crate::i18n::Texts;
use crate::screens::approvals::{Cmds, Decisions, Said};
use crate::state::keys::Cmd;

const CMDS: Cmds = Cmds {
    approve: Cmd::ComposeApprove,
    request: Cmd::ComposeRequestChanges,
    reject: Cmd::ComposeReject,
    override_: Cmd::ComposeOverride,
    withdraw: Cmd::ComposeWithdrawReview,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub post: PostId,
    pub title: AttrValue,
    pub view: Rc<ApprovalView>,
}

#[component]
pub fn ApprovalPanel(props: &Props) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.approvals;
    let view = &props.view;
    let looked = {
        let (sheet, post) = (props.sheet.clone(), props.post);
        Callback::from(move |()| {
            let pipeline = sheet.pipeline();
            // a decision counts for what is stored, and nobody decides about what they do not see
            pipeline.is_settled().then(|| Looked { post, read: pipeline.read() })
        })
    };
    let (class, icon) = look(view.approval);
    let submitted = view.approval != Approval::NotSubmitted;
    // all of it is over once it may go out; the steps say no more than the sentence then
    let steps = submitted && !view.approval.lets_go();
    html! {
        <section class={classes!("card", "approval", class)} aria-label={t.panel}>
            <div class="approval-head">
                <span class="approval-sign"><Glyph {icon} /></span>
                <p class="grow" role="status">{ sentence(view, texts) }</p>
                if submitted { <Decisions post={props.post} title={props.title.clone()} view={view.clone()} cmds={CMDS} {looked} /> }
            </div>
            if steps { <ApprovalSteps steps={Rc::new(view.steps.clone())} asked={view.asked} /> }
            if !view.approval.lets_go() || view.said.iter().any(|said| !said.note.is_empty()) { <Said said={Rc::new(view.said.clone())} /> }
        </section>
    }
}

const fn look(approval: Approval) -> (&'static str, Icon) {
    match approval {
        Approval::NotNeeded | Approval::NotSubmitted => ("quiet", Icon::Signed),
        Approval::Waiting => ("waits", Icon::Eye),
        Approval::ChangesRequested => ("against", Icon::Reply),
        Approval::Rejected => ("against", Icon::Refuse),
        Approval::Approved => ("met", Icon::Check),
        Approval::Overridden => ("waits", Icon::Key),
    }
}

fn sentence(view: &ApprovalView, texts: &Texts) -> String {
    let t = &texts.approvals;
    match view.approval {
        Approval::NotNeeded => String::new(),
        Approval::NotSubmitted => {
            let steps: Vec<(String, String)> =
                view.steps.iter().map(|step| (step.name.clone(), who(step, texts))).collect();
            (t.will_need)(&steps)
        }
        Approval::Waiting => {
            let open = view.steps.iter().filter(|step| matches!(step.state, StepState::Open | StepState::Stuck));
            let names: Vec<&str> = open.map(|step| step.name.as_str()).collect();
            if names.is_empty() { t.waiting.to_owned() } else { (t.waits_for)(&listed(&names, t.and)) }
        }
        Approval::ChangesRequested => t.changes_requested.to_owned(),
        Approval::Rejected => t.rejected.to_owned(),
        Approval::Approved => (t.approved)(&listed(&approvers(view), t.and)),
        Approval::Overridden => {
            let by = view.said.iter().find(|said| said.verdict == Verdict::Override);
            (t.overridden)(by.map_or("", |said: &SaidView| said.name.as_str()))
        }
    }
}

/// Each once, in the order of the steps.
fn approvers(view: &ApprovalView) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in view.steps.iter().flat_map(|step| &step.approved) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}
