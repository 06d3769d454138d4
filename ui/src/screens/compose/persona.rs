//! Who speaks: the persona of the post, with its voice beside the text that is being written in it.

use std::rc::Rc;

use contract::personas::PersonaView;
use contract::snippets::ListSnippets;
use domain::id::PersonaId;
use domain::link_tags::LinkTags;
use domain::snippet::Snippet;
use yew::prelude::*;

use super::edit::Edit;
use crate::backend::use_query;
use crate::components::{Dot, Select, Switch};
use crate::i18n::use_texts;
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub personas: Rc<Vec<PersonaView>>,
    pub persona: Option<PersonaId>,
    /// Of the post.
    pub link_tags: Option<LinkTags>,
    pub locked: bool,
    pub on_edit: Callback<Edit>,
}

#[component]
pub fn PersonaBox(props: &Props) -> Html {
    let texts = use_texts();
    let t = &texts.compose;
    let go = use_go();
    let snippets = use_query(ListSnippets {}).data;
    let chosen = props.personas.iter().map(|view| &view.persona).find(|persona| Some(persona.id) == props.persona);
    if props.personas.is_empty() {
        return html! {
            <section class="box">
                <div class="box-head"><h2>{ t.persona }</h2></div>
                <p class="sm muted">{ t.persona_none_yet }{ " " }<button type="button" class="link" onclick={go.reform(|_: MouseEvent| Route::Personas)}>{ t.persona_add }</button></p>
            </section>
        };
    }
    let mut options: Vec<(AttrValue, AttrValue)> = vec![("".into(), texts.frame.no_persona.into())];
    options.extend(
        props.personas.iter().map(|view| (view.persona.id.to_string().into(), view.persona.text.name.clone().into())),
    );
    let onchange = {
        let (on_edit, personas, before) = (props.on_edit.clone(), props.personas.clone(), props.persona);
        let snippets = snippets.clone();
        Callback::from(move |key: AttrValue| {
            let found =
                personas.iter().find(|view| view.persona.id.to_string() == key.as_str()).map(|view| &view.persona);
            let signature = |persona| {
                let own = Snippet::signature_of(snippets.as_deref().map(Vec::as_slice).unwrap_or_default(), persona);
                own.map(|own| own.text.first().to_owned())
            };
            on_edit.emit(Edit::Persona {
                signatures: [before, found.map(|persona| persona.id)].map(signature),
                persona: found.map(|persona| persona.id),
                accounts: found.map(|persona| persona.text.accounts.clone()).unwrap_or_default(),
                link_tags: found.and_then(|persona| persona.text.link_tags.clone()),
            });
        })
    };
    let offered = chosen.and_then(|persona| persona.text.link_tags.clone());
    let tags = props.link_tags.clone().or_else(|| offered.clone());
    let ontags = props.on_edit.reform(move |on: bool| Edit::LinkTags(offered.clone().filter(|_| on)));
    let value: AttrValue = chosen.map(|persona| persona.id.to_string()).unwrap_or_default().into();
    html! {
        <section class="box">
            <div class="box-head"><h2>{ t.persona }</h2></div>
            <div class="row persona-pick">
                if let Some(persona) = chosen { <Dot color={persona.text.color} /> }
                <Select id="post-persona" {options} {value} {onchange} disabled={props.locked} label={t.persona} />
            </div>
            if let Some(persona) = chosen {
                if !persona.text.voice.trim().is_empty() {
                    <details class="voice" open=true><summary>{ t.voice }</summary><p dir="auto">{ &persona.text.voice }</p></details>
                }
                if !persona.text.audience.trim().is_empty() {
                    <details class="voice"><summary>{ t.audience }</summary><p dir="auto">{ &persona.text.audience }</p></details>
                }
            }
            if let Some(tags) = tags {
                <Switch id="post-link-tags" label={t.link_tags} hint={written(&tags)} on={props.link_tags.is_some()} onchange={ontags} disabled={props.locked} />
            }
        </section>
    }
}

/// As they stand in a link, one below the other where there is no room.
pub fn written(tags: &LinkTags) -> String {
    let pairs = LinkTags::NAMES.into_iter().zip(tags.values()).filter(|(_, value)| !value.trim().is_empty());
    pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" & ")
}
