//! The picture itself, and the frame that mouse and keys move over it.

use domain::media::Rect;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::i18n::use_texts;
use crate::state::crop::{Frame, Grip};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// None as long as the picture is on its way.
    #[prop_or_default]
    pub src: Option<AttrValue>,
    #[prop_or_default]
    pub frame: Option<Frame>,
    pub onchange: Callback<Frame>,
    pub onapply: Callback<()>,
}

/// A pull that began: where, at which grip, and the frame as it was then.
#[derive(Debug, Clone, Copy)]
struct Pull {
    pointer: i32,
    grip: Grip,
    x: f64,
    y: f64,
    from: Frame,
}

#[component]
pub fn Stage(props: &Props) -> Html {
    let t = &use_texts().crop;
    let drawing = use_node_ref();
    let pull = use_mut_ref(|| None::<Pull>);
    let frame = props.frame;
    let onkeydown = {
        let (onchange, onapply) = (props.onchange.clone(), props.onapply.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(frame) = frame else { return };
            let grip = match (event.shift_key(), event.alt_key()) {
                (true, _) => Grip::END,
                (false, true) => Grip::START,
                (false, false) => Grip::WHOLE,
            };
            // with the main modifier by one pixel
            let step = if event.ctrl_key() || event.meta_key() { 1 } else { frame.step() };
            let (right, down) = match event.key().as_str() {
                "ArrowLeft" => (-step, 0),
                "ArrowRight" => (step, 0),
                "ArrowUp" => (0, -step),
                "ArrowDown" => (0, step),
                "Enter" => {
                    event.prevent_default();
                    event.stop_propagation();
                    onapply.emit(());
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            onchange.emit(frame.pulled(grip, right, down));
        })
    };
    let onpointerdown = {
        let (pull, drawing) = (pull.clone(), drawing.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(frame), Some(target)) = (frame, event.target_dyn_into::<Element>()) else { return };
            let grip = match target.get_attribute("data-grip").as_deref() {
                Some("whole") => Grip::WHOLE,
                Some(number) => match number.parse::<usize>().ok().and_then(|at| grips(&frame).nth(at)) {
                    Some((grip, ..)) => grip,
                    None => return,
                },
                None => return,
            };
            if event.button() != 0 {
                return;
            }
            if let Some(drawing) = drawing.cast::<Element>() {
                drawing.set_pointer_capture(event.pointer_id()).ok();
            }
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            *pull.borrow_mut() = Some(Pull { pointer: event.pointer_id(), grip, x, y, from: frame });
        })
    };
    let onpointermove = {
        let (pull, drawing, onchange) = (pull.clone(), drawing.clone(), props.onchange.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(Pull { grip, x, y, from, .. }) = pull.borrow().filter(|pull| pull.pointer == event.pointer_id())
            else {
                return;
            };
            let Some(drawing) = drawing.cast::<Element>() else { return };
            let bounds = drawing.get_bounding_client_rect();
            // the picture is shown whole in the middle of its place
            let scale = (bounds.width() / f64::from(from.of.width)).min(bounds.height() / f64::from(from.of.height));
            if scale > 0.0 {
                #[expect(clippy::cast_possible_truncation, reason = "pixels of a picture")]
                let far = |now: i32, then: f64| ((f64::from(now) - then) / scale).round() as i64;
                onchange.emit(from.pulled(grip, far(event.client_x(), x), far(event.client_y(), y)));
            }
        })
    };
    let end = {
        let pull = pull.clone();
        Callback::from(move |_: PointerEvent| *pull.borrow_mut() = None)
    };
    let says = frame.map(|frame| {
        let Rect { left, top, size } = frame.rect;
        let part = |of: u32, whole: u32| of.saturating_mul(100) / whole.max(1);
        (t.says)(size.width, size.height, part(left, frame.of.width), part(top, frame.of.height))
    });
    html! {
        <div class="crop-work">
            <div class="crop-stage" tabindex="0" autofocus=true role="application" aria-label={t.frame} aria-describedby="crop-keys" id="crop-stage" {onkeydown}>
                if let (Some(src), Some(frame)) = (props.src.clone(), frame) {
                    <svg ref={drawing} class="crop-picture" viewBox={format!("0 0 {} {}", frame.of.width, frame.of.height)} aria-hidden="true" focusable="false"
                        {onpointerdown} {onpointermove} onpointerup={end.clone()} onpointercancel={end}>
                        <image href={src} width={frame.of.width.to_string()} height={frame.of.height.to_string()} preserveAspectRatio="none" />
                        { cover(&frame) }
                    </svg>
                } else {
                    <div class="crop-picture skeleton" aria-hidden="true"></div>
                }
            </div>
            <p id="crop-keys" class="xs muted">{ t.keys }</p>
            <p class="visually-hidden" role="status" id="crop-says">{ says.unwrap_or_default() }</p>
            if let (Some(src), Some(frame)) = (props.src.clone(), frame) {
                <figure class="crop-result">
                    <figcaption class="xs muted">{ t.result }</figcaption>
                    { result(&src, &frame) }
                </figure>
            }
        </div>
    }
}

/// Only what lies in the frame.
fn result(src: &AttrValue, frame: &Frame) -> Html {
    let Rect { left, top, size } = frame.rect;
    let place = format!("{left} {top} {} {}", size.width, size.height);
    html! {
        <svg class="crop-after" viewBox={place.clone()} aria-hidden="true" focusable="false">
            // one within the other: only the inner one cuts off what lies outside
            <svg x={left.to_string()} y={top.to_string()} width={size.width.to_string()} height={size.height.to_string()} viewBox={place}>
                <image href={src.clone()} width={frame.of.width.to_string()} height={frame.of.height.to_string()} preserveAspectRatio="none" />
            </svg>
        </svg>
    }
}

/// Where the grips of a frame are: corners, and sides where it keeps no shape.
fn grips(frame: &Frame) -> impl Iterator<Item = (Grip, u32, u32)> + use<> {
    let Rect { left, top, size } = frame.rect;
    let sides: &[Grip] = if frame.shape.is_none() { &Grip::SIDES } else { &[] };
    let place = move |grip: &Grip| {
        let across = |start: bool, end: bool, from: u32, length: u32| match (start, end) {
            (true, _) => from,
            (false, true) => from + length,
            (false, false) => from + length / 2,
        };
        (*grip, across(grip.left, grip.right, left, size.width), across(grip.top, grip.bottom, top, size.height))
    };
    Grip::CORNERS.iter().chain(sides).map(place).collect::<Vec<_>>().into_iter()
}

/// What is cut away is dimmed; the frame has its thirds and its grips.
fn cover(frame: &Frame) -> Html {
    let Rect { left, top, size } = frame.rect;
    let (right, bottom) = (left + size.width, top + size.height);
    let outside = format!("M0 0H{}V{}H0Z M{left} {top}V{bottom}H{right}V{top}Z", frame.of.width, frame.of.height);
    let third = |from: u32, length: u32, part: u32| from + length * part / 3;
    let thirds: String = (1..3)
        .map(|part| {
            let (x, y) = (third(left, size.width, part), third(top, size.height, part));
            format!("M{x} {top}V{bottom}M{left} {y}H{right}")
        })
        .collect();
    let reach = frame.of.width.max(frame.of.height);
    let (dot, touch) = ((reach / 70).max(1), (reach / 22).max(1));
    let handles = grips(frame).enumerate().map(|(at, (grip, x, y))| {
        let slope = match (grip.left || grip.right, grip.top || grip.bottom) {
            (true, true) if grip.left == grip.top => "nwse",
            (true, true) => "nesw",
            (true, false) => "ew",
            _ => "ns",
        };
        html! {
            <g class={classes!("crop-grip", slope)}>
                <circle class="touch" cx={x.to_string()} cy={y.to_string()} r={touch.to_string()} data-grip={at.to_string()} />
                <circle class="dot" cx={x.to_string()} cy={y.to_string()} r={dot.to_string()} />
            </g>
        }
    });
    html! {
        <>
            <path class="crop-shade" d={outside} fill-rule="evenodd" />
            <path class="crop-thirds" d={thirds} />
            <rect class="crop-frame" x={left.to_string()} y={top.to_string()} width={size.width.to_string()} height={size.height.to_string()} data-grip="whole" />
            { for handles }
        </>
    }
}
