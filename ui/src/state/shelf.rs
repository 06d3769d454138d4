//! Which files of the library are the current one and which are chosen, and where keys lead: pure, over the order that is shown.

use std::collections::BTreeSet;
use std::rc::Rc;

use domain::id::MediaId;

/// Where a key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Next,
    Previous,
    Up,
    Down,
}

/// The current file, and those chosen for what is done next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub current: Option<MediaId>,
    pub chosen: Rc<BTreeSet<MediaId>>,
    /// Where a range begins.
    anchor: Option<MediaId>,
}

impl Choice {
    /// Only this one.
    pub fn only(media: MediaId) -> Self {
        Self { current: Some(media), chosen: Rc::default(), anchor: Some(media) }
    }

    /// These, the first of them the current one.
    pub fn all(media: &[MediaId]) -> Self {
        let chosen = if media.len() > 1 { media.iter().copied().collect() } else { BTreeSet::new() };
        Self { current: media.first().copied(), chosen: Rc::new(chosen), anchor: media.first().copied() }
    }

    /// To a neighbour; what is chosen stays. Without a current one to the first.
    #[must_use]
    pub fn step(&self, order: &[MediaId], columns: usize, way: Way) -> Self {
        let last = order.len().saturating_sub(1);
        let at = self.current.and_then(|current| order.iter().position(|media| *media == current));
        let to = match (at, way) {
            (None, _) => 0,
            (Some(at), Way::Next) => (at + 1).min(last),
            (Some(at), Way::Previous) => at.saturating_sub(1),
            (Some(at), Way::Up) => at.checked_sub(columns).unwrap_or(at),
            // from above the end of a shorter last row to its end
            (Some(at), Way::Down) if at + columns > last && at / columns.max(1) < last / columns.max(1) => last,
            (Some(at), Way::Down) => Some(at + columns).filter(|to| *to <= last).unwrap_or(at),
        };
        let current = order.get(to).copied();
        Self { current, chosen: self.chosen.clone(), anchor: current }
    }

    /// One more, or one less. The first one that is added takes the current one along.
    #[must_use]
    pub fn toggled(&self, media: MediaId) -> Self {
        let mut chosen = (*self.chosen).clone();
        if chosen.is_empty()
            && let Some(current) = self.current.filter(|current| *current != media)
        {
            chosen.insert(current);
        }
        if !chosen.remove(&media) {
            chosen.insert(media);
        }
        Self { current: Some(media), chosen: Rc::new(chosen), anchor: Some(media) }
    }

    /// All from where the range began to this one.
    #[must_use]
    pub fn up_to(&self, order: &[MediaId], media: MediaId) -> Self {
        let place = |wanted: MediaId| order.iter().position(|other| *other == wanted);
        let (Some(from), Some(to)) = (self.anchor.and_then(place), place(media)) else { return Self::only(media) };
        let range = order.get(from.min(to)..=from.max(to)).unwrap_or_default();
        Self { current: Some(media), chosen: Rc::new(range.iter().copied().collect()), anchor: self.anchor }
    }

    /// Without what is no longer shown. The current one gives way to what stands where it `stood`.
    #[must_use]
    pub fn within(&self, order: &[MediaId], stood: usize) -> Self {
        let shown: BTreeSet<MediaId> = order.iter().copied().collect();
        let chosen: BTreeSet<MediaId> = self.chosen.intersection(&shown).copied().collect();
        let stays = self.current.filter(|current| shown.contains(current));
        let beside = || order.get(stood.min(order.len().saturating_sub(1))).copied();
        let current = self.current.and_then(|_| stays.or_else(beside));
        Self {
            current,
            chosen: Rc::new(chosen),
            anchor: self.anchor.filter(|anchor| shown.contains(anchor)).or(current),
        }
    }

    /// What the next thing is done with, in the order that is shown.
    pub fn meant(&self, order: &[MediaId]) -> Vec<MediaId> {
        if self.chosen.is_empty() {
            return self.current.into_iter().collect();
        }
        order.iter().copied().filter(|media| self.chosen.contains(media)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(count: u8) -> Vec<MediaId> {
        (0..count).map(|number| MediaId::of(&[number])).collect()
    }

    #[test]
    fn arrows_go_through_the_grid_and_stay_in_it() {
        let order = order(8);
        let go = |from: usize, way| {
            let next = Choice::only(order[from]).step(&order, 3, way).current;
            order.iter().position(|media| Some(*media) == next).unwrap()
        };
        assert_eq!((go(0, Way::Next), go(7, Way::Next), go(0, Way::Previous)), (1, 7, 0));
        assert_eq!((go(4, Way::Up), go(1, Way::Up), go(1, Way::Down)), (1, 1, 4));
        assert_eq!((go(5, Way::Down), go(7, Way::Down)), (7, 7), "the last row is shorter");
        assert_eq!(Choice::default().step(&order, 3, Way::Down).current, Some(order[0]));
        assert_eq!(Choice::default().step(&[], 3, Way::Down), Choice::default());
    }

    #[test]
    fn several_are_chosen_one_by_one_or_as_a_range() {
        let order = order(6);
        let two = Choice::only(order[1]).toggled(order[3]);
        assert_eq!(two.meant(&order), [order[1], order[3]]);
        assert_eq!(two.toggled(order[1]).meant(&order), [order[3]]);
        let range = Choice::only(order[4]).up_to(&order, order[2]);
        assert_eq!(range.meant(&order), order[2..=4]);
        assert_eq!(range.up_to(&order, order[5]).meant(&order), order[4..=5], "from the same beginning");
        assert_eq!(Choice::default().toggled(order[0]).meant(&order), [order[0]]);
    }

    #[test]
    fn what_is_gone_is_not_chosen_and_its_neighbour_becomes_the_current_one() {
        let order = order(4);
        let choice = Choice::only(order[1]).toggled(order[2]);
        let left = [order[0], order[1], order[3]];
        let after = choice.within(&left, 2);
        assert_eq!((after.current, after.meant(&left)), (Some(order[3]), vec![order[1]]));
        assert_eq!(choice.within(&[], 2).current, None);
        assert_eq!(Choice::default().within(&order, 0).current, None, "nothing was the current one");
    }
}
