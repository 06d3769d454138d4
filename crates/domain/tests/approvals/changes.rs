//! What is agreed to is exactly what is sent.

use domain::approval::Quorum;
use domain::id::MediaId;
use domain::media::{Media, MediaType};
use domain::post::{Card, Content, Draft, Image, PostStatus, Target};
use domain::{Mutation, Reject};
use jiff::Timestamp;

use crate::office::*;

/// Every way in which what would be sent can change, also where nobody would see it.
fn changes(office: &Office) -> Vec<(&'static str, Draft)> {
    let text = |text: &str| Draft { base: Content::text(text), ..office.post().draft.clone() };
    let with = |change: &dyn Fn(&mut Draft)| {
        let mut draft = office.post().draft.clone();
        change(&mut draft);
        draft
    };
    let other = Target { account: account_id(OTHER_ACCOUNT), variant: None };
    vec![
        ("a letter that looks alike", text("Ryе is back.")),
        ("a zero-width space", text("Rye\u{200B} is back.")),
        ("a right-to-left mark", text("Rye is back.\u{200F}")),
        ("a blank at the end", text("Rye is back. ")),
        ("composed and decomposed", text("Café: rye is back.".replace('é', "e\u{301}").as_str())),
        ("one more account", with(&|draft| draft.targets.push(other.clone()))),
        ("a text of one account", with(&|draft| draft.targets[0].variant = Some(Content::text("Other.")))),
        ("a first comment", with(&|draft| draft.base.first_comment = "And rolls.".to_owned())),
        ("a content warning", with(&|draft| draft.base.content_warning = "Gluten".to_owned())),
        ("who sees it", with(&|draft| draft.base.visibility = domain::post::Visibility::Private)),
        (
            "a card",
            with(&|draft| {
                let [url, title, description] = ["https://bakery.example", "Bakery", ""].map(str::to_owned);
                draft.base.parts[0].card = Some(Card { url, title, description, picture: None });
            }),
        ),
        (
            "an image",
            with(&|draft| {
                draft.base.parts[0].images.push(Image { media: media(1).id, alt: String::new() });
            }),
        ),
        ("one more part", with(&|draft| draft.base.parts.push(Default::default()))),
    ]
}

pub fn media(byte: u8) -> Media {
    Media {
        id: MediaId::of(&[byte]),
        kind: MediaType::Png,
        width: 10,
        height: 10,
        bytes: 100,
        frames: 1,
        video: None,
        metadata: false,
        name: "rye.png".to_owned(),
        alt: String::new(),
        folder: String::new(),
        tags: Vec::new(),
        deleted: false,
        made_from: None,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn whatever_changes_what_is_sent_voids_what_was_agreed_to() {
    let mut before = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    before.done(DAN, &Mutation::AddMedia { media: media(1) });
    before.approve(BEN);
    for (what, changed) in changes(&before) {
        let mut office = before.clone();
        assert_eq!(office.ticket(), Ok(()));
        office.edit(EVE, changed);
        assert_ne!(office.status(), PostStatus::Scheduled, "{what}");
        assert!(office.ticket().is_err(), "{what}");
        // also once somebody signs it off
        let read = office.post().version;
        let sign = Mutation::SignOff { post: POST, read, seen: None, keys: KEYS };
        if let Ok(writes) = office.ask(DAN, &sign) {
            office.set.overlay(&writes);
            assert_eq!((office.status(), office.ticket()), (PostStatus::InReview, Err(Reject::NotApproved)), "{what}");
        }
        // back as it was it is what was agreed to
        office.edit(DAN, before.post().draft.clone());
        office.sign(DAN);
        assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())), "{what}");
    }
}
