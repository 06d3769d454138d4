//! What opens over every screen. The palette is not among them: whoever calls it goes on typing, so it is there from the beginning.

use yew::prelude::*;

use super::shortcuts::Shortcuts;
use crate::screens::export::ExportDialog;
use crate::screens::import::ImportDialog;
use crate::screens::library::AddDialog;
use crate::screens::queues::QueuesDialog;
use crate::screens::series::SeriesDialog;
use crate::screens::snippets::{SnippetsDialog, TemplateFinder};
use crate::screens::team::invitation::Invitation;
use crate::screens::team::{JoinDialog, SyncDialog};

/// Whether one of them is open, and how it is opened and closed.
#[derive(Clone, PartialEq)]
pub struct Door {
    pub is_open: bool,
    pub open: Callback<()>,
    pub close: Callback<()>,
}

#[hook]
pub fn use_door() -> Door {
    let is_open = use_state_eq(|| false);
    let open = use_callback(is_open.setter(), |(), is_open| is_open.set(true));
    let close = use_callback(is_open.setter(), |(), is_open| is_open.set(false));
    Door { is_open: *is_open, open, close }
}

#[derive(Properties, Clone, PartialEq)]
pub struct DialogsProps {
    pub shortcuts: Door,
    pub import: Door,
    pub export: Door,
    pub series: Door,
    pub queues: Door,
    pub snippets: Door,
    pub template: Door,
    pub sync: Door,
    /// An invitation that was followed by its link.
    pub invitation: Option<Invitation>,
    pub on_invitation_over: Callback<()>,
}

impl DialogsProps {
    pub fn any_is_open(&self) -> bool {
        let Self { shortcuts, import, export, series, queues, snippets, template, sync, invitation, .. } = self;
        let doors = [shortcuts, import, export, series, queues, snippets, template, sync];
        invitation.is_some() || doors.iter().any(|door| door.is_open)
    }
}

#[component]
pub fn Dialogs(props: &DialogsProps) -> Html {
    let DialogsProps {
        shortcuts,
        import,
        export,
        series,
        queues,
        snippets,
        template,
        sync,
        invitation,
        on_invitation_over,
    } = props.clone();
    html! {
        <>
            <ExportDialog open={export.is_open} onclose={export.close} />
            <SeriesDialog open={series.is_open} onclose={series.close} />
            <QueuesDialog open={queues.is_open} onclose={queues.close} />
            <SnippetsDialog open={snippets.is_open} onclose={snippets.close} />
            <TemplateFinder open={template.is_open} onclose={template.close} onmanage={snippets.open} />
            <ImportDialog open={import.is_open} onclose={import.close} />
            <SyncDialog open={sync.is_open} onclose={sync.close} />
            if let Some(invitation) = invitation { <JoinDialog {invitation} onclose={on_invitation_over} /> }
            <AddDialog />
            <Shortcuts open={shortcuts.is_open} onclose={shortcuts.close} />
        </>
    }
}
