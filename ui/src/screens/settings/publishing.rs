use contract::program::Publishing;
use contract::publishing::SetPublishing;
use yew::prelude::*;

use super::PartProps;
use crate::components::{Select, Switch};
use crate::frame::context::{use_frame, use_program};

/// Offered grace times, in seconds.
const GRACES: [u32; 8] = [0, 5 * 60, 15 * 60, 30 * 60, 3_600, 3 * 3_600, 6 * 3_600, 24 * 3_600];

/// The offered grace times and the one that is set, if it is another.
fn graces(current: u32) -> Vec<u32> {
    let mut all = GRACES.to_vec();
    if !all.contains(&current) {
        all.push(current);
        all.sort_unstable();
    }
    all
}

/// Whether posts go out, and how late they may.
#[component]
pub fn PublishingSection(props: &PartProps) -> Html {
    let (t, _, toaster) = use_frame();
    let program = use_program();
    let words = &t.settings;
    let PartProps { settings, change } = props;
    let (on, hint, fixed) = match program.publishing {
        Publishing::Running => (true, words.publish_hint, false),
        Publishing::Paused { .. } | Publishing::ClockJumped { .. } => (false, words.publish_hint, false),
        Publishing::Elsewhere => (true, words.elsewhere_hint, true),
        Publishing::Sample => (false, words.sample_hint, true),
    };
    let switch = Callback::from(move |on: bool| {
        let text = if on { t.frame.resumed_now } else { t.frame.paused_now };
        toaster.run(SetPublishing { paused: !on }, text);
    });
    let options = graces(settings.grace_s)
        .into_iter()
        .map(|seconds| {
            let text = if seconds == 0 { "0".to_owned() } else { t.time.span(i64::from(seconds)) };
            (AttrValue::from(seconds.to_string()), AttrValue::from(text))
        })
        .collect::<Vec<_>>();
    let on_grace = {
        let change = change.clone();
        Callback::from(move |key: AttrValue| {
            if let Ok(seconds) = key.parse::<u32>() {
                change.set(move |settings| settings.grace_s = seconds);
            }
        })
    };
    html! {
        <>
            <div class="setting"><Switch id="publishing" label={words.publish} {hint} {on} onchange={switch} disabled={fixed} /></div>
            <div class="setting across">
                <div class="grow">
                    <label for="grace" class="label">{ words.grace }</label>
                    <p class="hint">{ words.grace_hint }</p>
                </div>
                <Select id="grace" {options} value={settings.grace_s.to_string()} onchange={on_grace} />
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grace_time_of_ones_own_stays_in_the_list() {
        assert_eq!(graces(1_800), GRACES);
        assert_eq!(graces(100).get(1), Some(&100));
        assert_eq!(graces(100).len(), GRACES.len() + 1);
    }
}
