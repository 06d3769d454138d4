//! Team: in the own profile the servers and organisations of this computer; in an organisation its members, invitations and devices.

mod attention;
mod away;
pub mod chains;
mod devices;
mod found;
pub mod invitation;
mod invitations;
mod invite;
mod join;
mod leave;
mod members;
mod organisation;
mod own;
mod rename;
mod role_fields;
mod servers;
mod sign_in;
mod sign_in_dialog;
mod standing;
mod sync;
pub mod texts;

use contract::teams::GetTeam;
use yew::prelude::*;

pub use self::attention::AttentionCard;
pub use self::join::JoinDialog;
use self::organisation::Organisation;
use self::own::Own;
pub use self::standing::standing;
pub use self::sync::SyncDialog;
use crate::backend::use_query;
use crate::components::{Bar, Empty, Icon, Skeleton, view};
use crate::frame::context::{use_frame, use_program};

#[component]
pub fn TeamScreen() -> Html {
    let (texts, _, _) = use_frame();
    let program = use_program();
    let team = use_query(GetTeam {});
    let title = texts.team.title;
    if program.sample {
        return html! {
            <>
                <Bar {title} />
                <Empty icon={Icon::Team} title={(texts.error_title)(contract::Code::SampleOnly)} text={texts.team.what} />
            </>
        };
    }
    match &team.data {
        Some(data) => match &**data {
            Some(team) => html! { <Organisation team={team.clone()} /> },
            None => html! { <Own /> },
        },
        None => {
            let skeleton = html! { <Skeleton rows=5 /> };
            html! { <><Bar {title} /><div class="team">{ view(&team, skeleton, |_| Html::default()) }</div></> }
        }
    }
}

/// `teams.example.org` of `https://teams.example.org`: how people name a server.
pub fn host(server: &str) -> &str {
    server.split_once("://").map_or(server, |(_, host)| host)
}
