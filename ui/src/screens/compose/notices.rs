//! What the writer has to know about the text itself: not saved, changed elsewhere, changed after the sign-off, taken away.

use std::rc::Rc;

use contract::ApiError;
use domain::post::{Content, PostStatus};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::desk::Sheet;
use super::edit::{Change, Edit};
use super::save::{Choice, Event, SaveState, wants_new_post};
use super::texts::Texts;
use crate::components::{Button, Icon, Look, Notice, NoticeTone};
use crate::frame::context::use_frame;

/// Something that a person took away, and the way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub what: TakenAway,
    pub undo: Edit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenAway {
    Part,
    Image,
    Account,
    OwnText,
    Joined,
}

impl TakenAway {
    pub const fn of(edit: &Edit) -> Option<Self> {
        match edit {
            Edit::Toggle(_) => Some(Self::Account),
            Edit::FollowBase(_) => Some(Self::OwnText),
            Edit::In { change: Change::RemovePart { .. }, .. } => Some(Self::Part),
            Edit::In { change: Change::RemoveImage { .. }, .. } => Some(Self::Image),
            Edit::In { change: Change::Join { .. }, .. } => Some(Self::Joined),
            _ => None,
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub state: SaveState,
    pub refused: Option<ApiError>,
    pub status: PostStatus,
    pub taken: Option<Taken>,
    pub on_taken: Callback<()>,
}

/// As long as an undo of the program.
const SHOWN_MS: u32 = 10_000;

#[component]
pub fn Notices(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.compose;
    {
        let on_taken = props.on_taken.clone();
        use_effect_with(props.taken.clone(), move |taken| {
            let timer = taken.as_ref().map(|_| Timeout::new(SHOWN_MS, move || on_taken.emit(())));
            move || drop(timer)
        });
    }
    let tell = |event: fn() -> Event| {
        let sheet = props.sheet.clone();
        Callback::from(move |_: MouseEvent| sheet.tell(event()))
    };
    let saving = match &props.state {
        SaveState::NotSaved { error, again } => {
            let actions = html! {
                if wants_new_post(error) {
                    <Button look={Look::Plain} onclick={tell(|| Event::Detach)}>{ t.save_as_new }</Button>
                } else {
                    <Button look={Look::Plain} icon={Icon::Refresh} onclick={tell(|| Event::RetryNow)}>{ texts.frame.retry }</Button>
                }
            };
            html! {
                <Notice tone={NoticeTone::Bad} {actions}>
                    <b>{ t.not_saved }</b>{ " " }{ (texts.error)(error) }{ " " }{ if *again { t.retried } else { t.kept_here } }
                </Notice>
            }
        }
        SaveState::Conflict { theirs } => conflict(props, &theirs.draft.base, t),
        _ => Html::default(),
    };
    let review = (props.status == PostStatus::InReview)
        .then(|| html! { <Notice tone={NoticeTone::Warn}>{ t.in_review }</Notice> });
    let locked = match props.status {
        PostStatus::Published => Some(t.locked_published),
        PostStatus::Publishing => Some(t.locked_publishing),
        _ => None,
    };
    let refused = props.refused.as_ref().map(|error| {
        html! { <Notice tone={NoticeTone::Bad}><b>{ t.not_done }</b>{ " " }{ (texts.error)(error) }</Notice> }
    });
    let taken = props.taken.as_ref().map(|taken| {
        let word = match taken.what {
            TakenAway::Part => t.taken_part,
            TakenAway::Image => t.taken_image,
            TakenAway::Account => t.taken_account,
            TakenAway::OwnText => t.taken_own,
            TakenAway::Joined => t.taken_joined,
        };
        let (sheet, on_taken, undo) = (props.sheet.clone(), props.on_taken.clone(), taken.undo.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            sheet.edit(undo.clone());
            on_taken.emit(());
        });
        html! { <Notice actions={html! { <Button look={Look::Plain} icon={Icon::Undo} {onclick}>{ texts.frame.undo }</Button> }}>{ word }</Notice> }
    });
    html! {
        <div class="notices">
            { saving }
            { refused.unwrap_or_default() }
            { review.unwrap_or_default() }
            if let Some(text) = locked { <Notice>{ text }</Notice> }
            { taken.unwrap_or_default() }
        </div>
    }
}

/// Two texts stand; both are shown, nothing is thrown away before a person chose.
fn conflict(props: &Props, theirs: &Content, t: &'static Texts) -> Html {
    let mine = props.sheet.pipeline().draft().base.clone();
    let choose = |choice: Choice| {
        let sheet = props.sheet.clone();
        Callback::from(move |_: MouseEvent| sheet.tell(Event::Resolve(choice)))
    };
    let detach = {
        let sheet = props.sheet.clone();
        Callback::from(move |_: MouseEvent| sheet.tell(Event::Detach))
    };
    html! {
        <section class="card conflict" role="alert">
            <h2>{ t.conflict }</h2>
            <p class="sm">{ t.conflict_what }</p>
            <div class="versions">
                <figure><figcaption>{ t.version_mine }</figcaption><blockquote dir="auto">{ whole(&mine) }</blockquote>
                    <Button look={Look::Plain} onclick={choose(Choice::Mine)}>{ t.keep_mine }</Button></figure>
                <figure><figcaption>{ t.version_theirs }</figcaption><blockquote dir="auto">{ whole(theirs) }</blockquote>
                    <Button look={Look::Plain} onclick={choose(Choice::Theirs)}>{ t.take_theirs }</Button></figure>
            </div>
            <Button look={Look::Quiet} onclick={detach}>{ t.keep_both }</Button>
        </section>
    }
}

fn whole(content: &Content) -> String {
    content.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n")
}
