use yew::prelude::*;

use super::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoticeTone {
    #[default]
    Info,
    Warn,
    Bad,
}

#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    #[prop_or_default]
    pub tone: NoticeTone,
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub actions: Html,
}

/// A sentence that belongs to the place where it stands.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let (class, icon, role) = match props.tone {
        NoticeTone::Info => ("info", Icon::Info, "note"),
        NoticeTone::Warn => ("warn", Icon::Warning, "status"),
        NoticeTone::Bad => ("bad", Icon::Warning, "alert"),
    };
    html! {
        <div class={classes!("notice", class)} {role}>
            <Glyph {icon} />
            <div class="grow">{ props.children.clone() }</div>
            { props.actions.clone() }
        </div>
    }
}
