//! Compose: one text for many accounts, and everything that becomes of it.

mod accounts_row;
mod approval;
mod by_hand;
mod checklist;
mod checks;
mod choice;
pub mod comments;
pub mod desk;
mod edit;
mod editor;
mod emoji;
mod first_comment;
mod fitting;
mod fixes;
mod hands;
mod header;
mod history;
mod idea;
mod insert;
mod inserts;
mod jobs;
mod merge_review;
mod notices;
mod options;
mod outline;
mod part;
mod persona;
mod picker;
mod present;
mod preview;
mod primary;
mod repeat;
#[cfg(test)]
mod sample;
mod save;
mod save_line;
mod shelf;
mod swaps;
mod taken;
pub mod texts;
mod uploads;

use std::rc::Rc;

use contract::accounts::{AccountView, ListAccounts};
use contract::personas::{ListPersonas, PersonaView};
use contract::posts::{GetPost, PostView};
use contract::snippets::ListSnippets;
use domain::id::PostId;
use domain::post::{Draft, Target};
use domain::snippet::Snippet;
use yew::prelude::*;

pub use self::choice::{Choice, Reading};
use self::desk::Sheet;
pub use self::desk::{Wish, wish};
use self::editor::Editor;
pub use self::history::{Changed, Mark, Piece, compare, field};
pub use self::picker::explain;
use self::present::use_attendance;
pub use self::preview::Preview;
use self::save::Event;
use crate::backend::{use_query, use_query_if};
use crate::components::{Bar, Skeleton, view};
use crate::frame::team::use_team;
use crate::i18n::use_texts;
use crate::route::{Route, use_replace};
use crate::state::snippets::signed_base;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// None: a new one.
    pub post: Option<PostId>,
}

#[component]
pub fn ComposeScreen(props: &Props) -> Html {
    let t = use_texts();
    let accounts = use_query(ListAccounts {});
    let personas = use_query(ListPersonas {});
    let snippets = use_query(ListSnippets {});
    let post = use_query_if(props.post.map(|post| GetPost { post }));
    let sheet = use_state(|| None::<Rc<Sheet>>);
    let created = use_state_eq(|| None::<PostId>);
    let replace = use_replace();
    let together = use_team().is_some();
    use_attendance(props.post, together);

    // a new post can be begun without its signature, but not without its accounts
    let known = snippets.data.clone().or_else(|| snippets.error.as_ref().map(|_| Rc::default()));
    let lists = accounts.data.clone().zip(personas.data.clone()).zip(known);
    // the answer to an earlier question is not this post
    let current = post.data.clone().filter(|view| Some(view.post.id) == props.post);
    {
        let sheet = sheet.clone();
        let ready = lists.is_some();
        use_effect_with((props.post, ready, current.clone()), move |(post, ready, current)| match (post, current) {
            (Some(id), _) if sheet.as_ref().is_some_and(|sheet| sheet.post() == Some(*id)) => {
                if let (Some(sheet), Some(view)) = (&*sheet, current) {
                    sheet.tell(Event::Observed(Box::new(PostView::clone(view))));
                }
            }
            (Some(id), None) => sheet.set(Sheet::find(*id)),
            (Some(_), Some(view)) => sheet.set(Some(Sheet::open(view))),
            (None, _) if *ready => {
                if let Some(((accounts, personas), snippets)) = &lists {
                    let mut draft = beginning(accounts, personas, desk::wished().as_ref());
                    draft.base =
                        signed_base(Snippet::signature_of(snippets, draft.persona).map(|own| own.text.first()));
                    sheet.set(Some(Sheet::blank(draft)));
                }
            }
            (None, _) => {}
        });
    }
    use_effect_with(((*sheet).clone(), together), |(sheet, together)| {
        if let Some(sheet) = sheet {
            sheet.write_together(*together);
        }
    });
    // a new post gets its address with the first thing that is stored
    {
        let (sheet, created) = (sheet.clone(), created.clone());
        use_effect_with((*sheet).clone(), move |sheet| {
            created.set(sheet.as_ref().and_then(|sheet| sheet.post()));
            let listening = sheet.clone().map(|sheet| {
                let looked_at = sheet.clone();
                let number = sheet.listen(Callback::from(move |()| created.set(looked_at.post())));
                (sheet, number)
            });
            move || {
                if let Some((sheet, number)) = listening {
                    sheet.forget(number);
                }
            }
        });
    }
    {
        let route_post = props.post;
        use_effect_with(*created, move |created| {
            if let (Some(post), None) = (created, route_post) {
                replace.emit(Route::Post { post: *post });
            }
        });
    }
    let (jobs, media) = (
        use_memo(current.clone(), |view| view.as_ref().map(|view| view.jobs.clone()).unwrap_or_default()),
        use_memo(current.clone(), |view| view.as_ref().map(|view| view.media.clone()).unwrap_or_default()),
    );
    let merge = use_memo(current.clone(), |view| {
        view.as_ref().and_then(|view| view.post.merge.clone()).map(|merge| Rc::new(*merge))
    });
    let fits = sheet.as_ref().filter(|sheet| props.post.is_none() || sheet.post() == props.post);
    let skeleton = html! { <><Bar title={t.frame.compose} /><div class="compose-wait"><Skeleton rows=5 /></div></> };
    if let (None, Some(_), None) = (fits, &post.error, &post.data) {
        return html! { <><Bar title={t.frame.compose} />{ view(&post, Html::default(), |_| Html::default()) }</> };
    }
    view(&accounts, skeleton.clone(), |_| {
        view(&personas, skeleton.clone(), |_| match (fits, &accounts.data, &personas.data) {
            (Some(sheet), Some(accounts), Some(personas)) => html! {
                <Editor key={sheet.number()} sheet={(*sheet).clone()} {jobs} {media} schedule={current.as_ref().and_then(|view| view.post.schedule.clone())} held={current.as_ref().is_some_and(|view| view.post.held)} merge={(*merge).clone()}
                    series={current.as_ref().and_then(|view| view.series.clone())} idea={current.and_then(|view| view.idea.clone())}
                    accounts={accounts.clone()} personas={personas.clone()} />
            },
            _ => skeleton,
        })
    })
}

/// More accounts than this are not all meant by every post.
const OBVIOUS_ACCOUNTS: usize = 3;

/// What a new post starts with: the only persona with its accounts, or the few accounts that there are.
fn beginning(accounts: &[AccountView], personas: &[PersonaView], wish: Option<&Wish>) -> Draft {
    let usable =
        |id: &domain::id::AccountId| accounts.iter().any(|view| view.account.id == *id && !view.account.removed);
    let wished = wish.and_then(|wish| personas.iter().find(|view| Some(view.persona.id) == wish.persona));
    let only: &[domain::id::AccountId] = wish.map_or(&[], |wish| &wish.accounts);
    let (persona, mut chosen) = match (wished, personas) {
        (Some(wished), _) => (Some(&wished.persona), wished.persona.text.accounts.clone()),
        (None, _) if !only.is_empty() => (None, only.to_vec()),
        (None, [only]) => (Some(&only.persona), only.persona.text.accounts.clone()),
        (None, []) if accounts.len() <= OBVIOUS_ACCOUNTS => {
            (None, accounts.iter().map(|view| view.account.id).collect())
        }
        _ => (None, Vec::new()),
    };
    chosen.retain(|account| only.is_empty() || only.contains(account));
    let targets = chosen.into_iter().filter(usable).map(|account| Target { account, variant: None }).collect();
    let link_tags = persona.and_then(|persona| persona.text.link_tags.clone());
    Draft { persona: persona.map(|persona| persona.id), targets, link_tags, ..Draft::default() }
}
