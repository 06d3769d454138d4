use contract::vault::{Protection, Secret};
use yew::prelude::*;

use super::secret::SecretField;
use crate::i18n::use_texts;

/// The shortest passphrase; the contract says the same.
const PASSPHRASE_MIN: usize = 8;

/// How the key of the vault shall be kept, as far as it was typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub by_passphrase: bool,
    pub passphrase: String,
    pub again: String,
}

impl Choice {
    /// The protection, once it is complete.
    pub fn protection(&self) -> Option<Protection> {
        if !self.by_passphrase {
            return Some(Protection::Keyring);
        }
        let complete = self.passphrase.chars().count() >= PASSPHRASE_MIN && self.passphrase == self.again;
        complete.then(|| Protection::Passphrase { passphrase: Secret(self.passphrase.clone()) })
    }

    fn too_short(&self) -> bool {
        !self.again.is_empty() && self.passphrase.chars().count() < PASSPHRASE_MIN
    }

    /// The second is complained about only where it can no longer become the first.
    fn differs(&self) -> bool {
        !self.again.is_empty() && !self.passphrase.starts_with(&self.again)
    }
}

#[derive(Properties, PartialEq)]
pub struct ProtectProps {
    pub choice: Choice,
    pub onchange: Callback<Choice>,
    /// Enter in the last field.
    pub onenter: Callback<()>,
    #[prop_or_default]
    pub disabled: bool,
}

/// Who keeps the key of the vault.
#[component]
pub fn Protect(props: &ProtectProps) -> Html {
    let t = use_texts();
    let choice = &props.choice;
    let pick = |by_passphrase: bool| {
        let (onchange, choice) = (props.onchange.clone(), choice.clone());
        move |_: Event| onchange.emit(Choice { by_passphrase, ..choice.clone() })
    };
    let option = |by_passphrase: bool, name: &'static str, text: &'static str| {
        let on = choice.by_passphrase == by_passphrase;
        html! {
            <label class="choice">
                <input type="radio" name="protection" checked={on} disabled={props.disabled} onchange={pick(by_passphrase)} />
                <span><b>{ name }</b><span class="hint">{ text }</span></span>
            </label>
        }
    };
    let passphrase = {
        let (onchange, choice) = (props.onchange.clone(), choice.clone());
        Callback::from(move |passphrase: String| onchange.emit(Choice { passphrase, ..choice.clone() }))
    };
    let again = {
        let (onchange, choice) = (props.onchange.clone(), choice.clone());
        Callback::from(move |again: String| onchange.emit(Choice { again, ..choice.clone() }))
    };
    html! {
        <div class="stack">
            <div class="stack" role="radiogroup" aria-label={t.vault.make_text}>
                { option(false, t.vault.by_keyring, t.vault.by_keyring_text) }
                { option(true, t.vault.by_passphrase, t.vault.by_passphrase_text) }
            </div>
            if choice.by_passphrase {
                <SecretField
                    id="passphrase"
                    label={t.vault.passphrase}
                    hint={t.vault.passphrase_hint}
                    value={choice.passphrase.clone()}
                    oninput={passphrase}
                    error={choice.too_short().then(|| AttrValue::from(t.vault.passphrase_short))}
                    disabled={props.disabled}
                />
                <SecretField
                    id="passphrase-again"
                    label={t.vault.passphrase_again}
                    value={choice.again.clone()}
                    oninput={again}
                    error={choice.differs().then(|| AttrValue::from(t.vault.passphrase_differs))}
                    onenter={props.onenter.clone()}
                    disabled={props.disabled}
                />
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(passphrase: &str, again: &str) -> Choice {
        Choice { by_passphrase: true, passphrase: passphrase.into(), again: again.into() }
    }

    #[test]
    fn a_passphrase_is_long_enough_and_typed_twice() {
        assert!(matches!(Choice::default().protection(), Some(Protection::Keyring)));
        assert!(typed("correct horse", "correct horse").protection().is_some());
        assert!(typed("short", "short").protection().is_none());
        assert!(typed("correct horse", "correct h").protection().is_none());
        assert!(typed("пароль12", "пароль12").protection().is_some(), "characters count, not bytes");
    }

    #[test]
    fn typing_the_second_is_not_complained_about_too_early() {
        assert!(!typed("correct horse", "corr").differs());
        assert!(typed("correct horse", "cx").differs());
        assert!(typed("short", "s").too_short());
        assert!(!typed("short", "").too_short());
    }
}
