//! Today: what needs a person, what goes out, what waits.

mod accounts;
mod chart;
mod held;
mod start;
pub mod texts;
mod trouble;

use std::rc::Rc;

use contract::personas::{ListPersonas, PersonaView};
use contract::posts::{GetToday, PostLine, SignOff, Today};
use domain::post::PostStatus;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use self::accounts::AccountsCard;
use self::chart::Week;
use self::held::OnHold;
use self::start::StartCard;
use self::trouble::Troubles;
use crate::backend::use_query;
use crate::components::{Bar, Button, Icon, Look, PostRow, Section, Skeleton, To, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::frame::team::use_approvals;
use crate::later::{Later, Part};
use crate::platform;
use crate::route::{Route, use_go};
use crate::screens::calendar::use_calendar;
use crate::screens::series::SeriesLine;
use crate::state::calendar::Action;
use crate::state::keys::Cmd;

#[component]
pub fn TodayScreen() -> Html {
    let (t, clock, _) = use_frame();
    let today = use_query(GetToday {});
    use_commands(vec![Bound::new(Cmd::TodayNext, || step(1)), Bound::new(Cmd::TodayPrevious, || step(-1))]);
    let title = t.time.long_day(clock.today(), clock.today());
    html! {
        <>
            <Bar {title}><OpenPalette /></Bar>
            <div class="today-area"><div class="today">
                { view(&today, html! { <TodaySkeleton /> }, |data| html! { <Content today={Rc::new(data.clone())} /> }) }
            </div></div>
        </>
    }
}

/// The quiet button that opens the palette, on every screen that has room for it.
#[component]
pub fn OpenPalette() -> Html {
    let (t, ..) = use_frame();
    let offers = use_context::<crate::frame::context::Offers>().unwrap_or_default();
    let open = move |_: MouseEvent| {
        if let Some(bound) = offers.all().into_iter().find(|bound| bound.cmd == Cmd::Palette) {
            bound.run.emit(());
        }
    };
    html! { <Button look={Look::Quiet} icon={Icon::Search} keys={Cmd::Palette} onclick={open}>{ t.frame.palette_open }</Button> }
}

#[component]
fn TodaySkeleton() -> Html {
    html! {
        <>
            <div class="card"><Skeleton rows=4 /></div>
            <div class="card"><Skeleton rows=3 /></div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ContentProps {
    today: Rc<Today>,
}

#[component]
fn Content(props: &ContentProps) -> Html {
    let (t, ..) = use_frame();
    let personas = use_query(ListPersonas {}).data;
    // not in an effect: those may run after the frame that shows it
    use_memo((), |()| platform::mark("today"));
    let today = &props.today;
    let fresh =
        today.going_out.is_empty() && today.next.is_none() && today.draft_count == 0 && today.trouble.is_empty();
    html! {
        <>
            <div class="today-main">
                if fresh {
                    <StartCard />
                }
                <Later part={Part::ZoneChanges} wanted=false />
                <Later part={Part::Attention} wanted=false />
                if !today.trouble.is_empty() {
                    <Troubles list={today.trouble.clone()} />
                }
                if !today.halted.is_empty() {
                    <Section title={t.series.title}>
                        <ul class="card series">
                            { for today.halted.iter().map(|series| html! { <SeriesLine key={series.series.to_string()} series={series.clone()} /> }) }
                        </ul>
                    </Section>
                }
                <GoingOut today={today.clone()} personas={personas.clone()} />
                if !today.held.is_empty() {
                    <OnHold today={today.clone()} personas={personas.clone()} />
                }
                <ToApprove personas={personas.clone()} />
                <Waiting lines={today.waiting.clone()} personas={personas.clone()} />
                <Section title={t.today.drafts} note={html! { <DraftsNote today={today.clone()} /> }}>
                    if today.drafts.is_empty() {
                        <p class="card quiet-card">{ t.today.no_drafts }</p>
                    } else {
                        <ul class="card list">
                            { for today.drafts.iter().map(|line| html! {
                                <PostRow key={line.post.to_string()} line={line.clone()} personas={personas.clone()} written=true />
                            }) }
                        </ul>
                    }
                </Section>
            </div>
            <aside class="today-side">
                <AccountsCard />
                <Section title={t.today.week}><Week days={today.published.clone()} /></Section>
            </aside>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DraftsNoteProps {
    today: Rc<Today>,
}

/// The way to the drafts that are not shown here.
#[component]
fn DraftsNote(props: &DraftsNoteProps) -> Html {
    let (t, ..) = use_frame();
    let calendar = use_calendar();
    let today = &props.today;
    if today.draft_count as usize <= today.drafts.len() {
        return Html::default();
    }
    let show = Callback::from(move |()| calendar.dispatch(Action::Drafts));
    html! { <To route={Route::Calendar} class="more-link" onclick={show}>{ (t.today.all_drafts)(today.draft_count) }</To> }
}

/// A day with more than these is shown on request.
const GOING_OUT_MAX: usize = 40;

pub(super) type Personas = Option<Rc<Vec<PersonaView>>>;

#[derive(Properties, PartialEq)]
struct GoingOutProps {
    today: Rc<Today>,
    personas: Personas,
}

#[component]
fn GoingOut(props: &GoingOutProps) -> Html {
    let (t, clock, _) = use_frame();
    let go = use_go();
    let today = &props.today;
    let all = use_state_eq(|| false);
    let shown = if *all { usize::MAX } else { GOING_OUT_MAX };
    let show_all = {
        let all = all.setter();
        move |_: MouseEvent| all.set(true)
    };
    let ahead: Vec<&PostLine> = today
        .going_out
        .iter()
        .filter(|line| line.status == PostStatus::Scheduled || line.status.is_in_review())
        .collect();
    let next = ahead.iter().filter_map(|line| line.due_at).find(|due| *due > clock.now);
    let note = match (ahead.len(), next) {
        (0, _) if today.going_out.is_empty() => String::new(),
        (0, _) => t.today.all_out.to_owned(),
        (left, Some(next)) => {
            format!("{}, {}", (t.today.going_out_note)(left), (t.today.next_in)(&clock.relative(next)))
        }
        (left, None) => (t.today.going_out_note)(left),
    };
    html! {
        <Section title={t.today.going_out} {note}>
            if today.going_out.is_empty() {
                <div class="card quiet-card row wrap">
                    if let Some(next) = &today.next {
                        <p class="grow">
                            { t.today.nothing_today }{ " " }{ t.today.next_is }{ " " }
                            <To route={Route::Post { post: next.post }} class="text-link"><bdi>{ &next.title }</bdi></To>
                            if let Some(due) = next.due_at {
                                <span class="muted">{ format!(", {}", clock.both(due)) }</span>
                            }
                        </p>
                    } else {
                        <p class="grow">{ t.today.nothing_planned }</p>
                        <Button icon={Icon::Plus} keys={Cmd::NewPost} onclick={move |_| go.emit(Route::Compose)}>{ t.frame.new_post }</Button>
                    }
                </div>
            } else {
                <ul class="card list">
                    { for today.going_out.iter().take(shown).map(|line| html! {
                        <PostRow key={line.post.to_string()} line={line.clone()} personas={props.personas.clone()} />
                    }) }
                </ul>
                if today.going_out.len() > shown {
                    <Button look={Look::Quiet} onclick={show_all}>{ (t.today.trouble_more)(today.going_out.len() - shown) }</Button>
                }
            }
        </Section>
    }
}

#[derive(Properties, PartialEq)]
struct WaitingProps {
    lines: Vec<PostLine>,
    personas: Personas,
}

/// Changed after the sign-off: one press signs off what stands there now. And what those sent back who have to agree.
#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let (t, _, toaster) = use_frame();
    // what waits for others is theirs to settle
    let unsigned = props.lines.iter().filter(|line| line.status == PostStatus::InReview && line.waits_for.is_empty());
    let sent_back = props.lines.iter().filter(|line| line.status != PostStatus::InReview);
    let unsigned = unsigned.map(|line| {
        let (toaster, command) = (toaster.clone(), SignOff { post: line.post, read: line.version });
        let said = (t.today.signed_off)(&line.title);
        let sign = move |_| toaster.run(command.clone(), said.clone());
        html! {
            <PostRow key={line.post.to_string()} line={line.clone()} personas={props.personas.clone()}>
                <Button icon={Icon::Signed} onclick={sign}>{ t.today.sign_off }</Button>
            </PostRow>
        }
    });
    let sent_back = sent_back.map(|line| row(line, &props.personas));
    let (unsigned, sent_back): (Vec<Html>, Vec<Html>) = (unsigned.collect(), sent_back.collect());
    html! {
        <>
            if !unsigned.is_empty() {
                <Section title={t.today.waiting} note={(t.today.waiting_note)(unsigned.len())}><ul class="card list">{ unsigned }</ul></Section>
            }
            if !sent_back.is_empty() {
                <Section title={t.approvals.sent_back} note={sent_back.len()}><ul class="card list">{ sent_back }</ul></Section>
            }
        </>
    }
}

fn row(line: &PostLine, personas: &Personas) -> Html {
    html! { <PostRow key={line.post.to_string()} line={line.clone()} personas={personas.clone()} /> }
}

/// Of what waits for the approval of whoever looks, so many are shown here.
const TO_APPROVE_MAX: usize = 5;

#[derive(Properties, PartialEq)]
struct ToApproveProps {
    personas: Personas,
}

/// What waits for the approval of whoever looks; nothing where nothing does.
#[component]
fn ToApprove(props: &ToApproveProps) -> Html {
    let (t, ..) = use_frame();
    let Some(approvals) = use_approvals().data.filter(|approvals| !approvals.mine.is_empty()) else {
        return Html::default();
    };
    let link = html! { <To route={Route::Approvals} class="more-link">{ (t.approvals.waits_for_me)(approvals.mine.len()) }</To> };
    let rows = approvals.mine.iter().take(TO_APPROVE_MAX).map(|request| row(&request.line, &props.personas));
    html! { <Section title={t.approvals.to_approve} note={link}><ul class="card list">{ for rows }</ul></Section> }
}

/// Moves the focus to the next or previous post of the screen.
fn step(by: i32) {
    let Some(document) = platform::document() else { return };
    let Ok(found) = document.query_selector_all(".today .post-link, .today .attn-title") else { return };
    let rows: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = document.active_element();
    let at =
        rows.iter().position(|row| active.as_ref().is_some_and(|active| active == row.as_ref() as &web_sys::Element));
    let target = match (at, by) {
        (None, _) => 0,
        (Some(at), by) if by > 0 => (at + 1).min(rows.len().saturating_sub(1)),
        (Some(at), _) => at.saturating_sub(1),
    };
    if let Some(row) = rows.get(target) {
        row.focus().ok();
    }
}
