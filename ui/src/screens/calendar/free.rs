use contract::queues::FreeSlot;
use yew::prelude::*;

use crate::components::{Glyph, Icon};
use crate::frame::context::use_frame;
use crate::route::{Route, use_go};
use crate::screens::compose::{Wish, wish};

#[derive(Properties, PartialEq)]
pub struct FreeProps {
    pub slot: FreeSlot,
    /// Two lines instead of one.
    #[prop_or_default]
    pub tall: bool,
}

/// A time of a queue that waits for a post: pressing it begins one. The keys go from post to post, so Tab does not stop here; they
/// have the next free time in Compose.
#[component]
pub fn Free(props: &FreeProps) -> Html {
    let (t, clock, _) = use_frame();
    let go = use_go();
    let slot = &props.slot;
    let time = clock.time(slot.at);
    let label = (t.queues.free)(&slot.name, &time);
    let onclick = {
        let slot = slot.clone();
        Callback::from(move |_: MouseEvent| {
            wish(Wish { when: slot.when.clone(), persona: slot.persona, accounts: slot.accounts.clone() });
            go.emit(Route::Compose);
        })
    };
    html! {
        <button type="button" class={classes!("ev", "free", props.tall.then_some("tall"))} tabindex="-1" title={label} {onclick}>
            <span class="ev-when"><Glyph icon={Icon::Plus} /><time>{ time }</time></span>
            <bdi class="ev-title cut">{ &slot.name }</bdi>
        </button>
    }
}
