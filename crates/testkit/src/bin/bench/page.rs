//! What is measured inside the page.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::window::Window;

use crate::Times;

/// From the call in the page to its answer there, one after the other.
pub fn calls(window: &Window, command: &str, body: &Value, count: u32) -> Times {
    let answer = window.script_until_done(include_str!("calls.js"), &[json!(command), body.clone(), json!(count)]);
    times(&answer, "took")
}

/// What one letter costs.
pub struct Keystrokes {
    /// Until nothing is left to do before the next frame.
    pub work: Times,
    /// The frame itself: style, layout, paint.
    pub frame: Times,
    /// Both together.
    pub busy: Times,
    /// From the letter's arrival to the end of the frame that shows it, the wait for the screen's beat included.
    pub shown: Times,
}

/// Types letters into the first field, as unevenly as people do.
pub fn keystrokes(window: &Window, count: u32) -> Keystrokes {
    let answer = window.script_until_done(include_str!("keystrokes.js"), &[json!(count)]);
    let part = |name: &str| times(&answer, name);
    Keystrokes { work: part("work"), frame: part("frame"), busy: part("busy"), shown: part("shown") }
}

/// The longest silence of the window while a person goes from screen to screen, by what they did.
pub fn visits(window: &Window, rounds: u32) -> Vec<(String, Times)> {
    by_name(&window.script_until_done(include_str!("visits.js"), &[json!(rounds)]))
}

/// From what a person does to the end of the frame that shows it all, by what they did. `post` has a history.
pub fn growth(window: &Window, rounds: u32, post: &Value) -> Vec<(String, Times)> {
    let mut all = BTreeMap::<String, Vec<f64>>::new();
    // the web driver gives up on a script that takes half a minute
    for _ in 0..rounds {
        let answer = window.script_until_done(include_str!("growth.js"), std::slice::from_ref(post));
        for (name, times) in by_name(&answer) {
            all.entry(name).or_default().extend(times.0);
        }
    }
    all.into_iter().map(|(name, times)| (name, Times::new(times))).collect()
}

fn by_name(answer: &Value) -> Vec<(String, Times)> {
    if let Some(error) = answer.get("error") {
        eprintln!("not measured: {error}");
    }
    let names = answer.get("names").and_then(Value::as_array).cloned().unwrap_or_default();
    names.iter().filter_map(Value::as_str).map(|name| (name.to_owned(), times(answer, name))).collect()
}

fn times(answer: &Value, name: &str) -> Times {
    if let Some(error) = answer.get("error") {
        eprintln!("{name} was not measured: {error}");
    }
    let list = answer.get(name).and_then(Value::as_array);
    Times::new(list.into_iter().flatten().filter_map(Value::as_f64).collect())
}
