//! What is different since somebody decided.

use std::rc::Rc;

use contract::approvals::ApprovalView;
use domain::account::Account;
use domain::approval::Read;
use domain::post::Post;
use yew::prelude::*;

use super::said::who;
use crate::components::{Glyph, Icon};
use crate::frame::context::{Clock, use_frame};
use crate::screens::compose::{Changed, Mark, Piece, compare, field};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: Rc<ApprovalView>,
    pub post: Rc<Post>,
    pub accounts: Rc<Vec<Account>>,
}

#[component]
pub fn Difference(props: &Props) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.approvals;
    let Props { view, post, accounts } = props;
    let Some(read) = &view.last_read else { return Html::default() };
    let changed = changes(read, post, accounts, &clock);
    if changed.is_empty() {
        return Html::default();
    }
    // whoever looks compares with what they saw themselves; whoever saw nothing, with what the last one saw
    let mine = view.said.iter().find(|said| said.me);
    let about = match mine {
        Some(mine) => (!mine.current).then_some(mine),
        None => view.said.iter().find(|said| !said.current),
    };
    let title = (t.changed_since)(about.map(|said| said.verdict), about.and_then(who));
    html! {
        <section class="card difference" aria-label={title.clone()}>
            <h3><Glyph icon={Icon::Refresh} />{ title }</h3>
            <dl class="changes">{ for changed.iter().map(field) }</dl>
        </section>
    }
}

fn changes(read: &Read, post: &Post, accounts: &[Account], clock: &Clock) -> Vec<Changed> {
    let texts = clock.texts;
    let mut changed = compare(&read.draft, &post.draft, accounts, &texts.compose);
    if let Some(schedule) = post.schedule.as_ref().filter(|schedule| schedule.at != read.at) {
        let piece = |mark, at| Piece { mark, text: clock.full(at) };
        let pieces = vec![
            piece(Mark::Removed, read.at),
            Piece { mark: Mark::Same, text: " → ".to_owned() },
            piece(Mark::Added, schedule.at),
        ];
        changed.push(Changed { label: texts.approvals.time_field.to_owned(), pieces });
    }
    changed
}
