use contract::accounts::ListAccounts;
use domain::network::Network;
use domain::post::PostStatus;
use yew::prelude::*;

use super::event::letter;
use crate::backend::use_query;
use crate::components::{Dialog, StatusSign};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct LegendProps {
    pub open: bool,
    pub onclose: Callback<()>,
}

/// What the signs, colours and letters of the calendar mean.
#[component]
pub fn Legend(props: &LegendProps) -> Html {
    let (t, ..) = use_frame();
    let accounts = use_query(ListAccounts {});
    let accounts = accounts.data.as_deref().map(Vec::as_slice).unwrap_or_default();
    let used = |network: &Network| accounts.iter().any(|view| view.account.network == *network);
    html! {
        <Dialog open={props.open} title={t.calendar.legend} onclose={props.onclose.clone()} reading=true>
            <dl class="legend">
                { for PostStatus::ALL.into_iter().map(|status| html! {
                    <div key={status.wire()}>
                        <dt><StatusSign {status} />{ (t.status)(status) }</dt>
                        <dd>{ (t.calendar.meaning)(status) }</dd>
                    </div>
                }) }
                { for Network::ALL.into_iter().filter(used).map(|network| html! {
                    <div key={network.wire()}>
                        <dt><b class="legend-letter">{ letter(network) }</b>{ network.name() }</dt>
                        <dd>{ (t.calendar.goes_to)(network.name()) }</dd>
                    </div>
                }) }
            </dl>
        </Dialog>
    }
}
