//! A chain as a drawing, and what it covers in words.

use std::rc::Rc;

use contract::accounts::AccountView;
use contract::personas::PersonaView;
use contract::teams::MemberView;
use domain::approval::{ChainStep, ChainText, Condition, Quorum};
use domain::id::PersonId;
use domain::network::Network;
use yew::prelude::*;

use super::texts::Texts;
use crate::components::{Icon, Link, listed};
use crate::i18n::Texts as All;

/// What a chain may name.
#[derive(Clone, PartialEq)]
pub struct Known {
    pub members: Rc<Vec<MemberView>>,
    pub personas: Rc<Vec<PersonaView>>,
    pub accounts: Rc<Vec<AccountView>>,
}

impl Known {
    fn name(&self, person: PersonId, t: &Texts) -> String {
        let member = self.members.iter().find(|member| member.person == person);
        member.map_or_else(|| t.gone.to_owned(), |member| member.name.clone())
    }

    fn names<'a>(&self, people: impl IntoIterator<Item = &'a PersonId>, t: &Texts) -> Vec<String> {
        let mut names: Vec<String> = people.into_iter().map(|person| self.name(*person, t)).collect();
        names.sort();
        names
    }
}

pub fn links(text: &ChainText, known: &Known, texts: &All) -> Vec<Link> {
    text.steps.iter().enumerate().map(|(at, step)| link(at, step, known, texts)).collect()
}

fn link(at: usize, step: &ChainStep, known: &Known, texts: &All) -> Link {
    let t = &texts.chains;
    let name = if step.name.is_empty() { (t.unnamed)(at + 1) } else { step.name.clone() };
    let mut lines: Vec<AttrValue> = vec![asked(step, known, texts).into()];
    if !step.only_if.is_empty() {
        let conditions: Vec<String> = step.only_if.iter().map(|condition| said(condition, t)).collect();
        lines.push((t.only_if)(&listed(&conditions, texts.approvals.or)).into());
    }
    if let Some(hours) = step.within_h {
        lines.push((t.within)(hours).into());
        if !step.then.is_empty() {
            lines.push((t.then)(&listed(&known.names(&step.then, t), texts.approvals.or)).into());
        }
    }
    Link { class: "planned", icon: Icon::Personas, name: name.into(), word: AttrValue::default(), lines, warning: None }
}

/// "One of Ben, Cara or approvers"
fn asked(step: &ChainStep, known: &Known, texts: &All) -> String {
    let t = &texts.chains;
    let mut names = known.names(&step.people, t);
    names.extend(step.roles.iter().map(|role| (t.of_role)(*role).to_owned()));
    let or = listed(&names, texts.approvals.or);
    match (names.as_slice(), step.quorum) {
        ([], _) => t.nobody.to_owned(),
        ([only], Quorum::Any | Quorum::All) if step.roles.is_empty() => only.clone(),
        (_, Quorum::Any) => (t.any_of)(&or),
        (_, Quorum::All) => (t.all_of)(&listed(&names, texts.approvals.and)),
        (_, Quorum::AtLeast(people)) => (t.at_least)(people, &or),
    }
}

fn said(condition: &Condition, t: &Texts) -> String {
    match condition {
        Condition::HasLink => t.has_link.to_owned(),
        Condition::MoreAccountsThan(accounts) => (t.more_accounts)(*accounts),
        Condition::Mentions(words) => {
            (t.mentions)(&words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", "))
        }
    }
}

/// "Harbour Bakery, Bluesky · one after the other"
pub fn summary(text: &ChainText, known: &Known, texts: &All) -> String {
    let t = &texts.chains;
    let personas = known.personas.iter().filter(|view| text.covers.personas.contains(&view.persona.id));
    let accounts = known.accounts.iter().filter(|view| text.covers.accounts.contains(&view.account.id));
    let mut covered: Vec<String> = personas.map(|view| view.persona.text.name.clone()).collect();
    covered.extend(accounts.map(|view| view.account.full_handle()));
    covered.extend(text.covers.networks.iter().map(|network: &Network| network.name().to_owned()));
    let covers = if text.covers.is_everything() { t.everything.to_owned() } else { covered.join(", ") };
    let order = (text.steps.len() > 1).then(|| (t.order)(text.order));
    let more = [order, text.own_work.then_some(t.own_work_short), text.time_counts.then_some(t.time_counts_short)];
    std::iter::once(covers.as_str()).chain(more.into_iter().flatten()).collect::<Vec<_>>().join(" · ")
}
