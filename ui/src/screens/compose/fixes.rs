//! Repairs of what a network would refuse, as changes of the draft.

use domain::account::Account;
use domain::post::{Content, Draft};
use domain::text::fix::{Fix, Room, shorten, thread, without_link};

use super::checks::{PartChecks, audience};
use super::edit::{Change, Layer};
use crate::state::keys::Cmd;

/// What the window offers for the text of a part, the best first. What its images need is [another question](super::fitting).
pub fn offered(checks: &PartChecks) -> Vec<Fix> {
    let all = checks.problems.iter().flat_map(|problem| problem.violation.rule.fixes()).copied();
    let can = |fix: &Fix| *fix != Fix::Fit && (*fix != Fix::MoveLink || checks.has_link);
    let mut fixes: Vec<Fix> = all.filter(can).collect();
    fixes.sort_unstable();
    fixes.dedup();
    fixes
}

pub const fn command(fix: Fix) -> Cmd {
    match fix {
        Fix::Thread => Cmd::ComposeThread,
        Fix::NumberedThread => Cmd::ComposeNumberedThread,
        Fix::Shorten => Cmd::ComposeShorten,
        Fix::MoveLink => Cmd::ComposeMoveLink,
        Fix::Fit => Cmd::ComposeFit,
        Fix::Reencode => Cmd::ComposeReencode,
        Fix::CutVideo => Cmd::ComposeCutVideo,
    }
}

/// The repair of one part, so that every account that gets this layer takes it. `None` if it cannot be repaired this way.
pub fn repair(draft: &Draft, layer: Layer, accounts: &[Account], part: usize, fix: Fix) -> Option<Change> {
    let content = layer.content(draft);
    let text = &content.parts.get(part)?.text;
    let rules: Vec<_> = audience(draft, layer, accounts).into_iter().map(Account::rules).collect();
    let room = Room { rules: &rules, content_warning: &content.content_warning, tags: draft.link_tags.as_ref() };
    let most = Content::PARTS_MAX.saturating_sub(content.parts.len().saturating_sub(1));
    let texts = match fix {
        Fix::Thread => thread(text, room, false, most)?,
        Fix::NumberedThread => thread(text, room, true, most)?,
        Fix::Shorten => vec![shorten(text, room)?],
        Fix::MoveLink => {
            let (text, link) = without_link(text)?;
            return Some(Change::MoveLink { part, text, link });
        }
        Fix::Fit => return None,
        // it takes a while, and a program beside this one
        Fix::Reencode | Fix::CutVideo => return None,
    };
    Some(Change::Rewrite { part, texts })
}

#[cfg(test)]
mod tests {
    use domain::id::MediaId;
    use domain::post::{Image, Part, Target};

    use super::super::checks::{MediaById, part_checks};
    use super::super::edit::{Edit, edit};
    use super::super::sample::{bluesky, mastodon};
    use super::*;

    fn long(accounts: &[Account]) -> Draft {
        let targets = accounts.iter().map(|account| Target { account: account.id, variant: None }).collect();
        let mut base = Content::text("Rye bread is best on the second day. ".repeat(20).trim_end());
        base.parts[0].images.push(Image { media: MediaId::of(b"bread"), alt: "Bread".into() });
        base.parts.push(Part { text: "The end".into(), ..Part::default() });
        Draft { base, targets, ..Draft::default() }
    }

    #[test]
    fn a_repair_is_what_every_account_takes_and_can_be_undone() {
        let accounts = [bluesky(1), mastodon(3, "oslo.town", 200)];
        for fix in [Fix::Thread, Fix::NumberedThread, Fix::Shorten] {
            let mut draft = long(&accounts);
            let before = draft.clone();
            let checks = part_checks(&draft, Layer::Base, &accounts, &MediaById::new());
            assert!(offered(&checks[0]).contains(&fix));
            assert_eq!(offered(&checks[1]), []);
            let change = repair(&draft, Layer::Base, &accounts, 0, fix).unwrap();
            let undo = edit(&mut draft, Edit::In { layer: Layer::Base, change }).unwrap();
            let checks = part_checks(&draft, Layer::Base, &accounts, &MediaById::new());
            assert!(checks.iter().all(|part| part.problems.is_empty()), "{checks:?}");
            assert_eq!(draft.base.parts[0].images, before.base.parts[0].images);
            assert_eq!(draft.base.parts.last().unwrap().text, "The end");
            edit(&mut draft, undo);
            assert_eq!(draft, before);
        }
    }

    #[test]
    fn a_link_that_is_too_much_goes_into_the_first_comment() {
        let accounts = [bluesky(1)];
        let mut draft = long(&accounts);
        let checks = |draft: &Draft| part_checks(draft, Layer::Base, &accounts, &MediaById::new());
        assert!(!offered(&checks(&draft)[0]).contains(&Fix::MoveLink), "there is no link");
        draft.base.parts[0].text = format!("{} https://ada.com/rye", "Rye. ".repeat(58).trim_end());
        draft.base.first_comment = "Which one?".into();
        let before = draft.clone();
        assert!(offered(&checks(&draft)[0]).contains(&Fix::MoveLink));
        let change = repair(&draft, Layer::Base, &accounts, 0, Fix::MoveLink).unwrap();
        let undo = edit(&mut draft, Edit::In { layer: Layer::Base, change }).unwrap();
        assert_eq!(draft.base.first_comment, "Which one?\nhttps://ada.com/rye");
        assert!(checks(&draft).iter().all(|part| part.problems.is_empty()));
        edit(&mut draft, undo);
        assert_eq!(draft, before);
    }

    #[test]
    fn only_the_account_with_the_long_text_is_repaired() {
        let accounts = [bluesky(1), mastodon(3, "oslo.town", 5_000)];
        let mut draft = long(&accounts);
        draft.targets[0].variant = Some(draft.base.clone());
        draft.base.parts[0].text.truncate(100);
        let own = Layer::Account(accounts[0].id);
        let change = repair(&draft, own, &accounts, 0, Fix::Thread).unwrap();
        let base = draft.base.clone();
        edit(&mut draft, Edit::In { layer: own, change });
        assert_eq!(draft.base, base);
        assert!(own.content(&draft).parts.len() > 2);
    }

    #[test]
    fn a_thread_does_not_grow_past_its_longest() {
        let accounts = [bluesky(1)];
        let mut draft = long(&accounts);
        draft
            .base
            .parts
            .extend(std::iter::repeat_n(Part { text: "x".into(), ..Part::default() }, Content::PARTS_MAX - 3));
        assert_eq!(repair(&draft, Layer::Base, &accounts, 0, Fix::Thread), None);
    }
}
