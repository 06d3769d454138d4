//! Approvals: what waits for the word of whoever looks, and everything they need to decide.

mod decisions;
mod detail;
mod difference;
mod list;
mod note;
mod queue;
mod said;
pub mod texts;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use contract::approvals::{Approvals, ListChains, ReviewPosts};
use contract::personas::ListPersonas;
use domain::approval::Verdict;
use domain::id::PostId;
use yew::prelude::*;

use self::decisions::use_offline;
pub use self::decisions::{Cmds, Decisions};
use self::detail::Detail;
use self::list::{List, focus_row};
use self::queue::Queue;
pub use self::said::Said;
use crate::backend::{use_query, use_query_if};
use crate::components::{Bar, Button, Dialog, Empty, Icon, IconButton, Look, Skeleton, To, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::frame::review::Word;
use crate::frame::team::{use_approvals, use_team, use_teams};
use crate::route::{Route, use_go};
use crate::state::keys::Cmd;

#[component]
pub fn ApprovalsScreen() -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.approvals;
    let in_team = use_team().is_some();
    let is_known = use_teams().is_some();
    let chains = use_query_if(in_team.then_some(ListChains {}));
    let approvals = use_approvals();
    let none = || {
        html! {
            <Empty icon={Icon::Signed} title={t.no_chains} text={t.no_chains_what}>
                <To route={Route::Team} class="btn">{ texts.team.title }</To>
            </Empty>
        }
    };
    let skeleton = || html! { <Skeleton rows=6 /> };
    let waiting = approvals.data.as_ref().map_or(0, |approvals| approvals.mine.len());
    let sub = approvals.data.as_ref().map(|_| html! { <span role="status">{ (t.waits_for_me)(waiting) }</span> });
    let body = match (is_known, in_team) {
        (false, _) => skeleton(),
        (true, false) => none(),
        (true, true) => view(&chains, skeleton(), |known| match known.chains.is_empty() {
            true => none(),
            false => view(&approvals, skeleton(), |_| match &approvals.data {
                Some(approvals) => html! { <Board approvals={approvals.clone()} /> },
                None => Html::default(),
            }),
        }),
    };
    html! {
        <div class="approvals-screen">
            <Bar title={t.title} sub={sub.unwrap_or_default()} />
            { body }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BoardProps {
    approvals: Rc<Approvals>,
}

#[component]
fn Board(props: &BoardProps) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.approvals;
    let personas = use_query(ListPersonas {}).data;
    let queue = use_memo(props.approvals.clone(), |approvals| Queue::new(approvals));
    let selected = use_state_eq(|| None::<PostId>);
    let picked = use_state_eq(BTreeSet::<PostId>::new);
    let sight = use_state_eq(|| 0_u32);
    let confirming = use_state_eq(|| false);
    // where the shown one stood, for when it is gone
    let stood = use_mut_ref(|| 0_usize);
    let shown = queue.shown(*selected, *stood.borrow());
    if let Some((at, _)) = shown {
        *stood.borrow_mut() = at;
    }
    let shown = shown.map(|(_, post)| post);
    let focus = use_kept_focus(shown);
    let show = {
        let (selected, sight, focus) = (selected.setter(), sight.clone(), focus.clone());
        Callback::from(move |post: Option<PostId>| {
            selected.set(post);
            sight.set(sight.wrapping_add(1));
            focus.want();
        })
    };
    // what was picked and is decided about meanwhile is none any more
    let chosen: Rc<BTreeSet<PostId>> = {
        let mine: BTreeSet<PostId> = queue.mine().map(|request| request.line.post).collect();
        Rc::new(picked.intersection(&mine).copied().collect())
    };
    let pick = {
        let (picked, queue) = (picked.clone(), queue.clone());
        Callback::from(move |post: PostId| {
            if queue.mine().any(|request| request.line.post == post) {
                picked.set(toggled(&picked, post));
            }
        })
    };
    let approve = use_approve_all(&queue, &chosen, &picked, &show);
    let ask = {
        let (confirming, approve, several) = (confirming.setter(), approve.clone(), chosen.len() > 1);
        Callback::from(move |()| if several { confirming.set(true) } else { approve.emit(()) })
    };
    use_commands(commands(&queue, shown, &show, &pick));
    use_commands(commands_of_many(&queue, &chosen, &picked, &ask));
    use_open(shown);

    if queue.is_empty() {
        return html! { <Empty icon={Icon::Signed} title={t.nothing} text={t.nothing_what} /> };
    }
    let ondone = {
        let (queue, show) = (queue.clone(), show.clone());
        Callback::from(move |()| {
            let decided = shown.into_iter().collect();
            if let Some(next) = queue.after(&decided) {
                show.emit(Some(next));
            }
        })
    };
    let close = {
        let confirming = confirming.setter();
        Callback::from(move |()| confirming.set(false))
    };
    let yes = {
        let close = close.clone();
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            approve.emit(());
        })
    };
    let pick_none = {
        let picked = picked.setter();
        Callback::from(move |_: MouseEvent| picked.set(BTreeSet::new()))
    };
    let drawn = {
        let focus = focus.clone();
        Callback::from(move |()| focus.settle())
    };
    let on_select = use_select(&selected, &focus);
    let request = shown.and_then(|post| queue.find(post));
    let footer = html! {
        <>
            <Button onclick={close.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="approve-many-yes" look={Look::Go} icon={Icon::Check} onclick={yes}>{ t.approve }</Button>
        </>
    };
    html! {
        <>
            if !chosen.is_empty() {
                <div class="picked-bar" role="toolbar" aria-label={t.picked_label}>
                    <b class="num" role="status">{ (t.picked)(chosen.len()) }</b>
                    <Button id="approve-many" look={Look::Go} icon={Icon::Check} keys={Cmd::ApprovalApprove} onclick={ask.reform(|_: MouseEvent| ())}>{ t.approve }</Button>
                    <span class="grow"></span>
                    <IconButton icon={Icon::Cross} label={t.pick_none} onclick={pick_none} />
                </div>
            }
            <div class="approvals">
                <List queue={queue.clone()} personas={personas.clone()} selected={shown} picked={chosen.clone()} sight={*sight} {on_select} on_pick={pick} {drawn} />
                <div class="approvals-detail" tabindex="0" role="region" aria-label={t.panel}>
                    if let Some(request) = request {
                        <Detail key={detail::key(request.line.post)} request={request.clone()} {personas} several={!chosen.is_empty()} {ondone} />
                    } else {
                        <p class="muted">{ t.choose_one }</p>
                    }
                </div>
            </div>
            <Dialog open={*confirming} title={(t.approve_many)(chosen.len())} onclose={close} {footer}><p>{ t.approve_many_what }</p></Dialog>
        </>
    }
}

fn toggled(picked: &BTreeSet<PostId>, post: PostId) -> BTreeSet<PostId> {
    let mut next = picked.clone();
    if !next.remove(&post) && next.len() < ReviewPosts::POSTS_MAX {
        next.insert(post);
    }
    next
}

/// Approves all that are picked at once, and shows the next one.
#[hook]
fn use_approve_all(
    queue: &Rc<Queue>,
    chosen: &Rc<BTreeSet<PostId>>,
    picked: &UseStateHandle<BTreeSet<PostId>>,
    show: &Callback<Option<PostId>>,
) -> Callback<()> {
    let (_, _, toaster) = use_frame();
    let offline = use_offline();
    let (queue, chosen, picked, show) = (queue.clone(), chosen.clone(), picked.setter(), show.clone());
    Callback::from(move |()| {
        let posts = queue.looked(&chosen);
        let Some(first) = posts.first() else { return };
        let title = queue.find(first.post).map(|request| request.line.title.clone()).unwrap_or_default();
        let next = queue.after(&chosen);
        let (picked, show) = (picked.clone(), show.clone());
        let word = Word { posts, verdict: Verdict::Approve, note: String::new(), title, offline };
        toaster.review(word, move |done| {
            if done.is_some() {
                picked.set(BTreeSet::new());
                show.emit(next);
            }
        });
    })
}

fn commands(
    queue: &Rc<Queue>,
    shown: Option<PostId>,
    show: &Callback<Option<PostId>>,
    pick: &Callback<PostId>,
) -> Vec<Bound> {
    let Some(current) = shown else { return Vec::new() };
    let steps = [(Cmd::ApprovalNext, 1), (Cmd::ApprovalPrevious, -1), (Cmd::ApprovalDown, 1), (Cmd::ApprovalUp, -1)];
    let mut bound: Vec<Bound> = steps
        .into_iter()
        .map(|(cmd, by)| {
            let (queue, show) = (queue.clone(), show.clone());
            Bound::new(cmd, move || show.emit(queue.step(Some(current), by)))
        })
        .collect();
    if queue.mine().any(|request| request.line.post == current) {
        let pick = pick.clone();
        bound.push(Bound::new(Cmd::ApprovalPick, move || pick.emit(current)));
    }
    bound
}

fn commands_of_many(
    queue: &Rc<Queue>,
    chosen: &Rc<BTreeSet<PostId>>,
    picked: &UseStateHandle<BTreeSet<PostId>>,
    ask: &Callback<()>,
) -> Vec<Bound> {
    let mut bound = Vec::new();
    if queue.mine().next().is_some() {
        let (queue, picked) = (queue.clone(), picked.setter());
        bound.push(Bound::new(Cmd::ApprovalPickAll, move || {
            picked.set(queue.mine().map(|request| request.line.post).take(ReviewPosts::POSTS_MAX).collect());
        }));
    }
    if !chosen.is_empty() {
        let (picked, ask) = (picked.setter(), ask.clone());
        bound.push(Bound::new(Cmd::ApprovalPickNone, move || picked.set(BTreeSet::new())));
        bound.push(Bound::new(Cmd::ApprovalApprove, move || ask.emit(())));
    }
    bound
}

#[hook]
fn use_open(shown: Option<PostId>) {
    let go = use_go();
    use_commands(
        shown.map(|post| Bound::new(Cmd::ApprovalOpen, move || go.emit(Route::Post { post }))).into_iter().collect(),
    );
}

/// Whatever brings the focus to a row shows its post.
#[hook]
fn use_select(selected: &UseStateHandle<Option<PostId>>, focus: &KeptFocus) -> Callback<PostId> {
    let (selected, focus) = (selected.setter(), focus.clone());
    Callback::from(move |post: PostId| {
        // while the focus is on its way to another row, what passes by is not meant
        if !focus.wanted.get() {
            selected.set(Some(post));
        }
    })
}

/// The focus goes with the selection when keys or a decision move that.
#[derive(Clone, PartialEq)]
struct KeptFocus {
    wanted: Rc<Cell<bool>>,
    current: Rc<Cell<Option<PostId>>>,
}

#[hook]
fn use_kept_focus(current: Option<PostId>) -> KeptFocus {
    let kept =
        KeptFocus { wanted: use_memo((), |()| Cell::new(false)), current: use_memo((), |()| Cell::new(current)) };
    kept.current.set(current);
    {
        let kept = kept.clone();
        use_effect(move || kept.settle());
    }
    kept
}

impl KeptFocus {
    fn want(&self) {
        self.wanted.set(true);
    }

    /// To be called whenever rows were drawn.
    fn settle(&self) {
        if self.wanted.get() && self.current.get().is_some_and(focus_row) {
            self.wanted.set(false);
        }
    }
}
