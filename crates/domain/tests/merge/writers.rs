//! Three and more people at one draft, each from a state of their own.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::MediaId;
use domain::merge;
use domain::post::{Image, Merge, Part};
use proptest::prelude::*;

use super::*;

/// What one person does to what they have on their desk, and when they last looked.
#[derive(Debug, Clone)]
struct Turn {
    writer: usize,
    /// Looks at what the server has before writing.
    looks: bool,
    /// Of each word: stays; something is written before it; the thread is cut before it.
    words: Vec<(bool, bool, bool)>,
    /// Joins the first two parts.
    joins: bool,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let word = (prop::bool::weighted(0.9), prop::bool::weighted(0.15), prop::bool::weighted(0.04));
    let turn = (0..4_usize, prop::bool::weighted(0.4), prop::collection::vec(word, 60), prop::bool::weighted(0.1));
    let turn = turn.prop_map(|(writer, looks, words, joins)| Turn { writer, looks, words, joins });
    prop::collection::vec(turn, 1..9)
}

/// The words of a thread, part by part.
fn said(draft: &Draft) -> Vec<Vec<String>> {
    let words = |part: &Part| part.text.split_whitespace().map(ToOwned::to_owned).collect();
    draft.base.parts.iter().map(words).collect()
}

fn thread(parts: Vec<Vec<String>>) -> Draft {
    let parts = parts.into_iter().map(|words| Part { text: words.join(" "), ..Part::default() }).collect();
    Draft { base: Content { parts, ..Content::default() }, ..Draft::default() }
}

/// What a writer makes of a draft; notes what they wrote and what they deleted.
fn changed(turn: &Turn, round: usize, old: &Draft, wrote: &mut BTreeSet<String>, gone: &mut BTreeSet<String>) -> Draft {
    let mut choices = turn.words.iter().cycle();
    let mut parts: Vec<Vec<String>> = Vec::new();
    for (number, words) in said(old).into_iter().enumerate() {
        if number == 0 || number > 1 || !turn.joins {
            parts.push(Vec::new());
        }
        for (at, word) in words.into_iter().enumerate() {
            let Some((stays, new, cut)) = choices.next() else { break };
            if *cut && at > 0 && parts.len() < Content::PARTS_MAX / 2 {
                parts.push(Vec::new());
            }
            let Some(part) = parts.last_mut() else { break };
            if *new {
                let new = format!("r{round}p{number}a{at}x");
                wrote.insert(new.clone());
                part.push(new);
            }
            match stays {
                true => part.push(word),
                false => drop(gone.insert(word)),
            }
        }
    }
    thread(parts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The oracle knows nothing of texts: a set of the words that were written, and one of those that were deleted.
    #[test]
    fn whatever_was_written_and_not_deleted_stands_there_once(turns in turns()) {
        let first: Vec<String> = (0..24).map(|at| format!("w{at}x")).collect();
        let mut server = thread(vec![first.clone()]);
        let mut wrote: BTreeSet<String> = first.into_iter().collect();
        let mut gone = BTreeSet::new();
        let mut desks: BTreeMap<usize, Draft> = BTreeMap::new();
        for (round, turn) in turns.iter().enumerate() {
            let desk = desks.entry(turn.writer).or_insert_with(|| server.clone());
            if turn.looks {
                desk.clone_from(&server);
            }
            let new = changed(turn, round, desk, &mut wrote, &mut gone);
            let merged = merge::draft(desk, &new, &server);
            server = merged.draft;
            // the writer goes on from their own text and learns of the others when they look
            *desk = new;
        }
        let text: Vec<String> = said(&server).concat();
        for word in &wrote {
            let times = text.iter().filter(|said| *said == word).count();
            prop_assert_eq!(times, usize::from(!gone.contains(word)), "{} in {:?}", word, text);
        }
        prop_assert_eq!(text.len(), wrote.difference(&gone).count());
    }
}

fn edit_of(read: u32, base: &Draft, new: &Draft) -> Mutation {
    let since = Some(Box::new(Since { base: base.clone(), saves: 1 }));
    Mutation::EditDraft { post: post(), read, draft: new.clone(), since }
}

/// What no text can hold twice: three people choose three cards for one link. All three can be read until somebody did.
#[test]
fn a_third_writer_hides_neither_of_the_first_two() {
    let with_card = |title: &str| {
        let card = domain::post::Card {
            url: "https://bakery.example".to_owned(),
            title: title.to_owned(),
            description: String::new(),
            picture: None,
        };
        let part = Part { text: BASE.to_owned(), card: Some(card), ..Part::default() };
        Draft { base: Content { parts: vec![part], ..Content::default() }, ..Draft::default() }
    };
    let mut office = Office::with(BASE);
    let titles = ["of Ada", "of Ben", "of Cem", "of Dee"];
    for (actor, title) in [ADA, BEN, ADA, BEN].into_iter().zip(titles) {
        office.done(actor, &edit_of(1, &draft(BASE), &with_card(title)));
    }
    let review: Merge = *office.post().merge.clone().unwrap();
    for title in titles {
        let shown = review.sides().chain([&office.post().draft]);
        assert_eq!(shown.filter(|side| **side == with_card(title)).count().min(1), 1, "{title} in {review:?}");
    }
}

#[test]
fn nobody_writes_past_a_review_that_can_hold_no_more() {
    let titled = |number: u32| {
        let card = domain::post::Card {
            url: "https://bakery.example".to_owned(),
            title: number.to_string(),
            description: String::new(),
            picture: None,
        };
        let part = Part { text: BASE.to_owned(), card: Some(card), ..Part::default() };
        Draft { base: Content { parts: vec![part], ..Content::default() }, ..Draft::default() }
    };
    let mut office = Office::with(BASE);
    let mut taken = 0;
    let refused = loop {
        match office.ask(BEN, &edit_of(1, &draft(BASE), &titled(taken))) {
            Ok(writes) => office.0.overlay(&writes),
            Err(refused) => break refused,
        }
        taken += 1;
    };
    // the sides of all before the last, and the last one itself
    assert_eq!((refused, taken as usize), (Reject::MergeUnread, Merge::EARLIER_MAX + 1));
    let (read, seen) = (office.post().version, office.seen());
    office.done(ADA, &Mutation::SettleMerge { post: post(), read, seen });
    office.done(BEN, &edit_of(1, &draft(BASE), &titled(99)));
    // what all stands in the text needs no place in the review
    for number in 0..20_u32 {
        let now = office.post().draft.clone();
        let mut other = now.clone();
        other.title = format!("{} {number}", now.title);
        let mut one = now.clone();
        one.title = format!("{} one{number}", now.title);
        let (read, seen) = (office.post().version, office.seen());
        office.done(ADA, &Mutation::SettleMerge { post: post(), read, seen });
        office.done(ADA, &edit_of(read, &now, &other));
        office.done(BEN, &edit_of(read, &now, &one));
    }
}

#[test]
fn words_that_go_with_what_another_took_out_want_a_reader() {
    let image = |alt: &str| Image { media: MediaId::of(b"loaf"), alt: alt.to_owned() };
    let with = |images: Vec<Image>| {
        let part = Part { text: BASE.to_owned(), images, ..Part::default() };
        Draft { base: Content { parts: vec![part], ..Content::default() }, ..Draft::default() }
    };
    let (base, described, without) = (with(vec![image("")]), with(vec![image("A loaf of rye")]), with(Vec::new()));
    assert!(merge::draft(&base, &described, &without).overlaps);
    assert!(merge::draft(&base, &without, &described).overlaps);
    assert!(!merge::draft(&base, &without, &base).overlaps);
    let account = domain::id::AccountId::new(Uuid::from_u128(1));
    let to =
        |variant: Option<Content>| Draft { targets: vec![domain::post::Target { account, variant }], ..draft(BASE) };
    let nowhere = draft(BASE);
    for (mine, theirs) in
        [(to(Some(Content::text("Own words"))), nowhere.clone()), (nowhere, to(Some(Content::text("Own words"))))]
    {
        let merged = merge::draft(&to(None), &mine, &theirs);
        assert!(merged.overlaps && merged.draft.targets.is_empty());
    }
    // a text of its own is given up by one and rewritten by the other: the words stay
    let own = |text: &str| to(Some(Content::text(text)));
    for (mine, theirs) in [(to(None), own("One two")), (own("One two"), to(None))] {
        let merged = merge::draft(&own("One"), &mine, &theirs);
        assert!(merged.overlaps);
        assert_eq!(merged.draft, own("One two"));
    }
    // both give the account a text of its own, made of the text of all
    let both = merge::draft(&to(None), &own("Rye bread at eight. Come early."), &own("Bread at eight. Come early!"));
    assert_eq!((both.overlaps, both.draft), (false, own("Rye bread at eight. Come early!")));
}
