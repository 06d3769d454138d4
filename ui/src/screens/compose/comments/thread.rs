use std::rc::Rc;

use contract::comments::{AddComment, CommentAdded, CommentView, DeleteComment, EditComment, ResolveComment};
use contract::program::Saved;
use domain::account::Account;
use domain::id::{CommentId, PostId};
use yew::prelude::*;

use super::field::CommentField;
use crate::components::{Glyph, Icon, IconButton};
use crate::frame::context::use_frame;
use crate::state::comments::{About, Thread};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub post: PostId,
    pub thread: Rc<Thread>,
    pub accounts: Rc<Vec<Account>>,
    /// The one that was gone to.
    pub shown: bool,
    pub onshow: Callback<Thread>,
}

pub fn id(comment: CommentId) -> String {
    format!("comment-{comment}")
}

/// A comment with its answers, its passage, and the way to settle it.
#[component]
pub fn ThreadBox(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.comments;
    let (post, thread) = (props.post, &props.thread);
    let comment = thread.id();
    let replying = use_state_eq(|| false);
    let open = thread.is_open();
    let settle = {
        let toaster = toaster.clone();
        let said = if open { t.said_resolved } else { t.said_reopened };
        Callback::from(move |_: MouseEvent| toaster.run(ResolveComment { comment, resolved: open }, said))
    };
    let reply = {
        let (toaster, replying) = (toaster, replying.setter());
        Callback::from(move |(text, done): (String, Callback<()>)| {
            let replying = replying.clone();
            let then = move |added: Option<&CommentAdded>| {
                if added.is_some() {
                    done.emit(());
                    replying.set(false);
                }
            };
            toaster.run_then(AddComment { post, text, anchor: None, reply_to: Some(comment) }, t.said_added, then);
        })
    };
    let ask = |to: bool| {
        let replying = replying.setter();
        Callback::from(move |()| replying.set(to))
    };
    let passage = thread.anchor().map(|anchor| {
        let server = anchor.account.and_then(|id| props.accounts.iter().find(|account| account.id == id));
        let note = match &thread.about {
            About::Gone => Some(t.gone),
            About::Passage(passage) if passage.changed => Some(t.changed),
            _ => None,
        };
        let onclick = {
            let (onshow, thread) = (props.onshow.clone(), thread.clone());
            Callback::from(move |_: MouseEvent| onshow.emit((*thread).clone()))
        };
        html! {
            <>
                <button type="button" class={classes!("passage", (thread.about == About::Gone).then_some("gone"))} {onclick} title={t.go_there} disabled={thread.about == About::Gone}>
                    <bdi class="cut">{ &anchor.quote }</bdi>
                </button>
                if let Some(account) = server { <p class="xs muted cut"><bdi>{ account.full_handle() }</bdi></p> }
                if let Some(note) = note { <p class="xs muted row"><Glyph icon={Icon::Info} />{ note }</p> }
            </>
        }
    });
    let label = if open { t.resolve } else { t.reopen };
    let icon = if open { Icon::Check } else { Icon::Undo };
    html! {
        <li class={classes!("card", "thread", props.shown.then_some("on"))} id={id(comment)} tabindex="-1">
            { passage.unwrap_or_default() }
            <Said view={thread.first.clone()}>
                if open { <IconButton icon={Icon::Reply} label={t.reply} onclick={ask(true).reform(|_: MouseEvent| ())} /> }
                <IconButton {icon} {label} onclick={settle} />
            </Said>
            { for thread.answers.iter().map(|view| html! { <div class="answer" key={view.comment.id.to_string()}><Said view={view.clone()} /></div> }) }
            if *replying {
                <CommentField id={format!("reply-{comment}")} keep={AttrValue::from(format!("reply-{comment}"))} label={t.reply} placeholder={t.reply_placeholder} go={t.reply} onsave={reply} oncancel={ask(false)} />
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct SaidProps {
    view: CommentView,
    /// More that can be done with it.
    #[prop_or_default]
    children: Html,
}

/// What one person said at one time.
#[component]
fn Said(props: &SaidProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.comments;
    let CommentView { comment, author, own } = &props.view;
    let id = comment.id;
    let editing = use_state_eq(|| false);
    let to = |what: bool| {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(what))
    };
    if comment.deleted {
        return html! { <div class="said"><p class="sm muted">{ t.deleted_comment }</p>{ props.children.clone() }</div> };
    }
    let save = {
        let (toaster, editing) = (toaster.clone(), editing.setter());
        Callback::from(move |(text, done): (String, Callback<()>)| {
            let editing = editing.clone();
            let then = move |saved: Option<&Saved>| {
                if saved.is_some() {
                    done.emit(());
                    editing.set(false);
                }
            };
            toaster.run_then(EditComment { comment: id, text }, t.edited, then);
        })
    };
    let delete = Callback::from(move |_: MouseEvent| toaster.run(DeleteComment { comment: id }, t.said_deleted));
    let name = if author.is_empty() { t.nobody } else { author };
    html! {
        <div class="said">
            <div class="row said-head">
                <b class="sm cut"><bdi>{ name }</bdi></b>
                <time class="xs muted" title={clock.full(comment.created_at)}>{ clock.relative(comment.created_at) }</time>
                if comment.edited { <span class="xs muted">{ t.edited }</span> }
                <span class="grow" />
                { props.children.clone() }
                if *own {
                    <IconButton icon={Icon::Compose} label={t.edit} onclick={to(true).reform(|_: MouseEvent| ())} />
                    <IconButton icon={Icon::Trash} label={texts.frame.delete} onclick={delete} />
                }
            </div>
            if *editing {
                <CommentField id={format!("edit-{id}")} label={t.edit} start={comment.text.clone()} go={t.save} onsave={save} oncancel={to(false)} />
            } else {
                <p class="sm said-text" dir="auto">{ &comment.text }</p>
            }
        </div>
    }
}
