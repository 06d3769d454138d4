//! Several files at once: into a folder, under a tag, out of the library.

use contract::library::{FileMedia, Shelf};
use domain::id::MediaId;
use yew::prelude::*;

use super::inspector::FolderInput;
use crate::components::{Button, Field, Icon, Look, TextInput};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct SeveralProps {
    pub media: Vec<MediaId>,
    pub folders: Vec<Shelf>,
    pub ondelete: Callback<Vec<MediaId>>,
}

#[component]
pub fn Several(props: &SeveralProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.library;
    let folder = use_state_eq(String::new);
    let tag = use_state_eq(String::new);
    let count = props.media.len();
    let file = {
        let (toaster, media, folder) = (toaster.clone(), props.media.clone(), folder.clone());
        Callback::from(move |_: MouseEvent| {
            let said = (t.filed)(count, &folder);
            toaster.run(FileMedia { media: media.clone(), folder: Some((*folder).clone()), tag: None }, said);
        })
    };
    let add_tag = {
        let (toaster, media, tag) = (toaster, props.media.clone(), tag.clone());
        Callback::from(move |()| {
            let wanted = tag.trim().trim_start_matches('#').to_owned();
            if !wanted.is_empty() {
                let said = (t.tagged)(count, &wanted);
                toaster.run(FileMedia { media: media.clone(), folder: None, tag: Some(wanted) }, said);
                tag.set(String::new());
            }
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text| state.set(text))
    };
    let ondelete = {
        let (ondelete, media) = (props.ondelete.clone(), props.media.clone());
        Callback::from(move |_: MouseEvent| ondelete.emit(media.clone()))
    };
    html! {
        <div class="stack media-fields">
            <p><b>{ (t.chosen)(count) }</b></p>
            <Field id="media-folder" label={t.folder}>
                <FolderInput value={(*folder).clone()} folders={props.folders.clone()} oninput={set(&folder)} />
            </Field>
            <Button id="media-file" icon={Icon::Folder} onclick={file}>{ if folder.trim().is_empty() { t.take_out.to_owned() } else { (t.put_in)(folder.trim()) } }</Button>
            <Field id="media-tag" label={t.tag}>
                <TextInput id="media-tag" value={(*tag).clone()} oninput={set(&tag)} onenter={add_tag.clone()} />
            </Field>
            <Button icon={Icon::Plus} disabled={tag.trim().is_empty()} onclick={add_tag.reform(|_: MouseEvent| ())}>{ t.add_tag }</Button>
            <div class="row"><span class="grow"></span>
                <Button id="media-delete" look={Look::Danger} icon={Icon::Trash} onclick={ondelete}>{ (t.delete_count)(count) }</Button>
            </div>
        </div>
    }
}
