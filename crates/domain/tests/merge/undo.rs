//! Taking an edit back after others wrote.

use domain::record::WorkingSet;
use proptest::prelude::*;

use super::*;

/// Does it, and answers what takes it back.
fn done_and_back(office: &mut Office, actor: u128, mutation: &Mutation) -> Mutation {
    let before: WorkingSet = office.0.clone();
    office.done(actor, mutation);
    domain::inverse(&before, mutation).unwrap()
}

#[test]
fn an_undo_takes_back_the_own_words_and_keeps_what_others_wrote_since() {
    let mut office = Office::with(BASE);
    let back = done_and_back(&mut office, ADA, &edit(1, BASE, "Rye bread at eight. Come early.", 1));
    office.done(BEN, &edit(1, BASE, "Bread at eight. Come early, bring a bag.", 1));
    assert_eq!(office.text(), "Rye bread at eight. Come early, bring a bag.");
    let again = done_and_back(&mut office, ADA, &back);
    assert_eq!(office.text(), "Bread at eight. Come early, bring a bag.");
    assert_eq!(office.post().merge, None);
    office.done(ADA, &again);
    assert_eq!(office.text(), "Rye bread at eight. Come early, bring a bag.");
}

#[test]
fn a_version_that_was_brought_back_is_taken_back_in_the_same_way() {
    let mut office = Office::with(BASE);
    let restored = Mutation::RestoreVersion {
        post: post(),
        read: 1,
        seen: office.seen(),
        draft: draft("Rye at eight. Come early."),
    };
    let back = done_and_back(&mut office, ADA, &restored);
    office.done(BEN, &edit(2, "Rye at eight. Come early.", "Rye at eight. Come early, bring a bag.", 1));
    office.done(ADA, &back);
    assert_eq!(office.text(), "Bread at eight. Come early, bring a bag.");
}

#[test]
fn an_undo_of_a_part_that_was_added_keeps_what_was_written_in_the_others() {
    let parts = |texts: &[&str]| {
        let parts = texts.iter().map(|text| domain::post::Part { text: (*text).to_owned(), ..Default::default() });
        Draft { base: Content { parts: parts.collect(), ..Content::default() }, ..Draft::default() }
    };
    let mut office = Office::with(BASE);
    let since = |base: &Draft| Some(Box::new(Since { base: base.clone(), saves: 1 }));
    let split = parts(&["Bread at eight.", "Come early."]);
    let cut = Mutation::EditDraft { post: post(), read: 1, draft: split.clone(), since: since(&draft(BASE)) };
    let back = done_and_back(&mut office, ADA, &cut);
    let bag = parts(&["Bread at eight.", "Come early, bring a bag."]);
    office.done(BEN, &Mutation::EditDraft { post: post(), read: 2, draft: bag, since: since(&split) });
    office.done(ADA, &back);
    assert_eq!(office.text(), "Bread at eight. Come early, bring a bag.");
    assert_eq!(office.post().draft.base.parts.len(), 1);
}

/// For each word of the base: whether it stays, and whether something is written before it.
type Edit = Vec<(bool, bool)>;

fn edits(words: usize) -> impl Strategy<Value = Edit> {
    prop::collection::vec((prop::bool::weighted(0.85), prop::bool::weighted(0.25)), words)
}

fn written(name: &str, edit: &Edit) -> String {
    let mut words = Vec::new();
    for (at, (kept, new)) in edit.iter().enumerate() {
        words.extend(new.then(|| format!("{name}{at}x")));
        words.extend(kept.then(|| format!("w{at}x")));
    }
    words.join(" ")
}

proptest! {
    #[test]
    fn after_an_undo_the_text_says_what_it_would_say_without_the_edit(ada in edits(14), ben in edits(14)) {
        let base = written("w", &vec![(true, false); 14]);
        let mut office = Office::with(&base);
        let back = done_and_back(&mut office, ADA, &edit(1, &base, &written("ada", &ada), 1));
        office.done(BEN, &edit(1, &base, &written("ben", &ben), 1));
        office.done(ADA, &back);
        let text = office.text();
        prop_assert!(!text.contains("ada"), "{text}");
        for (at, (kept, new)) in ben.iter().enumerate() {
            let of_ben = format!("ben{at}x");
            prop_assert_eq!(text.matches(&of_ben).count(), usize::from(*new), "{} in {}", of_ben, text);
            let word = format!("w{at}x");
            // what both had deleted comes back with the undo of one of them
            if *kept || ada[at].0 {
                prop_assert_eq!(text.matches(&word).count(), usize::from(*kept), "{} in {}", word, text);
            }
        }
    }
}
