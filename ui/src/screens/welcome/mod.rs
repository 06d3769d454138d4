//! The first start: who you are, the vault, and how to begin. Each step is stored when it is done, so stopping loses nothing.

mod begin;
pub mod texts;
mod you;

use contract::program::Program;
use contract::vault::VaultState;
use yew::prelude::*;

use self::begin::Begin;
use self::you::You;
use crate::components::{Button, Glyph, Icon, Look, use_focus_on_step};
use crate::frame::context::{use_frame, use_program};
use crate::screens::vault::VaultBody;

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    You,
    Vault,
    Begin,
}

impl Step {
    const ALL: [Self; 3] = [Self::You, Self::Vault, Self::Begin];

    /// Where someone goes on who stopped in between.
    fn first_open(program: &Program) -> Self {
        if program.person.trim().is_empty() {
            Self::You
        } else if program.vault == VaultState::Open || program.vault == VaultState::Sample {
            Self::Begin
        } else {
            Self::Vault
        }
    }
}

#[component]
pub fn WelcomeScreen() -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let step = use_state_eq(|| Step::first_open(&program));
    let go = |to: Step| {
        let step = step.setter();
        Callback::from(move |()| step.set(to))
    };
    let body = match *step {
        Step::You => html! { <You ondone={go(Step::Vault)} /> },
        Step::Vault => html! { <VaultStep vault={program.vault} ondone={go(Step::Begin)} onback={go(Step::You)} /> },
        Step::Begin => html! { <Begin onvault={go(Step::Vault)} /> },
    };
    let area = use_node_ref();
    use_focus_on_step(area.clone(), *step);
    let at = Step::ALL.iter().position(|other| *other == *step).unwrap_or(0);
    html! {
        <main class="welcome" id="screen" tabindex="-1">
            <div class="welcome-column" ref={area}>
                <header class="welcome-head">
                    <span class="welcome-mark"><Glyph icon={Icon::Send} /></span>
                    <ol class="welcome-steps" aria-label={(t.welcome.step_of)(at + 1, Step::ALL.len())}>
                        { for t.welcome.steps.iter().enumerate().map(|(index, name)| {
                            let class = if index < at { "done" } else if index == at { "now" } else { "" };
                            html! {
                                <li {class} key={*name} aria-current={(index == at).then_some("step")}>
                                    <i aria-hidden="true">if index < at { <Glyph icon={Icon::Check} /> } else { { index + 1 } }</i>{ *name }
                                </li>
                            }
                        }) }
                    </ol>
                </header>
                { body }
            </div>
        </main>
    }
}

#[derive(Properties, PartialEq)]
struct VaultStepProps {
    vault: VaultState,
    ondone: Callback<()>,
    onback: Callback<()>,
}

#[component]
fn VaultStep(props: &VaultStepProps) -> Html {
    let (t, ..) = use_frame();
    html! {
        <section class="welcome-card card">
            <h1 class="visually-hidden">{ t.vault.title }</h1>
            <VaultBody ondone={props.ondone.clone()} />
            <footer class="welcome-foot">
                <Button look={Look::Quiet} icon={Icon::Left} onclick={props.onback.reform(|_| ())}>{ t.frame.back }</Button>
                <span class="grow"></span>
                if props.vault == VaultState::Open {
                    <Button look={Look::Go} onclick={props.ondone.reform(|_| ())}>{ t.frame.next }</Button>
                } else {
                    <Button look={Look::Quiet} onclick={props.ondone.reform(|_| ())}>{ t.welcome.vault_later }</Button>
                }
            </footer>
        </section>
    }
}
