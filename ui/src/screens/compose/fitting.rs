//! Which images are made for a part that a network would refuse, of what, and whose text shows them.
//!
//! An image that suits the others stays with them: only the accounts that need another one get it. If all need the same, the base
//! shows it.

use domain::account::Account;
use domain::id::{AccountId, MediaId};
use domain::media::Fit;
use domain::network::Network;
use domain::post::Draft;
use domain::text::fit::{fits, plan};
use domain::text::{Fix, Plan, Step, Unfit};

use super::checks::{Blocker, MediaById, audience};
use super::edit::Layer;

/// One image to be made, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub media: MediaId,
    pub fit: Fit,
    pub layers: Vec<Layer>,
    pub steps: Vec<Step>,
}

/// What can be done about the images of one part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fitting {
    /// For those who need it.
    pub orders: Vec<Order>,
    /// For everybody, where that is something else.
    pub for_all: Vec<Order>,
    /// Who needs it, each once.
    pub networks: Vec<Network>,
    /// What keeps others from being made.
    pub unfit: Vec<Unfit>,
}

impl Fitting {
    /// The networks that get an image of their own; none if all get it.
    pub fn only(&self) -> Vec<Network> {
        if self.for_all.is_empty() { Vec::new() } else { self.networks.clone() }
    }
}

/// A part whose images a network refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub layer: Layer,
    pub part: usize,
    pub fitting: Fitting,
}

/// All such parts, in the order in which they are told.
pub fn spots(blockers: &[Blocker], draft: &Draft, accounts: &[Account], media: &MediaById) -> Vec<Spot> {
    let mut spots: Vec<Spot> = Vec::new();
    for blocker in blockers.iter().filter(|blocker| blocker.problem.violation.rule.fixes().contains(&Fix::Fit)) {
        let (layer, part) = (blocker.layer, usize::try_from(blocker.part).unwrap_or(0));
        if !spots.iter().any(|spot| (spot.layer, spot.part) == (layer, part)) {
            spots.push(Spot { layer, part, fitting: fitting(draft, layer, part, accounts, media) });
        }
    }
    spots
}

/// What `layer` needs in one of its parts.
pub fn fitting(draft: &Draft, layer: Layer, part: usize, accounts: &[Account], media: &MediaById) -> Fitting {
    let audience = audience(draft, layer, accounts);
    let mut found = Fitting::default();
    let images = layer.content(draft).parts.get(part).map(|part| part.images.as_slice()).unwrap_or_default();
    let mut seen: Vec<MediaId> = Vec::new();
    for image in images.iter().filter_map(|image| media.get(&image.media)) {
        if seen.contains(&image.id) {
            continue;
        }
        seen.push(image.id);
        let mut needs: Vec<(AccountId, Plan)> = Vec::new();
        for account in audience.iter().filter(|account| !fits(image, account.rules())) {
            if !found.networks.contains(&account.network) {
                found.networks.push(account.network);
            }
            match plan(image, &[account.rules()]) {
                Ok(Some(plan)) => needs.push((account.id, plan)),
                Ok(None) => {}
                Err(unfit) if !found.unfit.contains(&unfit) => found.unfit.push(unfit),
                Err(_) => {}
            }
        }
        let order = |plan: &Plan, layers| Order { media: image.id, fit: plan.fit, layers, steps: plan.steps(image) };
        // what all of them take is shown to all, and changes as little as it can
        let gentle = (needs.len() == audience.len())
            .then(|| needs.iter().find(|(_, plan)| plan.fit.crop.is_none()).or(needs.first()));
        let shared = gentle.flatten().map(|(_, plan)| *plan);
        let mut orders: Vec<Order> = Vec::new();
        for (account, plan) in &needs {
            let goes_to = match layer {
                Layer::Base if shared.is_some_and(|shared| shared.fit == plan.fit) => Layer::Base,
                Layer::Base => Layer::Account(*account),
                own => own,
            };
            match orders.iter_mut().find(|order| order.fit == plan.fit) {
                Some(order) if order.layers.contains(&goes_to) => {}
                Some(order) => order.layers.push(goes_to),
                None => orders.push(order(plan, vec![goes_to])),
            }
        }
        let rules: Vec<_> = audience.iter().map(|account| account.rules()).collect();
        let apart = orders.iter().any(|order| order.layers != [layer]);
        if apart && let Ok(Some(plan)) = plan(image, &rules) {
            found.for_all.push(order(&plan, vec![layer]));
        }
        found.orders.extend(orders);
    }
    found
}

/// What is done, each once, in the order in which it is done.
pub fn steps(orders: &[Order]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for step in orders.iter().flat_map(|order| &order.steps) {
        if !steps.contains(step) {
            steps.push(*step);
        }
    }
    steps.sort_by_key(|step| match step {
        Step::Crop(_) => 0,
        Step::Scale(_) => 1,
        Step::Encode => 2,
        Step::Convert(_) => 3,
    });
    steps
}

#[cfg(test)]
mod tests {
    use domain::media::{Media, MediaType};
    use domain::post::{Content, Image, Target};
    use jiff::Timestamp;

    use super::*;
    use crate::screens::compose::checks::blockers;
    use crate::screens::compose::sample::{bluesky, by_hand};

    fn image(width: u32, height: u32, kind: MediaType) -> Media {
        Media {
            id: MediaId::of(format!("{width} {height} {kind:?}").as_bytes()),
            kind,
            width,
            height,
            bytes: 400_000,
            frames: if kind == MediaType::Gif { 9 } else { 1 },
            video: None,
            metadata: false,
            name: "loaf.png".into(),
            alt: String::new(),
            folder: String::new(),
            tags: Vec::new(),
            deleted: false,
            made_from: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn post(accounts: &[Account], images: &[Media]) -> (Draft, MediaById) {
        let targets = accounts.iter().map(|account| Target { account: account.id, variant: None }).collect();
        let mut base = Content::text("Rye");
        base.parts[0].images = images.iter().map(|media| Image { media: media.id, alt: String::new() }).collect();
        (Draft { base, targets, ..Draft::default() }, images.iter().map(|media| (media.id, media.clone())).collect())
    }

    fn only(accounts: &[Account], images: &[Media]) -> Fitting {
        let (draft, media) = post(accounts, images);
        let spots = spots(&blockers(&draft, accounts, &media), &draft, accounts, &media);
        assert!(spots.len() < 2 && spots.iter().all(|spot| (spot.layer, spot.part) == (Layer::Base, 0)));
        spots.into_iter().next().map(|spot| spot.fitting).unwrap_or_default()
    }

    #[test]
    fn only_the_account_that_needs_another_image_gets_it() {
        let accounts = [bluesky(1), by_hand(2, Network::Instagram)];
        let found = only(&accounts, &[image(1_080, 1_920, MediaType::Png)]);
        assert_eq!(found.networks, [Network::Instagram]);
        assert_eq!(found.orders.len(), 1);
        assert_eq!(found.orders[0].layers, [Layer::Account(accounts[1].id)]);
        assert_eq!(steps(&found.orders), [Step::Crop(800), Step::Convert(MediaType::Jpeg)]);
        assert_eq!(found.for_all[0].layers, [Layer::Base], "or all get it");
        assert_eq!(only(&accounts, &[image(1_000, 1_000, MediaType::Jpeg)]), Fitting::default());
    }

    #[test]
    fn an_image_that_all_need_goes_into_the_base_once() {
        let accounts = [by_hand(1, Network::Instagram), by_hand(2, Network::Instagram)];
        let found = only(&accounts, &[image(1_080, 1_920, MediaType::Jpeg)]);
        assert_eq!((found.orders.len(), found.for_all.len()), (1, 0));
        assert_eq!(found.orders[0].layers, [Layer::Base]);
        // the base changes as little as it can, and only one is cut
        let accounts = [by_hand(1, Network::Instagram), by_hand(2, Network::TikTok)];
        let found = only(&accounts, &[image(1_080, 1_920, MediaType::Png)]);
        let layers: Vec<&[Layer]> = found.orders.iter().map(|order| order.layers.as_slice()).collect();
        assert_eq!(layers, [&[Layer::Account(accounts[0].id)][..], &[Layer::Base]]);
        assert_eq!(found.orders[1].steps, [Step::Convert(MediaType::Jpeg)]);
    }

    #[test]
    fn what_nothing_helps_is_said() {
        let accounts = [bluesky(1), by_hand(2, Network::Instagram), by_hand(3, Network::Threads)];
        let found = only(&accounts, &[image(200, 200, MediaType::Jpeg), image(500, 500, MediaType::Gif)]);
        assert_eq!(found.orders, []);
        let narrow = Unfit::Narrow { network: Network::Instagram, width: 200, needed: 320 };
        let moves = |network| Unfit::Moves { network };
        assert_eq!(found.unfit, [narrow, moves(Network::Instagram), moves(Network::Threads)]);
    }

    #[test]
    fn in_its_own_text_only_the_account_itself_is_asked() {
        let accounts = [bluesky(1), by_hand(2, Network::Instagram)];
        let (mut draft, media) = post(&accounts, &[image(1_080, 1_920, MediaType::Jpeg)]);
        draft.targets[1].variant = Some(Content { content_warning: "Bread".into(), ..draft.base.clone() });
        let own = Layer::Account(accounts[1].id);
        let found = fitting(&draft, own, 0, &accounts, &media);
        assert_eq!((found.orders[0].layers.as_slice(), found.for_all.len()), (&[own][..], 0));
        assert_eq!(fitting(&draft, Layer::Base, 0, &accounts, &media), Fitting::default());
    }
}
