pub mod texts;

use yew::prelude::*;

#[component]
pub fn PersonasScreen() -> Html {
    Html::default()
}
