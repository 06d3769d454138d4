use contract::posts::DayCount;
use yew::prelude::*;

use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct WeekProps {
    /// Oldest first; the last one is today.
    pub days: Vec<DayCount>,
}

const WIDTH: u32 = 280;
const BARS_TOP: u32 = 18;
const BARS_HEIGHT: u32 = 66;

/// How many posts went out on each of the last seven days.
#[component]
pub fn Week(props: &WeekProps) -> Html {
    let (t, ..) = use_frame();
    let most = props.days.iter().map(|day| day.posts).max().unwrap_or(0);
    let total: u64 = props.days.iter().map(|day| u64::from(day.posts)).sum();
    if total == 0 {
        return html! { <p class="card quiet-card">{ t.today.week_none }</p> };
    }
    let label: Vec<String> =
        props.days.iter().map(|day| (t.today.week_day)(t.time.weekday(day.day), day.posts)).collect();
    let slot = WIDTH / u32::try_from(props.days.len().max(1)).unwrap_or(1);
    let last = props.days.len().saturating_sub(1);
    html! {
        <div class="card week">
            <svg viewBox="0 0 280 104" role="img" aria-label={label.join(", ")}>
                { for props.days.iter().enumerate().map(|(index, day)| {
                    let height = bar_height(day.posts, most);
                    let left = u32::try_from(index).unwrap_or(0) * slot;
                    let middle = (left + slot / 2).to_string();
                    let y = BARS_TOP + BARS_HEIGHT - height;
                    html! {
                        <g key={index} class={classes!("week-day", (index == last).then_some("now"))}>
                            <rect x={(left + 6).to_string()} y={y.to_string()} width={(slot - 12).to_string()} height={height.to_string()} rx="3" />
                            if day.posts > 0 {
                                <text x={middle.clone()} y={(y - 5).to_string()}>{ day.posts }</text>
                            }
                            <text class="week-name" x={middle} y="100">{ t.time.weekday_short(day.day) }</text>
                        </g>
                    }
                }) }
            </svg>
            <p class="sm"><b>{ (t.today.week_total)(total) }</b>{ " " }<span class="muted">{ t.today.week_note }</span></p>
        </div>
    }
}

/// A day with posts is never drawn as empty; a day without is a line.
fn bar_height(posts: u32, most: u32) -> u32 {
    match (posts, most) {
        (0, _) | (_, 0) => 2,
        (posts, most) => {
            u32::try_from(u64::from(posts) * u64::from(BARS_HEIGHT) / u64::from(most)).unwrap_or(BARS_HEIGHT).max(6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_their_proportions_and_small_numbers_stay_visible() {
        assert_eq!(bar_height(10, 10), BARS_HEIGHT);
        assert_eq!(bar_height(5, 10), BARS_HEIGHT / 2);
        assert_eq!(bar_height(1, 1_000), 6);
        assert_eq!(bar_height(0, 10), 2);
        assert_eq!(bar_height(u32::MAX, u32::MAX), BARS_HEIGHT);
    }
}
