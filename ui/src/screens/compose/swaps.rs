//! Images that give way to others, and accounts whose text differs only in which images it shows.

use domain::id::{AccountId, MediaId};
use domain::post::{Content, Draft, Target};

use super::edit::{Change, Edit, Layer, change, content_mut, own_text, settle};

/// One image that gives way to another; its description stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    pub layer: Layer,
    pub from: MediaId,
    pub to: MediaId,
    /// Part and image, if only one place is meant; another one with this image if it moved away meanwhile.
    pub at: Option<(usize, usize)>,
}

/// Nothing but the images that it shows differs.
pub fn follows(own: &Content, base: &Content) -> bool {
    let mut alike = own.clone();
    for (part, of_base) in alike.parts.iter_mut().zip(&base.parts) {
        for (image, of_base) in part.images.iter_mut().zip(&of_base.images) {
            image.media = of_base.media;
        }
    }
    alike == *base
}

/// The accounts that a change of the base goes to as well.
pub(super) fn followers(draft: &Draft, layer: Layer, wanted: &Change) -> Vec<AccountId> {
    // a whole text brings its own images
    if layer != Layer::Base || matches!(wanted, Change::Replace(_)) {
        return Vec::new();
    }
    let following = |target: &&Target| target.variant.as_ref().is_some_and(|own| follows(own, &draft.base));
    draft.targets.iter().filter(following).map(|target| target.account).collect()
}

/// Changes the base and what follows it. Undone by whole texts: each has images of its own.
pub(super) fn in_all(draft: &mut Draft, followers: &[AccountId], wanted: &Change) -> Option<Edit> {
    let mut before = vec![(Layer::Base, Some(draft.base.clone()))];
    before.extend(followers.iter().map(|account| (Layer::Account(*account), own_text(draft, *account).cloned())));
    let inverse = change(&mut draft.base, wanted.clone());
    for account in followers {
        let layer = Layer::Account(*account);
        if let Some(own) = content_mut(draft, layer) {
            change(own, wanted.clone());
        }
        settle(draft, layer);
    }
    inverse.map(|_| Edit::Contents(before))
}

/// Answers with what brings each of the images back.
pub(super) fn swap(draft: &mut Draft, wanted: Swap) -> Vec<Swap> {
    let Swap { layer, from, to, at } = wanted;
    let shown = layer.content(draft);
    let stands = |(part, image): (usize, usize)| {
        shown.parts.get(part).and_then(|part| part.images.get(image)).is_some_and(|image| image.media == from)
    };
    let all = shown
        .parts
        .iter()
        .enumerate()
        .flat_map(|(place, part)| (0..part.images.len()).map(move |image| (place, image)));
    let mut places: Vec<(usize, usize)> = all.filter(|place| stands(*place)).collect();
    if let Some(at) = at {
        let one = if places.contains(&at) { Some(at) } else { places.first().copied() };
        places = one.into_iter().collect();
    }
    // an account that only inherits gets no text of its own for nothing
    if places.is_empty() || from == to {
        return Vec::new();
    }
    let Some(content) = content_mut(draft, layer) else { return Vec::new() };
    for (part, image) in &places {
        if let Some(image) = content.parts.get_mut(*part).and_then(|part| part.images.get_mut(*image)) {
            image.media = to;
        }
    }
    settle(draft, layer);
    places.into_iter().map(|at| Swap { layer, from: to, to: from, at: Some(at) }).collect()
}

#[cfg(test)]
mod tests {
    use domain::post::{Image, Part};
    use uuid::Uuid;

    use super::*;
    use crate::screens::compose::edit::edit;

    fn account(number: u128) -> AccountId {
        AccountId::new(Uuid::from_u128(number))
    }

    fn texts(content: &Content) -> Vec<&str> {
        content.parts.iter().map(|part| part.text.as_str()).collect()
    }

    fn inside(layer: Layer, change: Change) -> Edit {
        Edit::In { layer, change }
    }

    fn pictured(names: &[&[u8]]) -> Draft {
        let image = |name: &&[u8]| Image { media: MediaId::of(name), alt: "A loaf".into() };
        let part = Part { text: "Rye".into(), images: names.iter().map(image).collect(), ..Part::default() };
        let mut post = Draft { base: Content { parts: vec![part], ..Content::default() }, ..Draft::default() };
        for number in [1, 2] {
            edit(&mut post, Edit::Toggle(account(number)));
        }
        post
    }

    fn shown(content: &Content) -> Vec<MediaId> {
        content.parts.iter().flat_map(|part| &part.images).map(|image| image.media).collect()
    }

    #[test]
    fn an_image_of_its_own_does_not_cut_an_account_off_from_the_text() {
        let (mut post, instagram) = (pictured(&[b"loaf", b"oven"]), Layer::Account(account(1)));
        let (loaf, oven, crop) = (MediaId::of(b"loaf"), MediaId::of(b"oven"), MediaId::of(b"crop"));
        let whole = post.clone();
        let swapping = Edit::Swap(vec![Swap { layer: instagram, from: loaf, to: crop, at: None }]);
        let back = edit(&mut post, swapping.clone()).unwrap();
        assert_eq!((shown(&post.base), shown(instagram.content(&post))), (vec![loaf, oven], vec![crop, oven]));
        assert_eq!(own_text(&post, account(2)), None, "whom the image suits keeps it");
        assert_eq!(instagram.content(&post).parts[0].images[0].alt, "A loaf");
        edit(&mut post, back.clone());
        assert_eq!(post, whole, "and inherits again");

        edit(&mut post, swapping);
        edit(&mut post, inside(Layer::Base, Change::Text { part: 0, text: "Rye bread".into() }));
        edit(&mut post, inside(Layer::Base, Change::Alt { part: 0, image: 1, alt: "The oven".into() }));
        edit(&mut post, inside(Layer::Base, Change::Split { part: 0, at: Some(3) }));
        assert_eq!(texts(instagram.content(&post)), ["Rye", "bread"]);
        assert_eq!(instagram.content(&post).parts[0].images[1].alt, "The oven");
        // what is taken away in both comes back in both, each with its image
        let before = post.clone();
        let undo = edit(&mut post, inside(Layer::Base, Change::RemoveImage { part: 0, image: 0 })).unwrap();
        assert_eq!(own_text(&post, account(1)), None, "nothing differs any more");
        edit(&mut post, undo);
        assert_eq!(post, before);
        // typed for this account alone, it stands for itself
        edit(&mut post, inside(instagram, Change::Text { part: 0, text: "Only here".into() }));
        edit(&mut post, inside(Layer::Base, Change::Text { part: 0, text: "For all".into() }));
        assert_eq!(texts(instagram.content(&post)), ["Only here", "bread"]);
        // the way back of the image loses no word
        edit(&mut post, back);
        assert_eq!(
            (texts(instagram.content(&post))[0], shown(instagram.content(&post))),
            ("Only here", vec![loaf, oven])
        );
    }

    #[test]
    fn only_the_place_that_was_meant_gets_the_other_image() {
        let mut post = pictured(&[b"loaf", b"loaf"]);
        let (loaf, crop) = (MediaId::of(b"loaf"), MediaId::of(b"crop"));
        let swap = |at| Edit::Swap(vec![Swap { layer: Layer::Base, from: loaf, to: crop, at }]);
        let back = edit(&mut post, swap(Some((0, 1)))).unwrap();
        assert_eq!(shown(&post.base), [loaf, crop]);
        edit(&mut post, swap(Some((0, 1))));
        assert_eq!(shown(&post.base), [crop, crop], "it was moved meanwhile");
        assert_eq!(edit(&mut post, swap(Some((7, 7)))), None, "it is gone");
        edit(&mut post, back);
        assert_eq!(shown(&post.base), [crop, loaf]);
    }
}
