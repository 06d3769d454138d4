//! Queues: which times of the week wait for which posts.

mod form;
pub mod texts;

use std::rc::Rc;

use contract::personas::{ListPersonas, PersonaView};
use contract::queues::{DeleteQueue, ListQueues};
use domain::queue::Queue;
use yew::prelude::*;

use self::form::QueueForm;
use crate::backend::use_query;
use crate::components::{Button, Dialog, Dot, Empty, Icon, IconButton, Look, Skeleton, view};
use crate::frame::context::use_frame;
use crate::state::slots::{Form, spoken};
use crate::state::time;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn QueuesDialog(props: &Props) -> Html {
    html! { if props.open { <Open onclose={props.onclose.clone()} /> } }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    onclose: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.queues;
    let all = use_query(ListQueues {});
    let personas = use_query(ListPersonas {}).data;
    let editing = use_state_eq(|| None::<Form>);
    let edit = {
        let editing = editing.setter();
        Callback::from(move |form: Option<Form>| editing.set(form))
    };
    if let Some(start) = (*editing).clone() {
        return html! { <QueueForm {start} {personas} onback={edit.reform(|()| None)} /> };
    }
    let add = {
        let (edit, zone) = (edit.clone(), clock.zone_name.clone());
        Callback::from(move |_: MouseEvent| edit.emit(Some(Form::blank(&zone))))
    };
    let add = html! { <Button id="new-queue" look={Look::Go} icon={Icon::Plus} onclick={add}>{ t.add }</Button> };
    let is_empty = all.data.as_ref().is_none_or(|all| all.is_empty());
    let footer = if is_empty { Html::default() } else { add.clone() };
    let body = view(&all, html! { <Skeleton rows=3 /> }, |all| {
        if all.is_empty() {
            return html! { <Empty icon={Icon::Queue} title={t.empty} text={t.empty_what}>{ add.clone() }</Empty> };
        }
        let lines = all.iter().map(|queue| {
            html! { <QueueLine key={queue.id.to_string()} queue={queue.clone()} personas={personas.clone()} onedit={edit.clone()} /> }
        });
        html! { <ul class="series">{ for lines }</ul> }
    });
    html! { <Dialog open=true title={t.title} wide=true onclose={props.onclose.clone()} {footer}>{ body }</Dialog> }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    queue: Queue,
    personas: Option<Rc<Vec<PersonaView>>>,
    onedit: Callback<Option<Form>>,
}

#[component]
fn QueueLine(props: &LineProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.queues;
    let text = &props.queue.text;
    let persona = text.persona.and_then(|id| props.personas.as_ref()?.iter().find(|view| view.persona.id == id));
    let delete = {
        let (toaster, queue, name) = (toaster, props.queue.id, text.name.clone());
        Callback::from(move |_: MouseEvent| toaster.run(DeleteQueue { queue }, (t.deleted)(&name)))
    };
    let edit = {
        let (onedit, queue) = (props.onedit.clone(), props.queue.clone());
        Callback::from(move |_: MouseEvent| onedit.emit(Some(Form::of(&queue))))
    };
    let zone = if text.zone == *clock.zone_name { String::new() } else { format!(" {}", time::city(&text.zone)) };
    html! {
        <li>
            <div class="grow">
                <b><bdi>{ &text.name }</bdi></b>
                <p class="sm">{ spoken(&text.slots, t.every_day, &texts.time) }{ zone }</p>
                <p class="sm muted">
                    { match persona {
                        Some(view) => html! { <><Dot color={view.persona.text.color} />{ " " }<bdi>{ &view.persona.text.name }</bdi></> },
                        None => html! { { t.all_posts } },
                    } }
                </p>
            </div>
            <Button icon={Icon::Compose} onclick={edit}>{ t.edit }</Button>
            <IconButton icon={Icon::Trash} label={format!("{}: {}", texts.frame.delete, text.name)} onclick={delete} />
        </li>
    }
}
