use yew::prelude::*;

use super::{Glyph, Icon, Keys};
use crate::state::keys::Cmd;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    #[default]
    Plain,
    /// The one thing to do here.
    Go,
    Quiet,
    Danger,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "btn",
            Self::Go => "btn go",
            Self::Quiet => "btn quiet",
            Self::Danger => "btn danger",
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub look: Look,
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// Shows the keys of this command.
    #[prop_or_default]
    pub keys: Option<Cmd>,
    #[prop_or_default]
    pub disabled: bool,
    /// Works on it: it cannot be pressed again, and says so.
    #[prop_or_default]
    pub busy: bool,
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// Submits the form around it.
    #[prop_or_default]
    pub submit: bool,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn Button(props: &ButtonProps) -> Html {
    // a button that is switched off loses the focus; one that is busy keeps it and does nothing
    let onclick =
        if props.busy { Callback::from(|event: MouseEvent| event.prevent_default()) } else { props.onclick.clone() };
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            id={props.id.clone()}
            class={classes!(props.look.class(), props.class.clone(), props.busy.then_some("busy"))}
            {onclick}
            disabled={props.disabled && !props.busy}
            aria-disabled={props.busy.then_some("true")}
            aria-busy={props.busy.then_some("true")}
            title={props.title.clone()}
        >
            if let Some(icon) = props.icon {
                <Glyph {icon} />
            }
            { props.children.clone() }
            if let Some(cmd) = props.keys {
                <Keys {cmd} />
            }
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    pub icon: Icon,
    /// What it does: read out, and shown when the pointer rests on it.
    pub label: AttrValue,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// For buttons that stay pressed.
    #[prop_or_default]
    pub pressed: Option<bool>,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    html! {
        <button
            type="button"
            id={props.id.clone()}
            class={classes!("btn", "quiet", "icon-only", props.class.clone())}
            onclick={props.onclick.clone()}
            disabled={props.disabled}
            aria-label={props.label.clone()}
            aria-pressed={props.pressed.map(|on| if on { "true" } else { "false" })}
            title={props.label.clone()}
        >
            <Glyph icon={props.icon} />
        </button>
    }
}
