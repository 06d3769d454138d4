//! The posts that were picked to be changed together.

use std::collections::BTreeSet;
use std::rc::Rc;

use domain::id::PostId;

use super::current::Order;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picks {
    posts: Rc<BTreeSet<PostId>>,
    /// The last one that was picked by itself: a stretch goes on from here.
    from: Option<PostId>,
}

impl Picks {
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    pub fn toggle(&mut self, post: PostId) {
        let posts = Rc::make_mut(&mut self.posts);
        if !posts.remove(&post) {
            posts.insert(post);
        }
        self.from = Some(post);
    }

    pub fn add(&mut self, post: PostId) {
        Rc::make_mut(&mut self.posts).insert(post);
        self.from = Some(post);
    }

    /// Everything from the last one that was picked up to this one.
    pub fn add_up_to(&mut self, post: PostId, order: &Order) {
        match self.from.and_then(|from| order.between(from, post)) {
            Some(stretch) => Rc::make_mut(&mut self.posts).extend(stretch),
            None => self.add(post),
        }
    }

    pub fn add_all(&mut self, order: &Order) {
        Rc::make_mut(&mut self.posts).extend(order.posts());
    }

    /// Those that are shown: nothing is done to what nobody sees.
    pub fn among(&self, order: &Order) -> BTreeSet<PostId> {
        if self.is_empty() {
            return BTreeSet::new();
        }
        order.posts().filter(|post| self.posts.contains(post)).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::current::Place;
    use super::*;

    fn post(number: u128) -> PostId {
        PostId::new(Uuid::from_u128(number))
    }

    fn order(numbers: &[u128]) -> Order {
        Order::new(numbers.iter().map(|number| Place { post: post(*number), day: None }).collect(), 0)
    }

    #[test]
    fn a_stretch_goes_from_the_last_pick_in_either_direction() {
        let (shown, mut picks) = (order(&[1, 2, 3, 4, 5]), Picks::default());
        picks.add_up_to(post(4), &shown);
        picks.add_up_to(post(2), &shown);
        assert_eq!(picks.among(&shown), [2, 3, 4].map(post).into());
        picks.toggle(post(3));
        picks.add_up_to(post(5), &shown);
        assert_eq!(picks.among(&shown), [2, 3, 4, 5].map(post).into());
        picks.add_up_to(post(9), &shown);
        assert_eq!(picks.among(&shown).len(), 4, "one that is not shown leads to no stretch");
    }

    #[test]
    fn what_is_not_shown_is_not_among_them_and_not_forgotten() {
        let mut picks = Picks::default();
        picks.add_all(&order(&[1, 2]));
        assert_eq!(picks.among(&order(&[2, 3])), [post(2)].into());
        assert_eq!(picks.among(&order(&[1, 2, 3])).len(), 2);
    }
}
