pub mod texts;

use yew::prelude::*;

#[component]
pub fn AccountsScreen() -> Html {
    Html::default()
}
