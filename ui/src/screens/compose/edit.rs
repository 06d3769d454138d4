//! Edits of a draft: what a person does in the composer, as a pure function over the draft.
//!
//! An account inherits the base text until something is changed in its own layer; that first change copies the base.
//! An account whose text differs only in which images it shows, because a network needs others, goes on following the base in all
//! else. Whatever takes text or images away answers with the edit that brings them back.

use std::ops::Range;

use domain::id::{AccountId, MediaId};
use domain::link_tags::LinkTags;
use domain::post::{Card, Content, Draft, Image, Part, Target, Visibility};

use super::part::card::link;
use super::swaps::{Swap, followers, in_all, swap};
use crate::state::snippets::resign;

/// Whose text is being edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layer {
    #[default]
    Base,
    Account(AccountId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    Title(String),
    /// Chooses a persona, which brings its accounts; `None` keeps the accounts as they are.
    Persona {
        persona: Option<domain::id::PersonaId>,
        accounts: Vec<AccountId>,
        /// Of the persona before, and of this one.
        signatures: [Option<String>; 2],
        link_tags: Option<LinkTags>,
    },
    /// What its links tell; `None`: nothing.
    LinkTags(Option<LinkTags>),
    /// Adds the account, or takes it away.
    Toggle(AccountId),
    /// Brings a target back with the text of its own that it had.
    Restore {
        at: usize,
        target: Target,
    },
    /// Gives an account back a text of its own.
    Own {
        account: AccountId,
        content: Content,
    },
    /// Drops an account's own text: it inherits again.
    FollowBase(AccountId),
    In {
        layer: Layer,
        change: Change,
    },
    /// Shows other images in the place of these, wherever they stand.
    Swap(Vec<Swap>),
    /// Puts whole texts back; without one, an account inherits.
    Contents(Vec<(Layer, Option<Content>)>),
}

/// A change inside one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Text {
        part: usize,
        text: String,
    },
    /// Adds an empty part below `part`, or, with `at` characters kept above, moves the rest of the text into it.
    Split {
        part: usize,
        at: Option<usize>,
    },
    /// Puts these texts in the place of a part's text: the first keeps its images, the others become parts below it.
    Rewrite {
        part: usize,
        texts: Vec<String>,
    },
    InsertPart {
        at: usize,
        part: Part,
    },
    RemovePart {
        part: usize,
    },
    MovePart {
        part: usize,
        to: usize,
    },
    /// Appends a part to the one above it.
    Join {
        part: usize,
    },
    InsertImage {
        part: usize,
        at: usize,
        image: Image,
    },
    RemoveImage {
        part: usize,
        image: usize,
    },
    MoveImage {
        part: usize,
        image: usize,
        up: bool,
    },
    /// Shows another file in the place of this one, if it still stands there.
    ReplaceImage {
        part: usize,
        image: usize,
        from: MediaId,
        to: Image,
    },
    Alt {
        part: usize,
        image: usize,
        alt: String,
    },
    /// Seconds that a part waits for the one above it.
    Wait {
        part: usize,
        seconds: u32,
    },
    /// What stands below the link of a part.
    Card {
        part: usize,
        card: Option<Card>,
    },
    /// A link goes from a part into the first comment, and its card with it.
    MoveLink {
        part: usize,
        text: String,
        link: String,
    },
    /// The page of a link was read. The text may say something else by now.
    CardRead {
        part: usize,
        card: Card,
        /// Nobody asked for it.
        by_itself: bool,
    },
    FirstComment(String),
    RemoveComment,
    Warning(String),
    Visibility(Visibility),
    /// Puts a whole text back.
    Replace(Content),
}

impl Layer {
    /// What this layer shows of `draft`: an account without its own text shows the base.
    pub fn content(self, draft: &Draft) -> &Content {
        match self {
            Self::Base => &draft.base,
            Self::Account(account) => draft.content_for(account).unwrap_or(&draft.base),
        }
    }

    /// The base, if the account is not a target any more.
    #[must_use]
    pub fn settled(self, draft: &Draft) -> Self {
        match self {
            Self::Account(account) if draft.content_for(account).is_none() => Self::Base,
            layer => layer,
        }
    }
}

/// The text that only `account` gets.
pub fn own_text(draft: &Draft, account: AccountId) -> Option<&Content> {
    draft.targets.iter().find(|target| target.account == account)?.variant.as_ref()
}

/// Applies `edit`; the answer undoes it where something would otherwise be lost.
pub fn edit(draft: &mut Draft, edit: Edit) -> Option<Edit> {
    match edit {
        Edit::Title(title) => {
            draft.title = title;
            None
        }
        Edit::Persona { persona, accounts, signatures: [old, new], link_tags } => {
            draft.persona = persona;
            draft.link_tags = link_tags;
            resign(draft, old.as_deref(), new.as_deref());
            for account in accounts {
                if draft.targets.len() < Draft::TARGETS_MAX && draft.content_for(account).is_none() {
                    draft.targets.push(Target { account, variant: None });
                }
            }
            None
        }
        Edit::LinkTags(tags) => {
            draft.link_tags = tags;
            None
        }
        Edit::Toggle(account) => toggle(draft, account),
        Edit::Restore { at, target } => {
            if draft.content_for(target.account).is_none() {
                draft.targets.insert(at.min(draft.targets.len()), target);
            }
            None
        }
        Edit::Own { account, content } => {
            if let Some(target) = draft.targets.iter_mut().find(|target| target.account == account) {
                target.variant = Some(content);
            }
            None
        }
        Edit::FollowBase(account) => {
            let target = draft.targets.iter_mut().find(|target| target.account == account)?;
            let content = target.variant.take()?;
            Some(Edit::Own { account, content })
        }
        Edit::In { layer, change: wanted } => {
            let followers = followers(draft, layer, &wanted);
            if !followers.is_empty() {
                return in_all(draft, &followers, &wanted);
            }
            let inverse = change(content_mut(draft, layer)?, wanted);
            settle(draft, layer);
            inverse.map(|change| Edit::In { layer, change })
        }
        Edit::Swap(swaps) => {
            let mut back: Vec<Swap> = swaps.into_iter().flat_map(|wanted| swap(draft, wanted)).collect();
            back.reverse();
            (!back.is_empty()).then_some(Edit::Swap(back))
        }
        Edit::Contents(contents) => {
            for (layer, content) in contents {
                match (layer, content) {
                    (Layer::Base, Some(content)) => draft.base = content,
                    (Layer::Base, None) => {}
                    (Layer::Account(account), content) => {
                        if let Some(target) = draft.targets.iter_mut().find(|target| target.account == account) {
                            target.variant = content;
                        }
                    }
                }
            }
            None
        }
    }
}

/// A text that is the base again differs no more.
pub(super) fn settle(draft: &mut Draft, layer: Layer) {
    if let Layer::Account(account) = layer
        && own_text(draft, account) == Some(&draft.base)
        && let Some(target) = draft.targets.iter_mut().find(|target| target.account == account)
    {
        target.variant = None;
    }
}

fn toggle(draft: &mut Draft, account: AccountId) -> Option<Edit> {
    if let Some(at) = draft.targets.iter().position(|target| target.account == account) {
        let target = draft.targets.remove(at);
        return target.variant.is_some().then_some(Edit::Restore { at, target });
    }
    if draft.targets.len() < Draft::TARGETS_MAX {
        draft.targets.push(Target { account, variant: None });
    }
    None
}

pub(super) fn content_mut(draft: &mut Draft, layer: Layer) -> Option<&mut Content> {
    match layer {
        Layer::Base => Some(&mut draft.base),
        Layer::Account(account) => {
            let Draft { base, targets, .. } = draft;
            let target = targets.iter_mut().find(|target| target.account == account)?;
            Some(target.variant.get_or_insert_with(|| base.clone()))
        }
    }
}

pub(super) fn change(content: &mut Content, change: Change) -> Option<Change> {
    match change {
        Change::Text { part, text } => {
            let part = content.parts.get_mut(part)?;
            // another link, another card; without any, the card goes on standing for the one that was taken out of sight
            let of = |text: &str, card: &Card| link(text).as_ref() == Some(&card.url);
            if part.card.as_ref().is_some_and(|card| of(&part.text, card) && !of(&text, card)) && link(&text).is_some()
            {
                part.card = None;
            }
            part.text = text;
            None
        }
        Change::Split { part, at } => {
            if content.parts.len() >= Content::PARTS_MAX {
                return None;
            }
            let above = content.parts.get_mut(part)?;
            let below = at.map(|at| split(&mut above.text, at)).unwrap_or_default();
            content.parts.insert(part + 1, Part { text: below, ..Part::default() });
            follow_link(content, part..part + 2);
            None
        }
        Change::Rewrite { part, texts } => rewrite(content, part, texts),
        Change::InsertPart { at, part } => {
            if content.parts.len() < Content::PARTS_MAX {
                content.parts.insert(at.min(content.parts.len()), part);
            }
            None
        }
        Change::RemovePart { part } => {
            if content.parts.len() < 2 || part >= content.parts.len() {
                return None;
            }
            let removed = content.parts.remove(part);
            first_at_once(content);
            let blank = removed.text.trim().is_empty() && removed.images.is_empty();
            (!blank).then_some(Change::InsertPart { at: part, part: removed })
        }
        Change::MovePart { part, to } => {
            let parts = &mut content.parts;
            if part < parts.len() && to < parts.len() {
                let moved = parts.remove(part);
                parts.insert(to, moved);
                first_at_once(content);
            }
            None
        }
        Change::Join { part } => join(content, part),
        Change::InsertImage { part, at, image } => {
            let images = &mut content.parts.get_mut(part)?.images;
            if images.len() < Content::IMAGES_MAX {
                images.insert(at.min(images.len()), image);
            }
            None
        }
        Change::RemoveImage { part, image } => {
            let images = &mut content.parts.get_mut(part)?.images;
            if image >= images.len() {
                return None;
            }
            Some(Change::InsertImage { part, at: image, image: images.remove(image) })
        }
        Change::ReplaceImage { part, image, from, to } => {
            let images = &mut content.parts.get_mut(part)?.images;
            let stands = images.get_mut(image).filter(|image| image.media == from)?;
            let back = Change::ReplaceImage { part, image, from: to.media, to: stands.clone() };
            // what was said about it meanwhile is said about what it became
            stands.media = to.media;
            Some(back)
        }
        Change::MoveImage { part, image, up } => {
            let images = &mut content.parts.get_mut(part)?.images;
            let other = neighbour(image, up, images.len())?;
            images.swap(image, other);
            None
        }
        Change::Alt { part, image, alt } => {
            content.parts.get_mut(part)?.images.get_mut(image)?.alt = alt;
            None
        }
        Change::Wait { part, seconds } => {
            content.parts.get_mut(part)?.wait_s = seconds.min(Content::WAIT_MAX_S);
            None
        }
        Change::Card { part, card } => {
            let taken = std::mem::replace(&mut content.parts.get_mut(part)?.card, card);
            taken.map(|card| Change::Card { part, card: Some(card) })
        }
        Change::MoveLink { part, text, link: moved } => {
            let before = content.clone();
            let part = content.parts.get_mut(part)?;
            part.text = text;
            if part.card.as_ref().is_some_and(|card| link(&part.text).as_ref() != Some(&card.url)) {
                part.card = None;
            }
            let comment = content.first_comment.trim_end();
            content.first_comment = if comment.is_empty() { moved } else { format!("{comment}\n{moved}") };
            Some(Change::Replace(before))
        }
        Change::CardRead { part, card, by_itself: _ } => {
            let part = content.parts.get_mut(part)?;
            if link(&part.text).as_ref() == Some(&card.url) && part.images.is_empty() {
                part.card = Some(card);
            }
            None
        }
        Change::FirstComment(text) => {
            content.first_comment = text;
            None
        }
        Change::RemoveComment => {
            let removed = std::mem::take(&mut content.first_comment);
            (!removed.trim().is_empty()).then_some(Change::FirstComment(removed))
        }
        Change::Warning(warning) => {
            content.content_warning = warning;
            None
        }
        Change::Visibility(visibility) => {
            content.visibility = visibility;
            None
        }
        Change::Replace(whole) => {
            *content = whole;
            None
        }
    }
}

/// The first part has the time of the post, wherever it stood before.
fn first_at_once(content: &mut Content) {
    if let Some(first) = content.parts.first_mut() {
        first.wait_s = 0;
    }
}

/// A card goes where its link went.
fn follow_link(content: &mut Content, parts: Range<usize>) {
    let Some(card) = content.parts.get(parts.start).and_then(|part| part.card.clone()) else { return };
    let is_there = |part: &Part| link(&part.text).as_ref() == Some(&card.url);
    let Some(to) = parts.clone().find(|at| content.parts.get(*at).is_some_and(is_there)) else { return };
    if to == parts.start {
        return;
    }
    if let Some(part) = content.parts.get_mut(parts.start) {
        part.card = None;
    }
    if let Some(part) = content.parts.get_mut(to) {
        part.card.get_or_insert(card);
    }
}

/// The parts below `part` move up; undone by the whole text, because a seam cannot be found again.
fn join(content: &mut Content, part: usize) -> Option<Change> {
    let before = content.clone();
    if part == 0 || part >= content.parts.len() {
        return None;
    }
    let lower = content.parts.remove(part);
    let upper = content.parts.get_mut(part - 1)?;
    if !upper.text.trim_end().is_empty() && !lower.text.trim().is_empty() {
        upper.text.truncate(upper.text.trim_end().len());
        upper.text.push_str("\n\n");
    }
    upper.text.push_str(&lower.text);
    upper.images.extend(lower.images);
    Some(Change::Replace(before))
}

/// Undone by the whole text, as [`join`].
fn rewrite(content: &mut Content, part: usize, texts: Vec<String>) -> Option<Change> {
    let before = content.clone();
    let mut texts = texts.into_iter();
    content.parts.get_mut(part)?.text = texts.next()?;
    let mut end = part + 1;
    for text in texts {
        content.parts.insert(end, Part { text, ..Part::default() });
        end += 1;
    }
    follow_link(content, part..end);
    Some(Change::Replace(before))
}

/// Cuts `text` after `at` characters; answers the rest without the space at the seam.
fn split(text: &mut String, at: usize) -> String {
    let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    let rest = text.split_off(byte).trim_start().to_owned();
    text.truncate(text.trim_end().len());
    rest
}

fn neighbour(index: usize, up: bool, length: usize) -> Option<usize> {
    let other = if up { index.checked_sub(1)? } else { index + 1 };
    (index < length && other < length).then_some(other)
}

#[cfg(test)]
mod tests;
