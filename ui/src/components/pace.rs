use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::platform;

/// The value, which changes at most every `every_ms`: at once if it stood still before, and always to its last. What is asked for
/// letter by letter is asked for at the first letter and not only when the typing is over.
#[hook]
pub fn use_pace<T: PartialEq + Clone + 'static>(value: &T, every_ms: u32) -> T {
    let shown = use_state_eq(|| value.clone());
    let changed_at = use_mut_ref(|| f64::MIN);
    {
        let setter = shown.setter();
        use_effect_with(value.clone(), move |value| {
            let value = value.clone();
            let since = platform::now_ms() - *changed_at.borrow();
            let every = f64::from(every_ms);
            // a clock that was set back is no reason to wait
            let wait = if (0.0..every).contains(&since) { every - since } else { 0.0 };
            let change = move || {
                changed_at.replace(platform::now_ms());
                setter.set(value);
            };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most `every_ms`")]
            let timer = if wait > 0.0 {
                Some(Timeout::new(wait as u32, change))
            } else {
                change();
                None
            };
            move || drop(timer)
        });
    }
    (*shown).clone()
}
