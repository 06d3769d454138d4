//! The whole composer for one sheet: what is written on the left, what becomes of it on the right.

use std::borrow::Cow;
use std::rc::Rc;

use contract::accounts::AccountView;
use contract::approvals::{ApprovalView, GetApproval};
use contract::comments::ListComments;
use contract::personas::PersonaView;
use contract::series::SeriesView;
use domain::account::Account;
use domain::approval::Approval;
use domain::id::{AccountId, PostId};
use domain::idea::IdeaText;
use domain::job::Job;
use domain::media::Media;
use domain::network::Network;
use domain::post::{Content, Draft, Merge, PostStatus};
use domain::schedule::Schedule;
use gloo_events::EventListener;
use yew::prelude::*;

use super::accounts_row::{AccountsRow, Layers};
use super::approval::ApprovalPanel;
use super::checklist::Checklist;
use super::checks::{Blocker, MediaById, alt_gauge, audience, blockers, part_checks};
use super::comments::CommentsBox;
use super::desk::{self, Done, Sheet, use_sheet};
use super::edit::{Change, Layer};
use super::first_comment::FirstComment;
use super::fitting::{Spot, spots};
use super::fixes;
use super::hands::{Reach, text_commands, use_hands};
use super::header::{Belongs, Header};
use super::idea::IdeaBox;
use super::inserts::Inserts;
use super::jobs::Deliveries;
use super::merge_review::{self, MergeReview};
use super::notices::Notices;
use super::options::Options;
use super::outline::Outline;
use super::part::{Focus, PartEditor};
use super::persona::PersonaBox;
use super::preview::Preview;
use super::primary::is_locked;
use super::save::Act;
use super::taken::{Taken, TakenBar};
use super::uploads::Uploads;
use crate::backend::use_query_if;
use crate::components::{Button, Icon, Look, Notice};
use crate::frame::context::{Bound, Toaster, use_commands, use_frame};
use crate::frame::team::{use_reads_only, use_team};
use crate::i18n::Texts;
use crate::state::comments::{Thread, passages, threads};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    /// Of the post as the program last showed it; empty before the first save.
    pub jobs: Rc<Vec<Job>>,
    pub media: Rc<Vec<Media>>,
    pub schedule: Option<Schedule>,
    /// It is on hold.
    pub held: bool,
    /// Nobody has read yet what came of two changes.
    pub merge: Option<Rc<Merge>>,
    /// What the post is one of.
    pub series: Option<SeriesView>,
    /// What the post was made of.
    pub idea: Option<IdeaText>,
    pub accounts: Rc<Vec<AccountView>>,
    pub personas: Rc<Vec<PersonaView>>,
}

/// What the editor draws of its sheet.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    draft: Rc<Draft>,
    status: PostStatus,
    post: Option<PostId>,
    acting: bool,
}

fn look(sheet: &Sheet) -> Seen {
    let pipeline = sheet.pipeline();
    Seen {
        draft: Rc::new(pipeline.draft().clone()),
        status: pipeline.status(),
        post: pipeline.post(),
        acting: pipeline.acting().is_some(),
    }
}

#[component]
pub fn Editor(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.compose;
    let sheet = &props.sheet;
    let seen = use_sheet(sheet, look);
    use_flush();
    use_said(sheet, toaster.clone(), texts);

    let layer_state = use_state_eq(Layer::default);
    let shown = use_state_eq(|| None::<AccountId>);
    let focus = use_state(|| None::<Focus>);
    let current_part = use_mut_ref(|| 0_usize);
    let taken = use_state(|| None::<Taken>);
    let fresh = use_state_eq(|| false);
    let uploads = use_reducer(Uploads::default);
    let imported = use_state(MediaById::new);
    let commenting = use_state_eq(|| false);

    let Seen { draft, status, post, acting } = (*seen).clone();
    let exists = post.is_some();
    let reads_only = use_reads_only();
    let locked = is_locked(status) || reads_only;
    let layer = layer_state.settled(&draft);

    let every: Rc<Vec<Account>> =
        use_memo(props.accounts.clone(), |views| views.iter().map(|view| view.account.clone()).collect());
    let media = use_memo((props.media.clone(), (*imported).clone()), |(stored, imported)| {
        let stored = stored.iter().map(|media| (media.id, media.clone()));
        stored.chain(imported.iter().map(|(id, media)| (*id, media.clone()))).collect::<MediaById>()
    });
    let checks = use_memo((draft.clone(), layer, every.clone(), media.clone()), |(draft, layer, accounts, media)| {
        part_checks(draft, *layer, accounts, media)
    });
    let of_parts = layer.content(&draft).parts.len();
    let fixes = use_memo((checks.clone(), of_parts), |(checks, parts)| {
        // a first comment is no part of a thread that could be cut
        checks.iter().take(*parts).map(fixes::offered).collect::<Vec<_>>()
    });
    let found = use_memo((draft.clone(), every.clone(), media.clone()), |(draft, accounts, media)| {
        blockers(draft, accounts, media)
    });
    let spots: Rc<Vec<Spot>> =
        use_memo((found.clone(), draft.clone(), every.clone(), media.clone()), |(found, draft, accounts, media)| {
            spots(found, draft, accounts, media)
        });
    let outline = use_memo(Outline::of(&draft), Outline::clone);
    let targets: Rc<Vec<Account>> = use_memo((outline.clone(), every.clone()), |(outline, every)| {
        let target = |id| every.iter().find(|account| account.id == id).cloned();
        outline.targets.iter().filter_map(|(account, _)| target(*account)).collect()
    });
    let comments = use_query_if(post.map(|post| ListComments { post })).data;
    let in_team = use_team().is_some();
    let approval = use_query_if(post.filter(|_| in_team).map(|post| GetApproval { post })).data;
    let asked: Option<Rc<ApprovalView>> = approval.as_deref().cloned().flatten().map(Rc::new);
    let signed = asked.as_ref().is_some_and(|view| view.approval != Approval::NotSubmitted);
    let threads: Rc<Vec<Thread>> = use_memo((comments, draft.clone()), |(comments, draft)| {
        comments.as_ref().map(|comments| threads(comments, draft)).unwrap_or_default()
    });
    let goes_to = use_memo(outline.clone(), |outline| outline.targets.iter().map(|(account, _)| *account).collect());
    let hands = use_hands(
        sheet,
        layer,
        &Reach {
            accounts: &every,
            media: &media,
            toaster: &toaster,
            layer: &layer_state,
            shown: &shown,
            focus: &focus,
            taken: &taken,
            fresh: &fresh,
            uploads: &uploads,
            imported: &imported,
            part: &current_part,
        },
    );
    {
        // a new post is there to be written, above the signature that it may have
        let (focus, signed) = (hands.focus.clone(), !draft.base.is_blank());
        use_effect_with((), move |()| {
            if !exists {
                focus.emit((0, !signed));
            }
        });
    }

    let content = layer.content(&draft);
    let parts = content.parts.len();
    let mut networks: Vec<Network> = audience(&draft, layer, &every).iter().map(|account| account.network).collect();
    let network = networks.first().copied().unwrap_or(Network::Bluesky);
    networks.sort_unstable();
    networks.dedup();
    let inherited = matches!(layer, Layer::Account(account) if !outline.has_own_text(account));
    use_commands(text_commands(
        locked,
        (&fixes, &spots),
        layer,
        &outline.layers(),
        (&current_part, parts),
        &hands,
        texts,
    ));

    let when = props.schedule.as_ref().map_or_else(|| t.preview_now.to_owned(), |schedule| clock.moment(schedule.at));
    let on_show = use_callback(shown.setter(), |account, shown| shown.set(Some(account)));
    let on_over = use_callback(taken.setter(), |(), taken| taken.set(None));
    let previewed =
        targets.iter().find(|account| Some(account.id) == *shown).or_else(|| targets.first()).map(|account| account.id);
    let sent =
        previewed.and_then(|id| draft.sent_to(every.iter().find(|account| account.id == id)?).map(Cow::into_owned));
    let preview = use_memo(sent, |content| content.clone().unwrap_or_default());
    let unread = props.merge.is_some();
    let on_blocked =
        use_callback((found.clone(), hands.go.clone(), unread), |(), (found, go, unread)| match found.first() {
            _ if *unread => crate::platform::click(&format!("#{}", merge_review::REVIEW)),
            Some(first) => go.emit((first.layer, usize::try_from(first.part).unwrap_or(0))),
            None => crate::platform::focus_id("compose-accounts"),
        });
    let on_add = use_callback((hands.split.clone(), parts), |_: MouseEvent, (split, parts)| {
        split.emit((parts.saturating_sub(1), None))
    });
    let persona = props.personas.iter().map(|view| &view.persona).find(|persona| Some(persona.id) == draft.persona);
    let whose = match layer {
        Layer::Base => None,
        Layer::Account(account) => Some(account),
    };
    let has_comment = !content.first_comment.is_empty() || *commenting;
    let on_comment = {
        let commenting = commenting.setter();
        use_callback((hands.focus.clone(), parts), move |(), (focus, parts)| {
            commenting.set(true);
            focus.emit((*parts, true));
        })
    };
    let off_comment = {
        let commenting = commenting.setter();
        use_callback((hands.change.clone(), hands.focus.clone(), parts), move |(), (change, focus, parts)| {
            commenting.set(false);
            change.emit(Change::RemoveComment);
            focus.emit((parts.saturating_sub(1), true));
        })
    };
    use_commands(comment_command(locked, &on_comment));
    let readers = audience(&draft, layer, &every).into_iter().map(|account| account.id).collect::<Vec<_>>();
    let readers = use_memo(readers, Clone::clone);
    let waits = targets.iter().any(|account| !account.is_by_hand());
    let entries = content.parts.iter().enumerate().map(|(index, part)| {
        let alts = part.images.iter().map(|image| alt_gauge(&draft, layer, &every, &image.alt)).collect::<Vec<_>>();
        html! {
            <PartEditor key={index} files={part.images.iter().map(|image| media.get(&image.media).cloned()).collect::<Vec<_>>()} networks={networks.clone()}
                 {index} count={parts} part={Rc::new(part.clone())} checks={checks.get(index).cloned().unwrap_or_default()} {alts} {network}
                fitting={spots.iter().find(|spot| (spot.layer, spot.part) == (layer, index)).map(|spot| spot.fitting.clone()).unwrap_or_default()} {layer}
                {locked} {waits} readers={readers.clone()} {inherited} passages={passages(&threads, &draft, whose, index)} uploads={uploads.of(layer, index, parts)} focus={(*focus).clone().filter(|focus| focus.part == index)} hands={hands.clone()} />
        }
    });
    html! {
        <>
            <Header sheet={sheet.clone()} schedule={props.schedule.clone()} series={props.series.clone()} held={props.held} {status} {signed} {exists} {acting} name={draft.title.clone()} title={draft.shown_title()}
                persona={persona.map(|persona| persona.text.name.clone()).unwrap_or_default()} belongs={Belongs { persona: draft.persona, accounts: goes_to }}
                blocked={blocked(props.merge.is_some(), &outline, &targets, &found, t)} {on_blocked} />
            <div class="compose">
                <div class="compose-main">
                    if let Some(merge) = props.merge.clone() { <div class="notices"><MergeReview sheet={sheet.clone()} {merge} accounts={every.clone()} {locked} /></div> }
                    <Notices sheet={sheet.clone()} series={props.series.clone()} {signed} held={props.held} />
                    if reads_only { <div class="notices"><Notice>{ texts.approvals.reads_only }</Notice></div> }
                    if let Some((post, view)) = post.zip(asked) { <div class="notices"><ApprovalPanel sheet={sheet.clone()} {post} title={draft.shown_title()} {view} /></div> }
                    <AccountsRow accounts={props.accounts.clone()} outline={outline.clone()} {locked} on_edit={hands.edit.clone()} />
                    <Layers accounts={targets.clone()} outline={outline.clone()} {layer} {locked} on_layer={hands.layer.clone()} on_edit={hands.edit.clone()} />
                    { for entries }
                    if has_comment {
                        <FirstComment text={content.first_comment.clone()} place={parts} checks={checks.get(parts).cloned().unwrap_or_default()} {locked}
                            focus={(*focus).clone().filter(|focus| focus.part == parts)} hands={hands.clone()} on_remove={off_comment} />
                    }
                    <div class="row wrap">
                        if !locked && parts < Content::PARTS_MAX {
                            <Button look={Look::Quiet} icon={Icon::Plus} keys={Cmd::ComposeAddPart} onclick={on_add}>{ t.part_add }</Button>
                        }
                        if !locked && !has_comment {
                            <Button id="first-comment" look={Look::Quiet} icon={Icon::Reply} keys={Cmd::ComposeFirstComment} onclick={on_comment.reform(|_: MouseEvent| ())}>{ t.first_comment }</Button>
                        }
                        <Inserts sheet={sheet.clone()} {layer} persona={draft.persona} part={current_part.clone()} {parts} {has_comment} hands={hands.clone()} {locked} />
                    </div>
                    <Options warning={content.content_warning.clone()} visibility={content.visibility} accounts={targets.clone()} {layer} {locked} on_change={hands.change.clone()} />
                    if let Some(taken) = (*taken).clone() { <TakenBar sheet={sheet.clone()} {taken} fresh={*fresh} {on_over} /> }
                </div>
                <aside class="insp" aria-label={t.inspector}>
                    <Deliveries jobs={props.jobs.clone()} accounts={props.accounts.clone()} draft={draft.clone()} />
                    <Preview color={persona.map(|persona| persona.text.color)} content={preview} accounts={targets.clone()} shown={previewed} {when} {on_show} />
                    if !locked {
                        <Checklist {post} {unread} blockers={found} {spots} {layer} on_fit={hands.fit.clone()} outline={outline} accounts={targets} on_go={hands.go.clone()} />
                    }
                    if let Some(post) = post {
                        <CommentsBox {post} {threads} accounts={every.clone()} {layer} part={current_part.clone()} hands={hands.clone()} />
                    }
                    <PersonaBox personas={props.personas.clone()} persona={draft.persona} link_tags={draft.link_tags.clone()} {locked} on_edit={hands.edit.clone()} />
                    if let Some(idea) = props.idea.clone() { <IdeaBox {idea} /> }
                </aside>
            </div>
        </>
    }
}

/// The key that begins a first comment, or goes to it.
fn comment_command(locked: bool, on_comment: &Callback<()>) -> Vec<Bound> {
    let on_comment = on_comment.clone();
    let bound = (!locked).then(|| Bound::new(Cmd::ComposeFirstComment, move || on_comment.emit(())));
    bound.into_iter().collect()
}

/// The window may go away: everything that is not stored is offered again.
#[hook]
fn use_flush() {
    use_effect_with((), |()| {
        let listeners = web_sys::window().map(|window| {
            let hide = EventListener::new(&window, "pagehide", |_| desk::flush());
            let seen =
                window.document().map(|document| EventListener::new(&document, "visibilitychange", |_| desk::flush()));
            (hide, seen)
        });
        move || drop(listeners)
    });
}

/// Says what was done with the post besides writing it.
#[hook]
fn use_said(sheet: &Rc<Sheet>, toaster: Toaster, texts: &'static Texts) {
    let sheet = sheet.clone();
    use_effect(move || {
        let t = &texts.compose;
        for Done { act, written, posts, slot } in sheet.take_done() {
            let text = match &act {
                Act::Schedule(when) => {
                    let city = crate::state::time::city(&when.zone);
                    (t.said_scheduled)(&format!("{} {city}", texts.time.full(when.local)))
                }
                Act::Queue => match slot {
                    Some(slot) => (texts.queues.said_queued)(&slot.name, &texts.time.full(slot.when.local)),
                    None => String::new(),
                },
                Act::PublishNow => t.said_publishing.to_owned(),
                Act::SignOff => t.said_signed.to_owned(),
                Act::Unschedule => t.said_unscheduled.to_owned(),
                Act::Repeat { .. } => (texts.series.said_scheduled)(posts),
                Act::SignOffAll => (texts.series.said_signed)(posts),
                Act::SettleMerge => t.said_settled.to_owned(),
            };
            toaster.done(text, &written);
        }
    });
}

/// Why the post cannot be scheduled, in one sentence.
fn blocked(
    unread: bool,
    outline: &Outline,
    targets: &[Account],
    found: &[Blocker],
    t: &super::texts::Texts,
) -> Option<AttrValue> {
    if unread {
        return Some(t.merge_first.into());
    }
    if outline.targets.is_empty() {
        return Some(t.blocked_accounts.into());
    }
    if targets.len() < outline.targets.len() || targets.iter().any(|account| account.removed) {
        return Some(t.blocked_gone.into());
    }
    match found.len() {
        0 => None,
        count => Some((t.blocked_rules)(count).into()),
    }
}
