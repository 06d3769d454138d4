//! What each row of a table would become, what is wrong with it first.

use std::rc::Rc;

use contract::accounts::ListAccounts;
use contract::import::{ImportPreview, ImportRow};
use domain::account::Account;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Glyph, Icon};
use crate::frame::context::use_frame;
use crate::i18n::Texts;

/// So many rows of each kind are drawn; more are counted.
const SHOWN: usize = 100;
const GOOD_SHOWN: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub preview: Rc<ImportPreview>,
}

#[component]
pub fn Rows(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.import;
    let accounts = use_query(ListAccounts {});
    let accounts: Vec<Account> =
        accounts.data.iter().flat_map(|list| list.iter()).map(|view| view.account.clone()).collect();
    let (good, bad): (Vec<&ImportRow>, Vec<&ImportRow>) =
        props.preview.rows.iter().partition(|row| row.problems.is_empty());
    let list = |rows: &[&ImportRow], most: usize| {
        let more = rows.len().saturating_sub(most);
        html! {
            <>
                <ul class="import-rows">{ for rows.iter().take(most).map(|row| line(row, &accounts, texts)) }</ul>
                if more > 0 { <p class="sm muted num">{ (t.more)(more) }</p> }
            </>
        }
    };
    html! {
        <div class="stack" aria-live="polite">
            <p><b class="num">{ (t.summary)(good.len(), props.preview.rows.len()) }</b></p>
            if !bad.is_empty() {
                <section><h3>{ (t.bad)(bad.len()) }</h3>{ list(&bad, SHOWN) }</section>
            }
            if !good.is_empty() {
                <section><h3>{ t.good }</h3>{ list(&good, GOOD_SHOWN) }</section>
            }
        </div>
    }
}

fn line(row: &ImportRow, accounts: &[Account], texts: &'static Texts) -> Html {
    let t = &texts.import;
    let when = row.when.as_ref().map_or_else(|| t.draft.to_owned(), |when| texts.time.full(when.local));
    let title = if row.title.is_empty() { t.untitled } else { &row.title };
    html! {
        <li key={row.line}>
            <span class="xs muted num">{ (t.line)(row.line) }</span>
            <span class="grow cut"><bdi>{ title }</bdi></span>
            if row.problems.is_empty() {
                <span class="sm muted num">{ when }</span>
            }
            if !row.problems.is_empty() {
                <ul class="import-problems">
                    { for row.problems.iter().map(|problem| html! {
                        <li><Glyph icon={Icon::Warning} /><span>{ (t.problem)(problem, accounts, texts) }</span></li>
                    }) }
                </ul>
            }
        </li>
    }
}
