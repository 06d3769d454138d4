pub mod texts;

use yew::prelude::*;

#[component]
pub fn TodayScreen() -> Html {
    Html::default()
}
