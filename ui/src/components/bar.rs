use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct BarProps {
    /// The name of the screen or of what it shows; empty if `lead` says it.
    #[prop_or_default]
    pub title: AttrValue,
    /// Beside the title: a state.
    #[prop_or_default]
    pub beside: Html,
    /// Below the title.
    #[prop_or_default]
    pub sub: Html,
    /// Instead of the title.
    #[prop_or_default]
    pub lead: Html,
    /// Actions on the right.
    #[prop_or_default]
    pub children: Html,
}

/// The header of a screen.
#[component]
pub fn Bar(props: &BarProps) -> Html {
    let has_sub = props.sub != Html::default();
    html! {
        <header class="bar">
            <div class="bar-lead">
                if props.title.is_empty() {
                    { props.lead.clone() }
                } else {
                    <div class="row">
                        <h1 id="screen-title" tabindex="-1"><bdi>{ props.title.clone() }</bdi></h1>
                        { props.beside.clone() }
                    </div>
                }
                if has_sub {
                    <div class="bar-sub">{ props.sub.clone() }</div>
                }
            </div>
            <div class="bar-actions">{ props.children.clone() }</div>
        </header>
    }
}
