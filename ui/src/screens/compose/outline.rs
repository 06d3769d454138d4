//! What the parts of the screen around the text need of a draft: it stays the same while letters are typed.

use domain::id::{AccountId, PersonaId};
use domain::post::Draft;

use super::checks::without_alt;
use super::edit::Layer;
use super::swaps::follows;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    pub persona: Option<PersonaId>,
    /// Where it goes, and whether that account has a text of its own.
    pub targets: Vec<(AccountId, bool)>,
    /// Those whose own text differs only in its images.
    pub pictured: Vec<AccountId>,
    pub parts: usize,
    /// Nothing is written anywhere.
    pub blank: bool,
    pub missing_alt: usize,
    /// The first part of the base with an image that has no description.
    pub alt_part: Option<usize>,
}

impl Outline {
    pub fn of(draft: &Draft) -> Self {
        let no_alt = |image: &domain::post::Image| image.alt.trim().is_empty();
        Self {
            persona: draft.persona,
            targets: draft.targets.iter().map(|target| (target.account, target.variant.is_some())).collect(),
            pictured: draft
                .targets
                .iter()
                .filter(|target| target.variant.as_ref().is_some_and(|own| follows(own, &draft.base)))
                .map(|target| target.account)
                .collect(),
            parts: draft.base.parts.len(),
            blank: draft.base.is_blank() && draft.targets.iter().all(|target| target.variant.is_none()),
            missing_alt: without_alt(draft),
            alt_part: draft.base.parts.iter().position(|part| part.images.iter().any(no_alt)),
        }
    }

    pub fn goes_to(&self, account: AccountId) -> bool {
        self.targets.iter().any(|(target, _)| *target == account)
    }

    pub fn has_own_text(&self, account: AccountId) -> bool {
        self.targets.contains(&(account, true))
    }

    /// The base, then every account.
    pub fn layers(&self) -> Vec<Layer> {
        let accounts = self.targets.iter().map(|(account, _)| Layer::Account(*account));
        std::iter::once(Layer::Base).chain(accounts).collect()
    }
}
