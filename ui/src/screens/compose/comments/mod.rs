//! What is said about the post among those who write it, beside the text and never over it.

mod field;
pub mod texts;
mod thread;

use std::cell::RefCell;
use std::rc::Rc;

use contract::comments::{AddComment, CommentAdded, ResolveComment};
use domain::account::Account;
use domain::comment::Anchor;
use domain::id::{CommentId, PostId};
use yew::prelude::*;

use self::field::CommentField;
use self::thread::ThreadBox;
use super::edit::Layer;
use super::hands::Hands;
use super::insert;
use crate::components::{Button, Icon, IconButton};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::platform;
use crate::state::comments::{About, Thread, next};
use crate::state::keys::Cmd;

#[derive(Properties)]
pub struct Props {
    pub post: PostId,
    pub threads: Rc<Vec<Thread>>,
    pub accounts: Rc<Vec<Account>>,
    pub layer: Layer,
    /// The part that has, or had, the focus.
    pub part: Rc<RefCell<usize>>,
    pub hands: Hands,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.post == other.post
            && self.threads == other.threads
            && self.accounts == other.accounts
            && self.layer == other.layer
            && Rc::ptr_eq(&self.part, &other.part)
            && self.hands == other.hands
    }
}

/// The comment that is being written: what it is about.
#[derive(Debug, Clone, PartialEq)]
struct Writing(Option<Anchor>);

#[component]
pub fn CommentsBox(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.comments;
    let post = props.post;
    // what was begun and not sent is still there
    let writing = use_state_eq(|| field::kept(&draft_key(post)).map(|_| Writing(None)));
    let current = use_state_eq(|| None::<CommentId>);
    let begin = {
        let (writing, layer, part) = (writing.setter(), props.layer, props.part.clone());
        Callback::from(move |()| {
            let account = match layer {
                Layer::Base => None,
                Layer::Account(account) => Some(account),
            };
            let at = *part.borrow();
            let selected =
                insert::field(at).and_then(|field| Anchor::of(account, at, &field.value(), insert::selected(&field)?));
            writing.set(Some(Writing(selected)));
            platform::focus_when_drawn("comment-text");
        })
    };
    let send = {
        let (writing, toaster) = (writing.clone(), toaster.clone());
        Callback::from(move |(text, done): (String, Callback<()>)| {
            let anchor = writing.as_ref().and_then(|Writing(anchor)| anchor.clone());
            let writing = writing.setter();
            let then = move |added: Option<&CommentAdded>| {
                if added.is_some() {
                    done.emit(());
                    writing.set(None);
                }
            };
            toaster.run_then(AddComment { post, text, anchor, reply_to: None }, t.said_added, then);
        })
    };
    let show = {
        let (hands, current) = (props.hands.clone(), current.setter());
        Callback::from(move |thread: Thread| {
            current.set(Some(thread.id()));
            if let (About::Passage(passage), Some(anchor)) = (&thread.about, thread.anchor()) {
                let layer = anchor.account.map_or(Layer::Base, Layer::Account);
                hands.mark.emit((layer, passage.part, passage.range.clone()));
            } else {
                platform::focus_id(&thread::id(thread.id()));
            }
        })
    };
    let mut bound = vec![Bound { cmd: Cmd::ComposeComment, run: begin.clone(), title: None }];
    if let Some(following) = next(&props.threads, *current).cloned() {
        let show = show.clone();
        bound.push(Bound::new(Cmd::ComposeNextComment, move || show.emit(following.clone())));
    }
    if let Some(shown) = props.threads.iter().find(|thread| Some(thread.id()) == *current && thread.is_open()) {
        let (toaster, comment) = (toaster.clone(), shown.id());
        bound.push(Bound::new(Cmd::ComposeResolveComment, move || {
            toaster.run(ResolveComment { comment, resolved: true }, t.said_resolved);
        }));
    }
    use_commands(bound);
    let (open, settled): (Vec<&Thread>, Vec<&Thread>) = props.threads.iter().partition(|thread| thread.is_open());
    let draw = |thread: &&Thread| {
        let id = thread.id();
        html! {
            <ThreadBox key={id.to_string()} {post} thread={Rc::new((*thread).clone())} accounts={props.accounts.clone()} shown={*current == Some(id)} onshow={show.clone()} />
        }
    };
    let drop_passage = {
        let writing = writing.setter();
        Callback::from(move |_: MouseEvent| writing.set(Some(Writing(None))))
    };
    let cancel = {
        let writing = writing.setter();
        Callback::from(move |()| writing.set(None))
    };
    html! {
        <section class="box comments" id="comments" aria-label={t.title}>
            <div class="box-head">
                <h2>{ t.title }</h2>
                if !open.is_empty() { <span class="xs muted num" title={(t.open)(count(open.len()))}>{ open.len() }</span> }
                <span class="grow" />
                if writing.is_none() {
                    <Button id="add-comment" icon={Icon::Comment} keys={Cmd::ComposeComment} onclick={begin.reform(|_: MouseEvent| ())}>{ t.add }</Button>
                }
            </div>
            if let Some(Writing(anchor)) = &*writing {
                <div class="card comment-new">
                    if let Some(anchor) = anchor {
                        <div class="row">
                            <blockquote class="passage cut grow" title={anchor.quote.clone()}><bdi>{ &anchor.quote }</bdi></blockquote>
                            <IconButton icon={Icon::Cross} label={t.drop_passage} onclick={drop_passage} />
                        </div>
                    } else {
                        <p class="xs muted">{ t.on_post }</p>
                    }
                    <CommentField id="comment-text" keep={draft_key(post)} label={t.add} placeholder={t.placeholder} go={t.send} onsave={send} oncancel={cancel} />
                </div>
            } else if props.threads.is_empty() {
                <p class="sm muted">{ t.add_what }</p>
            }
            if !open.is_empty() { <ul class="threads">{ for open.iter().map(draw) }</ul> }
            if !settled.is_empty() {
                <details class="settled">
                    <summary>{ (t.resolved)(settled.len()) }</summary>
                    <ul class="threads">{ for settled.iter().map(draw) }</ul>
                </details>
            }
        </section>
    }
}

fn draft_key(post: PostId) -> String {
    format!("comment-{post}")
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
