//! Who else has this post open right now: it is said of this desk as long as the post is on it, and shown of the others.

use std::collections::BTreeSet;

use contract::teams::{Attend, ListPresent, Present};
use domain::id::PostId;
use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::{call, use_query_if};
use crate::components::Avatar;
use crate::frame::context::use_frame;

/// Faces that are drawn; all are named.
const FACES: usize = 3;

/// Says that this post is open, for as long as it is shown in an organisation.
#[hook]
pub fn use_attendance(post: Option<PostId>, together: bool) {
    use_effect_with(post.filter(|_| together), |post| {
        let attending = post.map(|post| {
            say(post, true);
            (post, Interval::new(Attend::AGAIN_S * 1_000, move || say(post, true)))
        });
        move || {
            if let Some((post, again)) = attending {
                drop(again);
                say(post, false);
            }
        }
    });
}

fn say(post: PostId, open: bool) {
    spawn_local(async move {
        // one that is lost is said again, and nobody waits for it
        let _ = call(Attend { post, open }).await;
    });
}

/// The first word of each name, where that tells them apart: there is little room, and the whole names stand in the title.
fn given<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let first: Vec<&str> = names.iter().map(|name| name.split_whitespace().next().unwrap_or(name)).collect();
    let told_apart = first.iter().collect::<BTreeSet<_>>().len() == first.len();
    if told_apart { first } else { names.to_vec() }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub post: PostId,
}

/// "Ben is here too", with faces. Whoever listens to the page hears when somebody comes.
#[component]
pub fn PresentPeople(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let present = use_query_if(Some(ListPresent { post: props.post }));
    // the answer about the post before is none about this one
    let people = present.data.filter(|_| !present.previous);
    let people = people.as_deref().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    let all = names.join(", ");
    let names = given(&names);
    html! {
        <span class="present" role="status" title={(!all.is_empty()).then_some(all)}>
            if !people.is_empty() {
                <span class="present-faces">
                    { for people.iter().take(FACES).map(|Present { person, name }| html! { <Avatar key={person.to_string()} name={name.clone()} /> }) }
                </span>
                <bdi class="sm cut">{ (texts.compose.here_too)(&names) }</bdi>
            }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_enough_where_they_tell_people_apart() {
        assert_eq!(given(&["Ben Okafor", "Dagny Sørensen-Valderrama"]), ["Ben", "Dagny"]);
        assert_eq!(given(&["Ben Okafor", "Ben Lind"]), ["Ben Okafor", "Ben Lind"]);
        assert_eq!(given(&["", "李小龙"]), ["", "李小龙"]);
    }
}
