use yew::prelude::*;

use crate::i18n::use_texts;
use crate::platform::is_mac;
use crate::state::keys::{Cmd, caps};

#[derive(Properties, PartialEq)]
pub struct KeysProps {
    pub cmd: Cmd,
    /// Also write "then" between the presses of a sequence.
    #[prop_or_default]
    pub spelled: bool,
}

/// The keys of a command as key caps; nothing for a command without keys.
#[component]
pub fn Keys(props: &KeysProps) -> Html {
    let t = use_texts();
    let mac = is_mac();
    let presses = props.cmd.keys();
    if presses.is_empty() {
        return Html::default();
    }
    html! {
        <span class="keys">
            { for presses.iter().enumerate().map(|(index, chord)| html! {
                <>
                    if index > 0 && props.spelled {
                        <span class="keys-then">{ t.frame.then }</span>
                    }
                    { for caps(chord, mac, t.frame.keys).into_iter().map(|cap| html! { <kbd>{ cap }</kbd> }) }
                </>
            }) }
        </span>
    }
}
