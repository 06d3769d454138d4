use jiff::Timestamp;
use yew::prelude::*;

use crate::frame::context::use_clock;

#[derive(Properties, PartialEq)]
pub struct WhenProps {
    pub at: Timestamp,
    /// The post's own zone: shown when its clock differs from the viewer's.
    #[prop_or_default]
    pub zone: Option<AttrValue>,
    /// "Sat 09:40, in 6 days" instead of "Sat 09:40".
    #[prop_or_default]
    pub both: bool,
    #[prop_or_default]
    pub class: Classes,
}

/// A moment in the viewer's zone. The full date is its title.
#[component]
pub fn When(props: &WhenProps) -> Html {
    let clock = use_clock();
    let shown = if props.both { clock.both(props.at) } else { clock.moment(props.at) };
    let theirs = props.zone.as_ref().and_then(|zone| clock.elsewhere(props.at, zone));
    let title = format!("{}, {} ({})", clock.full(props.at), clock.relative(props.at), clock.zone_name);
    html! {
        <time class={props.class.clone()} datetime={props.at.to_string()} {title}>
            { shown }
            if let Some(theirs) = theirs {
                <span class="muted">{ format!(" · {theirs}") }</span>
            }
        </time>
    }
}
