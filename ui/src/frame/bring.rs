//! Bringing posts of the own profile into an organisation: what comes along, what stays, and the way back.

use contract::many::Left;
use contract::teams::{BringToTeam, Brought, TakeBackFromTeam, TeamLine};
use domain::id::PostId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::context::use_frame;
use super::team::{put_down, use_teams};
use crate::backend::call;
use crate::components::{Button, Dialog, Look, Segmented};
use crate::i18n::{Texts as All, counted};

/// The words for it.
pub struct Texts {
    pub title: &'static str,
    where_to: &'static str,
    how: &'static str,
    copy: &'static str,
    mov: &'static str,
    comes: &'static str,
    stays: &'static str,
    stays_when_moved: &'static str,
    pub go: &'static str,
    done: fn(&Brought, &str) -> String,
    accounts_left: fn(u32) -> String,
    left: fn(&str, &str) -> String,
    more_left: fn(usize) -> String,
    taken_back: &'static str,
}

pub const EN: Texts = Texts {
    title: "Bring to an organisation",
    where_to: "Organisation",
    how: "What becomes of it here",
    copy: "Copy",
    mov: "Move",
    comes: "Texts, images and videos come along, and the persona: the one of the same name there, or a new one if you may add one.",
    stays: "Accounts and their sign-ins stay with you, and so do times, comments and earlier versions.",
    stays_when_moved: "Only drafts can be moved. What was brought before is not brought twice.",
    go: "Bring",
    done: |brought, name| {
        let came = counted(brought.posts.len() as u64, "post", "posts");
        let verb = if brought.posts.len() == 1 { "is" } else { "are" };
        match (brought.posts.len(), brought.already) {
            (0, _) => format!("All of this was in {name} already."),
            (_, 0) => format!("{came} {verb} in {name} now."),
            (_, already) => format!("{came} {verb} in {name} now; {already} were there already."),
        }
    },
    accounts_left: |count| match count {
        1 => "An account stayed here: choose one of the organisation before you schedule.".to_owned(),
        _ => "Accounts stayed here: choose those of the organisation before you schedule.".to_owned(),
    },
    left: |title, why| format!("“{title}” stays: {why}"),
    more_left: |count| format!("{} more stay", counted(count as u64, "post", "posts")),
    taken_back: "Everything is where it was.",
};

pub const DE: Texts = Texts {
    title: "In eine Organisation bringen",
    where_to: "Organisation",
    how: "Was hier daraus wird",
    copy: "Kopieren",
    mov: "Verschieben",
    comes: "Texte, Bilder und Videos kommen mit, ebenso die Persona: die gleichen Namens dort, oder eine neue, wenn Sie eine anlegen dürfen.",
    stays: "Konten und ihre Anmeldungen bleiben bei Ihnen, ebenso Zeiten, Kommentare und frühere Fassungen.",
    stays_when_moved: "Nur Entwürfe lassen sich verschieben. Was schon dort ist, wird nicht noch einmal gebracht.",
    go: "Bringen",
    done: |brought, name| {
        let came = counted(brought.posts.len() as u64, "Beitrag", "Beiträge");
        let verb = if brought.posts.len() == 1 { "ist" } else { "sind" };
        match (brought.posts.len(), brought.already) {
            (0, _) => format!("Alles davon war schon in {name}."),
            (_, 0) => format!("{came} {verb} jetzt in {name}."),
            (_, already) => format!("{came} {verb} jetzt in {name}; {already} waren schon dort."),
        }
    },
    accounts_left: |count| match count {
        1 => "Ein Konto blieb hier: Wählen Sie vor dem Planen eines der Organisation.".to_owned(),
        _ => "Konten blieben hier: Wählen Sie vor dem Planen die der Organisation.".to_owned(),
    },
    left: |title, why| format!("„{title}“ bleibt: {why}"),
    more_left: |count| format!("{} mehr bleiben", counted(count as u64, "Beitrag", "Beiträge")),
    taken_back: "Alles ist, wo es war.",
};

/// Of those that stay, so many are named.
const LEFT_SHOWN: usize = 5;

const COPY: &str = "copy";
const MOVE: &str = "move";

/// The organisations that something can be brought to from here: none, where one is open already.
#[hook]
pub fn use_bringable() -> Vec<TeamLine> {
    match use_teams() {
        Some(teams) if teams.open.is_none() => teams.teams.clone(),
        _ => Vec::new(),
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    /// By their ids here.
    pub posts: Vec<PostId>,
    /// Closed; whether posts have left this profile.
    pub onclose: Callback<bool>,
}

/// What was done, and can be taken back.
#[derive(Clone, PartialEq)]
struct Done {
    team: TeamLine,
    moved: bool,
    brought: Brought,
}

#[component]
pub fn BringDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.bring;
    let teams = use_bringable();
    let chosen = use_state_eq(|| None::<AttrValue>);
    let how = use_state_eq(|| AttrValue::from(COPY));
    let busy = use_state_eq(|| false);
    let done = use_state_eq(|| None::<Done>);
    let options: Vec<(AttrValue, AttrValue)> =
        teams.iter().map(|team| (team.organisation.to_string().into(), team.name.clone().into())).collect();
    let key = (*chosen).clone().or_else(|| options.first().map(|(key, _)| key.clone())).unwrap_or_default();
    let target = teams.iter().find(|team| team.organisation.to_string() == key.as_str()).cloned();
    let close = {
        let (done, busy, onclose) = (done.clone(), busy.clone(), props.onclose.clone());
        Callback::from(move |()| {
            if *busy {
                return;
            }
            let moved = done.as_ref().is_some_and(|done| done.moved && !done.brought.posts.is_empty());
            done.set(None);
            onclose.emit(moved);
        })
    };
    let go = {
        let (busy, done, toaster, target) = (busy.setter(), done.setter(), toaster.clone(), target.clone());
        let (posts, moved) = (props.posts.clone(), how.as_str() == MOVE);
        Callback::from(move |_: MouseEvent| {
            let Some(team) = target.clone() else { return };
            let command = BringToTeam { organisation: team.organisation, posts: posts.clone(), keep: !moved };
            let (busy, done, toaster) = (busy.clone(), done.clone(), toaster.clone());
            busy.set(true);
            spawn_local(async move {
                // what was typed last comes along too
                if put_down().await {
                    match call(command).await {
                        Ok(brought) => done.set(Some(Done { team, moved, brought })),
                        Err(error) => toaster.fail(&error),
                    }
                } else {
                    toaster.complain(toaster.texts.team.unsaved);
                }
                busy.set(false);
            });
        })
    };
    let undo = {
        let (busy, done, toaster, onclose) = (busy.setter(), done.clone(), toaster.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(Done { team, moved, brought }) = (*done).clone() else { return };
            let command = TakeBackFromTeam { organisation: team.organisation, posts: brought.posts, moved };
            let (busy, done, toaster, onclose) = (busy.clone(), done.setter(), toaster.clone(), onclose.clone());
            busy.set(true);
            spawn_local(async move {
                match call(command).await {
                    Ok(back) => {
                        done.set(None);
                        onclose.emit(moved && !back.left.is_empty());
                        match said_left(toaster.texts, &back.left).as_slice() {
                            [] => toaster.say(toaster.texts.bring.taken_back),
                            left => toaster.complain(left.join("\n")),
                        }
                    }
                    Err(error) => toaster.fail(&error),
                }
                busy.set(false);
            });
        })
    };
    let finish = close.reform(|_: MouseEvent| ());
    let (body, footer) = match &*done {
        Some(Done { team, brought, .. }) => (
            html! {
                <>
                    <p role="status">{ (t.done)(brought, &team.name) }</p>
                    if brought.accounts_left > 0 && !brought.posts.is_empty() { <p class="muted">{ (t.accounts_left)(brought.accounts_left) }</p> }
                    if !brought.left.is_empty() {
                        <ul class="plain">{ for said_left(texts, &brought.left).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                    }
                </>
            },
            html! {
                <>
                    if !brought.posts.is_empty() { <Button busy={*busy} onclick={undo}>{ texts.frame.undo }</Button> }
                    <Button look={Look::Go} onclick={finish}>{ texts.frame.done }</Button>
                </>
            },
        ),
        None => (
            html! {
                <>
                    if options.len() > 1 {
                        <div class="field"><span aria-hidden="true">{ t.where_to }</span>
                            <Segmented label={t.where_to} options={options.clone()} value={key} onchange={let chosen = chosen.setter(); Callback::from(move |key| chosen.set(Some(key)))} />
                        </div>
                    } else if let Some(team) = &target {
                        <p><bdi><b>{ team.name.clone() }</b></bdi></p>
                    }
                    <div class="field">
                        <Segmented label={t.how} options={vec![(COPY.into(), t.copy.into()), (MOVE.into(), t.mov.into())]} value={(*how).clone()} onchange={let how = how.setter(); Callback::from(move |key| how.set(key))} />
                    </div>
                    <p>{ t.comes }</p>
                    <p>{ t.stays }</p>
                    <p class="muted">{ t.stays_when_moved }</p>
                </>
            },
            html! {
                <>
                    <Button onclick={finish}>{ texts.frame.cancel }</Button>
                    <Button id="bring-go" look={Look::Go} busy={*busy} onclick={go}>{ t.go }</Button>
                </>
            },
        ),
    };
    html! { <Dialog open={props.open} title={t.title} onclose={close} {footer}>{ body }</Dialog> }
}

/// A line for each of the first that stay, and one for the rest.
fn said_left(texts: &All, left: &[Left]) -> Vec<String> {
    let t = &texts.bring;
    let mut lines: Vec<String> =
        left.iter().take(LEFT_SHOWN).map(|one| (t.left)(&one.title, &(texts.error)(&one.why))).collect();
    if let Some(more @ 1..) = left.len().checked_sub(LEFT_SHOWN) {
        lines.push((t.more_left)(more));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_in_whole_sentences() {
        let brought = |posts: usize, already| Brought {
            posts: vec![PostId::new(uuid::Uuid::nil()); posts],
            already,
            ..Brought::default()
        };
        assert_eq!((EN.done)(&brought(1, 0), "Bakery"), "1 post is in Bakery now.");
        assert_eq!((EN.done)(&brought(2, 3), "Bakery"), "2 posts are in Bakery now; 3 were there already.");
        assert_eq!((EN.done)(&brought(0, 3), "Bakery"), "All of this was in Bakery already.");
        assert_eq!((DE.done)(&brought(1, 0), "Backstube"), "1 Beitrag ist jetzt in Backstube.");
    }
}
