//! What the window asks of the browser it runs in.

use contract::program::Theme;
use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo_timers::callback::Timeout;
use jiff::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, Event, FocusOptions, HtmlAnchorElement, HtmlDialogElement, HtmlElement, KeyboardEvent,
    MediaQueryList, ScrollIntoViewOptions, ScrollLogicalPosition, Window,
};

use crate::state::keys::Press;

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// Milliseconds of the wall clock.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// The wall clock of this computer.
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let milliseconds = now_ms() as i64;
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The platform's main modifier is Cmd.
pub fn is_mac() -> bool {
    window().and_then(|window| window.navigator().platform().ok()).is_some_and(|name| name.starts_with("Mac"))
}

/// What this window keeps of its last fault: what it says, and when it came, in milliseconds of the wall clock.
const FAULT: &str = "fault";
const FAULT_AT: &str = "fault-at";
/// The one that a person was told of.
const FAULT_TOLD: &str = "fault-told";
/// One that comes back sooner than this is not helped by loading the page anew.
const FAULTS_APART_MS: f64 = 10_000.0;

/// A fault of the interface leaves a page behind that nothing moves any more. It is loaded anew: every text was stored as it
/// was typed.
pub fn mend_faults() {
    // a hook that Yew does not know of would be replaced by its own
    yew::set_custom_panic_hook(Box::new(|fault| {
        let last = recall(FAULT_AT).and_then(|at| at.parse().ok()).unwrap_or(0.0);
        remember(FAULT, &fault.to_string());
        remember(FAULT_AT, &now_ms().to_string());
        if (now_ms() - last).abs() > FAULTS_APART_MS
            && let Some(window) = window()
        {
            window.location().reload().ok();
        }
    }));
}

/// What the last fault said, if it was not told yet.
pub fn fault_to_tell() -> Option<String> {
    let at = recall(FAULT_AT).filter(|at| recall(FAULT_TOLD).as_ref() != Some(at))?;
    remember(FAULT_TOLD, &at);
    recall(FAULT)
}

/// Light, dark, or as the system says: `data-theme` on the document is what is drawn.
pub fn show_theme(theme: Theme) {
    let dark = match theme {
        Theme::System => dark_query().is_some_and(|query| query.matches()),
        Theme::Light => false,
        Theme::Dark => true,
    };
    if let Some(root) = document().and_then(|document| document.document_element()) {
        root.set_attribute("data-theme", if dark { "dark" } else { "light" }).ok();
    }
}

/// Whether the system asks for dark, and tells when that changes.
pub fn dark_query() -> Option<MediaQueryList> {
    window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// Pixels of one `rem`: the size of text that this person chose.
pub fn rem() -> f64 {
    let of_root = || {
        let root = document()?.document_element()?;
        let size = window()?.get_computed_style(&root).ok()??.get_property_value("font-size").ok()?;
        size.strip_suffix("px")?.parse().ok()
    };
    of_root().unwrap_or(16.0)
}

pub fn window_width() -> f64 {
    window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or(0.0)
}

/// Notes the time at which something was drawn (w3.org/TR/user-timing).
pub fn mark(name: &str) {
    if let Some(performance) = window().and_then(|window| window.performance()) {
        performance.mark(name).ok();
    }
}

pub fn show_language(code: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        root.set_attribute("lang", code).ok();
    }
}

pub fn show_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets a CSS custom property. Inline `style` attributes are blocked by the security policy; this way is not.
pub fn set_property(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        element.style().set_property(name, value).ok();
    }
}

/// Puts the focus on an element.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        element.focus().ok();
    }
}

/// Puts the focus on an element and leaves the page scrolled as it is.
pub fn focus_in_place(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        element.focus_with_options(&options).ok();
    }
}

/// What has the focus; `None` if it fell out of the page.
pub fn focused() -> Option<Element> {
    let document = document()?;
    let body = document.body().map(Element::from);
    document.active_element().filter(|active| Some(active) != body.as_ref())
}

/// Whether the focus fell out of the page.
pub fn nothing_has_the_focus() -> bool {
    focused().is_none()
}

/// Gives the focus back to what had it before, or to what was drawn in its place, unless something else has it.
pub fn focus_back(before: &Element) {
    if nothing_has_the_focus() {
        let drawn_anew = || document()?.get_element_by_id(&before.id());
        if let Some(place) = before.is_connected().then(|| before.clone()).or_else(drawn_anew) {
            focus_in_place(&place);
        }
    }
}

/// Runs `then` when the dialog that has the focus is closed and has given it back. What closes it is drawn in some later turn of
/// the event loop, not always in the next: the scheduler lets the browser in between while much is drawn.
pub fn after_dialog(then: impl FnOnce() + 'static) {
    let dialog = focused().and_then(|focused| focused.closest("dialog").ok().flatten());
    let closed = move || {
        let dialog = dialog.as_ref().and_then(|dialog| dialog.dyn_ref::<HtmlDialogElement>());
        dialog.is_none_or(|dialog| !dialog.open() || !dialog.is_connected())
    };
    in_turn(closed, then, TURNS);
}

/// Puts the focus on an element as soon as it is drawn.
pub fn focus_when_drawn(id: &'static str) {
    let drawn = move || document().is_some_and(|document| document.get_element_by_id(id).is_some());
    in_turn(drawn, move || focus_id(id), TURNS);
}

/// Turns of the event loop that are waited for, each at least a millisecond long, before it is done anyway.
const TURNS: u32 = 500;

fn in_turn(ready: impl Fn() -> bool + 'static, then: impl FnOnce() + 'static, turns: u32) {
    Timeout::new(0, move || match turns {
        0 => then(),
        _ if ready() => then(),
        _ => in_turn(ready, then, turns - 1),
    })
    .forget();
}

/// Puts the focus on the first control of a dialog, below its head.
pub fn focus_first_in(dialog: &Element) {
    const CONTROLS: &str =
        ":is(.dialog-body, .dialog-foot) :is(input, textarea, select, button, a, summary):not(:disabled)";
    if let Ok(Some(first)) = dialog.query_selector(CONTROLS) {
        focus(&first);
    }
}

pub fn focus_id(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        focus(&element);
    }
}

/// Presses the first element that a selector finds.
pub fn click(selector: &str) {
    click_if_there(selector);
}

/// As [`click`]; whether there was something to press.
pub fn click_if_there(selector: &str) -> bool {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    let element = found.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    element.inspect(HtmlElement::click).is_some()
}

/// Brings an element into sight with as little movement as there can be.
pub fn scroll_near(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// A modal dialog is open: commands of the screen behind it must not run.
pub fn dialog_is_open() -> bool {
    document().and_then(|document| document.query_selector("dialog[open]").ok().flatten()).is_some()
}

/// Whether text is typed where this event happened.
fn types_text(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(
            element.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "button" | "submit" | "range" | "color" | "file")
        ),
        _ => element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable),
    }
}

pub fn press(event: &KeyboardEvent) -> Press {
    Press {
        key: event.key(),
        ctrl: event.ctrl_key(),
        meta: event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
        typing: types_text(event.target()),
    }
}

/// Enter on a link, a button or another control is that control's own, and so are the arrows on radio buttons and the like.
pub fn is_on_control(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    if event.key().starts_with("Arrow") {
        return matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA");
    }
    matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY" | "INPUT" | "SELECT" | "TEXTAREA")
        || element.has_attribute("data-control")
}

/// Stops every press of a link that leads out of the page, for as long as the window lives. The window would go nowhere anyway, but
/// WebKit connects to where a pressed link leads before it asks whether it may (`LinkPreconnect`, WebKitGTK 2.50).
pub fn keep_links_inside() {
    let Some(window) = window() else { return };
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
    for press in ["click", "auxclick"] {
        let stop = |event: &Event| {
            let link = event.composed_path().iter().find_map(|step| step.dyn_into::<HtmlAnchorElement>().ok());
            let inside = |link: HtmlAnchorElement| link.protocol().is_empty() || Some(link.origin()) == origin();
            if link.is_some_and(|link| !inside(link)) {
                event.prevent_default();
            }
        };
        EventListener::new_with_options(&window, press, options, stop).forget();
    }
}

fn origin() -> Option<String> {
    window()?.location().origin().ok()
}

/// Copies text; what the browser refuses is reported.
pub async fn copy(text: &str) -> Result<(), JsValue> {
    let clipboard = window().ok_or(JsValue::NULL)?.navigator().clipboard();
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.map(|_| ())
}

/// Remembers a small preference of this window, such as a collapsed sidebar.
pub fn remember(name: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        storage.set_item(name, value).ok();
    }
}

pub fn recall(name: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(name).ok()?
}

/// The zone that this computer is set to.
pub fn own_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// Brings an element to the top of its area and puts the focus there.
pub fn reveal_id(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.scroll_into_view();
        focus(&element);
    }
}
