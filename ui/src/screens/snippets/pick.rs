//! Where a snippet is chosen: by a few letters.

use contract::posts::Written;
use contract::snippets::{DraftTemplate, ListSnippets};
use domain::id::PersonaId;
use domain::snippet::{Snippet, SnippetKind};
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Button, Dialog, Empty, Finder, Found, Group, Icon, Look};
use crate::frame::context::use_frame;
use crate::i18n::use_texts;
use crate::route::{Route, use_go};
use crate::state::snippets::ordered;

fn found(snippet: &Snippet) -> Found {
    Found {
        key: snippet.id.to_string().into(),
        text: snippet.text.name.clone().into(),
        note: snippet.text.parts.join(" ").into(),
        sign: Html::default(),
    }
}

#[derive(Properties, PartialEq)]
pub struct SnippetProps {
    /// Whose snippets come first.
    pub persona: Option<PersonaId>,
    pub onchoose: Callback<Snippet>,
    pub onmanage: Callback<()>,
    pub onclose: Callback<()>,
}

/// All snippets, for the text that is being written.
#[component]
pub fn SnippetFinder(props: &SnippetProps) -> Html {
    let t = &use_texts().snippets;
    let all = use_query(ListSnippets {}).data;
    let list = all.as_deref().map(Vec::as_slice).unwrap_or_default();
    let group = |kind| {
        let found = ordered(list, kind, props.persona).into_iter().map(found).collect();
        Group { name: (t.kinds)(kind).into(), found }
    };
    let onchoose = {
        let (all, onchoose) = (all.clone(), props.onchoose.clone());
        Callback::from(move |key: AttrValue| {
            let chosen = all.iter().flat_map(|all| all.iter()).find(|snippet| snippet.id.to_string() == key.as_str());
            chosen.iter().for_each(|chosen| onchoose.emit((*chosen).clone()));
        })
    };
    let manage = {
        let (onclose, onmanage) = (props.onclose.clone(), props.onmanage.clone());
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            onmanage.emit(());
        })
    };
    let footer =
        html! { <button type="button" class="link" id="manage-snippets" onclick={manage}>{ t.manage }</button> };
    let nothing = if list.is_empty() { t.empty_what } else { t.nothing };
    html! {
        <Finder title={t.insert} hint={t.insert_hint} {nothing} groups={SnippetKind::ALL.map(group).to_vec()} {onchoose} onclose={props.onclose.clone()} {footer} />
    }
}

#[derive(Properties, PartialEq)]
pub struct TemplateProps {
    pub open: bool,
    pub onclose: Callback<()>,
    pub onmanage: Callback<()>,
}

/// Begins a post with a template.
#[component]
pub fn TemplateFinder(props: &TemplateProps) -> Html {
    html! { if props.open { <Templates onclose={props.onclose.clone()} onmanage={props.onmanage.clone()} /> } }
}

#[derive(Properties, PartialEq)]
struct TemplatesProps {
    onclose: Callback<()>,
    onmanage: Callback<()>,
}

#[component]
fn Templates(props: &TemplatesProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.snippets;
    let go = use_go();
    let query = use_query(ListSnippets {});
    let Some(all) = query.data else { return Html::default() };
    let templates = ordered(&all, SnippetKind::Template, None);
    if templates.is_empty() {
        let manage = {
            let (onclose, onmanage) = (props.onclose.clone(), props.onmanage.clone());
            Callback::from(move |_: MouseEvent| {
                onclose.emit(());
                onmanage.emit(());
            })
        };
        return html! {
            <Dialog open=true title={t.from_template} onclose={props.onclose.clone()}>
                <Empty icon={Icon::Snippet} title={t.from_template} text={t.no_templates}>
                    <Button look={Look::Go} onclick={manage}>{ t.manage }</Button>
                </Empty>
            </Dialog>
        };
    }
    let groups = vec![Group {
        name: (t.kinds)(SnippetKind::Template).into(),
        found: templates.into_iter().map(found).collect(),
    }];
    let onchoose = {
        let all = all.clone();
        Callback::from(move |key: AttrValue| {
            let Some(chosen) = all.iter().find(|snippet| snippet.id.to_string() == key.as_str()) else { return };
            let go = go.clone();
            let then = move |written: Option<&Written>| {
                if let Some(written) = written {
                    go.emit(Route::Post { post: written.post });
                }
            };
            let said = (t.drafted)(&chosen.text.name);
            toaster.run_then(DraftTemplate { snippet: chosen.id, persona: None }, said, then);
        })
    };
    html! {
        <Finder title={t.from_template} hint={t.from_template_hint} nothing={t.nothing} {groups} {onchoose} onclose={props.onclose.clone()} />
    }
}
