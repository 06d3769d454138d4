//! What the writer has to know about the text itself: not saved, changed elsewhere, changed after the sign-off.

use std::rc::Rc;

use contract::ApiError;
use contract::series::{SeriesView, StopSeries};
use domain::post::{Content, PostStatus};
use yew::prelude::*;

use super::desk::{Sheet, use_sheet};
use super::header::holding;
use super::repeat::of_series;
use super::save::{Act, Choice, Event, SaveState, wants_new_post};
use super::texts::Texts;
use crate::components::{Button, Icon, Look, Notice, NoticeTone};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub series: Option<SeriesView>,
    /// As [`super::header::Props::signed`].
    pub signed: bool,
    /// It is on hold.
    pub held: bool,
}

/// Only what a person has to know: a letter that is stored as usual changes nothing here.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    trouble: Option<SaveState>,
    /// What stands here, while another text stands in the program.
    mine: Option<Content>,
    refused: Option<ApiError>,
    status: PostStatus,
    title: String,
}

fn look(sheet: &Sheet) -> Seen {
    let pipeline = sheet.pipeline();
    let state = pipeline.state();
    Seen {
        mine: matches!(state, SaveState::Conflict { .. }).then(|| pipeline.draft().base.clone()),
        trouble: matches!(state, SaveState::NotSaved { .. } | SaveState::Conflict { .. }).then_some(state),
        refused: pipeline.refused().cloned(),
        status: pipeline.status(),
        title: pipeline.draft().shown_title(),
    }
}

#[component]
pub fn Notices(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.compose;
    let tell = |event: fn() -> Event| {
        let sheet = props.sheet.clone();
        Callback::from(move |_: MouseEvent| sheet.tell(event()))
    };
    let seen = use_sheet(&props.sheet, look);
    let saving = match &seen.trouble {
        Some(SaveState::NotSaved { error, again }) => {
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
        Some(SaveState::Conflict { theirs }) => {
            conflict(props, seen.mine.as_ref().unwrap_or(&theirs.draft.base), &theirs.draft.base, t)
        }
        _ => Html::default(),
    };
    let review = (seen.status.is_in_review() && !props.signed).then(|| {
        let all = tell(|| Event::Asked(Act::SignOffAll));
        let actions = match &props.series {
            Some(_) => html! { <Button id="sign-all" look={Look::Plain} icon={Icon::Repeat} onclick={all}>{ texts.series.sign_all }</Button> },
            None => Html::default(),
        };
        html! { <Notice tone={NoticeTone::Warn} {actions}>{ t.in_review }</Notice> }
    });
    let held = props.held.then(|| {
        let resume = holding(&props.sheet, true, &seen.title, &toaster);
        let actions = match resume {
            Some(resume) => html! { <Button id="resume-post" look={Look::Plain} onclick={resume.reform(|_: MouseEvent| ())}>{ texts.many.resume }</Button> },
            None => Html::default(),
        };
        html! { <Notice {actions}>{ t.on_hold }</Notice> }
    });
    let series = props.series.as_ref().map(|series| {
        let goes_on = !series.ended || series.to_come > 1;
        let stop = {
            let (toaster, series, after, stopped) = (toaster.clone(), series.series, props.sheet.post(), texts.series.stopped);
            Callback::from(move |_: MouseEvent| {
                toaster.run_saying(StopSeries { series, after }, move |done| stopped(done.posts));
            })
        };
        let actions = match goes_on {
            true => html! { <Button id="stop-series" look={Look::Plain} onclick={stop}>{ texts.series.stop_after }</Button> },
            false => Html::default(),
        };
        let (words, waiting) = (&texts.series, (texts.series.to_come)(series.to_come, series.ended));
        html! {
            <Notice {actions}>
                <b>{ (words.one_of)(&of_series(series, texts)) }</b>{ " " }{ waiting }{ ". " }{ words.only_this }
            </Notice>
        }
    });
    let locked = match seen.status {
        PostStatus::Published => Some(t.locked_published),
        PostStatus::Publishing => Some(t.locked_publishing),
        _ => None,
    };
    let refused = seen.refused.as_ref().map(|error| {
        html! { <Notice tone={NoticeTone::Bad}><b>{ t.not_done }</b>{ " " }{ (texts.error)(error) }</Notice> }
    });
    html! {
        <div class="notices">
            { saving }
            { refused.unwrap_or_default() }
            { review.unwrap_or_default() }
            { held.unwrap_or_default() }
            { series.unwrap_or_default() }
            if let Some(text) = locked { <Notice>{ text }</Notice> }
        </div>
    }
}

/// Two texts stand; both are shown, nothing is thrown away before a person chose.
fn conflict(props: &Props, mine: &Content, theirs: &Content, t: &'static Texts) -> Html {
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
                <figure><figcaption>{ t.version_mine }</figcaption><blockquote dir="auto">{ whole(mine) }</blockquote>
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
