use std::rc::Rc;

use contract::posts::Today;
use domain::mutation::PostsChange;
use yew::prelude::*;

use super::Personas;
use crate::components::{Button, Icon, PostRow, Section};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct OnHoldProps {
    pub today: Rc<Today>,
    pub personas: Personas,
}

/// What is on hold, whatever day it is planned for: one press lets it go as planned.
#[component]
pub fn OnHold(props: &OnHoldProps) -> Html {
    let (t, clock, toaster) = use_frame();
    let today = &props.today;
    html! {
        <Section title={t.today.held} note={(t.today.held_note)(today.held_count)}>
            <ul class="card list" id="on-hold">
                { for today.held.iter().map(|line| {
                    let (toaster, post, title) = (toaster.clone(), line.post, line.title.clone());
                    let resume = move |_| toaster.change_posts(vec![post], PostsChange::Resume, &title, |_| {});
                    let late = line.due_at.is_some_and(|due| due < clock.now).then_some(t.today.held_late);
                    html! {
                        <PostRow key={line.post.to_string()} line={line.clone()} personas={props.personas.clone()}>
                            <Button icon={Icon::Clock} title={late} onclick={resume}>{ t.many.resume }</Button>
                        </PostRow>
                    }
                }) }
            </ul>
        </Section>
    }
}
