use uuid::Uuid;

use super::*;

fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

fn draft(parts: &[&str]) -> Draft {
    let parts = parts.iter().map(|text| Part { text: (*text).to_owned(), ..Part::default() }).collect();
    Draft { base: Content { parts, ..Content::default() }, ..Draft::default() }
}

fn texts(content: &Content) -> Vec<&str> {
    content.parts.iter().map(|part| part.text.as_str()).collect()
}

fn inside(layer: Layer, change: Change) -> Edit {
    Edit::In { layer, change }
}

#[test]
fn an_account_inherits_until_its_text_is_changed_and_falls_back_when_typed_back() {
    let bakery = account(1);
    let mut post = draft(&["Bread"]);
    edit(&mut post, Edit::Toggle(bakery));
    assert_eq!(own_text(&post, bakery), None);
    edit(&mut post, inside(Layer::Base, Change::Text { part: 0, text: "Rye bread".into() }));
    assert_eq!(texts(Layer::Account(bakery).content(&post)), ["Rye bread"]);

    edit(&mut post, inside(Layer::Account(bakery), Change::Text { part: 0, text: "Rye".into() }));
    assert!(own_text(&post, bakery).is_some());
    assert_eq!(texts(&post.base), ["Rye bread"]);
    edit(&mut post, inside(Layer::Account(bakery), Change::Text { part: 0, text: "Rye bread".into() }));
    assert_eq!(own_text(&post, bakery), None);
}

#[test]
fn a_file_gives_way_to_another_where_it_still_stands() {
    let image = |bytes: &[u8]| Image { media: MediaId::of(bytes), alt: "Bread".into() };
    let mut draft = draft(&["Rye"]);
    let before = draft.clone();
    draft.base.parts[0].images.push(image(b"webm"));
    let with = draft.clone();
    let wanted =
        |from: &[u8], at| Change::ReplaceImage { part: 0, image: at, from: MediaId::of(from), to: image(b"mp4") };
    let undo = edit(&mut draft, inside(Layer::Base, wanted(b"webm", 0))).unwrap();
    assert_eq!(draft.base.parts[0].images, [image(b"mp4")]);
    edit(&mut draft, undo);
    assert_eq!(draft, with);
    assert_eq!(edit(&mut draft, inside(Layer::Base, wanted(b"other", 0))), None, "something else stands there");
    assert_eq!(edit(&mut draft, inside(Layer::Base, wanted(b"webm", 1))), None);
    assert_eq!(draft, with);
    assert_ne!(draft, before);
}

#[test]
fn what_is_taken_away_can_be_brought_back() {
    let bakery = account(1);
    let mut post = draft(&["One", "Two"]);
    edit(&mut post, Edit::Toggle(bakery));
    edit(&mut post, inside(Layer::Account(bakery), Change::Text { part: 1, text: "Zwei".into() }));
    let whole = post.clone();

    for taking in [
        Edit::Toggle(bakery),
        Edit::FollowBase(bakery),
        inside(Layer::Base, Change::RemovePart { part: 0 }),
        inside(Layer::Base, Change::Join { part: 1 }),
    ] {
        let undo = edit(&mut post, taking.clone());
        assert_ne!(post, whole, "{taking:?} did nothing");
        edit(&mut post, undo.unwrap());
        assert_eq!(post, whole, "{taking:?} was not undone");
    }
}

#[test]
fn a_part_is_split_at_the_caret_and_joined_again() {
    let mut post = draft(&["Čeština a 🍞 bread"]);
    edit(&mut post, inside(Layer::Base, Change::Split { part: 0, at: Some(9) }));
    assert_eq!(texts(&post.base), ["Čeština a", "🍞 bread"]);
    edit(&mut post, inside(Layer::Base, Change::Join { part: 1 }));
    assert_eq!(texts(&post.base), ["Čeština a\n\n🍞 bread"]);
}

#[test]
fn parts_move_within_the_thread_and_the_last_one_stays() {
    let mut post = draft(&["a", "b", "c"]);
    edit(&mut post, inside(Layer::Base, Change::MovePart { part: 2, to: 1 }));
    edit(&mut post, inside(Layer::Base, Change::MovePart { part: 0, to: 0 }));
    edit(&mut post, inside(Layer::Base, Change::MovePart { part: 2, to: 3 }));
    assert_eq!(texts(&post.base), ["a", "c", "b"]);
    edit(&mut post, inside(Layer::Base, Change::MovePart { part: 0, to: 2 }));
    assert_eq!(texts(&post.base), ["c", "b", "a"]);
    edit(&mut post, inside(Layer::Base, Change::MovePart { part: 2, to: 0 }));
    assert_eq!(texts(&post.base), ["a", "c", "b"]);
    for _ in 0..3 {
        edit(&mut post, inside(Layer::Base, Change::RemovePart { part: 0 }));
    }
    assert_eq!(texts(&post.base), ["b"]);
}

#[test]
fn a_card_that_comes_late_is_for_the_link_that_it_was_read_for() {
    let card = |url: &str| Card { url: url.into(), title: "Rye".into(), description: String::new(), picture: None };
    let mut post = draft(&["See https://ada.com/rye"]);
    let came = |url: &str| inside(Layer::Base, Change::CardRead { part: 0, card: card(url), by_itself: true });
    edit(&mut post, came("https://ada.com/wheat"));
    edit(
        &mut post,
        inside(Layer::Base, Change::CardRead { part: 4, card: card("https://ada.com/rye"), by_itself: true }),
    );
    assert_eq!(post.base.parts[0].card, None);
    edit(&mut post, came("https://ada.com/rye"));
    assert!(post.base.parts[0].card.is_some());
    let back = edit(&mut post, inside(Layer::Base, Change::Card { part: 0, card: None })).unwrap();
    // it comes back also where the link was taken out of the text
    edit(&mut post, inside(Layer::Base, Change::Text { part: 0, text: "See below".into() }));
    edit(&mut post, back);
    assert_eq!(post.base.parts[0].card, Some(card("https://ada.com/rye")));
}

#[test]
fn a_card_follows_its_link_and_goes_with_it() {
    let card =
        Card { url: "https://ada.com/rye".into(), title: "Rye".into(), description: String::new(), picture: None };
    let mut post = draft(&["Bread. https://ada.com/rye"]);
    post.base.parts[0].card = Some(card.clone());
    edit(&mut post, inside(Layer::Base, Change::Split { part: 0, at: Some(7) }));
    assert_eq!((&post.base.parts[0].card, &post.base.parts[1].card), (&None, &Some(card)));
    let text = |text: &str| inside(Layer::Base, Change::Text { part: 1, text: text.into() });
    edit(&mut post, text("https://ada.com/rye now"));
    assert!(post.base.parts[1].card.is_some());
    edit(&mut post, text("https://ada.com/ryebread"));
    assert_eq!(post.base.parts[1].card, None);
}

#[test]
fn a_thread_stops_at_its_longest() {
    let mut post = draft(&["a"]);
    for _ in 0..40 {
        edit(&mut post, inside(Layer::Base, Change::Split { part: 0, at: None }));
    }
    assert_eq!(post.base.parts.len(), Content::PARTS_MAX);
}

#[test]
fn a_persona_brings_its_accounts_and_takes_none_away() {
    let mut post = draft(&["a"]);
    edit(&mut post, Edit::Toggle(account(9)));
    let accounts = vec![account(1), account(9)];
    edit(&mut post, Edit::Persona { persona: None, accounts, signatures: [None, None], link_tags: None });
    let chosen: Vec<_> = post.targets.iter().map(|target| target.account).collect();
    assert_eq!(chosen, [account(9), account(1)]);
}
