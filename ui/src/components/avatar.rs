use domain::account::Account;
use domain::network::Network;
use domain::people::PersonaColor;
use unicode_segmentation::UnicodeSegmentation;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    pub name: AttrValue,
    #[prop_or_default]
    pub network: Option<Network>,
    #[prop_or_default]
    pub color: Option<PersonaColor>,
    #[prop_or_default]
    pub large: bool,
}

/// The first letter of a name on a coloured ground: nothing is loaded from a network to draw a face.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let letter = initial(&props.name);
    let ground = match (props.color, props.network) {
        (Some(color), _) => format!("persona-{}", color.wire()),
        (None, Some(network)) => format!("network-{}", network.wire()),
        (None, None) => "plain".to_owned(),
    };
    html! {
        <span class={classes!("av", ground, props.large.then_some("large"))} aria-hidden="true">{ letter }</span>
    }
}

/// The first letter or digit as people see it, so that an emoji of several code points stays whole.
fn initial(name: &str) -> String {
    let mut letters = name.graphemes(true);
    let first = letters.clone().find(|letter| letter.chars().any(char::is_alphanumeric));
    first.or_else(|| letters.next()).unwrap_or("·").to_uppercase()
}

#[derive(Properties, PartialEq)]
pub struct DotProps {
    pub color: PersonaColor,
}

/// The colour of a persona. Its name is always beside it.
#[component]
pub fn Dot(props: &DotProps) -> Html {
    html! { <span class={classes!("dot", format!("persona-{}", props.color.wire()))} aria-hidden="true"></span> }
}

#[derive(Properties, PartialEq)]
pub struct AccountChipProps {
    pub account: Account,
    #[prop_or_default]
    pub on: bool,
    /// A word behind the network's name: "own text".
    #[prop_or_default]
    pub note: Option<AttrValue>,
    /// Without it the chip only shows.
    #[prop_or_default]
    pub onclick: Option<Callback<MouseEvent>>,
}

/// An account to be chosen or named.
#[component]
pub fn AccountChip(props: &AccountChipProps) -> Html {
    let account = &props.account;
    let name = account.full_handle();
    let network = match &props.note {
        Some(note) => format!("{} · {note}", account.network.name()),
        None => account.network.name().to_owned(),
    };
    let inner = html! {
        <>
            <Avatar name={account.profile.display_name.clone()} network={account.network} />
            <bdi dir="ltr" class="cut">{ name }</bdi>
            <span class="net">{ network }</span>
        </>
    };
    let class = classes!("chip", props.on.then_some("on"));
    match &props.onclick {
        Some(onclick) => html! {
            <button type="button" {class} onclick={onclick.clone()} aria-pressed={if props.on { "true" } else { "false" }}>
                { inner }
            </button>
        },
        None => html! { <span {class}>{ inner }</span> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_initial_is_a_whole_letter() {
        assert_eq!(initial("ada.example"), "A");
        assert_eq!(initial("@ben"), "B");
        assert_eq!(initial("👩‍🍳 Ines"), "I");
        assert_eq!(initial("👩‍🍳"), "👩‍🍳");
        assert_eq!(initial("שלום"), "ש");
        assert_eq!(initial(""), "·");
    }
}
