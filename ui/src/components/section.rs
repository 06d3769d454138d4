use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SectionProps {
    pub title: AttrValue,
    /// Beside the title: a count, a time.
    #[prop_or_default]
    pub note: Html,
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub class: Classes,
}

/// A part of a screen under its heading.
#[component]
pub fn Section(props: &SectionProps) -> Html {
    html! {
        <section class={classes!("section", props.class.clone())} aria-label={props.title.clone()}>
            <header class="sec"><h2>{ props.title.clone() }</h2><span>{ props.note.clone() }</span></header>
            { props.children.clone() }
        </section>
    }
}
