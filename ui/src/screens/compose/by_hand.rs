//! The steps of a delivery that a person makes by hand, when its time has come.

use contract::program::OpenLink;
use contract::publishing::SaveImages;
use domain::account::Account;
use domain::id::JobId;
use domain::post::Content;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::components::{Button, Icon, Look};
use crate::frame::context::{Toaster, use_frame};
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub job: JobId,
    pub account: Account,
    /// What this account gets.
    pub content: Content,
    pub on_there: Callback<()>,
}

#[component]
pub fn ByHand(props: &Props) -> Html {
    let (t, _, toaster) = use_frame();
    let c = &t.compose;
    let saving = use_state_eq(|| false);
    let parts = &props.content.parts;
    let network = props.account.network;
    let texts = parts.iter().enumerate().filter(|(_, part)| !part.text.trim().is_empty()).map(|(index, part)| {
        let words = if parts.len() > 1 { (c.copy_part)(index + 1) } else { c.copy_text.to_owned() };
        html! { <Button id={format!("copy-{}-{index}", props.job)} icon={Icon::Copy} onclick={copies(&toaster, &part.text, t)}>{ words }</Button> }
    });
    let comment = Some(props.content.first_comment.trim()).filter(|text| !text.is_empty()).map(|text| {
        html! { <Button id={format!("copy-{}-comment", props.job)} icon={Icon::Copy} onclick={copies(&toaster, text, t)}>{ c.copy_comment }</Button> }
    });
    let described = parts.iter().flat_map(|part| &part.images).enumerate();
    let alts = described.filter(|(_, image)| !image.alt.trim().is_empty()).map(|(index, image)| {
        html! { <Button look={Look::Quiet} icon={Icon::Copy} onclick={copies(&toaster, &image.alt, t)}>{ (c.copy_alt)(index + 1) }</Button> }
    });
    let images: usize = parts.iter().map(|part| part.images.len()).sum();
    let save = {
        let (saving, toaster, job) = (saving.clone(), toaster.clone(), props.job);
        Callback::from(move |_: MouseEvent| {
            saving.set(true);
            let (saving, toaster) = (saving.clone(), toaster.clone());
            spawn_local(async move {
                match call(SaveImages { job }).await {
                    Ok(saved) => toaster.say((c.images_saved)(saved.files.len(), &saved.folder)),
                    Err(error) => toaster.fail(&error),
                }
                saving.set(false);
            });
        })
    };
    let open = {
        let first = parts.first().map(|part| part.text.as_str()).unwrap_or_default();
        let (url, toaster) = (network.composer(first), toaster.clone());
        Callback::from(move |_: MouseEvent| toaster.run_quietly(OpenLink { url: url.clone() }))
    };
    html! {
        <ol class="by-hand">
            <li>{ for texts }{ for alts }</li>
            if images > 0 {
                <li><Button icon={Icon::Download} busy={*saving} onclick={save}>{ (c.save_images)(images) }</Button></li>
            }
            <li><Button icon={Icon::Link} onclick={open}>{ (c.open_network)(network.name()) }</Button></li>
            if let Some(comment) = comment { <li>{ comment }</li> }
            <li><Button id={format!("there-now-{}", props.job)} look={Look::Go} icon={Icon::Check} onclick={props.on_there.reform(|_: MouseEvent| ())}>{ c.it_is_there }</Button></li>
        </ol>
    }
}

fn copies(toaster: &Toaster, text: &str, t: &'static crate::i18n::Texts) -> Callback<MouseEvent> {
    let (toaster, text) = (toaster.clone(), text.to_owned());
    Callback::from(move |_: MouseEvent| {
        let (toaster, text) = (toaster.clone(), text.clone());
        spawn_local(async move {
            match platform::copy(&text).await {
                Ok(()) => toaster.say(t.frame.copied),
                Err(_) => toaster.complain(t.accounts.copy_failed),
            }
        });
    })
}
