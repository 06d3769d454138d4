use contract::program::{Language, Theme};
use yew::prelude::*;

use crate::components::Segmented;
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct ThemeChoiceProps {
    pub value: Theme,
    pub onchange: Callback<Theme>,
}

/// Light, dark, or as the system says.
#[component]
pub fn ThemeChoice(props: &ThemeChoiceProps) -> Html {
    let t = use_texts();
    let key = |theme: Theme| match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let options = [
        (Theme::System, t.settings.theme_system),
        (Theme::Light, t.settings.theme_light),
        (Theme::Dark, t.settings.theme_dark),
    ]
    .map(|(theme, text)| (AttrValue::from(key(theme)), AttrValue::from(text)))
    .to_vec();
    let onchange = props.onchange.reform(|key: AttrValue| match key.as_str() {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    });
    html! { <Segmented label={t.settings.theme} {options} value={key(props.value)} {onchange} /> }
}

#[derive(Properties, PartialEq)]
pub struct LanguageChoiceProps {
    pub value: Language,
    pub onchange: Callback<Language>,
}

/// Each language by its own name, so that it is found by those who read no other.
#[component]
pub fn LanguageChoice(props: &LanguageChoiceProps) -> Html {
    let t = use_texts();
    let key = match props.value {
        Language::English => "english",
        Language::German => "german",
    };
    let options = vec![("english".into(), "English".into()), ("german".into(), "Deutsch".into())];
    let onchange =
        props.onchange.reform(|key: AttrValue| if key == "german" { Language::German } else { Language::English });
    html! { <Segmented label={t.settings.language} {options} value={key} {onchange} /> }
}
