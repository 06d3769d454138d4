//! What the calendar shows: which days, in which form, through which filter, and which post is selected.

use std::rc::Rc;

use contract::posts::Filter;
use domain::id::{AccountId, PersonaId, PostId};
use domain::post::PostStatus;
use jiff::civil::Date;
use yew::Reducible;

use super::current::{Order, Place, Way};
use super::month;
use super::picks::Picks;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    #[default]
    Month,
    Week,
    List,
    /// What has no time yet.
    Drafts,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Month, Self::Week, Self::List, Self::Drafts];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::List => "list",
            Self::Drafts => "drafts",
        }
    }

    pub fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.key() == key).unwrap_or_default()
    }
}

/// Months that the list shows at once.
const LIST_MONTHS: i32 = 3;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct CalendarState {
    pub view: View,
    /// The day that the calendar turns around; `None` is today, whenever that is.
    pub day: Option<Date>,
    pub filter: Filter,
    /// The current post if it is among those that are shown: what the keys act on.
    pub selected: Option<Place>,
    /// What is changed together, as far as it is shown.
    pub picks: Picks,
    /// Counts the times that keys moved the selection: the focus follows it.
    pub turn: u32,
    /// Counts the times that the selection went somewhere by itself or by keys: it has to be in sight there.
    pub sight: u32,
    /// An arrow left what was shown, from this day on: the first post that lies that way becomes the current one.
    arriving: Option<(Date, Way)>,
    /// The post that was moved last, as long as nothing else was done.
    following: Option<PostId>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Show(View),
    /// Earlier (-1) or later (1), seen from `today` if no day was chosen.
    Step {
        by: i32,
        today: Date,
    },
    Today,
    Text(String),
    Persona(PersonaId),
    OnlyPersona(PersonaId),
    Account(AccountId),
    Status(PostStatus),
    AnyPersona,
    AnyAccount,
    AnyStatus,
    Clear,
    /// The filter of another profile, as it was left.
    Kept(Filter),
    Select(Option<Place>),
    /// As [`Action::Select`], with the focus.
    Go(Place),
    /// The focus comes back to the current post.
    Stay,
    /// Goes on from the current post among those that are shown; beyond the last day the next month or week follows.
    Move {
        way: Way,
        order: Rc<Order>,
        today: Date,
    },
    /// Picks a post, or lets it go.
    Pick(PostId),
    /// Everything from the last pick up to this one.
    PickUpTo {
        post: PostId,
        order: Rc<Order>,
    },
    /// As [`Action::Move`]; where it leads from and to is picked.
    Extend {
        way: Way,
        order: Rc<Order>,
    },
    PickAll(Rc<Order>),
    PickNone,
    /// The view shows other posts than `before`; `same` if it was asked for the same ones.
    Shown {
        before: Rc<Order>,
        now: Rc<Order>,
        same: bool,
    },
    /// A post is about to be moved: it becomes the current one, and is followed.
    Follow(Place),
    /// A post was moved to another day, which may lie beyond what is shown. Whoever went on to another post before the answer
    /// came is not fetched back.
    Moved {
        place: Place,
        today: Date,
    },
    Drafts,
}

impl CalendarState {
    pub fn filtered(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    pub fn day(&self, today: Date) -> Date {
        self.day.unwrap_or(today)
    }

    /// First and last day that are shown.
    pub fn range(&self, today: Date) -> (Date, Date) {
        let day = self.day(today);
        match self.view {
            View::Month => (month::monday_of(day.first_of_month()), month::sunday_of(day.last_of_month())),
            View::Week => (month::monday_of(day), month::sunday_of(day)),
            View::List | View::Drafts => {
                (day.first_of_month(), month::moved_months(day.first_of_month(), LIST_MONTHS - 1).last_of_month())
            }
        }
    }

    pub fn is_filtered(&self) -> bool {
        self.filter != Filter::default()
    }

    pub fn selected_post(&self) -> Option<PostId> {
        self.selected.map(|place| place.post)
    }

    fn after(mut self, action: Action) -> Self {
        if !matches!(action, Action::Shown { .. }) {
            self.arriving = None;
        }
        if !matches!(action, Action::Shown { .. } | Action::Moved { .. }) {
            self.following = None;
        }
        match action {
            Action::Show(view) => {
                self.view = view;
                // the same post stays in sight
                self.day = self.selected.and_then(|place| place.day).or(self.day);
            }
            Action::Step { by, today } => self.step(by, today),
            Action::Today => {
                self.day = None;
                self.selected = None;
            }
            Action::Text(text) => self.filter.text = text,
            Action::Persona(persona) => toggle(&mut self.filter.personas, persona),
            Action::OnlyPersona(persona) => self.filter = Filter { personas: vec![persona], ..Filter::default() },
            Action::Account(account) => toggle(&mut self.filter.accounts, account),
            Action::Status(status) => toggle(&mut self.filter.statuses, status),
            Action::AnyPersona => self.filter.personas.clear(),
            Action::AnyAccount => self.filter.accounts.clear(),
            Action::AnyStatus => self.filter.statuses.clear(),
            Action::Clear => self.filter = Filter::default(),
            Action::Kept(filter) => self = Self { filter, turn: self.turn, sight: self.sight, ..Self::default() },
            Action::Select(place) => self.selected = place,
            Action::Go(place) => self.go(place),
            Action::Stay => self.turn += 1,
            Action::Move { way, order, today } => match order.step(self.selected_post(), way, self.view) {
                Some(place) => self.go(place),
                None if matches!(way, Way::Left | Way::Right) => self.leave(way, today),
                None => {}
            },
            Action::Pick(post) => self.picks.toggle(post),
            Action::PickUpTo { post, order } => self.picks.add_up_to(post, &order),
            Action::PickAll(order) => self.picks.add_all(&order),
            Action::PickNone => self.picks = Picks::default(),
            Action::Extend { way, order } => {
                if let Some(post) = self.selected_post().filter(|post| order.find(*post).is_some()) {
                    self.picks.add(post);
                }
                if let Some(place) = order.step(self.selected_post(), way, self.view) {
                    self.picks.add(place.post);
                    self.go(place);
                }
            }
            Action::Shown { before, now, same } => self.shown(&before, &now, same),
            Action::Follow(place) => {
                self.selected = Some(place);
                self.following = Some(place.post);
            }
            Action::Moved { place, .. } if self.following != Some(place.post) => {}
            Action::Moved { place, today } => {
                let (first, last) = self.range(today);
                if let Some(day) = place.day
                    && !(first..=last).contains(&day)
                {
                    self.day = Some(day);
                }
                self.go(place);
            }
            Action::Drafts => {
                self =
                    Self { view: View::Drafts, day: self.day, turn: self.turn, sight: self.sight, ..Self::default() };
            }
        }
        self
    }

    fn go(&mut self, place: Place) {
        self.selected = Some(place);
        self.turn += 1;
        self.sight += 1;
    }

    fn step(&mut self, by: i32, today: Date) {
        let day = self.day(today);
        self.day = Some(match self.view {
            View::Month | View::List | View::Drafts => month::moved_months(day.first_of_month(), by),
            View::Week => month::moved(month::monday_of(day), 7 * by),
        });
        self.selected = None;
    }

    /// Nothing more lies to the left or the right: what comes before or after is shown.
    fn leave(&mut self, way: Way, today: Date) {
        if !matches!(self.view, View::Month | View::Week) {
            return;
        }
        let (first, last) = self.range(today);
        let edge = if way.is_back() { first } else { last };
        let from = self.selected.and_then(|place| place.day).unwrap_or(edge);
        self.step(if way.is_back() { -1 } else { 1 }, today);
        self.arriving = Some((from, way));
    }

    fn shown(&mut self, before: &Order, now: &Order, same: bool) {
        if let Some((from, way)) = self.arriving.take() {
            self.selected = now.beyond(from, way);
            self.turn += 1;
            self.sight += 1;
        } else if let Some(place) = self.selected {
            // what is filtered away, or has no place in another view, is remembered and not replaced by something else
            let survivor = || if same { before.survivor(now, place.post) } else { Some(place) };
            self.selected = now.find(place.post).or_else(survivor);
            if self.selected != Some(place) {
                self.sight += 1;
            }
        }
    }
}

impl Reducible for CalendarState {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if let Some(at) = list.iter().position(|other| *other == item) {
        list.remove(at);
    } else {
        list.push(item);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn post(number: u128) -> PostId {
        PostId::new(Uuid::from_u128(number))
    }

    #[test]
    fn each_view_asks_for_its_days() {
        let state = CalendarState::default();
        assert_eq!(state.range(TODAY), (date(2026, 10, 26), date(2026, 12, 6)));
        assert_eq!(
            state.clone().after(Action::Show(View::Week)).range(TODAY),
            (date(2026, 11, 16), date(2026, 11, 22))
        );
        assert_eq!(state.after(Action::Show(View::List)).range(TODAY), (date(2026, 11, 1), date(2027, 1, 31)));
    }

    #[test]
    fn stepping_moves_by_what_is_shown_and_today_comes_back() {
        let step = |by| Action::Step { by, today: TODAY };
        let state = CalendarState::default().after(step(1)).after(step(1));
        assert_eq!(state.day(TODAY), date(2027, 1, 1));
        assert_eq!(state.after(Action::Today).day(TODAY), TODAY);
        let week = CalendarState::default().after(Action::Show(View::Week)).after(step(-1));
        assert_eq!(week.day(TODAY), date(2026, 11, 9));
    }

    #[test]
    fn filters_are_toggled_and_cleared() {
        let state =
            CalendarState::default().after(Action::Status(PostStatus::Unsure)).after(Action::Text("rye".into()));
        assert!(state.is_filtered());
        assert!(state.clone().after(Action::Status(PostStatus::Unsure)).filter.statuses.is_empty());
        assert!(!state.after(Action::Clear).is_filtered());
    }

    fn on(number: u128, day: Date) -> Place {
        Place { post: post(number), day: Some(day) }
    }

    fn order(places: &[Place]) -> Rc<Order> {
        Rc::new(Order::new(places.to_vec(), 1))
    }

    #[test]
    fn keys_walk_through_the_posts_and_the_focus_follows() {
        let order = order(&[on(1, date(2026, 11, 20)), on(2, date(2026, 11, 23)), on(3, date(2026, 11, 23))]);
        let step = |state: CalendarState, way| state.after(Action::Move { way, order: order.clone(), today: TODAY });
        let state = step(CalendarState::default(), Way::Next);
        assert_eq!((state.selected_post(), state.turn), (Some(post(2)), 1), "the next in time");
        let state = step(step(state, Way::Next), Way::Next);
        assert_eq!((state.selected_post(), state.turn), (Some(post(3)), 2), "there is none behind the last");
        assert_eq!(step(state, Way::Previous).selected_post(), Some(post(2)));
    }

    #[test]
    fn a_stretch_is_picked_on_the_way() {
        let order = order(&[on(1, date(2026, 11, 20)), on(2, date(2026, 11, 23)), on(3, date(2026, 11, 23))]);
        let extend = |state: CalendarState, way| state.after(Action::Extend { way, order: order.clone() });
        let state = extend(extend(CalendarState::default(), Way::Next), Way::Next);
        assert_eq!((state.selected_post(), state.picks.among(&order)), (Some(post(3)), [2, 3].map(post).into()));
        let state = state.after(Action::Pick(post(3))).after(Action::PickAll(order.clone()));
        assert_eq!(state.picks.among(&order).len(), 3);
        assert!(state.after(Action::PickNone).picks.is_empty());
    }

    #[test]
    fn an_arrow_goes_on_into_the_next_month() {
        let state = CalendarState { selected: Some(on(3, date(2026, 12, 3))), ..CalendarState::default() };
        let november = order(&[on(3, date(2026, 12, 3))]);
        let state = state.after(Action::Move { way: Way::Right, order: november.clone(), today: TODAY });
        assert_eq!((state.day(TODAY), state.selected), (date(2026, 12, 1), None));
        let december = order(&[on(3, date(2026, 12, 3)), on(4, date(2026, 12, 9)), on(5, date(2026, 12, 9))]);
        let state = state.after(Action::Shown { before: november, now: december.clone(), same: false });
        assert_eq!((state.selected_post(), state.turn), (Some(post(4)), 1), "the one behind the last of November");
        let state = state.after(Action::Shown { before: december.clone(), now: december, same: true });
        assert_eq!((state.selected_post(), state.turn), (Some(post(4)), 1), "once");
    }

    #[test]
    fn another_view_shows_the_same_post() {
        let state = CalendarState { selected: Some(on(1, date(2026, 11, 3))), ..CalendarState::default() };
        let state = state.after(Action::Show(View::Week));
        assert_eq!(state.range(TODAY), (date(2026, 11, 2), date(2026, 11, 8)));
        assert_eq!(state.selected_post(), Some(post(1)));
        let none = CalendarState::default().after(Action::Show(View::Week));
        assert_eq!(none.day, None, "without a selection today stays today");
    }

    #[test]
    fn a_deleted_post_leaves_its_place_and_a_filtered_one_is_remembered() {
        let day = date(2026, 11, 23);
        let (before, now) = (order(&[on(1, day), on(2, day)]), order(&[on(2, day)]));
        let state = CalendarState { selected: Some(on(1, day)), ..CalendarState::default() };
        let shown = |same| Action::Shown { before: before.clone(), now: now.clone(), same };
        let heir = state.clone().after(shown(true));
        assert_eq!((heir.selected_post(), heir.sight, heir.turn), (Some(post(2)), 1, 0), "in sight, without the focus");
        assert_eq!(state.after(shown(false)).selected_post(), Some(post(1)), "remembered for when the filter goes");
    }

    #[test]
    fn a_post_that_moves_out_of_sight_is_followed() {
        let state = CalendarState { view: View::Week, ..CalendarState::default() };
        let state = state.after(Action::Follow(on(1, date(2026, 11, 19))));
        let moved = |day| Action::Moved { place: on(1, day), today: TODAY };
        let within = state.clone().after(moved(date(2026, 11, 20)));
        assert_eq!((within.day, within.selected_post(), within.turn), (None, Some(post(1)), 1));
        let gone = Action::Shown {
            before: order(&[on(1, date(2026, 11, 19)), on(2, TODAY)]),
            now: order(&[on(2, TODAY)]),
            same: true,
        };
        let followed = state.clone().after(gone).after(moved(date(2026, 11, 23)));
        assert_eq!((followed.range(TODAY).0, followed.selected_post()), (date(2026, 11, 23), Some(post(1))));
        let gone_on = state.after(Action::Go(on(2, date(2026, 11, 19))));
        assert_eq!(
            gone_on.clone().after(moved(date(2026, 11, 23))),
            gone_on,
            "the answer came too late to lead anywhere"
        );
    }
}
