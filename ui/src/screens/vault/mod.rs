pub mod texts;

use yew::prelude::*;

#[component]
pub fn VaultScreen() -> Html {
    Html::default()
}
