//! The one current post of the calendar: where the keys take it, and which takes its place when it is gone.

use domain::id::PostId;
use jiff::civil::Date;

use super::calendar::View;
use super::month::moved;

/// A post where a view shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub post: PostId,
    /// `None` in the list of what has no time.
    pub day: Option<Date>,
}

/// Where a key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Next,
    Previous,
    Up,
    Down,
    Left,
    Right,
}

impl Way {
    pub const fn is_back(self) -> bool {
        matches!(self, Self::Previous | Self::Up | Self::Left)
    }
}

/// All posts that a view shows, in the order in which they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    places: Vec<Place>,
    /// Index of the one that comes next in time.
    next: usize,
}

impl Order {
    pub fn new(places: Vec<Place>, next: usize) -> Self {
        Self { places, next }
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn posts(&self) -> impl Iterator<Item = PostId> {
        self.places.iter().map(|place| place.post)
    }

    /// Both and all that stand between them, if both are shown.
    pub fn between(&self, one: PostId, other: PostId) -> Option<impl Iterator<Item = PostId>> {
        let at = |post| self.places.iter().position(|place| place.post == post);
        let (one, other) = (at(one)?, at(other)?);
        let stretch = self.places.get(one.min(other)..=one.max(other))?;
        Some(stretch.iter().map(|place| place.post))
    }

    pub fn find(&self, post: PostId) -> Option<Place> {
        self.places.iter().copied().find(|place| place.post == post)
    }

    /// The post that is reached first: the next in time, or the last if all have passed.
    pub fn entry(&self) -> Option<Place> {
        self.places.get(self.next).or(self.places.last()).copied()
    }

    /// Where a key leads from the current post; `None` where nothing more lies that way.
    /// Without a current post every key leads to one.
    pub fn step(&self, from: Option<PostId>, way: Way, view: View) -> Option<Place> {
        let at = from.and_then(|post| self.places.iter().position(|place| place.post == post));
        let Some(at) = at else {
            return match way {
                Way::Previous => self.places.get(self.next.min(self.len()).checked_sub(1)?).copied(),
                _ => self.entry(),
            };
        };
        match (way, view) {
            (Way::Next, _) | (Way::Down, View::List | View::Drafts) => self.places.get(at + 1).copied(),
            (Way::Previous, _) | (Way::Up, View::List | View::Drafts) => self.places.get(at.checked_sub(1)?).copied(),
            (Way::Up | Way::Down, View::Month | View::Week) => self.in_column(at, way, view),
            (Way::Left | Way::Right, View::Month | View::Week) => self.in_row(at, way),
            (Way::Left | Way::Right, View::List | View::Drafts) => None,
        }
    }

    /// The post above or below on its day; in a month the same weekday of other weeks follows.
    fn in_column(&self, at: usize, way: Way, view: View) -> Option<Place> {
        let here = self.places.get(at)?;
        let beside = if way.is_back() { at.checked_sub(1) } else { Some(at + 1) };
        let beside = beside.and_then(|index| self.places.get(index)).filter(|place| place.day == here.day);
        if beside.is_some() || view == View::Week {
            return beside.copied();
        }
        let (first, last) = (self.places.first()?.day?, self.places.last()?.day?);
        let by = if way.is_back() { -7 } else { 7 };
        let mut day = moved(here.day?, by);
        while (first..=last).contains(&day) {
            let mut of_day = self.places.iter().filter(|place| place.day == Some(day));
            let found = if way.is_back() { of_day.next_back() } else { of_day.next() };
            if found.is_some() {
                return found.copied();
            }
            day = moved(day, by);
        }
        None
    }

    /// The post as far down on the nearest day that has posts.
    fn in_row(&self, at: usize, way: Way) -> Option<Place> {
        let here = self.places.get(at)?;
        let depth = self.places.iter().take(at).filter(|place| place.day == here.day).count();
        let day = self.beyond(here.day?, way)?.day;
        let of_day = self.places.iter().filter(|place| place.day == day);
        of_day.take(depth + 1).last().copied()
    }

    /// The first post behind a day, or the last one before it.
    pub fn beyond(&self, day: Date, way: Way) -> Option<Place> {
        if way.is_back() {
            self.places.iter().rev().find(|place| place.day.is_some_and(|other| other < day)).copied()
        } else {
            self.places.iter().find(|place| place.day.is_some_and(|other| other > day)).copied()
        }
    }

    /// What takes the place of a post that is gone: the next one that is still there, else the one before.
    pub fn survivor(&self, now: &Self, gone: PostId) -> Option<Place> {
        let at = self.places.iter().position(|place| place.post == gone)?;
        let (before, after) = self.places.split_at(at);
        after.iter().chain(before.iter().rev()).find_map(|place| now.find(place.post))
    }
}

/// Which posts of a crowded day are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub skipped: usize,
    pub shown: usize,
}

/// As many as fit. The last line is needed to say that there are more, and the current post is always among the seen.
/// `before` were skipped until now: nothing moves below a pointer that presses one of the seen.
pub fn seen(count: usize, room: usize, current: Option<usize>, before: usize) -> Seen {
    if count <= room {
        return Seen { skipped: 0, shown: count };
    }
    let shown = room.saturating_sub(1).max(1);
    let skipped = current.map_or(0, |at| before.clamp((at + 1).saturating_sub(shown), at).min(count - shown));
    Seen { skipped, shown }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn post(number: u128) -> PostId {
        PostId::new(Uuid::from_u128(number))
    }

    fn on(number: u128, day: i8) -> Place {
        Place { post: post(number), day: Some(date(2026, 11, day)) }
    }

    /// Monday 2: one post; Tuesday 3: three; Thursday 5: one; Tuesday 17: one.
    fn month() -> Order {
        Order::new(vec![on(1, 2), on(2, 3), on(3, 3), on(4, 3), on(5, 5), on(6, 17)], 4)
    }

    fn go(from: u128, way: Way, view: View) -> Option<PostId> {
        month().step(Some(post(from)), way, view).map(|place| place.post)
    }

    #[test]
    fn next_and_previous_reach_every_post_and_stop_at_the_ends() {
        let order = month();
        let mut at = Some(post(1));
        for expected in 2..=6 {
            at = order.step(at, Way::Next, View::Month).map(|place| place.post);
            assert_eq!(at, Some(post(expected)));
        }
        assert_eq!(order.step(at, Way::Next, View::Month), None);
        assert_eq!(go(1, Way::Previous, View::List), None);
        assert_eq!(go(4, Way::Previous, View::List), Some(post(3)));
    }

    #[test]
    fn without_a_current_post_a_key_leads_to_the_next_in_time() {
        assert_eq!(month().step(None, Way::Next, View::Month), Some(on(5, 5)));
        assert_eq!(month().step(None, Way::Right, View::Month), Some(on(5, 5)));
        assert_eq!(month().step(None, Way::Previous, View::Month), Some(on(4, 3)));
        assert_eq!(
            month().step(Some(post(99)), Way::Down, View::Week),
            Some(on(5, 5)),
            "one that is not shown is none"
        );
        let past = Order::new(vec![on(1, 2), on(2, 3)], 2);
        assert_eq!(past.entry(), Some(on(2, 3)), "all have passed");
        assert_eq!(past.step(None, Way::Previous, View::Month), Some(on(2, 3)));
        assert_eq!(Order::default().step(None, Way::Next, View::Month), None);
        assert_eq!(Order::default().step(None, Way::Previous, View::Month), None);
    }

    #[test]
    fn arrows_move_as_the_posts_lie() {
        assert_eq!(go(2, Way::Down, View::Month), Some(post(3)));
        assert_eq!(go(4, Way::Down, View::Month), Some(post(6)), "the same weekday two weeks later");
        assert_eq!(go(6, Way::Up, View::Month), Some(post(4)), "the last one of that day");
        assert_eq!(go(4, Way::Down, View::Week), None, "a week has one row");
        assert_eq!(go(1, Way::Right, View::Month), Some(post(2)));
        assert_eq!(go(3, Way::Right, View::Week), Some(post(5)), "past a day without posts");
        assert_eq!(go(5, Way::Left, View::Month), Some(post(2)), "as far down as before");
        assert_eq!(go(6, Way::Right, View::Month), None);
        assert_eq!(go(2, Way::Down, View::List), Some(post(3)));
        assert_eq!(go(2, Way::Right, View::List), None);
    }

    #[test]
    fn arrows_keep_their_row_where_they_can() {
        let order = Order::new(vec![on(1, 2), on(2, 2), on(3, 3), on(4, 3), on(5, 3)], 0);
        let right = |from| order.step(Some(post(from)), Way::Right, View::Week);
        assert_eq!((right(1), right(2)), (Some(on(3, 3)), Some(on(4, 3))));
        assert_eq!(order.step(Some(post(5)), Way::Left, View::Week), Some(on(2, 2)), "the last one of a shorter day");
    }

    #[test]
    fn a_post_that_is_gone_leaves_its_place_to_the_next() {
        let without = |gone: &[u128]| {
            let gone: Vec<PostId> = gone.iter().map(|number| post(*number)).collect();
            Order::new(month().places.into_iter().filter(|place| !gone.contains(&place.post)).collect(), 0)
        };
        assert_eq!(month().survivor(&without(&[3]), post(3)), Some(on(4, 3)));
        assert_eq!(month().survivor(&without(&[3, 4]), post(3)), Some(on(5, 5)));
        assert_eq!(month().survivor(&without(&[6]), post(6)), Some(on(5, 5)), "behind the last comes the one before");
        assert_eq!(month().survivor(&Order::default(), post(3)), None);
    }

    #[test]
    fn the_current_post_of_a_crowded_day_is_always_seen() {
        assert_eq!(seen(3, 3, None, 0), Seen { skipped: 0, shown: 3 });
        assert_eq!(seen(9, 4, None, 5), Seen { skipped: 0, shown: 3 });
        for current in 0..9 {
            for before in 0..9 {
                let Seen { skipped, shown } = seen(9, 4, Some(current), before);
                assert!((skipped..skipped + shown).contains(&current), "{current} {before}");
                assert!(skipped + shown <= 9, "{current} {before}");
            }
        }
        assert_eq!(seen(9, 1, Some(8), 0), Seen { skipped: 8, shown: 1 }, "one is always seen");
    }

    #[test]
    fn what_is_seen_of_a_crowded_day_moves_only_when_it_must() {
        assert_eq!(seen(9, 4, Some(5), 3).skipped, 3);
        assert_eq!(seen(9, 4, Some(3), 3).skipped, 3);
        assert_eq!(seen(9, 4, Some(6), 3).skipped, 4);
        assert_eq!(seen(9, 4, Some(2), 3).skipped, 2);
    }
}
