use std::rc::Rc;

use contract::personas::PersonaView;
use contract::posts::PostLine;
use domain::network::Network;
use yew::prelude::*;

use super::{Dot, Glyph, Icon, Status, To, listed};
use crate::frame::context::use_clock;
use crate::i18n::{Texts, use_texts};
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub struct PostRowProps {
    pub line: PostLine,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// Also says when it was written last.
    #[prop_or_default]
    pub written: bool,
    /// Stands below the heading of its day: the time alone.
    #[prop_or_default]
    pub within_day: bool,
    /// Of the link, for the focus.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    #[prop_or_default]
    pub tabindex: Option<AttrValue>,
    /// The one that keys act on.
    #[prop_or_default]
    pub selected: bool,
    /// One of those that are changed together, and what picks it.
    #[prop_or_default]
    pub picked: bool,
    #[prop_or_default]
    pub onpick: Option<Callback<bool>>,
    #[prop_or_default]
    pub onfocusin: Callback<FocusEvent>,
    /// Behind the state: an action.
    #[prop_or_default]
    pub children: Html,
}

/// A post in a list: when, what, who, where, and its state.
#[component]
pub fn PostRow(props: &PostRowProps) -> Html {
    let t = use_texts();
    let clock = use_clock();
    let line = &props.line;
    let persona = line.persona.and_then(|id| {
        props.personas.as_ref()?.iter().find(|view| view.persona.id == id).map(|view| view.persona.clone())
    });
    let theirs = match (line.due_at, &line.zone) {
        (Some(due), Some(zone)) => clock.elsewhere(due, zone),
        _ => None,
    };
    let exact = |at| format!("{}, {}", clock.full(at), clock.relative(at));
    html! {
        <li class="post-row" onfocusin={props.onfocusin.clone()}>
            <To
                route={Route::Post { post: line.post }}
                class="post-link"
                id={props.id.clone()}
                tabindex={props.tabindex.clone()}
                current={props.selected}
                onpick={props.onpick.clone()}
            >
                if props.picked {
                    <span class="picked-mark"><Glyph icon={Icon::Check} /><span class="visually-hidden">{ t.calendar.picked_mark }</span></span>
                }
                <span class="post-time sm">
                    if let Some(due) = line.due_at {
                        <time datetime={due.to_string()} title={exact(due)}>{ if props.within_day { clock.time(due) } else { clock.moment(due) } }</time>
                    } else {
                        <span class="muted">{ t.frame.no_time }</span>
                    }
                </span>
                <span class="grow">
                    <bdi class="post-title cut" title={line.title.clone()}>{ &line.title }</bdi>
                    <span class="post-meta sm muted cut">
                        if line.merged {
                            <span class="merged-mark"><Glyph icon={Icon::Warning} />{ t.compose.merged_mark }{ " · " }</span>
                        }
                        if let Some(persona) = persona {
                            <><Dot color={persona.text.color} /><bdi class="cut">{ persona.text.name }</bdi></>
                        } else {
                            { t.frame.no_persona }
                        }
                        if !line.networks.is_empty() {
                            <span>{ format!(" · {}", networks(&line.networks)) }</span>
                        }
                        if line.repeats {
                            <span class="repeats" title={t.series.mark}><Glyph icon={Icon::Repeat} /><span class="visually-hidden">{ t.series.mark }</span></span>
                        }
                        if line.comments > 0 {
                            <span class="repeats num" title={(t.comments.open)(line.comments)}>
                                { " · " }<Glyph icon={Icon::Comment} />{ " " }<span aria-hidden="true">{ line.comments }</span>
                                <span class="visually-hidden">{ (t.comments.open)(line.comments) }</span>
                            </span>
                        }
                        if let Some(theirs) = theirs {
                            <span>{ format!(" · {theirs}") }</span>
                        }
                        if props.written {
                            <time title={exact(line.updated_at)}>{ format!(" · {}", (t.frame.edited)(&clock.relative(line.updated_at))) }</time>
                        }
                    </span>
                </span>
                if !line.waits_for.is_empty() {
                    <bdi class="waits-for sm muted cut" title={waits_for(line, t)}>{ waits_for(line, t) }</bdi>
                }
                <Status status={line.status} />
            </To>
            { props.children.clone() }
        </li>
    }
}

/// "Waits for Legal"
pub fn waits_for(line: &PostLine, t: &Texts) -> String {
    (t.approvals.waits_for)(&listed(&line.waits_for, t.approvals.and))
}

/// "Bluesky, Mastodon"; each once, with how many accounts when there are several.
pub fn networks(list: &[Network]) -> String {
    let names = Network::ALL.into_iter().filter_map(|network| {
        let count = list.iter().filter(|other| **other == network).count();
        match count {
            0 => None,
            1 => Some(network.name().to_owned()),
            more => Some(format!("{} ×{more}", network.name())),
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_named_once() {
        assert_eq!(networks(&[Network::Mastodon, Network::Bluesky]), "Bluesky, Mastodon");
        assert_eq!(networks(&[Network::Bluesky, Network::Bluesky]), "Bluesky ×2");
        assert_eq!(networks(&[]), "");
    }
}
