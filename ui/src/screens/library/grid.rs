//! Files as a grid of pictures: of any length, because only the rows in sight exist.

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::library::MediaLine;
use contract::posts::ImageSize;
use domain::id::MediaId;
use web_sys::Element;
use yew::prelude::*;

use crate::components::{Glyph, Icon, Picture, VirtualList, use_rem, use_size};
use crate::i18n::use_texts;
use crate::platform;
use crate::state::rows::Layout;

/// Least width and height of a tile with the room around it, in `rem`; the styles say the same of the height.
const WIDTH: f64 = 10.5;
const HEIGHT: f64 = 10.25;

/// How a tile was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    Plain,
    /// With the main modifier: one more.
    More,
    /// With Shift: all up to here.
    UpTo,
}

#[derive(Properties, PartialEq)]
pub struct GridProps {
    /// Ids of tiles begin with it: two grids may be in the page.
    pub name: AttrValue,
    pub label: AttrValue,
    pub lines: Rc<Vec<MediaLine>>,
    pub current: Option<MediaId>,
    pub chosen: Rc<BTreeSet<MediaId>>,
    pub onpress: Callback<(MediaId, Press)>,
    /// How many tiles stand side by side.
    pub oncolumns: Callback<usize>,
    /// The current one is brought into sight, and gets the focus, each time that this changes.
    #[prop_or_default]
    pub sight: u32,
}

fn element_id(name: &str, media: MediaId) -> String {
    format!("{name}-{media}")
}

#[component]
pub fn MediaGrid(props: &GridProps) -> Html {
    let node = use_node_ref();
    let (width, _) = use_size(&node);
    let rem = use_rem();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen at most")]
    let columns = ((width / (WIDTH * rem)).floor() as usize).max(1);
    {
        let (oncolumns, node) = (props.oncolumns.clone(), node.clone());
        use_effect_with(columns, move |columns| {
            if let Some(element) = node.cast::<Element>() {
                platform::set_property(&element, "--columns", &columns.to_string());
            }
            oncolumns.emit(*columns);
        });
    }
    let count = props.lines.len().div_ceil(columns);
    let layout = use_memo((count, rem.to_bits()), |(count, _)| Layout::new(std::iter::repeat_n(HEIGHT * rem, *count)));
    let reveal = props.current.and_then(|current| props.lines.iter().position(|line| line.media == current));
    let stop = props.current.or_else(|| props.lines.first().map(|line| line.media));
    let row = {
        let (lines, chosen, current) = (props.lines.clone(), props.chosen.clone(), props.current);
        let (name, onpress) = (props.name.clone(), props.onpress.clone());
        Callback::from(move |row: usize| {
            let from = row * columns;
            let tiles = lines.get(from..lines.len().min(from + columns)).unwrap_or_default().iter().map(|line| {
                html! {
                    <Tile key={line.media.to_string()} id={element_id(&name, line.media)} line={line.clone()} current={current == Some(line.media)}
                        chosen={chosen.contains(&line.media)} stop={stop == Some(line.media)} onpress={onpress.clone()} />
                }
            });
            html! { <div key={row} class="media-row">{ for tiles }</div> }
        })
    };
    // the tile of the current one exists only once its row was brought into sight
    let wanted = use_mut_ref(|| props.sight);
    let drawn = {
        let (wanted, sight) = (wanted, props.sight);
        let id = props.current.map(|media| element_id(&props.name, media));
        Callback::from(move |()| {
            let Some(id) = id.as_ref().filter(|_| *wanted.borrow() != sight) else { return };
            if platform::document().is_some_and(|document| document.get_element_by_id(id).is_some()) {
                *wanted.borrow_mut() = sight;
                platform::focus_id(id);
            }
        })
    };
    html! {
        <div class="media-grid" ref={node}>
            <VirtualList {layout} {row} reveal={reveal.map(|at| at / columns)} sight={props.sight} {drawn} label={props.label.clone()} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TileProps {
    id: String,
    line: MediaLine,
    current: bool,
    chosen: bool,
    /// The one that the Tab key comes to.
    stop: bool,
    onpress: Callback<(MediaId, Press)>,
}

#[component]
fn Tile(props: &TileProps) -> Html {
    let t = &use_texts().library;
    let line = &props.line;
    let onclick = {
        let (onpress, media) = (props.onpress.clone(), line.media);
        Callback::from(move |event: MouseEvent| {
            let press = match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
                (true, _) => Press::UpTo,
                (_, true) => Press::More,
                _ => Press::Plain,
            };
            onpress.emit((media, press));
        })
    };
    let described = !line.alt.trim().is_empty();
    let size =
        if line.video.is_some() { line.kind.name().to_owned() } else { format!("{} × {}", line.width, line.height) };
    html! {
        <button type="button" id={props.id.clone()} class={classes!("media-tile", props.current.then_some("current"), props.chosen.then_some("chosen"))}
            {onclick} tabindex={if props.stop { "0" } else { "-1" }} aria-pressed={props.chosen.to_string()} aria-current={props.current.then_some("true")}
            title={line.name.clone()}>
            <span class="media-pic">
                <Picture media={line.media} alt="" size={ImageSize::Thumb} />
                if props.chosen { <span class="media-mark"><Glyph icon={Icon::Check} /></span> }
                if line.moves { <span class="media-kind xs">{ line.kind.name() }</span> }
            </span>
            <bdi class="media-name cut">{ &line.name }</bdi>
            <span class="media-facts xs muted cut">
                <span class="num">{ size }</span>
                if line.uses > 0 { <span>{ format!(" · {}", (t.uses)(line.uses)) }</span> }
                if !described { <span>{ format!(" · {}", t.no_alt) }</span> }
            </span>
        </button>
    }
}
