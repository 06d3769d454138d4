use yew::prelude::*;

use crate::components::{Dialog, Keys};
use crate::i18n::use_texts;
use crate::state::keys::{Cmd, Scope};

#[derive(Properties, PartialEq)]
pub struct ShortcutsProps {
    pub open: bool,
    pub onclose: Callback<()>,
}

const SCOPES: [Scope; 9] = [
    Scope::Everywhere,
    Scope::Today,
    Scope::Compose,
    Scope::Calendar,
    Scope::Approvals,
    Scope::Accounts,
    Scope::Personas,
    Scope::Team,
    Scope::Settings,
];

/// All keys of the window.
#[component]
pub fn Shortcuts(props: &ShortcutsProps) -> Html {
    let t = use_texts();
    let group = |scope: Scope| {
        let rows: Vec<&Cmd> = Cmd::ALL.iter().filter(|cmd| cmd.scope() == scope && !cmd.keys().is_empty()).collect();
        html! {
            <section class="shortcut-group" key={(t.scope)(scope)}>
                <h3>{ (t.scope)(scope) }</h3>
                <dl>
                    { for rows.into_iter().map(|cmd| html! {
                        <div><dt>{ (t.command)(*cmd) }</dt><dd><Keys cmd={*cmd} spelled=true /></dd></div>
                    }) }
                </dl>
            </section>
        }
    };
    html! {
        <Dialog open={props.open} title={t.frame.shortcuts} onclose={props.onclose.clone()} wide=true reading=true>
            <div class="shortcuts">{ for SCOPES.into_iter().map(group) }</div>
        </Dialog>
    }
}
