//! Approval chains: who has to agree, in which order, before a post goes out.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ChainId, PersonId, PersonaId, StepId};
use crate::network::Network;
use crate::people::Persona;
use crate::post::{Content, Draft};
use crate::team::Role;
use crate::text::x;

/// An approval chain of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    pub id: ChainId,
    /// Grows by one with every edit.
    pub version: u32,
    pub text: ChainText,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Everything a person may say of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainText {
    /// Not blank, at most [`Chain::NAME_MAX`] characters.
    pub name: String,
    pub covers: Covers,
    #[serde(default)]
    pub order: Order,
    /// Whoever wrote what is decided about may agree to it too.
    #[serde(default)]
    pub own_work: bool,
    /// A decision counts for the time that was set as well: another time, another decision.
    #[serde(default)]
    pub time_counts: bool,
    /// One to [`Chain::STEPS_MAX`].
    pub steps: Vec<ChainStep>,
}

impl Chain {
    pub const NAME_MAX: usize = 80;
    pub const STEPS_MAX: usize = 8;
    /// Of one organisation.
    pub const CHAINS_MAX: usize = 50;
    /// People, personas or accounts that one list of a chain names.
    pub const NAMED_MAX: usize = 100;
    pub const WORDS_MAX: usize = 50;
    pub const WORD_MAX: usize = 80;
    pub const CONDITIONS_MAX: usize = 5;
    /// Thirty days.
    pub const WITHIN_MAX_H: u32 = 24 * 30;
}

/// To which posts a chain applies: those of one of these personas or through an account of one, to one of these accounts, or to one of these networks. One that
/// names nothing applies to every post. Where several apply, all of them have to be met.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Covers {
    pub personas: BTreeSet<PersonaId>,
    pub accounts: BTreeSet<AccountId>,
    pub networks: BTreeSet<Network>,
}

impl Covers {
    pub fn is_everything(&self) -> bool {
        self.personas.is_empty() && self.accounts.is_empty() && self.networks.is_empty()
    }

    pub fn matches(&self, draft: &Draft, reach: &Reach) -> bool {
        self.is_everything()
            || draft.persona.is_some_and(|persona| self.personas.contains(&persona))
            || self.personas.iter().any(|persona| reach.personas.contains(persona))
            || draft.targets.iter().any(|target| self.accounts.contains(&target.account))
            || self.networks.iter().any(|network| reach.networks.contains(network))
    }
}

/// Where a post goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Those of its targets.
    pub networks: BTreeSet<Network>,
    /// Those that chains cover and that speak through one of its targets, whichever it names itself.
    pub personas: BTreeSet<PersonaId>,
}

impl Reach {
    /// Notes that a persona speaks through a target, if it does.
    pub fn speaks(&mut self, persona: &Persona, draft: &Draft) {
        let through = |account: &AccountId| draft.targets.iter().any(|target| target.account == *account);
        if !persona.deleted && persona.text.accounts.iter().any(through) {
            self.personas.insert(persona.id);
        }
    }
}

impl ChainText {
    /// Everybody whom it asks by name.
    pub fn named(&self) -> impl Iterator<Item = PersonId> {
        self.steps.iter().flat_map(|step| step.people.iter().chain(&step.then).copied())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// A step opens when the one before it is met.
    #[default]
    OneByOne,
    /// All steps are open from the beginning.
    AtOnce,
}

/// One step: whom to ask, and how many of them have to agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainStep {
    pub id: StepId,
    /// "Legal". Not blank, at most [`Chain::NAME_MAX`] characters.
    pub name: String,
    /// Whom it asks by name.
    #[serde(default)]
    pub people: BTreeSet<PersonId>,
    /// Whom it asks by role, as far as they speak as the post's persona.
    #[serde(default)]
    pub roles: BTreeSet<Role>,
    #[serde(default)]
    pub quorum: Quorum,
    /// It is asked only of posts of which one of these holds; of all if there is none.
    #[serde(default)]
    pub only_if: Vec<Condition>,
    /// Hours from when the step opens to its deadline.
    #[serde(default)]
    pub within_h: Option<u32>,
    /// Who may agree too once its deadline has passed.
    #[serde(default)]
    pub then: BTreeSet<PersonId>,
}

/// How many have to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    #[default]
    Any,
    /// Everyone who is asked by name and is a member now. One of them who wrote it, or may not see it, cannot agree, and is not
    /// left out either. With roles there is no such thing.
    All,
    /// So many different people, at least two.
    AtLeast(u32),
}

/// What of a post lets a step be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// It has a link in its text, in a reply, in its first comment, or on a card.
    HasLink,
    /// It goes to more accounts than this.
    MoreAccountsThan(u32),
    /// One of these stands in it, however it is written: the name of a competitor, "ad".
    Mentions(BTreeSet<String>),
}

impl Condition {
    pub fn holds(&self, draft: &Draft) -> bool {
        match self {
            Self::HasLink => contents(draft).any(has_link),
            Self::MoreAccountsThan(accounts) => draft.targets.len() > *accounts as usize,
            Self::Mentions(words) => contents(draft).any(|content| {
                texts(content).any(|text| {
                    let text = folded(text);
                    words.iter().any(|word| stands_in(&text, &folded(word)))
                })
            }),
        }
    }
}

impl ChainStep {
    /// `has_link`: [`Condition::HasLink`] holds, which costs the most to find out.
    pub fn applies(&self, draft: &Draft, has_link: impl Fn() -> bool) -> bool {
        let holds = |condition: &Condition| match condition {
            Condition::HasLink => has_link(),
            other => other.holds(draft),
        };
        self.only_if.is_empty() || !planted!(ConditionNeverHolds) && self.only_if.iter().any(holds)
    }
}

/// What any account would get.
fn contents(draft: &Draft) -> impl Iterator<Item = &Content> {
    std::iter::once(&draft.base).chain(draft.targets.iter().filter_map(|target| target.variant.as_ref()))
}

/// Everything that a reader could read of it.
fn texts(content: &Content) -> impl Iterator<Item = &str> {
    let parts = content.parts.iter().flat_map(|part| {
        let card = part.card.iter().flat_map(|card| [&card.title, &card.description, &card.url]);
        let alts = part.images.iter().map(|image| &image.alt);
        std::iter::once(&part.text).chain(alts).chain(card)
    });
    parts.chain([&content.content_warning, &content.first_comment]).map(String::as_str)
}

fn has_link(content: &Content) -> bool {
    // an address in a domain that no list knows is one too
    let is_address = |text: &str| text.contains("://") || !x::urls(text).is_empty();
    content.parts.iter().any(|part| part.card.is_some()) || texts(content).any(is_address)
}

/// However it is written: compatibility forms and capitals are one, and what nobody sees is nothing.
fn folded(text: &str) -> String {
    let normalizer = icu_normalizer::ComposingNormalizerBorrowed::new_nfkc();
    let seen =
        |c: &char| !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}');
    normalizer.normalize(text).chars().filter(seen).collect::<String>().to_lowercase()
}

/// As a word of its own: "ad" does not stand in "bread".
fn stands_in(text: &str, word: &str) -> bool {
    let word = word.trim();
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(start, found)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + found.len()..).and_then(|after| after.chars().next());
            // at an end that is no letter nothing can go on
            let open = |edge: Option<char>, beside| is_part(edge) && is_part(beside);
            !open(word.chars().next(), before) && !open(word.chars().next_back(), after)
        })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::post::Target;

    fn says(text: &str) -> Draft {
        Draft { base: Content::text(text), ..Draft::default() }
    }

    #[test]
    fn a_word_is_found_however_it_is_written_and_not_within_another() {
        let words = Condition::Mentions(["Ad".into(), "#Werbung".into(), "Müller & Co".into()].into());
        for text in ["An AD for rye.", "ad", "(ad)", "rye #werbung", "by müller & co.", "an a\u{200B}d", "ＡＤ"] {
            assert!(words.holds(&says(text)), "{text}");
        }
        for text in ["Bread", "ads", "Werbung", "#werbungen", ""] {
            assert!(!words.holds(&says(text)), "{text}");
        }
        assert!(!Condition::Mentions([String::new()].into()).holds(&says("anything")));
    }

    #[test]
    fn a_link_counts_wherever_it_stands() {
        assert!(Condition::HasLink.holds(&says("Read bakery.com/rye today")));
        assert!(!Condition::HasLink.holds(&says("Read all about it.")));
        let mut draft = says("Read all about it.");
        draft.base.first_comment = "https://bakery.example".into();
        assert!(Condition::HasLink.holds(&draft));
        let account = AccountId::new(Uuid::from_u128(7));
        let variant = Some(Content::text("https://bakery.example"));
        let draft = Draft { targets: vec![Target { account, variant }], ..says("Read.") };
        assert!(Condition::HasLink.holds(&draft), "of one account alone");
    }

    #[test]
    fn a_chain_that_names_nothing_covers_all() {
        let persona = PersonaId::new(Uuid::from_u128(1));
        let draft = Draft { persona: Some(persona), ..says("Rye.") };
        let mut reach = Reach { networks: [Network::Bluesky].into(), ..Reach::default() };
        reach.personas.insert(PersonaId::new(Uuid::from_u128(2)));
        let covers = |covers: Covers| covers.matches(&draft, &reach);
        let other = PersonaId::new(Uuid::from_u128(2));
        assert!(covers(Covers { personas: [other].into(), ..Covers::default() }), "it speaks through its account");
        assert!(covers(Covers::default()));
        assert!(covers(Covers { personas: [persona].into(), networks: [Network::X].into(), ..Covers::default() }));
        assert!(covers(Covers { networks: [Network::Bluesky].into(), ..Covers::default() }));
        assert!(!covers(Covers { networks: [Network::X].into(), ..Covers::default() }));
    }
}
