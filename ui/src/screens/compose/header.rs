//! The header: what the post is called, whether it is stored, when it goes out, and the next step.

use std::rc::Rc;

use contract::posts::{CreatePost, DeletePost};
use contract::queues::ListQueues;
use contract::series::SeriesView;
use domain::id::{AccountId, PersonaId};
use domain::mutation::PostsChange;
use domain::post::PostStatus;
use domain::schedule::Schedule;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::choice::{Choice, Reading};
use super::desk::Sheet;
use super::edit::Edit;
use super::history::History;
use super::picker::{Picker, label};
use super::present::PresentPeople;
use super::primary::{Primary, is_locked, primary};
use super::save::{Act, Event};
use super::save_line::SaveLine;
use crate::backend::{call, use_query};
use crate::components::{Bar, Button, Dialog, Glyph, Icon, IconButton, Look, Menu, MenuItem, Status, TextInput};
use crate::frame::bring::{BringDialog, use_bringable};
use crate::frame::context::{Bound, Toaster, use_commands, use_frame};
use crate::frame::team::{use_reads_only, use_team};
use crate::route::{Route, use_go};
use crate::state::keys::Cmd;
use crate::state::rhythm::Rhythm;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub schedule: Option<Schedule>,
    /// What it is one of.
    pub series: Option<SeriesView>,
    /// Who speaks; empty for nobody.
    pub persona: AttrValue,
    /// Whose post it is and where it goes: what queues ask for.
    pub belongs: Belongs,
    pub status: PostStatus,
    /// What stands there is what was signed off, as far as those are asked who have to agree.
    pub signed: bool,
    /// It is on hold.
    pub held: bool,
    /// It was stored at least once.
    pub exists: bool,
    /// Something is being done with it.
    pub acting: bool,
    /// The name as written, and as shown.
    pub name: AttrValue,
    pub title: AttrValue,
    /// Why it cannot be scheduled now.
    pub blocked: Option<AttrValue>,
    /// Shows the first reason.
    pub on_blocked: Callback<()>,
}

/// What decides which queues take a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Belongs {
    pub persona: Option<PersonaId>,
    pub accounts: Rc<Vec<AccountId>>,
}

#[component]
pub fn Header(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.compose;
    let go = use_go();
    let schedule = props.schedule.clone();
    let wished = props.sheet.wished();
    let choice = use_state(|| Choice::known(schedule.as_ref(), wished.as_ref()));
    let rhythm = use_state_eq(Rhythm::default);
    let open = use_state(|| false);
    let naming = use_state(|| false);
    let confirming = use_state(|| false);
    let history = use_state_eq(|| false);
    let bringing = use_state_eq(|| false);
    let bringable = !use_bringable().is_empty();
    {
        // what was scheduled, moved or unscheduled, here or elsewhere
        let (choice, rhythm, wished) = (choice.clone(), rhythm.setter(), wished.clone());
        use_effect_with(schedule.clone(), move |schedule| {
            rhythm.set(Rhythm::default());
            choice.set(Choice::known(schedule.as_ref(), wished.as_ref()));
        });
    }
    let chosen = (*choice).as_ref().and_then(Choice::when);
    let step = primary(props.status, props.signed, schedule.as_ref(), chosen.as_ref());
    let reads_only = use_reads_only();
    let locked = is_locked(props.status) || reads_only;

    let pick = {
        let (open, choice, schedule) = (open.clone(), choice.clone(), schedule.clone());
        let (now, zone) = (clock.now, clock.zone_name.clone());
        Callback::from(move |()| {
            if choice.is_none() {
                choice.set(Some(Choice::start(schedule.as_ref(), now, &zone)));
            }
            open.set(true);
        })
    };
    // a time that was only looked at is nobody's decision
    let forget = {
        let (open, choice, schedule, rhythm) = (open.clone(), choice.clone(), schedule.clone(), rhythm.setter());
        Callback::from(move |()| {
            open.set(false);
            rhythm.set(Rhythm::default());
            choice.set(Choice::known(schedule.as_ref(), wished.as_ref()));
        })
    };
    // what stands in the way, shown instead of what was asked for
    let obstacle = props.blocked.clone().map(|reason| {
        let (on_blocked, toaster) = (props.on_blocked.clone(), toaster.clone());
        Callback::from(move |()| {
            toaster.complain(reason.to_string());
            on_blocked.emit(());
        })
    });
    let ask = {
        let (sheet, obstacle) = (props.sheet.clone(), obstacle.clone());
        Callback::from(move |act: Act| match &obstacle {
            Some(show) => show.emit(()),
            None => sheet.tell(Event::Asked(act)),
        })
    };
    let schedule_now = {
        let (choice, open, ask, pick) = (choice.clone(), open.clone(), ask.clone(), pick.clone());
        let rhythm = (*rhythm).clone();
        let clock = clock.clone();
        Callback::from(move |()| match choice.as_ref() {
            Some(chosen) if matches!(chosen.read(clock.now, &clock.zone_name), Reading::Ready(_)) => {
                let Some(when) = chosen.when() else { return };
                match rhythm.rule(when.local.date()) {
                    Some(rule) => {
                        open.set(false);
                        ask.emit(Act::Repeat { rule, when });
                    }
                    None if rhythm.is_once() => {
                        open.set(false);
                        ask.emit(Act::Schedule(when));
                    }
                    // something of it is missing
                    None => pick.emit(()),
                }
            }
            _ => pick.emit(()),
        })
    };
    let again = {
        let (sheet, toaster, go) = (props.sheet.clone(), toaster.clone(), go.clone());
        Callback::from(move |()| {
            let (draft, toaster, go) = (sheet.pipeline().draft().clone(), toaster.clone(), go.clone());
            spawn_local(async move {
                match call(CreatePost { draft }).await {
                    Ok(written) => {
                        toaster.done(t.said_duplicated, &written);
                        go.emit(Route::Post { post: written.post });
                    }
                    Err(error) => toaster.fail(&error),
                }
            });
        })
    };
    let forward: Callback<()> = match step {
        // first what stands in the way: the picker would lie over it
        Primary::PickTime => obstacle.clone().unwrap_or_else(|| pick.clone()),
        Primary::Schedule | Primary::Move => schedule_now.clone(),
        Primary::SignOff => ask.reform(|()| Act::SignOff),
        Primary::Again => again.clone(),
        Primary::Decide => Callback::from(|()| crate::platform::focus_id("deliveries")),
        Primary::Waits => pick.clone(),
    };
    let delete = {
        let (sheet, toaster, go) = (props.sheet.clone(), toaster.clone(), go.clone());
        Callback::from(move |()| {
            if let Some(post) = sheet.post() {
                toaster.run(DeletePost { post }, t.said_deleted);
            }
            sheet.discard();
            go.emit(Route::Today);
        })
    };
    let unschedule = {
        let (sheet, open) = (props.sheet.clone(), open.clone());
        Callback::from(move |()| {
            open.set(false);
            sheet.tell(Event::Asked(Act::Unschedule));
        })
    };
    let bring = {
        let bringing = bringing.setter();
        Callback::from(move |()| bringing.set(true))
    };
    let brought = {
        let (bringing, sheet, go) = (bringing.setter(), props.sheet.clone(), go.clone());
        Callback::from(move |gone: bool| {
            bringing.set(false);
            if gone {
                sheet.discard();
                go.emit(Route::Today);
            }
        })
    };
    let look_back = {
        let history = history.setter();
        Callback::from(move |()| history.set(true))
    };
    let confirm = obstacle.unwrap_or_else(|| {
        let confirming = confirming.clone();
        Callback::from(move |()| confirming.set(true))
    });
    let waiting = matches!(props.status, PostStatus::Scheduled | PostStatus::Held) || props.status.is_in_review();
    let queues = use_query(ListQueues {}).data;
    let Belongs { persona, accounts } = &props.belongs;
    let in_a_queue = props.status == PostStatus::Draft
        && queues.iter().flat_map(|all| all.iter()).any(|queue| queue.takes(*persona, accounts));
    let queue = ask.reform(|()| Act::Queue);
    let exists = props.exists;

    let hold = (props.held || waiting || props.status == PostStatus::YourTurn)
        .then(|| holding(&props.sheet, props.held, &props.title, &toaster))
        .flatten();

    let mut bound = Vec::new();
    if !reads_only {
        let forward = forward.clone();
        bound.push(Bound::new(Cmd::ComposeSchedule, move || forward.emit(())));
    }
    let mut items = Vec::new();
    let mut offer = |cmd: Cmd, icon: Icon, danger: bool, run: &Callback<()>| {
        let (for_key, for_menu) = (run.clone(), run.clone());
        bound.push(Bound::new(cmd, move || for_key.emit(())));
        let item = MenuItem::new((texts.command)(cmd), move || for_menu.emit(())).icon(icon);
        items.push(if danger { item.danger() } else { item });
    };
    if !locked && props.status != PostStatus::Unsure {
        offer(Cmd::ComposePickTime, Icon::Clock, false, &pick);
        if !props.held {
            offer(Cmd::ComposePublishNow, Icon::Send, false, &confirm);
        }
    }
    if in_a_queue && !reads_only {
        offer(Cmd::ComposeQueue, Icon::Queue, false, &queue);
    }
    if props.status.is_in_review() && !props.signed && !reads_only {
        offer(Cmd::ComposeSignOff, Icon::Signed, false, &ask.reform(|()| Act::SignOff));
    }
    if let Some(hold) = hold.filter(|_| !reads_only) {
        offer(Cmd::ComposeHold, Icon::Hold, false, &hold);
    }
    if waiting && !reads_only {
        offer(Cmd::ComposeUnschedule, Icon::Undo, false, &unschedule);
    }
    if exists {
        offer(Cmd::ComposeHistory, Icon::Clock, false, &look_back);
    }
    if exists && !reads_only {
        offer(Cmd::ComposeDuplicate, Icon::Copy, false, &again);
        if bringable {
            offer(Cmd::ComposeBring, Icon::Team, false, &bring);
        }
        offer(Cmd::ComposeDelete, Icon::Trash, true, &delete);
    }
    use_commands(bound);

    let together = use_team().is_some();
    let title: AttrValue = if props.title.is_empty() { t.new_post.into() } else { props.title.clone() };
    let rename = {
        let naming = naming.clone();
        Callback::from(move |_: MouseEvent| naming.set(true))
    };
    let beside = html! {
        <>
            if !locked { <IconButton icon={Icon::Compose} label={t.rename} onclick={rename} /> }
            if exists { <Status status={props.status} /> }
            if let (true, Some(post)) = (together, props.sheet.post()) { <PresentPeople {post} /> }
        </>
    };
    let time_label = (*choice).as_ref().map_or_else(|| t.pick_time.to_owned(), |choice| label(choice, &clock, texts));
    let (word, icon) = match step {
        Primary::PickTime | Primary::Schedule => (t.schedule, None),
        Primary::Move => (t.move_to, None),
        Primary::SignOff => (t.sign_off, None),
        Primary::Waits => (t.change_time, None),
        Primary::Decide if props.status == PostStatus::YourTurn => (texts.today.post_by_hand, None),
        Primary::Decide => (t.decide, None),
        Primary::Again => (t.write_again, Some(Icon::Copy)),
    };
    let go_look = if step == Primary::Waits { Look::Plain } else { Look::Go };
    let toggle = {
        let (open, pick) = (open.clone(), pick.clone());
        Callback::from(move |_: MouseEvent| if *open { open.set(false) } else { pick.emit(()) })
    };
    html! {
        <>
            <Bar {title} {beside} sub={html! { <SaveLine sheet={props.sheet.clone()} persona={props.persona.clone()} /> }}>
                if !items.is_empty() {
                    <Menu label={t.more} trigger={html! { <Glyph icon={Icon::More} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true />
                }
                if in_a_queue && !reads_only && step == Primary::PickTime {
                    <Button id="queue-post" icon={Icon::Queue} keys={Cmd::ComposeQueue} onclick={queue.reform(|_: MouseEvent| ())}>{ texts.queues.next_free }</Button>
                }
                if !locked && props.status != PostStatus::Unsure && step != Primary::Waits {
                    <Button id="pick-time" icon={Icon::Clock} onclick={toggle.clone()}>{ &time_label }</Button>
                }
                if reads_only {
                } else if step == Primary::Waits {
                    <Button id="pick-time" icon={Icon::Clock} onclick={toggle}>{ &time_label }</Button>
                } else {
                    <Button id="compose-go" look={go_look} {icon} keys={Cmd::ComposeSchedule} busy={props.acting} title={props.blocked.clone()} onclick={forward.reform(|_: MouseEvent| ())}>{ word }</Button>
                }
            </Bar>
            if let (true, Some(chosen)) = (*open, (*choice).clone()) {
                <div class="picker-anchor">
                    <div class="menu-veil" onclick={forget.reform(|_: MouseEvent| ())} />
                    <Picker belongs={(props.status != PostStatus::YourTurn).then(|| props.belongs.clone())} choice={chosen} rhythm={(*rhythm).clone()} series={props.series.clone()} scheduled={waiting} can_clear={!waiting || exists}
                        on_change={let choice = choice.clone(); Callback::from(move |next| choice.set(Some(next)))}
                        on_rhythm={let rhythm = rhythm.setter(); Callback::from(move |next| rhythm.set(next))}
                        on_schedule={schedule_now}
                        on_clear={let (choice, open) = (choice.clone(), open.clone()); Callback::from(move |()| if waiting { unschedule.emit(()) } else { choice.set(None); open.set(false) })}
                        on_close={let forget = forget.clone(); Callback::from(move |()| { forget.emit(()); crate::platform::focus_id("pick-time") })} />
                </div>
            }
            <Rename open={*naming} name={props.name.clone()} sheet={props.sheet.clone()} onclose={let naming = naming.clone(); Callback::from(move |()| naming.set(false))} />
            <ConfirmNow open={*confirming} accounts={props.belongs.accounts.len()}
                onclose={let confirming = confirming.clone(); Callback::from(move |()| confirming.set(false))}
                onconfirm={let confirming = confirming.clone(); Callback::from(move |()| { confirming.set(false); ask.emit(Act::PublishNow) })} />
            if let Some(post) = props.sheet.post() {
                <BringDialog open={*bringing} posts={vec![post]} onclose={brought} />
                <History open={*history} {post} sheet={props.sheet.clone()} {locked} onclose={let history = history.clone(); Callback::from(move |()| history.set(false))} />
            }
        </>
    }
}

/// Puts the post on hold, or resumes it: neither touches what is written in it.
pub(super) fn holding(sheet: &Sheet, held: bool, title: &str, toaster: &Toaster) -> Option<Callback<()>> {
    let (post, title, toaster) = (sheet.post()?, title.to_owned(), toaster.clone());
    let change = if held { PostsChange::Resume } else { PostsChange::Hold };
    Some(Callback::from(move |()| toaster.change_posts(vec![post], change.clone(), &title, |_| {})))
}

#[derive(Properties, PartialEq)]
struct RenameProps {
    open: bool,
    name: AttrValue,
    sheet: Rc<Sheet>,
    onclose: Callback<()>,
}

#[component]
fn Rename(props: &RenameProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.compose;
    let oninput = {
        let sheet = props.sheet.clone();
        Callback::from(move |title: String| {
            sheet.edit(Edit::Title(title));
        })
    };
    let footer = html! { <Button look={Look::Go} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.done }</Button> };
    html! {
        <Dialog open={props.open} title={t.rename} onclose={props.onclose.clone()} {footer}>
            <div class="field">
                <label for="post-title">{ t.title }</label>
                <TextInput id="post-title" value={props.name.clone()} {oninput} autofocus=true onenter={props.onclose.clone()} maxlength={200} />
                <p class="hint" id="post-title-hint">{ t.title_hint }</p>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ConfirmProps {
    open: bool,
    accounts: usize,
    onclose: Callback<()>,
    onconfirm: Callback<()>,
}

/// The one thing here that cannot be taken back.
#[component]
fn ConfirmNow(props: &ConfirmProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.compose;
    let footer = html! {
        <>
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="confirm-publish" look={Look::Go} icon={Icon::Send} onclick={props.onconfirm.reform(|_: MouseEvent| ())}>{ t.publish_now }</Button>
        </>
    };
    html! {
        <Dialog open={props.open} title={t.publish_now} onclose={props.onclose.clone()} {footer}>
            <p>{ (t.publish_now_what)(props.accounts) }</p>
        </Dialog>
    }
}
