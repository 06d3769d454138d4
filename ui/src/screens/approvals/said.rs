//! What was said about a post, and in which words it stands now.

use std::rc::Rc;

use contract::approvals::SaidView;
use domain::approval::Verdict;
use yew::prelude::*;

use crate::components::{Glyph, Icon};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub said: Rc<Vec<SaidView>>,
}

pub const fn sign(verdict: Verdict) -> Icon {
    match verdict {
        Verdict::Approve => Icon::Check,
        Verdict::RequestChanges => Icon::Reply,
        Verdict::Reject => Icon::Refuse,
        Verdict::Override => Icon::Key,
    }
}

/// The name of who said it; nothing for whoever looks.
pub fn who(said: &SaidView) -> Option<&str> {
    (!said.me).then_some(said.name.as_str())
}

/// The last word of each, the newest first.
#[component]
pub fn Said(props: &Props) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.approvals;
    if props.said.is_empty() {
        return Html::default();
    }
    let rows = props.said.iter().map(|said| {
        let class = match said.verdict {
            Verdict::Approve => "met",
            Verdict::RequestChanges | Verdict::Reject => "against",
            Verdict::Override => "open",
        };
        html! {
            <li key={said.person.to_string()} class={classes!("said", class, (!said.current).then_some("past"))}>
                <span class="said-sign"><Glyph icon={sign(said.verdict)} /></span>
                <span class="grow">
                    <span class="sm"><b><bdi>{ (t.verdict)(said.verdict, who(said)) }</bdi></b>{ " " }
                        <time class="muted" title={clock.full(said.at)}>{ clock.relative(said.at.min(clock.now)) }</time>
                        if !said.current { <span class="muted">{ " · " }{ t.earlier }</span> }
                    </span>
                    if !said.note.is_empty() { <bdi class="said-note">{ &said.note }</bdi> }
                </span>
            </li>
        }
    });
    html! { <ul class="said-list" aria-label={t.said}>{ for rows }</ul> }
}
