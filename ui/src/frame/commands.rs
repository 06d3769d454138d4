//! The commands that run on every screen.

use contract::program::{ChangeSettings, ExportAll, Language, LeaveSample, OpenSample, Publishing, Settings, Theme};
use contract::publishing::SetPublishing;
use contract::teams::SyncNow;
use contract::vault::VaultState;
use domain::id::OrganisationId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::context::{Bound, Toaster, use_commands, use_program, use_toaster};
use super::switcher;
use super::team::{leave_for, open_team, use_has_chains, use_team, use_teams};
use crate::backend::call;
use crate::i18n::{Texts, use_texts};
use crate::platform;
use crate::route::{Route, use_go};
use crate::state::keys::Cmd;

/// One way to set something: what it sets, its command, and the change.
type Choice<T> = (T, Cmd, fn(&mut Settings));

/// Opens and closes what belongs to the frame itself.
#[derive(Clone, PartialEq)]
pub struct FrameActions {
    pub palette: Callback<()>,
    pub shortcuts: Callback<()>,
    pub sidebar: Callback<()>,
    pub import: Callback<()>,
    pub export: Callback<()>,
    pub series: Callback<()>,
    pub queues: Callback<()>,
    pub snippets: Callback<()>,
    pub template: Callback<()>,
    pub sync: Callback<()>,
    /// Undo and redo.
    pub stepping: [Bound; 2],
}

#[hook]
pub fn use_frame_commands(actions: FrameActions) {
    let t = use_texts();
    let toaster = use_toaster();
    let program = use_program();
    let go = use_go();
    // the sample is opened beside the own profile
    let in_own_profile = use_team().is_none();
    let has_chains = use_has_chains();
    let to = |cmd: Cmd, route: Route| {
        let go = go.clone();
        Bound::new(cmd, move || go.emit(route))
    };
    let set = |cmd: Cmd, change: fn(&mut Settings)| {
        let (toaster, mut settings) = (toaster.clone(), program.settings.clone());
        change(&mut settings);
        Bound::new(cmd, move || toaster.run_quietly(ChangeSettings { settings: settings.clone() }))
    };
    let mut bound = vec![
        Bound { cmd: Cmd::Palette, run: actions.palette, title: None },
        to(Cmd::NewPost, Route::Compose),
        to(Cmd::GoToday, Route::Today),
        to(Cmd::GoCompose, Route::Compose),
        to(Cmd::GoCalendar, Route::Calendar),
        to(Cmd::GoIdeas, Route::Ideas),
        to(Cmd::GoLibrary, Route::Library),
        to(Cmd::GoAccounts, Route::Accounts),
        to(Cmd::GoPersonas, Route::Personas),
        to(Cmd::GoTeam, Route::Team),
        to(Cmd::GoSettings, Route::Settings),
        Bound { cmd: Cmd::Shortcuts, run: actions.shortcuts, title: None },
        Bound { cmd: Cmd::ImportPosts, run: actions.import, title: None },
        Bound { cmd: Cmd::ExportPosts, run: actions.export, title: None },
        Bound { cmd: Cmd::ShowSeries, run: actions.series, title: None },
        Bound { cmd: Cmd::ShowQueues, run: actions.queues, title: None },
        Bound { cmd: Cmd::ShowSnippets, run: actions.snippets, title: None },
        Bound { cmd: Cmd::NewFromTemplate, run: actions.template, title: None },
        Bound { cmd: Cmd::ToggleSidebar, run: actions.sidebar, title: None },
    ];
    let themes: [Choice<Theme>; 3] = [
        (Theme::Light, Cmd::ThemeLight, |settings| settings.theme = Theme::Light),
        (Theme::Dark, Cmd::ThemeDark, |settings| settings.theme = Theme::Dark),
        (Theme::System, Cmd::ThemeSystem, |settings| settings.theme = Theme::System),
    ];
    bound.extend(
        themes
            .into_iter()
            .filter(|(theme, ..)| *theme != program.settings.theme)
            .map(|(_, cmd, change)| set(cmd, change)),
    );
    let languages: [Choice<Language>; 2] = [
        (Language::English, Cmd::LanguageEnglish, |settings| settings.language = Language::English),
        (Language::German, Cmd::LanguageGerman, |settings| settings.language = Language::German),
    ];
    bound.extend(
        languages
            .into_iter()
            .filter(|(language, ..)| *language != program.settings.language)
            .map(|(_, cmd, change)| set(cmd, change)),
    );
    match program.publishing {
        Publishing::Running => {
            let (toaster, text) = (toaster.clone(), t.frame.paused_now);
            bound.push(Bound::new(Cmd::PausePublishing, move || toaster.run(SetPublishing { paused: true }, text)));
        }
        Publishing::Paused { .. } | Publishing::ClockJumped { .. } => {
            let (toaster, text) = (toaster.clone(), t.frame.resumed_now);
            bound.push(Bound::new(Cmd::ResumePublishing, move || toaster.run(SetPublishing { paused: false }, text)));
        }
        Publishing::Elsewhere | Publishing::Sample => {}
    }
    if program.sample {
        let (toaster, go) = (toaster.clone(), go.clone());
        bound.push(Bound::new(Cmd::LeaveSample, move || leave_sample(&toaster, &go, false)));
    } else if in_own_profile {
        let (toaster, go) = (toaster.clone(), go.clone());
        bound.push(Bound::new(Cmd::OpenSample, move || open_sample(&toaster, &go)));
    }
    if !matches!(program.vault, VaultState::Open | VaultState::Sample) {
        bound.push(to(Cmd::OpenVault, Route::Vault));
    }
    bound.extend(has_chains.then(|| to(Cmd::GoApprovals, Route::Approvals)));
    bound.extend(use_profiles(program.sample, actions.sync));
    bound.push(Bound::new(Cmd::ExportAll, move || export(&toaster, t)));
    bound.extend(actions.stepping);
    use_commands(bound);
}

/// The other profiles of this computer, by their names, and what an open organisation has besides.
#[hook]
fn use_profiles(sample: bool, sync: Callback<()>) -> Vec<Bound> {
    let t = use_texts();
    let toaster = use_toaster();
    let go = use_go();
    let Some(teams) = use_teams().filter(|_| !sample) else { return Vec::new() };
    let mut bound = vec![Bound::new(Cmd::SwitchProfile, || platform::click(switcher::BUTTON))];
    let mut offer = |organisation: Option<OrganisationId>, title: String, name: String| {
        let (toaster, go) = (toaster.clone(), go.clone());
        let open = Bound::new(Cmd::OpenProfile, move || open_team(organisation, &name, &toaster, &go));
        bound.push(open.titled(title));
    };
    if teams.open.is_some() {
        offer(None, t.team.own_profile_open.to_owned(), t.team.own.to_owned());
    }
    for team in teams.teams.iter().filter(|team| Some(team.organisation) != teams.open) {
        offer(Some(team.organisation), (t.team.open_named)(&team.name), team.name.clone());
    }
    if teams.open.is_some() {
        bound.push(Bound { cmd: Cmd::ShowSync, run: sync, title: None });
        bound.push(Bound::new(Cmd::SyncNow, move || toaster.run_quietly(SyncNow {})));
    }
    bound
}

/// Opens the sample profile and shows its Today.
pub fn open_sample(toaster: &Toaster, go: &Callback<Route>) {
    leave_for(OpenSample {}, "", toaster, go);
}

/// Goes back to the own profile.
pub fn leave_sample(toaster: &Toaster, go: &Callback<Route>, delete: bool) {
    leave_for(LeaveSample { delete }, "", toaster, go);
}

/// Writes everything to a file and says where.
pub fn export(toaster: &Toaster, t: &'static Texts) {
    let toaster = toaster.clone();
    spawn_local(async move {
        match call(ExportAll {}).await {
            Ok(exported) => toaster.say((t.frame.exported)(exported.posts, &exported.path)),
            Err(error) => toaster.fail(&error),
        }
    });
}
