//! The media library.

use super::{Context, Decided, View, bounded, bounded_count};
use crate::id::MediaId;
use crate::media::{Media, MediaEdit, MediaText, named_for, tidy_tags};
use crate::mutation::Mutation;
use crate::post::Content;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::AddMedia { media } => {
            bounds(&media.text())?;
            let added = taken_in(set, media)?.unwrap_or_else(|| media.clone());
            Ok(vec![Record::Media(added)])
        }
        Mutation::ImportMedia { media } => {
            several(set, media.iter().map(|media| media.id))?;
            let mut writes = Vec::new();
            for new in media {
                bounds(&new.text())?;
                match taken_in(set, new)? {
                    // what is there stays as somebody has described it
                    Some(_) if !was_deleted(set, new.id)? => {}
                    Some(known) => writes.push(Record::Media(Media { folder: new.folder.clone(), ..known })),
                    None => writes.push(Record::Media(Media { created_at: context.now, ..new.clone() })),
                }
            }
            if writes.is_empty() { Err(Reject::Exists.into()) } else { Ok(writes) }
        }
        Mutation::FitMedia { of, media } => {
            set.need([Key::Media(*of), Key::Media(media.id)])?;
            let source = set.media(*of)?;
            let Some(made) = media.made_from.filter(|made| made.fit.is_valid()) else {
                return Err(Reject::NotFound.into());
            };
            // of it, or of what it was made of itself
            if made.media != source.id && Some(made.media) != source.made_from.map(|earlier| earlier.media) {
                return Err(Reject::MediaMissing.into());
            }
            let described = || {
                let text = MediaText { name: named_for(&source.name, media.kind), ..source.text() };
                Media { created_at: context.now, deleted: false, ..media.clone().with(text) }
            };
            Ok(vec![Record::Media(taken_in(set, media)?.unwrap_or_else(described))])
        }
        Mutation::EditMedia { edits } => {
            several(set, edits.iter().map(|edit| edit.media))?;
            let written = |edit: &MediaEdit| -> Decided<Record> {
                Ok(Record::Media(living(set, edit.media)?.clone().with(checked(&edit.text)?)))
            };
            edits.iter().map(written).collect()
        }
        Mutation::FileMedia { media, folder, tag } => {
            several(set, media.iter().copied())?;
            let filed = |id: &MediaId| -> Decided<Record> {
                let old = living(set, *id)?.clone();
                let mut text = old.text();
                if let Some(folder) = folder {
                    text.folder.clone_from(folder);
                }
                text.tags.extend(tag.clone());
                Ok(Record::Media(old.with(checked(&text)?)))
            };
            media.iter().map(filed).collect()
        }
        Mutation::DeleteMedia { media } => {
            several(set, media.iter().copied())?;
            let deleted = |id: &MediaId| -> Decided<Record> {
                Ok(Record::Media(Media { deleted: true, ..living(set, *id)?.clone() }))
            };
            media.iter().map(deleted).collect()
        }
        Mutation::RestoreMedia { media } => {
            several(set, media.iter().copied())?;
            let restored = |id: &MediaId| -> Decided<Record> {
                let old = set.media(*id)?;
                if old.deleted {
                    Ok(Record::Media(Media { deleted: false, ..old.clone() }))
                } else {
                    Err(Reject::Exists.into())
                }
            };
            media.iter().map(restored).collect()
        }
        _ => Err(Reject::NotFound.into()),
    }
}

/// Asks for all of them at once.
fn several(set: View<'_>, media: impl ExactSizeIterator<Item = MediaId>) -> Decided<()> {
    bounded_count(Field::Files, media.len(), Media::TOGETHER_MAX)?;
    if media.len() == 0 {
        return Err(Reject::Empty { field: Field::Files }.into());
    }
    set.need(media.map(Key::Media))
}

/// A file that is known, back in the library; its words stay.
fn taken_in(set: View<'_>, new: &Media) -> Decided<Option<Media>> {
    match set.find(Key::Media(new.id))? {
        Some(Record::Media(known)) => Ok(Some(Media { deleted: false, ..known.clone() })),
        _ => Ok(None),
    }
}

fn was_deleted(set: View<'_>, id: MediaId) -> Decided<bool> {
    Ok(set.media(id)?.deleted)
}

fn living(set: View<'_>, id: MediaId) -> Decided<&Media> {
    let media = set.media(id)?;
    if media.deleted { Err(Reject::NotFound.into()) } else { Ok(media) }
}

fn bounds(text: &MediaText) -> Result<(), Reject> {
    bounded(Field::Name, &text.name, Media::NAME_MAX)?;
    bounded(Field::AltText, &text.alt, Content::ALT_MAX)?;
    bounded(Field::Folder, &text.folder, Media::FOLDER_MAX)?;
    bounded_count(Field::Tags, text.tags.len(), Media::TAGS_MAX)?;
    text.tags.iter().try_for_each(|tag| bounded(Field::Tag, tag, Media::TAG_MAX))
}

fn checked(text: &MediaText) -> Result<MediaText, Reject> {
    if text.name.trim().is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    let text = MediaText { tags: tidy_tags(text.tags.iter().map(String::as_str)), ..text.clone() };
    bounds(&text)?;
    let tags = text.tags;
    Ok(MediaText {
        name: text.name.trim().to_owned(),
        alt: text.alt.trim().to_owned(),
        folder: text.folder.trim().to_owned(),
        tags,
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::apply::{Step, apply, inverse};
    use crate::id::PersonId;
    use crate::media::{Fit, MadeFrom, MediaType};
    use crate::record::WorkingSet;

    fn file(content: &[u8]) -> Media {
        Media {
            id: MediaId::of(content),
            kind: MediaType::Jpeg,
            width: 1_600,
            height: 1_200,
            bytes: 3,
            frames: 1,
            video: None,
            metadata: false,
            name: "loaf.jpg".to_owned(),
            alt: String::new(),
            folder: "Bakery".to_owned(),
            tags: Vec::new(),
            deleted: false,
            made_from: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// What is stored, and the mutations that were done.
    #[derive(Default)]
    struct Shelf(WorkingSet);

    impl Shelf {
        fn try_do(&mut self, mutation: &Mutation) -> Result<Option<Mutation>, Reject> {
            let context = Context::solo(PersonId::new(uuid::Uuid::from_u128(1)), Timestamp::UNIX_EPOCH);
            loop {
                match apply(&context, &self.0, mutation) {
                    Step::Need(keys) => keys.into_iter().for_each(|key| self.0.load(key, None)),
                    Step::Done(Err(reject)) => return Err(reject),
                    Step::Done(Ok(writes)) => {
                        let back = inverse(&self.0, mutation);
                        self.0.overlay(&writes);
                        return Ok(back);
                    }
                }
            }
        }

        fn get(&self, id: MediaId) -> Media {
            match self.0.get(Key::Media(id)) {
                Some(Some(Record::Media(media))) => media.clone(),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn an_import_is_taken_back_as_a_whole_and_done_again() {
        let mut shelf = Shelf::default();
        let (rye, wheat) = (file(b"rye"), file(b"wheat"));
        let import = Mutation::ImportMedia { media: vec![rye.clone(), wheat.clone()] };
        let back = shelf.try_do(&import).unwrap().unwrap();
        let again = shelf.try_do(&back).unwrap().unwrap();
        assert!(shelf.get(rye.id).deleted && shelf.get(wheat.id).deleted);
        shelf.try_do(&again).unwrap();
        assert!(!shelf.get(rye.id).deleted && !shelf.get(wheat.id).deleted);
        assert_eq!(shelf.try_do(&import), Err(Reject::Exists), "all of it is there");
    }

    #[test]
    fn a_file_that_comes_again_keeps_its_words_and_undo_keeps_the_file() {
        let mut shelf = Shelf::default();
        let (rye, wheat) = (file(b"rye"), file(b"wheat"));
        shelf.try_do(&Mutation::AddMedia { media: rye.clone() }).unwrap();
        let text = MediaText { alt: " A loaf. ".to_owned(), tags: vec!["rye".into(), " Rye ".into()], ..rye.text() };
        shelf.try_do(&Mutation::EditMedia { edits: vec![MediaEdit { media: rye.id, text }] }).unwrap();
        let import = Mutation::ImportMedia { media: vec![rye.clone(), wheat.clone()] };
        let back = shelf.try_do(&import).unwrap();
        assert_eq!(back, Some(Mutation::DeleteMedia { media: vec![wheat.id] }));
        let known = shelf.get(rye.id);
        assert_eq!((known.alt.as_str(), known.tags), ("A loaf.", vec!["rye".to_owned()]));
    }

    #[test]
    fn an_image_that_is_made_of_another_takes_over_its_words() {
        let mut shelf = Shelf::default();
        let rye = Media { name: "loaf.png".into(), alt: "A loaf.".into(), tags: vec!["rye".into()], ..file(b"rye") };
        let fit = Fit { kind: Some(MediaType::Jpeg), ..Fit::default() };
        let small = Media { made_from: Some(MadeFrom { media: rye.id, fit }), name: "x".into(), ..file(b"small") };
        let making = |of, media: &Media| Mutation::FitMedia { of, media: media.clone() };
        assert_eq!(shelf.try_do(&making(rye.id, &small)), Err(Reject::NotFound), "of nothing");
        shelf.try_do(&Mutation::AddMedia { media: rye.clone() }).unwrap();
        let back = shelf.try_do(&making(rye.id, &small)).unwrap();
        let made = shelf.get(small.id);
        assert_eq!((made.name.as_str(), made.alt.as_str(), made.tags), ("loaf.jpg", "A loaf.", rye.tags.clone()));
        assert_eq!((made.folder.as_str(), made.made_from), ("Bakery", small.made_from));
        assert_eq!(back, Some(Mutation::DeleteMedia { media: vec![small.id] }));

        // one that is made of it is of the first as well
        let smaller = Media { made_from: small.made_from, ..file(b"smaller") };
        shelf.try_do(&making(small.id, &smaller)).unwrap();
        let strange = Media { made_from: Some(MadeFrom { media: MediaId::of(b"other"), fit }), ..file(b"strange") };
        assert_eq!(shelf.try_do(&making(small.id, &strange)), Err(Reject::MediaMissing));
        assert_eq!(shelf.try_do(&making(rye.id, &file(b"plain"))), Err(Reject::NotFound), "it does not say of what");

        // the same once more changes nothing; one that was deleted is back
        assert_eq!(shelf.try_do(&making(rye.id, &small)).unwrap(), None);
        shelf.try_do(&Mutation::DeleteMedia { media: vec![small.id] }).unwrap();
        assert!(shelf.try_do(&making(rye.id, &small)).unwrap().is_some());
        assert!(!shelf.get(small.id).deleted);
    }

    #[test]
    fn filing_and_its_undo_touch_each_file_in_its_own_way() {
        let mut shelf = Shelf::default();
        let (rye, wheat) = (file(b"rye"), Media { folder: String::new(), ..file(b"wheat") });
        shelf.try_do(&Mutation::ImportMedia { media: vec![rye.clone(), wheat.clone()] }).unwrap();
        let both = vec![rye.id, wheat.id];
        let filing = Mutation::FileMedia { media: both, folder: Some(" Autumn ".into()), tag: Some("2026".into()) };
        let back = shelf.try_do(&filing).unwrap().unwrap();
        assert_eq!(shelf.get(wheat.id).folder, "Autumn");
        assert_eq!(shelf.get(rye.id).tags, ["2026"]);
        shelf.try_do(&back).unwrap();
        assert_eq!((shelf.get(rye.id).folder.as_str(), shelf.get(wheat.id).folder.as_str()), ("Bakery", ""));
        assert_eq!(shelf.get(rye.id).tags, [""; 0]);
    }

    #[test]
    fn what_is_not_in_the_library_is_not_changed() {
        let mut shelf = Shelf::default();
        let rye = file(b"rye");
        let none = Mutation::DeleteMedia { media: Vec::new() };
        assert_eq!(shelf.try_do(&none), Err(Reject::Empty { field: Field::Files }));
        let delete = Mutation::DeleteMedia { media: vec![rye.id] };
        assert_eq!(shelf.try_do(&delete), Err(Reject::NotFound));
        shelf.try_do(&Mutation::AddMedia { media: rye.clone() }).unwrap();
        let nameless = MediaEdit { media: rye.id, text: MediaText { name: " ".into(), ..rye.text() } };
        let edit = Mutation::EditMedia { edits: vec![nameless] };
        assert_eq!(shelf.try_do(&edit), Err(Reject::Empty { field: Field::Name }));
        shelf.try_do(&delete).unwrap();
        let file = Mutation::FileMedia { media: vec![rye.id], folder: None, tag: None };
        assert_eq!(shelf.try_do(&file), Err(Reject::NotFound));
        shelf.try_do(&Mutation::AddMedia { media: rye.clone() }).unwrap();
        assert!(!shelf.get(rye.id).deleted, "it came again");
        let many = Mutation::DeleteMedia { media: vec![rye.id; Media::TOGETHER_MAX + 1] };
        assert!(matches!(shelf.try_do(&many), Err(Reject::TooLong { field: Field::Files, .. })));
    }
}
