use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

use super::{Glyph, Icon};

#[derive(Clone, PartialEq)]
pub struct MenuItem {
    pub text: AttrValue,
    pub icon: Option<Icon>,
    pub run: Callback<()>,
    /// Some menus choose: the chosen entry carries a mark.
    pub checked: Option<bool>,
    /// Shown in the colour of warnings.
    pub danger: bool,
    /// Drawn before the text instead of an icon.
    pub mark: Html,
}

impl MenuItem {
    pub fn new(text: impl Into<AttrValue>, run: impl Fn() + 'static) -> Self {
        Self {
            text: text.into(),
            icon: None,
            run: Callback::from(move |()| run()),
            checked: None,
            danger: false,
            mark: Html::default(),
        }
    }

    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    pub fn mark(mut self, mark: Html) -> Self {
        self.mark = mark;
        self
    }

    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// What the menu is about.
    pub label: AttrValue,
    /// What the button shows.
    pub trigger: Html,
    pub items: Vec<MenuItem>,
    /// Classes of the button.
    #[prop_or(classes!("btn"))]
    pub class: Classes,
    /// Choosing keeps it open: several may be chosen.
    #[prop_or_default]
    pub many: bool,
    /// Opens to the left of the button's right edge.
    #[prop_or_default]
    pub end: bool,
}

/// A button that opens a list of actions or choices. Arrow keys move, letters jump, Escape closes.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    {
        let root = root.clone();
        use_effect_with(*open, move |open| {
            if *open {
                step(&root, Step::First);
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                button.focus().ok();
            }
        })
    };
    let onkeydown = {
        let (open, root, close) = (open.clone(), root.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if !*open {
                if event.key() == "ArrowDown" {
                    event.prevent_default();
                    event.stop_propagation();
                    open.set(true);
                }
                return;
            }
            let key = event.key();
            let to = match key.as_str() {
                "ArrowDown" => Step::Next,
                "ArrowUp" => Step::Previous,
                "Home" => Step::First,
                "End" => Step::Last,
                "Escape" => {
                    event.prevent_default();
                    event.stop_propagation();
                    close.emit(());
                    return;
                }
                "Tab" => {
                    open.set(false);
                    return;
                }
                single if single.chars().count() == 1 && single != " " => Step::Letter(single.to_lowercase()),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            step(&root, to);
        })
    };
    let onfocusout = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |event: FocusEvent| {
            let inside = event
                .related_target()
                .and_then(|target| target.dyn_into::<Node>().ok())
                .is_some_and(|target| root.get().is_some_and(|root| root.contains(Some(&target))));
            // without a new target the window itself lost the focus, or a press on the menu's own ground
            if !inside && event.related_target().is_some() {
                open.set(false);
            }
        })
    };
    html! {
        <div class={classes!("menu", props.end.then_some("end"))} ref={root} {onkeydown} {onfocusout}>
            <button
                ref={button}
                type="button"
                class={props.class.clone()}
                aria-haspopup="menu"
                aria-expanded={if *open { "true" } else { "false" }}
                aria-label={props.label.clone()}
                title={props.label.clone()}
                onclick={toggle}
            >
                { props.trigger.clone() }
            </button>
            if *open {
                <div class="menu-veil" onclick={close.reform(|_: MouseEvent| ())}></div>
                <div class="menu-list" role="menu" aria-label={props.label.clone()}>
                    { for props.items.iter().map(|item| {
                        let onclick = {
                            let (run, close, many) = (item.run.clone(), close.clone(), props.many);
                            move |_: MouseEvent| {
                                if !many {
                                    close.emit(());
                                }
                                run.emit(());
                            }
                        };
                        let (role, checked) = match item.checked {
                            Some(on) => ("menuitemcheckbox", Some(if on { "true" } else { "false" })),
                            None => ("menuitem", None),
                        };
                        html! {
                            <button type="button" {role} aria-checked={checked} tabindex="-1" class={classes!("menu-item", item.danger.then_some("danger"))} {onclick}>
                                if let Some(icon) = item.icon {
                                    <Glyph {icon} />
                                }
                                { item.mark.clone() }
                                <span class="cut grow">{ item.text.clone() }</span>
                                if item.checked == Some(true) {
                                    <Glyph icon={Icon::Check} />
                                }
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}

enum Step {
    First,
    Last,
    Next,
    Previous,
    Letter(String),
}

/// Moves the focus among the entries.
fn step(root: &NodeRef, to: Step) {
    let Some(root) = root.cast::<Element>() else { return };
    let Ok(found) = root.query_selector_all("[role^=menuitem]") else { return };
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = crate::platform::document().and_then(|document| document.active_element());
    let at = items.iter().position(|item| active.as_ref().is_some_and(|active| active == item.as_ref() as &Element));
    let count = items.len();
    let target = match to {
        Step::First => 0,
        Step::Last => count.saturating_sub(1),
        Step::Next => at.map_or(0, |at| (at + 1) % count.max(1)),
        Step::Previous => at.map_or(0, |at| (at + count.saturating_sub(1)) % count.max(1)),
        Step::Letter(letter) => {
            let from = at.map_or(0, |at| at + 1);
            let begins = |index: &usize| {
                items
                    .get(*index)
                    .and_then(|item| item.text_content())
                    .is_some_and(|text| text.trim().to_lowercase().starts_with(&letter))
            };
            match (from..count).chain(0..from).find(begins) {
                Some(index) => index,
                None => return,
            }
        }
    };
    if let Some(item) = items.get(target) {
        item.focus().ok();
    }
}
