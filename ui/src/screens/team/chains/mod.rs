//! The approval chains of an organisation: what they cover, how they run, and their form.

mod covers;
mod dialog;
mod drawn;
mod step;
pub mod texts;

use std::rc::Rc;

use contract::accounts::ListAccounts;
use contract::approvals::{Chains as List, DeleteChain, ListChains};
use contract::personas::ListPersonas;
use contract::teams::Team;
use domain::approval::{Chain, Order};
use domain::id::PersonId;
use domain::team::Role;
use yew::prelude::*;

use self::dialog::ChainDialog;
use self::drawn::{Known, links, summary};
use crate::backend::use_query;
use crate::components::{Button, ChainDrawing, Glyph, Icon, Menu, MenuItem, Section, Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::state::chains::{Form, Template};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub team: Team,
}

#[component]
pub fn Chains(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.chains;
    let list = use_query(ListChains {});
    let personas = use_query(ListPersonas {}).data;
    let accounts = use_query(ListAccounts {}).data;
    let writing = use_state_eq(|| None::<Form>);
    let known = Known {
        members: Rc::new(props.team.members.clone()),
        personas: personas.unwrap_or_default(),
        accounts: accounts.unwrap_or_default(),
    };
    let write = {
        let writing = writing.setter();
        Callback::from(move |form: Option<Form>| writing.set(form))
    };
    let begin = {
        let viewers = viewers(&props.team);
        write.reform(move |template: Template| Some(Form::blank(template, (t.template_names)(template), &viewers)))
    };
    let may_manage = list.data.as_ref().is_some_and(|list| list.may_manage);
    use_commands(
        may_manage
            .then(|| {
                let begin = begin.clone();
                Bound::new(Cmd::TeamChain, move || begin.emit(Template::OneApprover))
            })
            .into_iter()
            .collect(),
    );
    let delete = Callback::from(move |chain: Chain| {
        toaster.run(DeleteChain { chain: chain.id, read: chain.version }, (t.said_deleted)(&chain.text.name));
    });
    html! {
        <Section title={t.title} class={classes!("chains")}>
            { view(&list, html! { <Skeleton rows=2 /> }, |list: &List| {
                let rows = list.chains.iter().map(|chain| row(chain, list.may_manage, &known, &write, &delete, texts));
                html! {
                    <div class="card">
                        <p class="chains-what muted">{ if list.chains.is_empty() && list.may_manage { t.none } else { t.what } }</p>
                        if !list.chains.is_empty() { <ul class="list chain-list">{ for rows }</ul> }
                        if list.may_manage { { templates(list.chains.is_empty(), &begin, t) } }
                    </div>
                }
            }) }
            if let Some(form) = (*writing).clone() { <ChainDialog start={form} {known} onclose={write.reform(|()| None)} /> }
        </Section>
    }
}

fn row(
    chain: &Chain,
    may_manage: bool,
    known: &Known,
    write: &Callback<Option<Form>>,
    delete: &Callback<Chain>,
    texts: &'static crate::i18n::Texts,
) -> Html {
    let (t, name) = (&texts.chains, &chain.text.name);
    let items = {
        let (write, delete) = (write.clone(), delete.clone());
        let (edited, deleted) = (chain.clone(), chain.clone());
        vec![
            MenuItem::new(t.edit, move || write.emit(Some(Form::of(&edited)))).icon(Icon::Compose),
            MenuItem::new(t.delete, move || delete.emit(deleted.clone())).icon(Icon::Trash).danger(),
        ]
    };
    html! {
        <li key={chain.id.to_string()} class="chain-row">
            <div class="row">
                <span class="grow">
                    <b class="cut"><bdi>{ name }</bdi></b>
                    <span class="sm muted">{ summary(&chain.text, known, texts) }</span>
                </span>
                if may_manage { <Menu label={(t.more)(name)} trigger={html! { <Glyph icon={Icon::More} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true /> }
            </div>
            <ChainDrawing label={name.clone()} links={links(&chain.text, known, texts)} at_once={chain.text.order == Order::AtOnce} />
        </li>
    }
}

/// What a new chain may begin as: told at length while there is none.
fn templates(first: bool, begin: &Callback<Template>, t: &'static texts::Texts) -> Html {
    if first {
        let buttons = Template::ALL.into_iter().enumerate().map(|(at, template)| {
            let onclick = begin.reform(move |_: MouseEvent| template);
            html! {
                <button type="button" id={format!("chain-template-{at}")} class="chain-template" {onclick}>
                    <b>{ (t.template)(template) }</b><span class="sm muted">{ (t.template_what)(template) }</span>
                </button>
            }
        });
        return html! { <div class="chain-templates">{ for buttons }</div> };
    }
    let buttons = Template::ALL.into_iter().enumerate().map(|(at, template)| {
        let onclick = begin.reform(move |_: MouseEvent| template);
        html! { <Button id={format!("chain-template-{at}")} icon={Icon::Plus} {onclick}>{ (t.template)(template) }</Button> }
    });
    html! { <div class="chain-more"><span class="sm muted">{ t.new }</span>{ for buttons }</div> }
}

fn viewers(team: &Team) -> Vec<PersonId> {
    team.members.iter().filter(|member| member.role == Role::Viewer).map(|member| member.person).collect()
}
