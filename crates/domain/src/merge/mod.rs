//! What becomes of a draft that two people changed, each without the other's change.
//!
//! Three states decide it: the one that a writer had read, what the writer made of it, and what stands there by now. Whatever
//! only one side changed is taken from that side. Texts are merged word by word ([`text`]), lists by what they hold. Of
//! anything else that both changed, the writer who comes last is right, and it is said that somebody should look.

mod parts;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation as _;

use crate::id::{AccountId, MediaId};
use crate::post::{Card, Content, Draft, Image, Part, Target};

use parts::Joined;
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
    #[cfg(feature = "planted")]
    if crate::planted::is(crate::planted::Planted::MergeTakesTheLast) {
        return MergedDraft { draft: mine.clone(), overlaps: false };
    }
    let mut merge = Merge { overlaps: false };
    let draft = Draft {
        title: merge.words(&base.title, &mine.title, &theirs.title),
        persona: merge.one(&base.persona, &mine.persona, &theirs.persona),
        base: merge.content(&base.base, &mine.base, &theirs.base),
        targets: merge.targets(&base.base, &base.targets, &mine.targets, &theirs.targets),
        link_tags: merge.one(&base.link_tags, &mine.link_tags, &theirs.link_tags),
    };
    MergedDraft { draft, overlaps: merge.overlaps }
}

/// Whether everything that `side` says stands in `draft` too: its words as often as it has them, and whatever else it names.
pub fn holds(draft: &Draft, side: &Draft) -> bool {
    let (mut there, said) = (words(draft), words(side));
    said.into_iter().all(|(word, times)| there.remove(&word).is_some_and(|found| found >= times))
        && side.persona == draft.persona
        && side.link_tags == draft.link_tags
        && cards(side).all(|card| cards(draft).any(|other| other == card))
        && side.images().is_subset(&draft.images())
}

fn contents(draft: &Draft) -> impl Iterator<Item = &Content> {
    std::iter::once(&draft.base).chain(draft.targets.iter().filter_map(|target| target.variant.as_ref()))
}

fn cards(draft: &Draft) -> impl Iterator<Item = &Card> {
    contents(draft).flat_map(|content| &content.parts).filter_map(|part| part.card.as_ref())
}

/// How often each word stands in a draft: in each text of it by itself, as far as it can be told apart.
fn words(draft: &Draft) -> BTreeMap<(Option<AccountId>, &str), usize> {
    let own = draft.targets.iter().filter_map(|target| Some((Some(target.account), target.variant.as_ref()?)));
    let contents = std::iter::once((None, &draft.base)).chain(own);
    let texts = contents.flat_map(|(of, content)| {
        let parts = content.parts.iter().flat_map(|part| {
            std::iter::once(part.text.as_str()).chain(part.images.iter().map(|image| image.alt.as_str()))
        });
        let all = [content.content_warning.as_str(), content.first_comment.as_str()].into_iter().chain(parts);
        all.map(move |text| (of, text))
    });
    let mut words = BTreeMap::new();
    for (of, text) in std::iter::once((None, draft.title.as_str())).chain(texts) {
        for word in text.unicode_words() {
            *words.entry((of, word)).or_default() += 1;
        }
    }
    words
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

    /// Parts have no names: as long as nobody added, joined, cut or moved one, each is the one at its place.
    fn parts(&mut self, base: &[Part], mine: &[Part], theirs: &[Part]) -> Vec<Part> {
        if mine == base || mine == theirs {
            return theirs.to_vec();
        }
        if theirs == base {
            return mine.to_vec();
        }
        if parts::in_place(base, mine) && parts::in_place(base, theirs) {
            let three = base.iter().zip(mine).zip(theirs);
            return three.map(|((base, mine), theirs)| self.part(base, mine, theirs)).collect();
        }
        let (joined, overlaps) = parts::parts(base, mine, theirs);
        // what stands in another part by now was not read there by the other side
        self.overlaps |= overlaps || base.len() != mine.len() || base.len() != theirs.len();
        joined.into_iter().map(|joined| self.joined(joined, [base, mine, theirs])).collect()
    }

    /// A part that holds parts of each side, or of some.
    fn joined(&mut self, joined: Joined, [base, mine, theirs]: [&[Part]; 3]) -> Part {
        let Joined { text, base: in_base, mine: in_mine, theirs: in_theirs } = joined;
        let images = |parts: &[Part], places: &[usize]| -> Vec<Image> {
            places.iter().filter_map(|place| parts.get(*place)).flat_map(|part| part.images.clone()).collect()
        };
        let first = |parts: &[Part], places: &[usize]| places.first().and_then(|place| parts.get(*place)).cloned();
        let (was, here, there) = (first(base, &in_base), first(mine, &in_mine), first(theirs, &in_theirs));
        // who has no such part changed nothing of it
        let was = was.or_else(|| here.clone().and(there.clone())).unwrap_or_default();
        let (here, there) = (here.unwrap_or_else(|| was.clone()), there.unwrap_or_else(|| was.clone()));
        Part {
            text,
            images: self.images(&images(base, &in_base), &images(mine, &in_mine), &images(theirs, &in_theirs)),
            wait_s: self.one(&was.wait_s, &here.wait_s, &there.wait_s),
            card: self.one(&was.card, &here.card, &there.card),
        }
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
                    // added by both: each of them described it
                    let was = was.unwrap_or_default();
                    Some(Image { media, alt: self.words(&was, &here, &there) })
                }
                (_, Some(alt), None) | (_, None, Some(alt)) => Some(Image { media, alt }),
                (_, None, None) => None,
            }
        });
        let images = images.collect();
        // described by one, taken out by the other: the words are in neither text nor list
        self.overlaps |= base.iter().any(|was| {
            let gone = |list: &[Image]| !list.iter().any(|image| image.media == was.media);
            let described = |list: &[Image]| list.iter().any(|image| image.media == was.media && image.alt != was.alt);
            gone(mine) && described(theirs) || gone(theirs) && described(mine)
        });
        images
    }

    fn targets(&mut self, all: &Content, base: &[Target], mine: &[Target], theirs: &[Target]) -> Vec<Target> {
        let accounts = |list: &[Target]| list.iter().map(|target| target.account).collect::<Vec<_>>();
        let order = self.order(&accounts(base), &accounts(mine), &accounts(theirs));
        let mut targets = Vec::with_capacity(order.len());
        for account in order {
            let variant =
                |list: &[Target]| list.iter().find(|target| target.account == account).map(|t| t.variant.clone());
            let variant = match (variant(base), variant(mine), variant(theirs)) {
                // a text of its own begins with the text of all
                (was, Some(Some(here)), Some(Some(there))) => {
                    Some(self.content(was.flatten().as_ref().unwrap_or(all), &here, &there))
                }
                // what somebody wrote for this account alone stays, if anybody did
                (Some(was), Some(here), Some(there)) if here != was && there != was => {
                    self.overlaps |= here != there;
                    here.or(there)
                }
                (was, Some(here), Some(there)) => self.one(&was.flatten(), &here, &there),
                (_, Some(variant), None) | (_, None, Some(variant)) => variant,
                (_, None, None) => continue,
            };
            targets.push(Target { account, variant });
        }
        // rewritten by one, taken out by the other: nothing goes there, and the words are in neither text nor list
        self.overlaps |= base.iter().any(|was| {
            let find = |list: &[Target]| list.iter().find(|target| target.account == was.account).cloned();
            let rewritten = |other: Option<Target>| other.is_some_and(|target| target.variant != was.variant);
            match (find(mine), find(theirs)) {
                (None, other) | (other, None) => rewritten(other),
                _ => false,
            }
        });
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
