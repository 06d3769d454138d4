//! The library: every file, what it is called and shows, and where it is used.

mod add;
mod grid;
mod inspector;
mod intake;
pub mod refusals;
mod several;
pub mod texts;

use std::rc::Rc;

use contract::library::{DeleteMedia, ListMedia, MediaFilter, MediaLine, MediaList, MediaSort};
use domain::id::MediaId;
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub use self::add::AddDialog;
pub use self::grid::{MediaGrid, Press};
use self::inspector::Inspector;
pub use self::intake::{IntakeHandle, use_intake, use_new_intake};
use self::several::Several;
use crate::backend::use_query;
use crate::components::{Bar, Button, Empty, Glyph, Icon, Keys, Look, Select, Skeleton, view};
use crate::files::{files_of, hang_over, images_of};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::i18n::Texts;
use crate::platform;
use crate::state::intake::Phase;
use crate::state::keys::Cmd;
use crate::state::shelf::{Choice, Way};

#[component]
pub fn LibraryScreen() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.library;
    let intake = use_intake();
    let filter = use_state_eq(MediaFilter::default);
    let sort = use_state_eq(MediaSort::default);
    let list = use_query(ListMedia { filter: (*filter).clone(), sort: *sort });
    let choice = use_state_eq(Choice::default);
    let columns = use_state_eq(|| 1_usize);
    let sight = use_state_eq(|| 0_u32);
    let over = use_state_eq(|| false);
    let depth = use_mut_ref(|| 0_u32);

    let lines: Rc<Vec<MediaLine>> =
        use_memo(list.data.clone(), |list| list.as_ref().map(|list| list.lines.clone()).unwrap_or_default());
    let order: Rc<Vec<MediaId>> = use_memo(lines.clone(), |lines| lines.iter().map(|line| line.media).collect());
    // where the current one stood, for when it is gone
    let stood = use_mut_ref(|| 0_usize);
    let shown = choice.within(&order, *stood.borrow());
    if let Some(at) = shown.current.and_then(|current| order.iter().position(|media| *media == current)) {
        *stood.borrow_mut() = at;
    }
    let meant = shown.meant(&order);
    let folder = filter.folder.clone().unwrap_or_default();

    let open_add = {
        let (intake, folder) = (intake.clone(), folder.clone());
        Callback::from(move |()| intake.open(&folder, Vec::new()))
    };
    let bring = {
        let (intake, folder) = (intake.clone(), folder.clone());
        Callback::from(move |files: Vec<web_sys::File>| {
            if intake.state().open && intake.state().phase == Phase::Choosing {
                intake.choose(files);
            } else {
                intake.open(&folder, files);
            }
        })
    };
    use_paste(bring.clone());
    let delete = {
        let (toaster, names) = (toaster.clone(), lines.clone());
        Callback::from(move |media: Vec<MediaId>| {
            if media.is_empty() {
                return;
            }
            let name = media.first().and_then(|first| names.iter().find(|line| line.media == *first));
            let (name, count) = (name.map(|line| line.name.clone()).unwrap_or_default(), media.len());
            toaster.run_saying(DeleteMedia { media }, move |done| (t.deleted)(&name, count, done.used));
        })
    };
    use_commands(commands(&shown, &order, *columns, &choice, &sight, &open_add, &delete, texts));

    let onpress = {
        let (choice, shown, order) = (choice.setter(), shown.clone(), order.clone());
        Callback::from(move |(media, press): (MediaId, Press)| {
            choice.set(match press {
                Press::Plain => Choice::only(media),
                Press::More => shown.toggled(media),
                Press::UpTo => shown.up_to(&order, media),
            });
        })
    };
    let set_filter = |set: fn(&mut MediaFilter, &str)| {
        let filter = filter.clone();
        Callback::from(move |text: AttrValue| {
            let mut next = (*filter).clone();
            set(&mut next, &text);
            filter.set(next);
        })
    };
    let ondragenter = {
        let (over, depth) = (over.setter(), depth.clone());
        Callback::from(move |event: DragEvent| {
            *depth.borrow_mut() += 1;
            if hang_over(&event) {
                event.prevent_default();
                over.set(true);
            }
        })
    };
    let ondragover = Callback::from(|event: DragEvent| {
        if hang_over(&event) {
            event.prevent_default();
        }
    });
    let ondragleave = {
        let (over, depth) = (over.setter(), depth.clone());
        Callback::from(move |_: DragEvent| {
            let left = depth.borrow().saturating_sub(1);
            *depth.borrow_mut() = left;
            over.set(left > 0);
        })
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            *depth.borrow_mut() = 0;
            over.set(false);
            if hang_over(&event) {
                event.prevent_default();
                bring.emit(event.data_transfer().map(|data| files_of(data.files())).unwrap_or_default());
            }
        })
    };
    let total = list.data.as_ref().map_or(0, |list| list.total);
    let running = intake.state().is_running().then(|| (intake.state().done(), intake.state().items.len()));
    let body = view(&list, html! { <Skeleton rows=6 /> }, |list| {
        if list.total == 0 {
            let action = html! {
                <Button look={Look::Go} icon={Icon::Plus} keys={Cmd::LibraryAdd} onclick={open_add.reform(|_: MouseEvent| ())}>{ t.add }</Button>
            };
            return html! { <Empty icon={Icon::Library} title={t.empty} text={t.empty_what}>{ action }</Empty> };
        }
        if list.lines.is_empty() {
            return html! { <p class="muted library-none" role="status">{ t.nothing_found }</p> };
        }
        html! {
            <MediaGrid name="media" label={t.files} lines={lines.clone()} current={shown.current} chosen={shown.chosen.clone()} {onpress}
                oncolumns={Callback::from({ let columns = columns.setter(); move |count| columns.set(count) })} sight={*sight} />
        }
    });
    let folders = list.data.as_ref().map(|list| list.folders.clone()).unwrap_or_default();
    let inspected = match (meant.as_slice(), shown.current) {
        ([_, _, ..], _) => html! { <Several media={meant.clone()} folders={folders} ondelete={delete.clone()} /> },
        ([only], _) => {
            html! { <Inspector key={only.to_string()} media={*only} folders={folders} ondelete={delete.reform(|media| vec![media])} /> }
        }
        _ => html! { <p class="muted sm library-hint">{ t.choose_one }</p> },
    };
    html! {
        <div class={classes!("library-screen", over.then_some("over"))} {ondragenter} {ondragover} {ondragleave} {ondrop}>
            <Bar title={t.title} sub={sub(t, total, running)}>
                <Button icon={Icon::Plus} look={Look::Go} keys={Cmd::LibraryAdd} onclick={open_add.reform(|_: MouseEvent| ())}>{ t.add }</Button>
            </Bar>
            <Filters list={list.data.clone()} filter={(*filter).clone()} sort={*sort} set_text={set_filter(|filter, text| filter.text = text.to_owned())}
                set_folder={set_filter(|filter, folder| filter.folder = chosen_folder(folder))}
                set_tag={set_filter(|filter, tag| filter.tag = Some(tag.to_owned()).filter(|tag| !tag.is_empty()))}
                set_unused={set_filter(|filter, on| filter.unused = !on.is_empty())} set_crops={set_filter(|filter, on| filter.crops = !on.is_empty())} set_videos={set_filter(|filter, on| filter.videos = !on.is_empty())}
                on_sort={Callback::from({ let sort = sort.setter(); move |to| sort.set(to) })} />
            <div class="library">
                <div class="library-main">{ body }</div>
                if total > 0 { <aside class="library-insp" aria-label={t.inspector}>{ inspected }</aside> }
            </div>
            if *over { <div class="library-drop" aria-hidden="true">{ t.drop_here }</div> }
        </div>
    }
}

fn sub(t: &texts::Texts, total: u64, running: Option<(usize, usize)>) -> Html {
    match running {
        Some((done, all)) => html! { <span role="status" class="num">{ (t.adding)(done, all) }</span> },
        None if total > 0 => html! { <span class="num">{ (t.count)(total) }</span> },
        None => Html::default(),
    }
}

/// What is typed there is text; an image in the clipboard is a file, wherever the focus is.
#[hook]
fn use_paste(bring: Callback<Vec<web_sys::File>>) {
    use_effect_with(bring, |bring| {
        let bring = bring.clone();
        let listener = platform::window().map(|window| {
            EventListener::new(&window, "paste", move |event| {
                let Some(event) = event.dyn_ref::<web_sys::ClipboardEvent>() else { return };
                let files = event.clipboard_data().map(|data| images_of(&data)).unwrap_or_default();
                if !files.is_empty() {
                    bring.emit(files);
                }
            })
        });
        move || drop(listener)
    });
}

#[expect(clippy::too_many_arguments, reason = "what keys act on")]
fn commands(
    shown: &Choice,
    order: &Rc<Vec<MediaId>>,
    columns: usize,
    choice: &UseStateHandle<Choice>,
    sight: &UseStateHandle<u32>,
    add: &Callback<()>,
    delete: &Callback<Vec<MediaId>>,
    texts: &'static Texts,
) -> Vec<Bound> {
    let add = add.clone();
    let mut bound = vec![
        Bound::new(Cmd::LibraryAdd, move || add.emit(())),
        Bound::new(Cmd::LibraryFilter, || platform::focus_id("library-filter")),
    ];
    if order.is_empty() {
        return bound;
    }
    for (cmd, way) in STEPS {
        let (shown, order, choice, sight) = (shown.clone(), order.clone(), choice.setter(), sight.clone());
        bound.push(Bound::new(cmd, move || {
            choice.set(shown.step(&order, columns, way));
            sight.set(sight.wrapping_add(1));
        }));
    }
    {
        let (order, choice) = (order.clone(), choice.setter());
        bound.push(Bound::new(Cmd::LibraryAll, move || choice.set(Choice::all(&order))));
    }
    if let Some(current) = shown.current {
        let (toggled, choice) = (shown.toggled(current), choice.setter());
        bound.push(Bound::new(Cmd::LibraryChoose, move || choice.set(toggled.clone())));
        bound.push(Bound::new(Cmd::LibraryEdit, || {
            let field = if platform::document().is_some_and(|page| page.get_element_by_id("media-alt").is_some()) {
                "media-alt"
            } else {
                "media-folder"
            };
            platform::focus_id(field);
        }));
        bound.push(Bound::new(Cmd::LibraryCrop, || platform::click("#media-crop")));
        let (delete, meant) = (delete.clone(), shown.meant(order));
        let title = format!("{}: {}", texts.frame.delete, (texts.library.count)(meant.len() as u64));
        bound.push(Bound::new(Cmd::LibraryDelete, move || delete.emit(meant.clone())).titled(title));
    }
    bound
}

const STEPS: [(Cmd, Way); 6] = [
    (Cmd::LibraryNext, Way::Next),
    (Cmd::LibraryPrevious, Way::Previous),
    (Cmd::LibraryRight, Way::Next),
    (Cmd::LibraryLeft, Way::Previous),
    (Cmd::LibraryUp, Way::Up),
    (Cmd::LibraryDown, Way::Down),
];

/// The first letter of the keys of folders, so that no folder's name is one of the other choices.
const NAMED: &str = "=";

fn chosen_folder(key: &str) -> Option<String> {
    if key == "none" { Some(String::new()) } else { key.strip_prefix(NAMED).map(str::to_owned) }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    list: Option<Rc<MediaList>>,
    filter: MediaFilter,
    sort: MediaSort,
    set_text: Callback<AttrValue>,
    set_folder: Callback<AttrValue>,
    set_tag: Callback<AttrValue>,
    set_unused: Callback<AttrValue>,
    set_crops: Callback<AttrValue>,
    set_videos: Callback<AttrValue>,
    on_sort: Callback<MediaSort>,
}

const SORTS: [MediaSort; 5] =
    [MediaSort::Newest, MediaSort::Oldest, MediaSort::Name, MediaSort::Largest, MediaSort::MostUsed];

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.library;
    let MediaFilter { text, folder, tag, unused, crops, videos } = &props.filter;
    let oninput = props
        .set_text
        .reform(|event: InputEvent| AttrValue::from(event.target_unchecked_into::<HtmlInputElement>().value()));
    let onkeydown = {
        let (set_text, empty) = (props.set_text.clone(), text.is_empty());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !empty {
                event.stop_propagation();
                set_text.emit(AttrValue::default());
            }
        })
    };
    let list = props.list.as_ref();
    let shelf = |name: &str, files: u32| format!("{name} ({files})");
    let mut folders: Vec<(AttrValue, AttrValue)> =
        vec![("".into(), t.all_folders.into()), ("none".into(), t.no_folder.into())];
    folders.extend(
        list.into_iter()
            .flat_map(|list| &list.folders)
            .map(|folder| (format!("{NAMED}{}", folder.name).into(), shelf(&folder.name, folder.files).into())),
    );
    let mut tags: Vec<(AttrValue, AttrValue)> = vec![("".into(), t.all_tags.into())];
    tags.extend(
        list.into_iter()
            .flat_map(|list| &list.tags)
            .map(|tag| (tag.name.clone().into(), shelf(&tag.name, tag.files).into())),
    );
    let folder_key = match folder.as_deref() {
        None => String::new(),
        Some("") => "none".to_owned(),
        Some(name) => format!("{NAMED}{name}"),
    };
    let sorts: Vec<(AttrValue, AttrValue)> =
        SORTS.iter().enumerate().map(|(at, sort)| (at.to_string().into(), (t.sort)(*sort).into())).collect();
    let sort_key = SORTS.iter().position(|sort| *sort == props.sort).unwrap_or(0).to_string();
    let on_sort = props
        .on_sort
        .reform(|key: AttrValue| key.parse().ok().and_then(|at: usize| SORTS.get(at).copied()).unwrap_or_default());
    let switch = |set: &Callback<AttrValue>, on: bool, (id, label): (&'static str, &'static str)| {
        let onclick = set.reform(move |_: MouseEvent| AttrValue::from(if on { "" } else { "on" }));
        html! { <button type="button" {id} class={classes!("btn", on.then_some("on"))} aria-pressed={on.to_string()} {onclick}>{ label }</button> }
    };
    html! {
        <div class="filters" role="search">
            <span class="filter-text">
                <Glyph icon={Icon::Search} />
                <input id="library-filter" type="text" dir="auto" autocomplete="off" spellcheck="false" aria-label={t.filter} placeholder={t.filter} value={text.clone()} {oninput} {onkeydown} />
                <Keys cmd={Cmd::LibraryFilter} />
            </span>
            <Select id="library-folder" label={t.folder} options={folders} value={folder_key} onchange={props.set_folder.clone()} />
            <Select id="library-tag" label={t.tag} options={tags} value={tag.clone().unwrap_or_default()} onchange={props.set_tag.clone()} />
            { switch(&props.set_unused, *unused, ("library-unused", t.unused)) }
            { switch(&props.set_crops, *crops, ("library-crops", texts.crop.show_crops)) }
            { switch(&props.set_videos, *videos, ("library-videos", t.videos)) }
            <span class="grow"></span>
            <Select id="library-sort" label={t.sorted} options={sorts} value={sort_key} onchange={on_sort} />
        </div>
    }
}
