//! One entry of the thread: text, images, counters, and what a network would refuse.

pub mod card;
mod caret;
mod drag;
mod images;
mod mentions;
mod paper;
mod ring;

use std::ops::Range;
use std::rc::Rc;

use domain::id::{AccountId, MediaId};
use domain::media::Media;
use domain::network::Network;
use domain::post::Part;
use domain::text::{Measure, Rule};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use self::card::LinkCard;
use self::drag::{Grip, Over, use_drop_zone};
use self::images::Images;
use self::paper::Paper;
pub use self::ring::Counter;
use super::checks::PartChecks;
use super::edit::{Change, Layer};
use super::fitting::{self, Fitting};
use super::fixes;
use super::hands::Hands;
use super::insert;
use super::shelf::ShelfDialog;
use super::uploads::{Upload, UploadState};
use crate::components::{Button, Glyph, Icon, Look, Menu, MenuItem, Select};
use crate::files::{ACCEPTED, files_of};
use crate::i18n::use_texts;
use crate::state::keys::Cmd;

/// Asks a part to take the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    pub part: usize,
    pub caret: Caret,
    /// Grows with every request, so that the same part can be asked twice.
    pub turn: u32,
}

/// Where the caret of a part goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caret {
    Start,
    End,
    /// These characters are selected.
    On(Range<usize>),
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub index: usize,
    pub count: usize,
    pub part: Rc<Part>,
    pub checks: PartChecks,
    /// What its images need.
    pub fitting: Fitting,
    pub layer: Layer,
    pub alts: Vec<Option<Measure>>,
    /// What is known of each image.
    pub files: Vec<Option<Media>>,
    /// Those that get this text.
    pub networks: Vec<Network>,
    /// The network whose way of marking links is shown in the text.
    pub network: Network,
    pub locked: bool,
    /// It can wait for the part above it: some account is served by the program.
    pub waits: bool,
    /// The account shows the base here.
    pub inherited: bool,
    /// What comments are about, in characters.
    pub passages: Vec<Range<usize>>,
    pub uploads: Vec<Upload>,
    /// The accounts that get this text.
    pub readers: Rc<Vec<AccountId>>,
    pub focus: Option<Focus>,
    pub hands: Hands,
}

#[component]
pub fn PartEditor(props: &Props) -> Html {
    let texts = use_texts();
    let t = &texts.compose;
    let index = props.index;
    let section = use_node_ref();
    let zone = use_drop_zone(index, props.locked, &props.hands);
    let picker = use_node_ref();
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(props.focus.clone(), move |focus| {
            if let (Some(focus), Some(field)) = (focus, field.cast::<HtmlTextAreaElement>()) {
                let _ = field.focus();
                let _ = match &focus.caret {
                    Caret::Start => field.set_selection_range(0, 0),
                    Caret::End => field.set_selection_range(u32::MAX, u32::MAX),
                    Caret::On(range) => {
                        insert::select(&field, range);
                        Ok(())
                    }
                };
            }
        });
    }
    let onpicked = {
        let on_files = props.hands.files.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            on_files.emit((index, files_of(input.files())));
            // the same file may be chosen again
            input.set_value("");
        })
    };
    let open_picker = {
        let picker = picker.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = picker.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let shelf_open = use_state_eq(|| false);
    let open_shelf = {
        let open = shelf_open.setter();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let close_shelf = {
        let open = shelf_open.setter();
        Callback::from(move |()| open.set(false))
    };
    let onpick = {
        let (on_shelf, open) = (props.hands.shelf.clone(), shelf_open.setter());
        Callback::from(move |media: Vec<MediaId>| {
            open.set(false);
            on_shelf.emit((index, media));
        })
    };
    let described = format!("part-{index}-says");
    let broken = !props.checks.problems.is_empty() && !is_untouched(props);
    let images = props.part.images.len();
    html! {
        <section class={classes!("card", "part", broken.then_some("broken"), zone.over.class(), props.inherited.then_some("inherited"))}
            ref={section.clone()} aria-label={(t.part_label)(index + 1, props.count)} ondragenter={zone.ondragenter} ondragover={zone.ondragover}
            ondragleave={zone.ondragleave} ondrop={zone.ondrop}>
            <Paper {index} field={field.clone()} text={props.part.text.clone()} passages={props.passages.clone()} network={props.network} locked={props.locked} readers={props.readers.clone()}
                described_by={format!("{described} part-{index}-problems")} hands={props.hands.clone()} />
            <Images part={index} images={props.part.images.clone()} alts={props.alts.clone()} locked={props.locked} files={props.files.clone()} networks={props.networks.clone()} on_change={props.hands.change.clone()} on_cropped={props.hands.cropped.clone()} />
            <LinkCard part={index} text={props.part.text.clone()} card={props.part.card.clone()} wanted={props.networks.contains(&Network::Bluesky) && props.part.images.is_empty() && !props.inherited}
                locked={props.locked} on_change={props.hands.change.clone()} />
            { for props.uploads.iter().map(|upload| upload_line(upload, texts, &props.hands.dismiss)) }
            if broken {
                { problems(props, texts) }
            }
            <div class="tools">
                <div class="gauges" id={described}>
                    { for props.checks.gauges.iter().map(|gauge| html! { <Counter gauge={gauge.clone()} /> }) }
                </div>
                <span class="grow" />
                if props.count > 1 {
                    if !props.locked {
                        <Grip part={index} dragged={props.hands.dragged.clone()} {section} />
                    }
                    if index > 0 && props.waits {
                        { wait(props, t) }
                    }
                    <span class="xs muted place">{ (t.part_place)(index + 1, props.count) }</span>
                }
                if !props.locked {
                    if props.count > 1 {
                        <Menu label={(t.of_part)(texts.frame.more, index + 1)} trigger={html! { <Glyph icon={Icon::More} /> }}
                            items={part_menu(props, t)} class={classes!("btn", "quiet", "icon-only")} end=true />
                    }
                    <input ref={picker} type="file" class="hidden" accept={ACCEPTED} multiple=true tabindex="-1"
                        aria-hidden="true" onchange={onpicked} data-part={index.to_string()} />
                    <button type="button" class="btn quiet" onclick={open_picker} title={t.image_add_hint}>
                        <Glyph icon={Icon::Image} />
                        { t.image_add }
                        if images > 0 { { image_count(images, props.checks.images_max) } }
                    </button>
                    <button type="button" class="btn quiet" onclick={open_shelf} title={texts.library.from_library_hint} data-shelf={index.to_string()}>
                        <Glyph icon={Icon::Library} />
                        { texts.library.title }
                    </button>
                }
            </div>
            <ShelfDialog open={*shelf_open} {onpick} onclose={close_shelf} />
            if zone.over == Over::Files {
                <div class="drop-here" aria-hidden="true">{ t.drop_here }</div>
            }
        </section>
    }
}

fn image_count(images: usize, most: Option<u32>) -> Html {
    let over = most.is_some_and(|most| u32::try_from(images).is_ok_and(|images| images > most));
    let text = most.map_or_else(|| images.to_string(), |most| format!("{images} / {most}"));
    html! { <span class={classes!("num", if over { "over" } else { "muted" })}>{ text }</span> }
}

fn part_menu(props: &Props, t: &super::texts::Texts) -> Vec<MenuItem> {
    let part = props.index;
    let item = |text: &'static str, icon: Icon, wanted: Change| {
        let on_change = props.hands.change.clone();
        MenuItem::new(text, move || on_change.emit(wanted.clone())).icon(icon)
    };
    let mut items = Vec::new();
    if part > 0 {
        items.push(item(t.part_up, Icon::Up, Change::MovePart { part, to: part - 1 }));
        items.push(item(t.part_join, Icon::Reply, Change::Join { part }));
    }
    if part + 1 < props.count {
        items.push(item(t.part_down, Icon::Down, Change::MovePart { part, to: part + 1 }));
    }
    items.push(item(t.part_remove, Icon::Trash, Change::RemovePart { part }).danger());
    items
}

/// An empty single part is the beginning, not a mistake.
fn is_untouched(props: &Props) -> bool {
    props.part.text.is_empty() && props.part.images.is_empty() && props.count == 1
}

/// Seconds that are offered.
const WAITS: [u32; 9] = [0, 60, 5 * 60, 15 * 60, 30 * 60, 3_600, 2 * 3_600, 6 * 3_600, 24 * 3_600];

/// When it follows the part above it.
fn wait(props: &Props, t: &super::texts::Texts) -> Html {
    let (part, now) = (props.index, props.part.wait_s);
    let mut offered = WAITS.to_vec();
    if !offered.contains(&now) {
        offered.push(now);
        offered.sort_unstable();
    }
    let options: Vec<(AttrValue, AttrValue)> =
        offered.iter().map(|seconds| (seconds.to_string().into(), (t.wait)(*seconds).into())).collect();
    let onchange =
        props.hands.change.reform(move |key: AttrValue| Change::Wait { part, seconds: key.parse().unwrap_or(0) });
    html! { <Select id={format!("wait-{part}")} {options} value={now.to_string()} {onchange} disabled={props.locked} label={(t.wait_label)(part + 1)} /> }
}

/// Each broken rule in a sentence, with who minds.
pub fn problem_lines(checks: &PartChecks, texts: &'static crate::i18n::Texts) -> impl Iterator<Item = Html> {
    let t = &texts.compose;
    checks.problems.iter().map(move |problem| {
        let violation = &problem.violation;
        let sentence = match violation.rule {
            Rule::EmptyPost => t.part_empty.to_owned(),
            rule => (t.rule)(rule, problem.network, violation.measured, violation.limit),
        };
        let short = if violation.rule.is_of_video() { t.video_short } else { t.image_short };
        let place = violation.image.map(|image| short(image + 1)).unwrap_or_default();
        let who = problem.server.clone().unwrap_or_else(|| problem.network.name().to_owned());
        html! { <li><b>{ who }{ ": " }</b>{ place }{ sentence }</li> }
    })
}

fn problems(props: &Props, texts: &'static crate::i18n::Texts) -> Html {
    let t = &texts.compose;
    let lines = problem_lines(&props.checks, texts);
    let part = props.index;
    let fixes = fixes::offered(&props.checks).into_iter().filter(|_| !props.locked).map(|fix| {
        let onclick = props.hands.fix.reform(move |_: MouseEvent| (part, fix));
        html! { <Button keys={fixes::command(fix)} {onclick}>{ (t.fix)(fix) }</Button> }
    });
    let fits = fit_buttons(props, t);
    let unfit = props.fitting.unfit.iter().map(|unfit| html! { <li class="why">{ (t.unfit)(*unfit) }</li> });
    html! {
        <>
            <div role="status"><ul class="problems" id={format!("part-{part}-problems")}>{ for lines }{ for unfit }</ul></div>
            <div class="fixes">{ for fixes }{ for fits }</div>
        </>
    }
}

/// For those who need it, and for all where that is something else.
fn fit_buttons(props: &Props, t: &super::texts::Texts) -> Vec<Html> {
    let (layer, part, fitting) = (props.layer, props.index, &props.fitting);
    let button = |orders: &[fitting::Order], all: bool| {
        if orders.is_empty() || props.locked {
            return None;
        }
        let onclick = props.hands.fit.reform(move |_: MouseEvent| (layer, part, all));
        Some(match all {
            false => {
                let label = (t.fit)(&fitting::steps(orders), &fitting.only());
                html! { <Button keys={Cmd::ComposeFit} {onclick}>{ label }</Button> }
            }
            true => html! { <Button look={Look::Quiet} {onclick}>{ t.fit_all }</Button> },
        })
    };
    [button(&fitting.orders, false), button(&fitting.for_all, true)].into_iter().flatten().collect()
}

fn upload_line(upload: &Upload, texts: &'static crate::i18n::Texts, on_dismiss: &Callback<u64>) -> Html {
    let t = &texts.compose;
    let id = upload.id;
    match &upload.state {
        UploadState::Reading { percent } => html! {
            <div class="upload row" key={id} role="status">
                <span class="cut grow" dir="auto">{ &upload.name }</span>
                <progress max="100" value={percent.to_string()} aria-label={(t.upload_reading)(&upload.name)} />
                <button type="button" class="btn quiet" onclick={on_dismiss.reform(move |_: MouseEvent| id)}>{ texts.frame.cancel }</button>
            </div>
        },
        UploadState::Encoding { percent } => html! {
            <div class="upload row" key={id} role="status">
                <span class="cut grow" dir="auto">{ &upload.name }</span>
                <span class="xs muted num">{ (t.encoding)(*percent) }</span>
                <progress max="100" value={percent.to_string()} aria-label={(t.encoding)(*percent)} />
                <button type="button" class="btn quiet" onclick={on_dismiss.reform(move |_: MouseEvent| id)}>{ texts.frame.cancel }</button>
            </div>
        },
        UploadState::Storing => html! {
            <div class="upload row" key={id} role="status">
                <span class="cut grow" dir="auto">{ &upload.name }</span>
                <span class="xs muted">{ t.upload_storing }</span>
                <progress aria-label={t.upload_storing} />
                if upload.video {
                    <button type="button" class="btn quiet" onclick={on_dismiss.reform(move |_: MouseEvent| id)}>{ texts.frame.cancel }</button>
                }
            </div>
        },
        UploadState::Fitting => html! {
            <div class="upload row" key={id} role="status">
                <span class="cut grow" dir="auto">{ &upload.name }</span>
                <span class="xs muted">{ t.upload_fitting }</span>
                <progress aria-label={t.upload_fitting} />
                <button type="button" class="btn quiet" onclick={on_dismiss.reform(move |_: MouseEvent| id)}>{ texts.frame.cancel }</button>
            </div>
        },
        UploadState::Failed(failure) => html! {
            <div class="upload failed row" key={id} role="alert">
                <div class="grow"><b class="cut" dir="auto">{ &upload.name }</b><div>{ failure.sentence(texts) }</div></div>
                <button type="button" class="btn quiet" onclick={on_dismiss.reform(move |_: MouseEvent| id)}>{ texts.frame.close }</button>
            </div>
        },
    }
}
