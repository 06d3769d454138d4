pub mod texts;

use yew::prelude::*;

#[component]
pub fn WelcomeScreen() -> Html {
    Html::default()
}
