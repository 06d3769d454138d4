//! One file in full. What is written is stored a moment after the last keystroke, and when another one is looked at.

use contract::library::{EditMedia, GetMedia, MediaUse, MediaView, Shelf};
use contract::posts::ImageSize;
use contract::program::Saved;
use domain::id::MediaId;
use domain::media::{Media, MediaText};
use domain::post::Content;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{
    Button, Field, Glyph, Icon, Look, Menu, MenuItem, Picture, Skeleton, Status, TextArea, TextInput, To, view,
};
use crate::frame::context::use_frame;
use crate::i18n::{Texts, use_texts};
use crate::route::Route;
use crate::screens::crop::{CropDialog, Cropped, can_be_cropped};
use crate::state::board::tags;
use crate::state::keys::Cmd;

/// Typing pauses this long before it is stored, in milliseconds.
const QUIET_MS: u32 = 600;

#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    pub media: MediaId,
    pub folders: Vec<Shelf>,
    pub ondelete: Callback<MediaId>,
}

#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    // what was made of it does not crowd the grid; it is looked at here
    let version = use_state_eq(|| None::<MediaId>);
    let shown = version.unwrap_or(props.media);
    let query = use_query(GetMedia { media: shown });
    let onshow = {
        let (version, own) = (version.setter(), props.media);
        use_callback((), move |media: MediaId, ()| version.set(Some(media).filter(|media| *media != own)))
    };
    {
        // one that was deleted, or taken back, gives way to the image that it was made of
        let (version, gone) = (version.setter(), query.error.is_some() && shown != props.media);
        use_effect_with(gone, move |gone| {
            if *gone {
                version.set(None);
            }
        });
    }
    view(&query, html! { <Skeleton rows=4 /> }, |found| {
        html! { <Fields key={found.media.id.to_string()} view={found.clone()} folders={props.folders.clone()} ondelete={props.ondelete.clone()} onshow={onshow.clone()} /> }
    })
}

/// The fields as they are typed.
#[derive(Debug, Clone, PartialEq)]
struct Typed {
    name: String,
    alt: String,
    folder: String,
    tags: String,
}

impl Typed {
    fn of(text: MediaText) -> Self {
        let MediaText { name, alt, folder, tags } = text;
        Self { name, alt, folder, tags: tags.join(", ") }
    }

    /// What is to be stored, within its bounds; without a name the stored one stays.
    fn text(&self, stored: &MediaText) -> MediaText {
        let cut = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        let name = if self.name.trim().is_empty() { &stored.name } else { &self.name };
        let tags: Vec<String> = tags(&self.tags).iter().map(|tag| cut(tag, Media::TAG_MAX)).collect();
        let tags = domain::media::tidy_tags(tags.iter().map(String::as_str)).into_iter().take(Media::TAGS_MAX);
        MediaText {
            name: cut(name, Media::NAME_MAX),
            alt: cut(&self.alt, Content::ALT_MAX),
            folder: cut(&self.folder, Media::FOLDER_MAX),
            tags: tags.collect(),
        }
    }
}

#[derive(Properties, PartialEq)]
struct FieldsProps {
    view: MediaView,
    folders: Vec<Shelf>,
    ondelete: Callback<MediaId>,
    /// Looks at another image: the one that this was made from, or one that was made of it.
    onshow: Callback<MediaId>,
}

#[component]
fn Fields(props: &FieldsProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.library;
    let media = &props.view.media;
    let id = media.id;
    let fields = use_state_eq(|| Typed::of(media.text()));
    let stored = use_mut_ref(|| media.text());
    let latest = use_mut_ref(|| (*fields).clone());
    *latest.borrow_mut() = (*fields).clone();
    {
        // what was changed elsewhere, or taken back, shows unless something else is being typed
        let (fields, stored) = (fields.clone(), stored.clone());
        use_effect_with(media.text(), move |text| {
            let known = stored.replace(text.clone());
            if fields.text(&known) == known {
                fields.set(Typed::of(text.clone()));
            }
        });
    }
    let save = {
        let (stored, latest, toaster) = (stored.clone(), latest.clone(), toaster.clone());
        use_callback((), move |(), ()| {
            let text = latest.borrow().text(&stored.borrow());
            let changed = text != *stored.borrow();
            if changed {
                stored.replace(text.clone());
                toaster.run_quietly(EditMedia { media: id, text });
            }
        })
    };
    {
        let save = save.clone();
        use_effect_with(fields.clone(), move |_| {
            let timer = Timeout::new(QUIET_MS, move || save.emit(()));
            move || drop(timer)
        });
    }
    {
        let save = save.clone();
        use_effect_with((), move |()| move || save.emit(()));
    }
    let write = |set: fn(&mut Typed, String)| {
        let fields = fields.clone();
        Callback::from(move |text: String| {
            let mut next = (*fields).clone();
            set(&mut next, text);
            fields.set(next);
        })
    };
    let to_folder = write(|fields, text| fields.folder = text);
    let cropping = use_state_eq(|| false);
    let open_crop = {
        let cropping = cropping.setter();
        Callback::from(move |_: MouseEvent| cropping.set(true))
    };
    let close_crop = {
        let cropping = cropping.setter();
        Callback::from(move |()| cropping.set(false))
    };
    let cropped = {
        let (onshow, close, toaster) = (props.onshow.clone(), close_crop.clone(), toaster.clone());
        let said = (texts.crop.cropped)(&media.name);
        Callback::from(move |done: Cropped| {
            close.emit(());
            toaster.done(said.clone(), &Saved { undo: done.undo });
            onshow.emit(done.media.id);
        })
    };
    let fault = fields.name.trim().is_empty().then_some(AttrValue::from(t.fault_name));
    let facts = format!("{} · {} × {} · {}", media.kind.name(), media.width, media.height, (t.size)(media.bytes));
    html! {
        <div class="stack media-fields">
            <div class="media-large"><Picture media={id} alt={media.alt.clone()} /></div>
            <p class="xs muted num">{ facts }{ if media.frames > 1 { (t.frames)(media.frames) } else { String::new() } }</p>
            if let Some(video) = media.video { <p class="xs muted num" id="media-film">{ (t.film)(video) }</p> }
            <p class="xs muted">{ (t.added_at)(&clock.moment(media.created_at)) }</p>
            { origin(props, texts) }
            if can_be_cropped(media) {
                <div class="row"><Button id="media-crop" icon={Icon::Crop} keys={Cmd::LibraryCrop} onclick={open_crop}>{ texts.crop.crop }</Button></div>
            }
            if *cropping {
                <CropDialog media={media.clone()} ondone={cropped} onclose={close_crop} />
            }
            if media.metadata {
                <p class="sm media-place"><Glyph icon={Icon::Warning} />{ t.has_place }</p>
            }
            <Field id="media-alt" label={t.alt} hint={t.alt_hint}>
                <TextArea id="media-alt" rows=3 value={fields.alt.clone()} oninput={write(|fields, text| fields.alt = text)} />
            </Field>
            <Field id="media-name" label={t.name} error={fault.clone()}>
                <TextInput id="media-name" value={fields.name.clone()} oninput={write(|fields, text| fields.name = text)} wrong={fault.is_some()} maxlength={u32::try_from(Media::NAME_MAX).ok()} />
            </Field>
            <Field id="media-folder" label={t.folder}>
                <FolderInput value={fields.folder.clone()} folders={props.folders.clone()} oninput={to_folder} />
            </Field>
            <Field id="media-tags" label={t.tags} hint={t.tags_hint}>
                <TextInput id="media-tags" value={fields.tags.clone()} oninput={write(|fields, text| fields.tags = text)} />
            </Field>
            { versions(props, texts) }
            <section class="box" aria-label={t.used_in}>
                <div class="box-head"><h2>{ t.used_in }</h2><span class="note num">{ props.view.uses.len() }</span></div>
                if props.view.uses.is_empty() { <p class="sm muted">{ t.used_nowhere }</p> }
                <ul class="media-uses">{ for props.view.uses.iter().map(|used| use_line(used, texts.series.untitled, used.due_at.map(|at| clock.moment(at)))) }</ul>
            </section>
            <div class="row">
                <span class="grow xs muted">{ texts.ideas.saved_by_itself }</span>
                <Button id="media-delete" look={Look::Danger} icon={Icon::Trash} onclick={props.ondelete.reform(move |_: MouseEvent| id)}>{ texts.frame.delete }</Button>
            </div>
        </div>
    }
}

/// What it was made from, and the way there.
fn origin(props: &FieldsProps, texts: &'static Texts) -> Html {
    let t = &texts.crop;
    let Some(whole) = &props.view.made_from else { return Html::default() };
    let cropped = props.view.media.made_from.is_some_and(|made| made.fit.crop.is_some());
    let words = if cropped { t.cropped_from } else { t.made_from };
    if whole.deleted {
        return html! { <p class="sm muted">{ words }{ " " }<bdi>{ &whole.name }</bdi></p> };
    }
    let id = whole.id;
    let onclick = props.onshow.reform(move |_: MouseEvent| id);
    html! {
        <p class="sm media-origin">
            <span class="muted">{ words }{ " " }</span>
            <button type="button" class="link" {onclick} title={t.back_to_whole}><bdi>{ &whole.name }</bdi></button>
        </p>
    }
}

/// What was made of it.
fn versions(props: &FieldsProps, texts: &'static Texts) -> Html {
    let t = &texts.crop;
    let made = &props.view.versions;
    if made.is_empty() {
        return Html::default();
    }
    let tile = |media: &Media| {
        let id = media.id;
        let label = (t.version)(media.width, media.height, media.kind.name());
        let onclick = props.onshow.reform(move |_: MouseEvent| id);
        html! {
            <li key={id.to_string()}>
                <button type="button" {onclick}><Picture media={id} alt="" size={ImageSize::Thumb} /><span class="xs num">{ label }</span></button>
            </li>
        }
    };
    html! {
        <section class="box" aria-label={t.versions}>
            <div class="box-head"><h2>{ t.versions }</h2><span class="note num">{ made.len() }</span></div>
            <ul class="media-versions">{ for made.iter().map(tile) }</ul>
        </section>
    }
}

fn use_line(used: &MediaUse, untitled: &'static str, at: Option<String>) -> Html {
    let title = if used.title.is_empty() { untitled.to_owned() } else { used.title.clone() };
    html! {
        <li key={used.post.to_string()}>
            <To route={Route::Post { post: used.post }} class="link cut" title={title.clone()}><bdi>{ title }</bdi></To>
            <span class="row xs muted"><Status status={used.status} />{ at.unwrap_or_default() }</span>
        </li>
    }
}

#[derive(Properties, PartialEq)]
pub struct FolderProps {
    pub value: AttrValue,
    pub folders: Vec<Shelf>,
    pub oninput: Callback<String>,
    #[prop_or(AttrValue::Static("media-folder"))]
    pub id: AttrValue,
}

/// A folder is its name: a new one by typing it, or one of those that there are.
#[component]
pub fn FolderInput(props: &FolderProps) -> Html {
    let t = &use_texts().library;
    let choose = |name: &str, shown: &str| {
        let (oninput, name) = (props.oninput.clone(), name.to_owned());
        MenuItem::new(shown.to_owned(), move || oninput.emit(name.clone())).icon(Icon::Folder)
    };
    let mut items = vec![choose("", t.no_folder)];
    items.extend(props.folders.iter().map(|folder| choose(&folder.name, &folder.name)));
    html! {
        <div class="row folder-input">
            <TextInput id={props.id.clone()} class="grow" value={props.value.clone()} oninput={props.oninput.clone()} placeholder={t.no_folder} maxlength={u32::try_from(Media::FOLDER_MAX).ok()} />
            <Menu label={t.choose_folder} trigger={html! { <Glyph icon={Icon::Folder} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true />
        </div>
    }
}
