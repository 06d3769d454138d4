//! What becomes of a draft that two people changed, each without the other's change.
//!
//! Three states decide it: the one that a writer had read, what the writer made of it, and what stands there by now. Whatever
//! only one side changed is taken from that side. Texts are merged word by word ([`text`]), lists by what they hold. Of
//! anything else that both changed, the writer who comes last is right, and it is said that somebody should look.

mod text;

use std::collections::BTreeSet;

use crate::id::MediaId;
use crate::post::{Content, Draft, Image, Part, Target};

pub use text::{Merged, text};

/// A draft made of two, and whether somebody should read it before it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedDraft {
    pub draft: Draft,
    /// Both changed the same words, or the same thing.
    pub overlaps: bool,
}

/// Brings what `mine` changed of `base` into `theirs`.
pub fn draft(base: &Draft, mine: &Draft, theirs: &Draft) -> MergedDraft {
    let mut merge = Merge { overlaps: false };
    let draft = Draft {
        title: merge.words(&base.title, &mine.title, &theirs.title),
        persona: merge.one(&base.persona, &mine.persona, &theirs.persona),
        base: merge.content(&base.base, &mine.base, &theirs.base),
        targets: merge.targets(&base.targets, &mine.targets, &theirs.targets),
        link_tags: merge.one(&base.link_tags, &mine.link_tags, &theirs.link_tags),
    };
    MergedDraft { draft, overlaps: merge.overlaps }
}

struct Merge {
    overlaps: bool,
}

impl Merge {
    fn words(&mut self, base: &str, mine: &str, theirs: &str) -> String {
        let merged = text(base, mine, theirs);
        self.overlaps |= merged.overlaps;
        merged.text
    }

    /// Of what cannot be mixed.
    fn one<T: PartialEq + Clone>(&mut self, base: &T, mine: &T, theirs: &T) -> T {
        if mine == base {
            return theirs.clone();
        }
        self.overlaps |= theirs != base && theirs != mine;
        mine.clone()
    }

    fn content(&mut self, base: &Content, mine: &Content, theirs: &Content) -> Content {
        Content {
            parts: self.parts(&base.parts, &mine.parts, &theirs.parts),
            content_warning: self.words(&base.content_warning, &mine.content_warning, &theirs.content_warning),
            visibility: self.one(&base.visibility, &mine.visibility, &theirs.visibility),
            first_comment: self.words(&base.first_comment, &mine.first_comment, &theirs.first_comment),
        }
    }

    /// Parts have no names: as long as nobody added, joined or moved one, each is the one at its place.
    fn parts(&mut self, base: &[Part], mine: &[Part], theirs: &[Part]) -> Vec<Part> {
        if mine == base || mine == theirs {
            return theirs.to_vec();
        }
        if theirs == base {
            return mine.to_vec();
        }
        if base.len() == mine.len() && base.len() == theirs.len() {
            let three = base.iter().zip(mine).zip(theirs);
            return three.map(|((base, mine), theirs)| self.part(base, mine, theirs)).collect();
        }
        // whoever cut the text up anew read all of it
        self.overlaps = true;
        mine.to_vec()
    }

    fn part(&mut self, base: &Part, mine: &Part, theirs: &Part) -> Part {
        Part {
            text: self.words(&base.text, &mine.text, &theirs.text),
            images: self.images(&base.images, &mine.images, &theirs.images),
            wait_s: self.one(&base.wait_s, &mine.wait_s, &theirs.wait_s),
            card: self.one(&base.card, &mine.card, &theirs.card),
        }
    }

    fn images(&mut self, base: &[Image], mine: &[Image], theirs: &[Image]) -> Vec<Image> {
        let find = |list: &[Image], media: MediaId| list.iter().find(|image| image.media == media).cloned();
        let medias = |list: &[Image]| list.iter().map(|image| image.media).collect::<Vec<_>>();
        let order = self.order(&medias(base), &medias(mine), &medias(theirs));
        let images = order.into_iter().filter_map(|media| {
            let (was, here, there) = (find(base, media), find(mine, media), find(theirs, media));
            let alt = |image: &Option<Image>| image.as_ref().map(|image| image.alt.clone());
            match (alt(&was), alt(&here), alt(&there)) {
                (was, Some(here), Some(there)) => {
                    let was = was.unwrap_or_else(|| there.clone());
                    Some(Image { media, alt: self.words(&was, &here, &there) })
                }
                (_, Some(alt), None) | (_, None, Some(alt)) => Some(Image { media, alt }),
                (_, None, None) => None,
            }
        });
        images.collect()
    }

    fn targets(&mut self, base: &[Target], mine: &[Target], theirs: &[Target]) -> Vec<Target> {
        let accounts = |list: &[Target]| list.iter().map(|target| target.account).collect::<Vec<_>>();
        let order = self.order(&accounts(base), &accounts(mine), &accounts(theirs));
        let mut targets = Vec::with_capacity(order.len());
        for account in order {
            let variant =
                |list: &[Target]| list.iter().find(|target| target.account == account).map(|t| t.variant.clone());
            let variant = match (variant(base), variant(mine), variant(theirs)) {
                (Some(Some(was)), Some(Some(here)), Some(Some(there))) => Some(self.content(&was, &here, &there)),
                (was, Some(here), Some(there)) => self.one(&was.unwrap_or_else(|| there.clone()), &here, &there),
                (_, Some(variant), None) | (_, None, Some(variant)) => variant,
                (_, None, None) => continue,
            };
            targets.push(Target { account, variant });
        }
        targets
    }

    /// What either side has, without what either took away: in my order if I changed it, else in theirs; what the other side
    /// added follows.
    fn order<T: Ord + Copy>(&mut self, base: &[T], mine: &[T], theirs: &[T]) -> Vec<T> {
        let set = |list: &[T]| list.iter().copied().collect::<BTreeSet<T>>();
        let (was, here, there) = (set(base), set(mine), set(theirs));
        let stays = |one: &T| match was.contains(one) {
            true => here.contains(one) && there.contains(one),
            false => true,
        };
        let (first, second) = if mine == base { (theirs, mine) } else { (mine, theirs) };
        let mut order = Vec::new();
        for one in first.iter().chain(second).filter(|one| stays(one)) {
            if !order.contains(one) {
                order.push(*one);
            }
        }
        // both put things in another order
        let shared =
            |list: &[T]| list.iter().copied().filter(|one| was.contains(one) && stays(one)).collect::<Vec<T>>();
        let (was, here, there) = (shared(base), shared(mine), shared(theirs));
        self.overlaps |= here != was && there != was && here != there;
        order
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::AccountId;

    fn account(number: u128) -> AccountId {
        AccountId::new(Uuid::from_u128(number))
    }

    fn base() -> Draft {
        let target = |number| Target { account: account(number), variant: None };
        Draft {
            title: "Letter".to_owned(),
            base: Content::text("Bread at eight. Come early."),
            targets: vec![target(1), target(2)],
            ..Draft::default()
        }
    }

    fn text_of(draft: &Draft) -> &str {
        draft.base.parts.first().map_or("", |part| part.text.as_str())
    }

    #[test]
    fn different_things_changed_by_two_are_all_changed() {
        let mut mine = base();
        mine.base = Content::text("Rye bread at eight. Come early.");
        mine.targets.push(Target { account: account(3), variant: None });
        let mut theirs = base();
        theirs.base = Content::text("Bread at eight. Come early!");
        theirs.title = "The letter".to_owned();
        theirs.targets.remove(0);
        let MergedDraft { draft, overlaps } = super::draft(&base(), &mine, &theirs);
        assert_eq!(text_of(&draft), "Rye bread at eight. Come early!");
        assert_eq!(draft.title, "The letter");
        assert_eq!(draft.targets.iter().map(|target| target.account).collect::<Vec<_>>(), [account(2), account(3)]);
        assert!(!overlaps);
    }

    #[test]
    fn one_side_alone_is_taken_as_it_is() {
        let mut mine = base();
        mine.base.first_comment = "The recipe".to_owned();
        mine.base.parts.push(Part { text: "And cake.".to_owned(), ..Part::default() });
        for (one, other) in [(&mine, &base()), (&base(), &mine)] {
            let merged = super::draft(&base(), one, other);
            assert_eq!(merged, MergedDraft { draft: mine.clone(), overlaps: false });
        }
    }

    #[test]
    fn a_text_cut_up_by_one_and_changed_by_another_wants_a_reader() {
        let mut mine = base();
        mine.base.parts.push(Part { text: "And cake.".to_owned(), ..Part::default() });
        let mut theirs = base();
        theirs.base = Content::text("Bread at nine. Come early.");
        let merged = super::draft(&base(), &mine, &theirs);
        assert!(merged.overlaps);
        assert_eq!(merged.draft.base.parts.len(), 2);
    }

    #[test]
    fn a_text_of_its_own_that_one_wrote_and_the_other_changed_is_merged() {
        let own = |text: &str| Some(Content::text(text));
        let with = |variant| {
            let mut draft = base();
            if let Some(target) = draft.targets.first_mut() {
                target.variant = variant;
            }
            draft
        };
        let merged = super::draft(&with(own("One two")), &with(own("One two three")), &with(own("Zero One two")));
        assert_eq!(merged, MergedDraft { draft: with(own("Zero One two three")), overlaps: false });
        let dropped = super::draft(&with(own("One two")), &with(None), &with(own("Zero One two")));
        assert!(dropped.overlaps);
    }
}
