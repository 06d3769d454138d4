use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::use_rem;
use crate::platform::set_property;
use crate::state::rows::Layout;

/// Rows drawn beyond each edge, so that a quick scroll shows no gap.
const AROUND: usize = 8;
/// A heading that stays, in `rem`; the styles say the same.
const STICKY: f64 = 2.5;

#[derive(Properties, PartialEq)]
pub struct VirtualListProps {
    pub layout: Rc<Layout>,
    /// Draws one row, which has the height that the layout says. Give it `role="listitem"` or the like.
    pub row: Callback<usize, Html>,
    /// This row is brought into view when the list appears, and each time that `sight` changes.
    #[prop_or_default]
    pub reveal: Option<usize>,
    #[prop_or_default]
    pub sight: u32,
    /// Called after rows were drawn.
    #[prop_or_default]
    pub drawn: Callback<()>,
    /// The first row when the list appears.
    #[prop_or_default]
    pub start: Option<usize>,
    /// Stays at the top while its rows pass below: drawn for the first row in sight.
    #[prop_or_default]
    pub sticky: Option<Callback<usize, Html>>,
    pub label: AttrValue,
    #[prop_or_default]
    pub class: Classes,
}

/// A list of any length: only the rows in sight exist.
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let node = use_node_ref();
    let inner = use_node_ref();
    // scroll position and height of the area, in pixels
    let area = use_state_eq(|| (0.0_f64, 800.0_f64));
    let measure = {
        let (node, area) = (node.clone(), area.setter());
        Callback::from(move |()| {
            if let Some(element) = node.cast::<Element>() {
                area.set((f64::from(element.scroll_top()), f64::from(element.client_height())));
            }
        })
    };
    {
        let (node, measure) = (node.clone(), measure.clone());
        use_effect_with((), move |()| {
            measure.emit(());
            let on_resize = Closure::<dyn Fn()>::new(move || measure.emit(()));
            let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, node.cast::<Element>()) {
                observer.observe(&element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(on_resize);
            }
        });
    }
    let (scroll, view) = *area;
    let window = props.layout.window(scroll, view, AROUND);
    {
        let inner = inner.clone();
        let (height, top) = (props.layout.height(), props.layout.top(window.start));
        use_effect_with((height.to_bits(), top.to_bits()), move |_| {
            if let Some(element) = inner.cast::<Element>() {
                set_property(&element, "--list-height", &format!("{height}px"));
                set_property(&element, "--list-top", &format!("{top}px"));
            }
        });
    }
    {
        let (node, layout) = (node.clone(), props.layout.clone());
        use_effect_with(props.start, move |start| {
            if let (Some(start), Some(element)) = (start, node.cast::<HtmlElement>()) {
                #[expect(clippy::cast_possible_truncation, reason = "pixels of a list fit")]
                element.set_scroll_top(layout.top(*start) as i32);
            }
        });
    }
    let rem = use_rem();
    let covered = if props.sticky.is_some() { STICKY * rem } else { 0.0 };
    {
        let (node, layout, measure) = (node.clone(), props.layout.clone(), measure.clone());
        let revealed = use_mut_ref(|| props.reveal.is_none().then_some(props.sight));
        use_effect_with((props.reveal, props.sight), move |(reveal, sight)| {
            let (Some(row), true) = (reveal, *revealed.borrow() != Some(*sight)) else { return };
            *revealed.borrow_mut() = Some(*sight);
            let Some(element) = node.cast::<HtmlElement>() else { return };
            let (scroll, view) = (f64::from(element.scroll_top()), f64::from(element.client_height()));
            if let Some(target) = layout.reveal(*row, scroll, view, covered) {
                #[expect(clippy::cast_possible_truncation, reason = "pixels of a list fit")]
                element.set_scroll_top(target as i32);
                // at once, so that the row is there for what comes next
                measure.emit(());
            }
        });
    }
    {
        let drawn = props.drawn.clone();
        use_effect(move || drawn.emit(()));
    }
    let first = props.layout.window(scroll, 1.0, 0).start;
    let sticky = props.sticky.as_ref().filter(|_| scroll > 0.0).map(|draw| draw.emit(first));
    let onscroll = measure.reform(|_: Event| ());
    html! {
        <div class={classes!("vlist", props.class.clone())} ref={node} {onscroll} tabindex="0" role="region" aria-label={props.label.clone()}>
            if let Some(sticky) = sticky {
                <div class="vlist-sticky" aria-hidden="true">{ sticky }</div>
            }
            <div class="vlist-space" ref={inner}>
                <div class="vlist-rows">
                    { for window.map(|row| props.row.emit(row)) }
                </div>
            </div>
        </div>
    }
}
