//! What stands in the form of an approval chain.

use std::collections::BTreeSet;
use std::rc::Rc;

use domain::approval::{Chain, ChainStep, ChainText, Condition, Covers, Order, Quorum};
use domain::id::{ChainId, PersonId, StepId};
use domain::team::Role;
use yew::Reducible;

/// A chain as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// `None`: a new one.
    pub chain: Option<ChainId>,
    /// The version that the writer started from.
    pub read: u32,
    pub name: String,
    /// It covers only what it names; what is named stays while this is switched to and fro.
    pub only: bool,
    pub covers: Covers,
    pub order: Order,
    pub own_work: bool,
    pub time_counts: bool,
    pub steps: Vec<StepForm>,
    /// Of the next step that is added.
    next_key: u32,
}

/// A step as its fields hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct StepForm {
    /// Tells steps apart that have no id yet.
    pub key: u32,
    pub id: StepId,
    pub name: String,
    pub people: BTreeSet<PersonId>,
    pub roles: BTreeSet<Role>,
    pub many: Many,
    pub at_least: String,
    pub has_link: bool,
    pub more_accounts: bool,
    pub accounts: String,
    pub mentions: bool,
    pub words: String,
    /// Hours; empty without a deadline.
    pub within_h: String,
    pub then: BTreeSet<PersonId>,
}

/// How many have to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    Any,
    All,
    AtLeast,
}

/// Why it cannot be stored; with the place of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NoName,
    LongName,
    CoversNothing,
    StepName(usize),
    Approvers(usize),
    AllWithRoles(usize),
    AtLeast(usize),
    Accounts(usize),
    Words(usize),
    Deadline(usize),
}

/// What a chain may begin as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    OneApprover,
    TwoSteps,
    ClientSignOff,
}

impl Template {
    pub const ALL: [Self; 3] = [Self::OneApprover, Self::TwoSteps, Self::ClientSignOff];
}

/// The names that a template gives, in the language of whoever writes.
#[derive(Debug, Clone, Copy)]
pub struct TemplateNames {
    pub chain: &'static str,
    pub steps: &'static [&'static str],
}

/// One change of the form.
pub struct Change(Box<dyn FnOnce(&mut Form)>);

impl Change {
    pub fn new(change: impl FnOnce(&mut Form) + 'static) -> Self {
        Self(Box::new(change))
    }

    /// Of one step, wherever it stands by then.
    pub fn step(key: u32, change: impl FnOnce(&mut StepForm) + 'static) -> Self {
        Self::new(move |form| {
            if let Some(step) = form.steps.iter_mut().find(|step| step.key == key) {
                change(step);
            }
        })
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, action: Change) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        (action.0)(&mut next);
        Rc::new(next)
    }
}

impl StepForm {
    fn new(key: u32, name: &str, roles: impl Into<BTreeSet<Role>>) -> Self {
        let step = ChainStep {
            id: StepId::new(uuid::Uuid::nil()),
            name: name.to_owned(),
            people: BTreeSet::new(),
            roles: roles.into(),
            quorum: Quorum::Any,
            only_if: Vec::new(),
            within_h: None,
            then: BTreeSet::new(),
        };
        Self::of(key, &step)
    }

    fn of(key: u32, step: &ChainStep) -> Self {
        let (many, at_least) = match step.quorum {
            Quorum::Any => (Many::Any, 2),
            Quorum::All => (Many::All, 2),
            Quorum::AtLeast(people) => (Many::AtLeast, people),
        };
        let accounts = step.only_if.iter().find_map(|condition| match condition {
            Condition::MoreAccountsThan(accounts) => Some(*accounts),
            _ => None,
        });
        let words = step.only_if.iter().find_map(|condition| match condition {
            Condition::Mentions(words) => Some(words.iter().cloned().collect::<Vec<_>>().join(", ")),
            _ => None,
        });
        Self {
            key,
            id: step.id,
            name: step.name.clone(),
            people: step.people.clone(),
            roles: step.roles.clone(),
            many,
            at_least: at_least.to_string(),
            has_link: step.only_if.contains(&Condition::HasLink),
            more_accounts: accounts.is_some(),
            accounts: accounts.unwrap_or(5).to_string(),
            mentions: words.is_some(),
            words: words.unwrap_or_default(),
            within_h: step.within_h.map(|hours| hours.to_string()).unwrap_or_default(),
            then: step.then.clone(),
        }
    }

    fn words(&self) -> BTreeSet<String> {
        self.words.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    fn quorum(&self) -> Quorum {
        match self.many {
            Many::Any => Quorum::Any,
            Many::All => Quorum::All,
            Many::AtLeast => Quorum::AtLeast(self.at_least.trim().parse().unwrap_or_default()),
        }
    }

    /// As far as it can be said.
    fn sketch(&self) -> ChainStep {
        let mut only_if = Vec::new();
        if self.has_link {
            only_if.push(Condition::HasLink);
        }
        if self.more_accounts {
            only_if.push(Condition::MoreAccountsThan(self.accounts.trim().parse().unwrap_or_default()));
        }
        if self.mentions {
            only_if.push(Condition::Mentions(self.words()));
        }
        let within_h = self.within_h.trim().parse().ok();
        ChainStep {
            id: self.id,
            name: self.name.trim().to_owned(),
            people: self.people.clone(),
            roles: self.roles.clone(),
            quorum: self.quorum(),
            only_if,
            within_h,
            // without a deadline nothing comes after it
            then: if within_h.is_some() { self.then.clone() } else { BTreeSet::new() },
        }
    }

    fn faults(&self, at: usize) -> Vec<Fault> {
        let named = !self.name.trim().is_empty() && self.name.trim().chars().count() <= Chain::NAME_MAX;
        let most = if self.roles.is_empty() { self.people.len() } else { Chain::NAMED_MAX };
        let enough = |people: u32| people >= 2 && people as usize <= most;
        let words = self.words();
        let good_words = !words.is_empty()
            && words.len() <= Chain::WORDS_MAX
            && words.iter().all(|word| word.chars().count() <= Chain::WORD_MAX);
        let hours = self.within_h.trim();
        let good_hours =
            hours.is_empty() || hours.parse().is_ok_and(|hours: u32| (1..=Chain::WITHIN_MAX_H).contains(&hours));
        let quorum = self.quorum();
        [
            (!named, Fault::StepName(at)),
            (self.people.is_empty() && self.roles.is_empty(), Fault::Approvers(at)),
            (quorum == Quorum::All && !self.roles.is_empty(), Fault::AllWithRoles(at)),
            (matches!(quorum, Quorum::AtLeast(people) if !enough(people)), Fault::AtLeast(at)),
            (self.more_accounts && self.accounts.trim().parse::<u32>().is_err(), Fault::Accounts(at)),
            (self.mentions && !good_words, Fault::Words(at)),
            (!good_hours, Fault::Deadline(at)),
        ]
        .into_iter()
        .filter_map(|(wrong, fault)| wrong.then_some(fault))
        .collect()
    }
}

impl Form {
    pub fn blank(template: Template, names: TemplateNames, viewers: &[PersonId]) -> Self {
        let own = [Role::Owner, Role::Administrator, Role::Approver];
        let roles: &[&[Role]] = match template {
            Template::OneApprover => &[&own],
            Template::TwoSteps => &[&[Role::Approver], &[Role::Owner, Role::Administrator]],
            Template::ClientSignOff => &[&own, &[]],
        };
        let steps = roles.iter().zip(0..).map(|(roles, key)| {
            let name = names.steps.get(key as usize).copied().unwrap_or_default();
            StepForm::new(key, name, roles.iter().copied().collect::<BTreeSet<_>>())
        });
        let mut steps: Vec<StepForm> = steps.collect();
        if let (Template::ClientSignOff, [client], Some(last)) = (template, viewers, steps.last_mut()) {
            // who else looks on is not known: of several, somebody chooses
            last.people = [*client].into();
        }
        let next_key = steps.len().try_into().unwrap_or(u32::MAX);
        let text = ChainText { name: names.chain.to_owned(), ..ChainText::default() };
        Self { chain: None, read: 0, steps, next_key, ..Self::of_text(&text) }
    }

    pub fn of(chain: &Chain) -> Self {
        Self { chain: Some(chain.id), read: chain.version, ..Self::of_text(&chain.text) }
    }

    fn of_text(text: &ChainText) -> Self {
        Self {
            chain: None,
            read: 0,
            name: text.name.clone(),
            only: !text.covers.is_everything(),
            covers: text.covers.clone(),
            order: text.order,
            own_work: text.own_work,
            time_counts: text.time_counts,
            steps: text.steps.iter().zip(0..).map(|(step, key)| StepForm::of(key, step)).collect(),
            next_key: text.steps.len().try_into().unwrap_or(u32::MAX),
        }
    }

    /// Gives the key of the new step.
    pub fn add_step(&mut self) -> u32 {
        let key = self.next_key;
        if self.steps.len() < Chain::STEPS_MAX {
            self.steps.push(StepForm::new(key, "", []));
            self.next_key += 1;
        }
        key
    }

    pub fn remove_step(&mut self, key: u32) {
        if self.steps.len() > 1 {
            self.steps.retain(|step| step.key != key);
        }
    }

    pub fn move_step(&mut self, key: u32, by: isize) {
        let at = self.steps.iter().position(|step| step.key == key);
        if let Some((from, to)) = at.and_then(|from| Some((from, from.checked_add_signed(by)?)))
            && to < self.steps.len()
        {
            self.steps.swap(from, to);
        }
    }

    /// As far as it can be said: what is drawn while somebody writes.
    pub fn sketch(&self) -> ChainText {
        ChainText {
            name: self.name.trim().to_owned(),
            covers: if self.only { self.covers.clone() } else { Covers::default() },
            order: self.order,
            own_work: self.own_work,
            time_counts: self.time_counts,
            steps: self.steps.iter().map(StepForm::sketch).collect(),
        }
    }

    pub fn faults(&self) -> Vec<Fault> {
        let name = self.name.trim();
        let own = [
            (name.is_empty(), Fault::NoName),
            (name.chars().count() > Chain::NAME_MAX, Fault::LongName),
            (self.only && self.covers.is_everything(), Fault::CoversNothing),
        ];
        let own = own.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault));
        own.chain(self.steps.iter().enumerate().flat_map(|(at, step)| step.faults(at))).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NAMES: TemplateNames = TemplateNames { chain: "Client", steps: &["Ours", "Client"] };

    fn person(number: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(number))
    }

    fn form() -> Form {
        Form::blank(Template::ClientSignOff, NAMES, &[person(7)])
    }

    #[test]
    fn a_template_can_be_stored_as_it_is() {
        let form = form();
        assert_eq!(form.faults(), []);
        let text = form.sketch();
        assert_eq!(text.steps.len(), 2);
        assert_eq!(text.steps[1].people, [person(7)].into());
        assert!(text.steps.iter().all(|step| step.id.uuid().is_nil()), "the program gives ids");
        let several = Form::blank(Template::ClientSignOff, NAMES, &[person(7), person(8)]);
        assert_eq!(several.faults(), [Fault::Approvers(1)]);
    }

    #[test]
    fn what_is_stored_comes_back_as_it_was() {
        let mut text = form().sketch();
        text.covers.networks = [domain::network::Network::Bluesky].into();
        text.order = Order::AtOnce;
        text.steps[0].only_if = vec![Condition::HasLink, Condition::Mentions(["ad".into(), "#werbung".into()].into())];
        text.steps[0].quorum = Quorum::AtLeast(2);
        text.steps[1].within_h = Some(24);
        text.steps[1].then = [person(9)].into();
        let form = Form::of_text(&text);
        assert_eq!(form.faults(), []);
        assert_eq!(form.sketch(), text);
    }

    #[test]
    fn each_thing_that_is_wrong_is_named_with_its_step() {
        let mut form = form();
        form.name = "  ".into();
        form.only = true;
        let added = form.add_step();
        for step in form.steps.iter_mut().filter(|step| step.key == added) {
            step.many = Many::AtLeast;
            step.at_least = "3".into();
            step.mentions = true;
            step.within_h = "soon".into();
        }
        form.steps[0].many = Many::All;
        assert_eq!(
            form.faults(),
            [
                Fault::NoName,
                Fault::CoversNothing,
                Fault::AllWithRoles(0),
                Fault::StepName(2),
                Fault::Approvers(2),
                Fault::AtLeast(2),
                Fault::Words(2),
                Fault::Deadline(2),
            ]
        );
    }

    #[test]
    fn steps_are_moved_and_one_always_stays() {
        let mut form = form();
        let [first, second] = [form.steps[0].key, form.steps[1].key];
        form.move_step(first, -1);
        form.move_step(first, 1);
        form.move_step(first, 1);
        assert_eq!(form.steps.iter().map(|step| step.key).collect::<Vec<_>>(), [second, first]);
        form.remove_step(first);
        form.remove_step(second);
        assert_eq!(form.steps.len(), 1);
    }
}
