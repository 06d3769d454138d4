//! The images of a part: what they show in words, their order, and those that are still on their way in.

use domain::id::MediaId;
use domain::media::Media;
use domain::network::Network;
use domain::post::Image;
use domain::text::Measure;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::components::{Glyph, Icon, IconButton, Picture};
use crate::frame::context::{Bound, use_commands};
use crate::i18n::{grouped, use_texts};
use crate::screens::compose::edit::Change;
use crate::screens::crop::{CropDialog, Cropped, can_be_cropped};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub part: usize,
    pub images: Vec<Image>,
    /// The counter of each description, where a network has a limit for it.
    pub alts: Vec<Option<Measure>>,
    /// What is known of each.
    pub files: Vec<Option<Media>>,
    /// Those that they go to.
    pub networks: Vec<Network>,
    pub locked: bool,
    pub on_change: Callback<Change>,
    /// One of them was cropped: its part, its place, which it was, and what it is now.
    pub on_cropped: Callback<(usize, usize, MediaId, Media)>,
}

#[component]
pub fn Images(props: &Props) -> Html {
    let open = use_state(|| None::<usize>);
    let cropping = use_state_eq(|| None::<usize>);
    let crops = |index: usize| props.files.get(index).and_then(Option::as_ref).is_some_and(can_be_cropped);
    let can_crop = !props.locked && (0..props.images.len()).any(crops);
    use_commands(if can_crop { vec![Bound::new(Cmd::ComposeCrop, crop_by_key)] } else { Vec::new() });
    if props.images.is_empty() {
        return Html::default();
    }
    let count = props.images.len();
    let tiles = props.images.iter().enumerate().map(|(index, image)| {
        let toggle = {
            let open = open.clone();
            Callback::from(move |()| open.set(if *open == Some(index) { None } else { Some(index) }))
        };
        let on_crop = {
            let cropping = cropping.setter();
            Callback::from(move |_: MouseEvent| cropping.set(Some(index)))
        };
        html! {
            <Tile key={format!("{index}-{}", image.media)} part={props.part} {index} {count} image={image.clone()}
                locked={props.locked} open={*open == Some(index)} on_open={toggle} on_change={props.on_change.clone()} on_crop={crops(index).then_some(on_crop)} />
        }
    });
    let dialog = cropping.filter(|_| !props.locked).and_then(|index| {
        let (image, media) = (props.images.get(index)?.media, props.files.get(index)?.clone()?);
        let close = {
            let cropping = cropping.setter();
            Callback::from(move |()| cropping.set(None))
        };
        let ondone = {
            let (on_cropped, part, close) = (props.on_cropped.clone(), props.part, close.clone());
            Callback::from(move |cropped: Cropped| {
                close.emit(());
                on_cropped.emit((part, index, image, cropped.media));
            })
        };
        Some(html! { <CropDialog {media} networks={props.networks.clone()} {ondone} onclose={close} /> })
    });
    let editor = open.filter(|_| !props.locked).and_then(|index| {
        let image = props.images.get(index)?.clone();
        let gauge = props.alts.get(index).copied().flatten();
        let close = {
            let open = open.clone();
            Callback::from(move |()| open.set(None))
        };
        Some(html! {
            <AltEditor key={index} part={props.part} {index} {image} {gauge} on_change={props.on_change.clone()} on_close={close} />
        })
    });
    html! {
        <div class="attached">
            <ul class={classes!("tiles", format!("n{}", count.min(4)))}>{ for tiles }</ul>
            { editor.unwrap_or_default() }
            { dialog.unwrap_or_default() }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TileProps {
    part: usize,
    index: usize,
    count: usize,
    image: Image,
    locked: bool,
    open: bool,
    on_open: Callback<()>,
    on_change: Callback<Change>,
    /// None: it cannot be cropped.
    on_crop: Option<Callback<MouseEvent>>,
}

#[component]
fn Tile(props: &TileProps) -> Html {
    let texts = use_texts();
    let t = &texts.compose;
    let (part, index) = (props.part, props.index);
    let change = |change: Change| {
        let on_change = props.on_change.clone();
        Callback::from(move |_: MouseEvent| on_change.emit(change.clone()))
    };
    let number = index + 1;
    let described = !props.image.alt.trim().is_empty();
    let label = if described { (t.alt_is)(&props.image.alt) } else { t.alt_missing.to_owned() };
    let on_open = {
        let on_open = props.on_open.clone();
        Callback::from(move |_: MouseEvent| on_open.emit(()))
    };
    let onkeydown = {
        let on_change = props.on_change.clone();
        let locked = props.locked;
        Callback::from(move |event: KeyboardEvent| {
            let wanted = match (event.key().as_str(), event.alt_key()) {
                ("ArrowLeft", true) => Change::MoveImage { part, image: index, up: true },
                ("ArrowRight", true) => Change::MoveImage { part, image: index, up: false },
                ("Delete" | "Backspace", false) => Change::RemoveImage { part, image: index },
                _ => return,
            };
            if !locked {
                event.prevent_default();
                event.stop_propagation();
                on_change.emit(wanted);
            }
        })
    };
    html! {
        <li class={classes!("tile", props.open.then_some("open"))}>
            <button type="button" class="pic" onclick={on_open} {onkeydown} disabled={props.locked} aria-expanded={props.open.to_string()}
                aria-label={format!("{}. {label}", (t.image_number)(number, props.count))}>
                <Picture media={props.image.media} alt="" />
                if described || !props.locked {
                    <span class={classes!("alt", "cut", (!described).then_some("missing"))} dir="auto">{ label }</span>
                }
            </button>
            if !props.locked {
                <span class="tile-tools">
                    if let Some(onclick) = props.on_crop.clone() {
                        { crop_button((t.of_image)(texts.crop.crop, number), onclick) }
                    }
                    if index > 0 {
                        <IconButton icon={Icon::Left} label={(t.of_image)(t.image_earlier, number)} onclick={change(Change::MoveImage { part, image: index, up: true })} />
                    }
                    if number < props.count {
                        <IconButton icon={Icon::Right} label={(t.of_image)(t.image_later, number)} onclick={change(Change::MoveImage { part, image: index, up: false })} />
                    }
                    <IconButton icon={Icon::Cross} label={(t.of_image)(t.image_remove, number)} onclick={change(Change::RemoveImage { part, image: index })} />
                </span>
            }
        </li>
    }
}

/// The image with the focus, else the first of the part with the focus, else the first of all.
fn crop_by_key() {
    let places = [".tile:focus-within [data-crop]", ".part:focus-within [data-crop]", "[data-crop]"];
    let _ = places.into_iter().any(crate::platform::click_if_there);
}

/// Found by the key that crops.
fn crop_button(label: String, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="btn quiet icon-only" {onclick} aria-label={label.clone()} title={label} data-crop="">
            <Glyph icon={Icon::Crop} />
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct AltProps {
    part: usize,
    index: usize,
    image: Image,
    gauge: Option<Measure>,
    on_change: Callback<Change>,
    on_close: Callback<()>,
}

#[component]
fn AltEditor(props: &AltProps) -> Html {
    let t = &use_texts().compose;
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                let _ = field.focus();
            }
        });
    }
    let (part, image) = (props.part, props.index);
    let oninput = {
        let on_change = props.on_change.clone();
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            if let Some(field) = field {
                on_change.emit(Change::Alt { part, image, alt: field.value() });
            }
        })
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            let done = event.key() == "Enter" && !event.shift_key() && !event.is_composing();
            if event.key() == "Escape" || done {
                event.prevent_default();
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    let id = format!("alt-{part}-{image}");
    html! {
        <div class="alt-editor">
            <label for={id.clone()}>{ (t.alt_label)(image + 1) }</label>
            <textarea {id} ref={field} rows="3" dir="auto" value={props.image.alt.clone()} {oninput} {onkeydown} placeholder={t.alt_hint} />
            <div class="row">
                if let Some(gauge) = props.gauge {
                    <span class={classes!("num", "xs", if gauge.left() < 0 { "over" } else { "muted" })}>
                        { format!("{} / {}", grouped(gauge.used.into()), grouped(gauge.limit.into())) }
                    </span>
                }
                <span class="xs muted grow">{ t.alt_why }</span>
                <button type="button" class="btn" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ t.alt_done }</button>
            </div>
        </div>
    }
}
