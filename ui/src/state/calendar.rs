//! What the calendar shows: which days, in which form, through which filter, and which post is selected.

use std::rc::Rc;

use contract::posts::Filter;
use domain::id::{AccountId, PersonaId, PostId};
use domain::post::PostStatus;
use jiff::civil::Date;
use yew::Reducible;

use super::month;

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
    pub selected: Option<PostId>,
    /// The selection was moved by keys: the focus follows it.
    pub by_keys: bool,
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
    Select(Option<PostId>),
    /// Selects the next or previous of these posts; `first` is the index of the one that comes next in time.
    Move {
        by: i32,
        order: Rc<[PostId]>,
        first: usize,
    },
    Drafts,
}

impl CalendarState {
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

    fn after(mut self, action: Action) -> Self {
        match action {
            Action::Show(view) => {
                self.view = view;
                self.selected = None;
            }
            Action::Step { by, today } => {
                let day = self.day(today);
                self.day = Some(match self.view {
                    View::Month | View::List | View::Drafts => month::moved_months(day.first_of_month(), by),
                    View::Week => month::moved(month::monday_of(day), 7 * by),
                });
                self.selected = None;
            }
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
            Action::Select(post) => {
                self.selected = post;
                self.by_keys = false;
            }
            Action::Move { by, order, first } => {
                self.selected = neighbour(&order, self.selected, by, first);
                self.by_keys = true;
            }
            Action::Drafts => {
                self = Self { view: View::Drafts, day: self.day, ..Self::default() };
            }
        }
        self
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

/// The post before or after the selected one; without a selection the next in time, or the one before it.
fn neighbour(order: &[PostId], selected: Option<PostId>, by: i32, first: usize) -> Option<PostId> {
    let last = order.len().checked_sub(1)?;
    let at = selected.and_then(|selected| order.iter().position(|post| *post == selected));
    let index = match at {
        None if by > 0 => first.min(last),
        None => first.saturating_sub(1).min(last),
        Some(at) if by > 0 => (at + 1).min(last),
        Some(at) => at.saturating_sub(1),
    };
    order.get(index).copied()
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

    #[test]
    fn keys_walk_through_the_posts_and_stop_at_the_ends() {
        let order: Rc<[PostId]> = vec![post(1), post(2), post(3)].into();
        let step = |state: CalendarState, by| state.after(Action::Move { by, order: order.clone(), first: 1 });
        let state = step(CalendarState::default(), 1);
        assert_eq!(state.selected, Some(post(2)), "the next in time");
        let state = step(step(step(state, 1), 1), 1);
        assert_eq!(state.selected, Some(post(3)));
        assert_eq!(step(state, -1).selected, Some(post(2)));
        assert_eq!(step(CalendarState::default(), -1).selected, Some(post(1)));
        assert_eq!(neighbour(&[], None, 1, 0), None);
        assert_eq!(neighbour(&order, None, 1, 99), Some(post(3)), "all have passed");
    }
}
