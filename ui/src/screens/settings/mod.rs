//! Settings: all on one page, each change saved at once.

mod change;
mod choices;
mod data;
mod person;
mod publishing;
mod servers;
pub mod texts;

use contract::program::Settings;
use contract::vault::VaultState;
use domain::people::Persona;
use yew::prelude::*;

use self::data::{About, Data, Sample};
use self::person::PersonName;
use self::publishing::PublishingSection;
use self::servers::Servers;
use crate::components::{Bar, Switch, To, ZonePicker};
use crate::frame::context::{use_frame, use_program};
use crate::frame::team::use_team;
use crate::platform;
use crate::route::Route;

pub use self::change::{Change, use_settings};
pub use self::choices::{LanguageChoice, ThemeChoice};

/// The longest name of a person; the same as a persona's.
const NAME_MAX: usize = Persona::NAME_MAX;

#[derive(Properties, PartialEq)]
pub struct PartProps {
    pub settings: Settings,
    pub change: Change,
}

#[component]
pub fn SettingsScreen() -> Html {
    let (t, ..) = use_frame();
    let (settings, change) = use_settings();
    let words = &t.settings;
    let team = use_team().is_some();
    let sections = [
        ("you", words.appearance),
        ("notifications", words.notifications),
        ("publishing", words.publishing),
        ("vault", words.vault),
        ("servers", words.servers),
        ("data", words.data),
        ("sample", words.sample),
        ("about", words.about),
    ];
    let jump = |id: &'static str| {
        Callback::from(move |event: MouseEvent| {
            // the address behind # is the route's
            event.prevent_default();
            platform::reveal_id(&format!("settings-{id}"));
        })
    };
    html! {
        <>
            <Bar title={t.frame.settings} sub={html! { if team { { t.team.settings_shared } } else { { words.saved } } }} />
            <div class="settings">
                <nav class="settings-nav" aria-label={words.sections}>
                    <ul>
                        { for sections.into_iter().filter(|(id, _)| !(team && *id == "sample")).map(|(id, name)| html! {
                            <li key={id}><a href={format!("#settings-{id}")} class="nav-link" onclick={jump(id)}>{ name }</a></li>
                        }) }
                    </ul>
                </nav>
                <div class="settings-column">
                    <Group id="you" title={words.appearance}><You settings={settings.clone()} change={change.clone()} /></Group>
                    <Group id="notifications" title={words.notifications}>
                        <Notifications settings={settings.clone()} change={change.clone()} />
                    </Group>
                    <Group id="publishing" title={words.publishing}>
                        <PublishingSection settings={settings.clone()} change={change.clone()} />
                    </Group>
                    <Group id="vault" title={words.vault}><Vault /></Group>
                    <Group id="servers" title={words.servers}><Servers {settings} {change} /></Group>
                    <Group id="data" title={words.data}><Data /></Group>
                    // it is opened beside the own profile
                    if !team { <Group id="sample" title={words.sample}><Sample /></Group> }
                    <Group id="about" title={words.about}><About /></Group>
                </div>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct GroupProps {
    id: &'static str,
    title: &'static str,
    children: Html,
}

#[component]
fn Group(props: &GroupProps) -> Html {
    let id = format!("settings-{}", props.id);
    html! {
        <section aria-labelledby={id.clone()}>
            <h2 {id} tabindex="-1">{ props.title }</h2>
            <div class="card settings-card">{ props.children.clone() }</div>
        </section>
    }
}

#[component]
fn You(props: &PartProps) -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let PartProps { settings, change } = props;
    let on_theme = {
        let change = change.clone();
        Callback::from(move |theme| change.set(move |settings| settings.theme = theme))
    };
    let on_language = {
        let change = change.clone();
        Callback::from(move |language| change.set(move |settings| settings.language = language))
    };
    let on_zone = {
        let change = change.clone();
        Callback::from(move |zone: AttrValue| change.set(move |settings| settings.zone = zone.to_string()))
    };
    // the zone of the program is the computer's own as long as none is chosen
    let own = if settings.zone.is_empty() { program.zone.clone() } else { platform::own_zone().unwrap_or_default() };
    html! {
        <>
            <div class="setting"><PersonName /></div>
            <div class="setting across"><span class="label" aria-hidden="true">{ t.settings.theme }</span><ThemeChoice value={settings.theme} onchange={on_theme} /></div>
            <div class="setting across"><span class="label" aria-hidden="true">{ t.settings.language }</span><LanguageChoice value={settings.language} onchange={on_language} /></div>
            <div class="setting field">
                <label for="settings-zone">{ t.settings.zone }</label>
                <ZonePicker id="settings-zone" value={settings.zone.clone()} onchange={on_zone} own={Some(AttrValue::from(own))} />
                <p class="hint">{ t.settings.zone_hint }</p>
            </div>
        </>
    }
}

#[component]
fn Notifications(props: &PartProps) -> Html {
    let (t, ..) = use_frame();
    let PartProps { settings, change } = props;
    let published = {
        let change = change.clone();
        Callback::from(move |on| change.set(move |settings| settings.notify_published = on))
    };
    let trouble = {
        let change = change.clone();
        Callback::from(move |on| change.set(move |settings| settings.notify_trouble = on))
    };
    html! {
        <>
            <div class="setting"><Switch id="notify-published" label={t.settings.notify_published} hint={t.settings.notify_published_hint} on={settings.notify_published} onchange={published} /></div>
            <div class="setting"><Switch id="notify-trouble" label={t.settings.notify_trouble} hint={t.settings.notify_trouble_hint} on={settings.notify_trouble} onchange={trouble} /></div>
        </>
    }
}

#[component]
fn Vault() -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let words = &t.settings;
    let (text, action) = match program.vault {
        VaultState::Open => (words.vault_open, None),
        VaultState::Sample => (words.vault_sample, None),
        VaultState::Unconfirmed => (words.vault_unconfirmed, Some(words.vault_confirm)),
        VaultState::Missing => (words.vault_missing, Some(words.vault_make)),
        _ => (words.vault_closed, Some(words.vault_go)),
    };
    html! {
        <>
            <div class="setting across">
                <p class="grow">{ text }</p>
                if let Some(action) = action {
                    <To route={Route::Vault} class="btn go">{ action }</To>
                }
            </div>
            <div class="setting"><p class="hint">{ t.vault.what }</p></div>
        </>
    }
}
