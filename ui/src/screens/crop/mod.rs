//! A picture with a frame over it: what lies in it becomes an image of its own, and the picture stays as it is.

mod stage;
pub mod texts;

use contract::changes::Undo;
use contract::library::FitImage;
use contract::posts::{GetImage, ImageSize};
use domain::media::{Fit, Media, Size};
use domain::network::Network;
use domain::text::fit::shapes;
use domain::text::{ImageFacts, NetworkRules, PartText, Rule, check};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::stage::Stage;
use crate::backend::{call, use_query, use_query_if};
use crate::components::{Button, Dialog, Icon, Look, view};
use crate::frame::context::use_frame;
use crate::i18n::{Texts, grouped};
use crate::state::crop::{Frame, Shape};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cropped {
    pub media: Media,
    /// What takes it out of the library again; none if nothing new was stored.
    pub undo: Option<u64>,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    /// A still image. One that was cropped before is cropped anew, from the whole picture.
    pub media: Media,
    /// Those that the image goes to; empty: nobody in particular.
    #[prop_or_default]
    pub networks: Vec<Network>,
    pub ondone: Callback<Cropped>,
    pub onclose: Callback<()>,
}

/// Work that takes longer shows, in milliseconds.
const SHOWN_AFTER_MS: u32 = 300;

/// Whether this program crops it.
pub fn can_be_cropped(media: &Media) -> bool {
    media.frames <= 1 && media.kind.mime().starts_with("image/")
}

#[component]
pub fn CropDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.crop;
    let made_from = props.media.made_from;
    let whole = made_from.map_or(props.media.id, |made| made.media);
    let earlier = made_from.map(|made| made.fit).unwrap_or_default();
    // the small one is there at once, because it was just looked at
    let preview = use_query(GetImage { media: whole, size: ImageSize::Preview });
    let full = use_query_if(preview.data.is_some().then_some(GetImage { media: whole, size: ImageSize::Full })).data;
    let drawn = use_state_eq(|| None::<Frame>);
    let of = preview.data.as_ref().map(|image| Size::new(image.width.max(1), image.height.max(1)));
    let frame = of.map(|of| drawn.filter(|frame| frame.of == of).unwrap_or_else(|| Frame::at(earlier.crop, of)));
    let busy = use_state_eq(|| false);
    let slow = use_state_eq(|| false);
    // whether the answer is still waited for
    let waits = use_mut_ref(|| false);
    {
        let slow = slow.setter();
        use_effect_with(*busy, move |busy| {
            let timer = busy.then(|| {
                let slow = slow.clone();
                Timeout::new(SHOWN_AFTER_MS, move || slow.set(true))
            });
            move || drop(timer)
        });
    }
    let set = {
        let drawn = drawn.setter();
        use_callback((), move |frame: Frame, ()| drawn.set(Some(frame)))
    };
    let apply = {
        let (busy, slow, waits, toaster) = (busy.clone(), slow.setter(), waits.clone(), toaster.clone());
        let ondone = props.ondone.clone();
        Callback::from(move |()| {
            let Some(frame) = frame.filter(|_| !*busy) else { return };
            let fit = Fit { crop: frame.crop(), ..earlier };
            busy.set(true);
            *waits.borrow_mut() = true;
            let (busy, slow, waits, toaster, ondone) =
                (busy.setter(), slow.clone(), waits.clone(), toaster.clone(), ondone.clone());
            spawn_local(async move {
                let answer = call(FitImage { media: whole, fit }).await;
                let waited = std::mem::take(&mut *waits.borrow_mut());
                busy.set(false);
                slow.set(false);
                match answer {
                    Ok(fitted) if waited => ondone.emit(Cropped { media: fitted.media, undo: fitted.undo }),
                    // it was cancelled: nothing stays of it
                    Ok(fitted) => {
                        if let Some(undo) = fitted.undo {
                            call(Undo { undo }).await.ok();
                        }
                    }
                    Err(error) => toaster.fail(&error),
                }
            });
        })
    };
    let close = {
        let (onclose, waits) = (props.onclose.clone(), waits.clone());
        use_callback(onclose, move |(), onclose| {
            *waits.borrow_mut() = false;
            onclose.emit(());
        })
    };
    {
        let waits = waits.clone();
        use_effect_with((), move |()| move || *waits.borrow_mut() = false);
    }
    let onkeydown = {
        let apply = apply.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                apply.emit(());
            }
        })
    };
    // a picture of megabytes: not once more for every pixel that the frame moves
    let src = use_memo(full.or_else(|| preview.data.clone()), |image| {
        image.as_ref().map(|image| AttrValue::from(format!("data:{};base64,{}", image.mime, image.data)))
    });
    let body = if preview.data.is_none() && preview.error.is_some() {
        view(&preview, Html::default(), |_| Html::default())
    } else {
        html! {
            <>
                <Stage src={(*src).clone()} {frame} onchange={set.clone()} onapply={apply.clone()} />
                if let Some(frame) = frame { { beside(texts, frame, &props.networks, &props.media, &set) } }
            </>
        }
    };
    let reset = {
        let set = set.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(of) = of {
                set.emit(Frame::whole(of));
            }
        })
    };
    let footer = html! {
        <>
            if *slow {
                <span class="grow row sm muted" role="status">{ t.working }<progress aria-label={t.working} /></span>
            } else {
                <span class="grow sm muted">{ t.stays }</span>
            }
            <Button id="crop-reset" look={Look::Quiet} icon={Icon::Undo} disabled={of.is_none()} onclick={reset}>{ t.reset }</Button>
            <Button look={Look::Quiet} onclick={close.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="crop-apply" look={Look::Go} busy={*busy} disabled={frame.is_none()} onclick={apply.reform(|_: MouseEvent| ())}>{ t.apply }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.title} wide=true onclose={close} {footer} class="crop-dialog">
            <div class="crop" {onkeydown}>{ body }</div>
        </Dialog>
    }
}

/// Shapes to choose from, and what comes out.
fn beside(texts: &'static Texts, frame: Frame, networks: &[Network], media: &Media, set: &Callback<Frame>) -> Html {
    let t = &texts.crop;
    let buttons = presets(frame.of, networks, t).into_iter().map(|(label, shape)| {
        let on = frame.shape == shape;
        let onclick = set.reform(move |_: MouseEvent| frame.shaped(shape));
        html! {
            <button type="button" class={classes!("btn", on.then_some("on"))} aria-pressed={on.to_string()} {onclick}>{ label }</button>
        }
    });
    let size = frame.rect.size;
    let refused = refused(size, networks, media).into_iter().map(|(network, rule, measured, limit)| {
        html! { <li><b>{ network.name() }{ ": " }</b>{ (texts.compose.rule)(rule, network, measured, limit) }</li> }
    });
    let refused: Vec<Html> = refused.collect();
    html! {
        <div class="crop-side">
            <div class="crop-shapes" role="group" aria-label={t.shapes}>{ for buttons }</div>
            <p class="num crop-size" id="crop-size">{ format!("{} × {}", grouped(size.width.into()), grouped(size.height.into())) }</p>
            if !refused.is_empty() { <ul class="problems" id="crop-refused">{ for refused }</ul> }
        </div>
    }
}

type Preset = (String, Option<Shape>);

/// Free, the square, the shapes of the networks that the image goes to, then of the others, and its own.
fn presets(of: Size, networks: &[Network], t: &texts::Texts) -> Vec<Preset> {
    let mut presets: Vec<Preset> = vec![(t.free.to_owned(), None), ("1:1".to_owned(), Some((1, 1)))];
    let others = Network::ALL.iter().filter(|network| !networks.contains(network));
    for network in networks.iter().chain(others) {
        for shape in shapes(*network) {
            let told = told(shape);
            match presets.iter_mut().find(|(_, known)| *known == Some(shape)) {
                Some((label, _)) => {
                    *label = format!("{}, {} {told}", label.trim_end_matches(&told).trim_end(), network.name())
                }
                None => presets.push((format!("{} {told}", network.name()), Some(shape))),
            }
        }
    }
    if !presets.iter().any(|(_, shape)| shape.is_some_and(|(wide, tall)| wide * of.height == tall * of.width)) {
        presets.push((t.own_shape.to_owned(), Some((of.width, of.height))));
    }
    presets
}

/// `4:5`, `1.91:1`.
fn told((wide, tall): Shape) -> String {
    domain::text::rule::shape(wide.saturating_mul(1_000) / tall.max(1))
}

/// What the networks would still not take about shape and width, each rule once.
fn refused(size: Size, networks: &[Network], media: &Media) -> Vec<(Network, Rule, u32, u32)> {
    let Size { width, height } = size;
    let image = ImageFacts { bytes: 0, width, height, ..ImageFacts::of(media, "") };
    let part = PartText { images: &[image], ..PartText::default() };
    let about = [Rule::ImageTooTall, Rule::ImageTooWide, Rule::ImageWidth];
    let of = |network: &Network| {
        let broken = check(NetworkRules::of(*network), part).into_iter().filter(|broken| about.contains(&broken.rule));
        broken.map(|broken| (broken.network, broken.rule, broken.measured, broken.limit)).collect::<Vec<_>>()
    };
    networks.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_of_the_networks_that_get_the_image_are_offered() {
        let labels = |networks: &[Network]| {
            let presets = presets(Size::new(1_600, 1_200), networks, &texts::EN);
            presets.into_iter().map(|(label, _)| label).collect::<Vec<_>>()
        };
        let all = [
            "Free",
            "1:1",
            "X 16:9",
            "LinkedIn, Instagram, Facebook 1.91:1",
            "Instagram 4:5",
            "Pinterest 2:3",
            "Shape of the picture",
        ];
        assert_eq!(labels(&[]), all);
        let first = labels(&[Network::Bluesky, Network::Instagram]);
        assert_eq!(first.get(2..4).unwrap(), ["Instagram 4:5", "Instagram, LinkedIn, Facebook 1.91:1"]);
        assert_eq!(first.len(), all.len(), "those of the others are there as well");
    }
}
