//! What changed from one version to another, field by field, word by word.

use domain::account::Account;
use domain::id::AccountId;
use domain::post::{Content, Draft, Visibility};
use similar::algorithms::{Capture, Compact, Replace, patience};
use similar::{DiffOp, DiffTag};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::screens::compose::persona::written;
use crate::screens::compose::texts::Texts;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Added,
    Removed,
}

/// A run of words that have one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub mark: Mark,
    pub text: String,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub label: String,
    pub pieces: Vec<Piece>,
}

/// Longer texts are compared by lines: every word against every other would take longer than a person waits.
const WORDS_MAX: usize = 1_500;

/// The fields that differ between `old` and `new`, in the order of the composer.
pub fn compare(old: &Draft, new: &Draft, accounts: &[Account], t: &Texts) -> Vec<Changed> {
    let (before, after) = (fields(old, accounts, t), fields(new, accounts, t));
    let mut labels: Vec<&String> = after.iter().map(|(label, _)| label).collect();
    labels
        .extend(before.iter().map(|(label, _)| label).filter(|label| !after.iter().any(|(other, _)| other == *label)));
    let of = |fields: &[(String, String)], label: &String| {
        fields.iter().find(|(other, _)| other == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let changed = |label: &String| {
        let (old, new) = (of(&before, label), of(&after, label));
        (old != new).then(|| Changed { label: label.clone(), pieces: words(&old, &new) })
    };
    labels.into_iter().filter_map(changed).collect()
}

/// How `old` became `new`.
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let long = |text: &str| text.split_whitespace().nth(WORDS_MAX).is_some();
    let by_lines = long(old) || long(new);
    let (before, after) = (tokens(old, by_lines), tokens(new, by_lines));
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |mark, tokens: &[&str]| match pieces.last_mut().filter(|last| last.mark == mark) {
        Some(last) => last.text.extend(tokens.iter().copied()),
        None if tokens.is_empty() => {}
        None => pieces.push(Piece { mark, text: tokens.concat() }),
    };
    for op in operations(&before, &after) {
        let (was, is) = (before.get(op.old_range()).unwrap_or_default(), after.get(op.new_range()).unwrap_or_default());
        if op.tag() == DiffTag::Equal {
            add(Mark::Same, was);
        } else {
            add(Mark::Removed, was);
            add(Mark::Added, is);
        }
    }
    pieces
}

fn tokens(text: &str, by_lines: bool) -> Vec<&str> {
    if by_lines { text.split_inclusive('\n').collect() } else { text.split_word_bounds().collect() }
}

/// One algorithm by its own name: chosen by a value, all five would be in the program, 300 kB of it.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut hook = Compact::new(Replace::new(Capture::new()), old, new);
    match patience::diff(&mut hook, old, 0..old.len(), new, 0..new.len()) {
        Ok(()) => hook.into_inner().into_inner().into_ops(),
        Err(never) => match never {},
    }
}

/// A draft as labelled texts.
fn fields(draft: &Draft, accounts: &[Account], t: &Texts) -> Vec<(String, String)> {
    let name = |id: AccountId| {
        accounts.iter().find(|account| account.id == id).map_or_else(|| t.account_gone.to_owned(), Account::full_handle)
    };
    let targets: Vec<String> = draft.targets.iter().map(|target| name(target.account)).collect();
    let mut all = vec![(t.title.to_owned(), draft.title.clone()), (t.accounts.to_owned(), targets.join("\n"))];
    all.push((t.link_tags.to_owned(), draft.link_tags.as_ref().map(written).unwrap_or_default()));
    content(&draft.base, "", t, &mut all);
    for target in &draft.targets {
        if let Some(own) = &target.variant {
            content(own, &name(target.account), t, &mut all);
        }
    }
    all
}

fn content(content: &Content, whose: &str, t: &Texts, all: &mut Vec<(String, String)>) {
    let label = |text: String| if whose.is_empty() { text } else { format!("{whose} · {text}") };
    let count = content.parts.len();
    for (index, part) in content.parts.iter().enumerate() {
        let place = if count == 1 { t.text_of_post.to_owned() } else { (t.part_label)(index + 1, count) };
        all.push((label(place.clone()), part.text.clone()));
        let images: Vec<String> = part
            .images
            .iter()
            .enumerate()
            .map(|(number, image)| {
                let alt = image.alt.trim();
                let said = if alt.is_empty() { t.alt_missing } else { alt };
                format!("{}: {said}", (t.image_number)(number + 1, part.images.len()))
            })
            .collect();
        all.push((label(format!("{place} · {}", t.images_of_part)), images.join("\n")));
    }
    let waits = content.parts.iter().enumerate().skip(1).filter(|(_, part)| part.wait_s > 0);
    let waits = waits.map(|(index, part)| format!("{}: {}", (t.wait_label)(index + 1), (t.wait)(part.wait_s)));
    let cards = content.parts.iter().filter_map(|part| part.card.as_ref());
    let cards = cards.map(|card| [card.url.as_str(), &card.title, &card.description].join("\n"));
    all.push((label(t.cards.to_owned()), cards.collect::<Vec<_>>().join("\n\n")));
    all.push((label(t.waits.to_owned()), waits.collect::<Vec<_>>().join("\n")));
    all.push((label(t.first_comment.to_owned()), content.first_comment.clone()));
    all.push((label(t.warning.to_owned()), content.content_warning.clone()));
    let visibility = match content.visibility {
        Visibility::Public => t.visibility_public,
        Visibility::Unlisted => t.visibility_unlisted,
        Visibility::Private => t.visibility_private,
    };
    all.push((label(t.visibility.to_owned()), visibility.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::compose::sample::{bluesky, mastodon};
    use crate::screens::compose::texts::EN;
    use domain::post::Target;

    fn shown(pieces: &[Piece]) -> String {
        let sign = |piece: &Piece| match piece.mark {
            Mark::Same => piece.text.clone(),
            Mark::Added => format!("[+{}]", piece.text),
            Mark::Removed => format!("[-{}]", piece.text),
        };
        pieces.iter().map(sign).collect()
    }

    #[test]
    fn a_word_is_the_least_that_changes() {
        assert_eq!(shown(&words("Rye is back", "Rye is here")), "Rye is [-back][+here]");
        assert_eq!(shown(&words("", "Rye")), "[+Rye]");
        assert_eq!(shown(&words("Rye", "")), "[-Rye]");
        assert_eq!(shown(&words("Größe", "Größen")), "[-Größe][+Größen]");
        assert_eq!(shown(&words("👩‍👩‍👧 one", "👩‍👩‍👧 two")), "👩‍👩‍👧 [-one][+two]");
    }

    #[test]
    fn nothing_is_lost_between_two_versions() {
        let long = |seed: usize| (0..4_000).map(|n| format!("w{} ", n * seed % 97)).collect::<String>();
        for (old, new) in [("a b\nc", "a c\nb d"), ("", ""), (&long(3), &long(5)), ("x ", " x")] {
            let pieces = words(old, new);
            let of = |kept: Mark| {
                let fits = |piece: &&Piece| piece.mark == Mark::Same || piece.mark == kept;
                pieces.iter().filter(fits).map(|piece| piece.text.as_str()).collect::<String>()
            };
            assert_eq!((of(Mark::Removed).as_str(), of(Mark::Added).as_str()), (old, new));
        }
    }

    #[test]
    fn only_what_differs_is_told() {
        let accounts = [bluesky(1), mastodon(2, "oslo.town", 500)];
        let [first, second] = [&accounts[0], &accounts[1]];
        let old = Draft { base: Content::text("Rye"), ..Draft::default() };
        let mut new = old.clone();
        assert_eq!(compare(&old, &new, &accounts, &EN), []);
        new.base = Content::text("Rye bread");
        new.targets = vec![
            Target { account: first.id, variant: None },
            Target { account: second.id, variant: Some(Content::text("Longer")) },
        ];
        let changed = compare(&old, &new, &accounts, &EN);
        let told: Vec<String> = changed.iter().map(|one| format!("{}: {}", one.label, shown(&one.pieces))).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told.iter().any(|line| line.contains("Rye[+ bread]")), "{told:?}");
        assert!(told.iter().any(|line| line.contains("[+Longer]") && line.contains("oslo.town")), "{told:?}");
    }
}
