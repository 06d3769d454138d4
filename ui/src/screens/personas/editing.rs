//! What is being written about a persona, and when it is stored: pure.

use std::collections::BTreeSet;

use domain::id::PersonaId;
use domain::people::{Persona, PersonaText};

/// One persona in the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editing {
    /// None until it is stored for the first time.
    pub persona: Option<PersonaId>,
    pub text: PersonaText,
    stored: PersonaText,
    /// The text that is on its way.
    sent: Option<PersonaText>,
    /// The personas that there were when this one was sent for the first time: the new one is not among them.
    known: Option<BTreeSet<PersonaId>>,
    /// The last write did not work.
    failed: bool,
}

/// Why it cannot be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NoName,
    LongName,
    LongVoice,
    LongAudience,
}

impl Editing {
    pub fn new(text: PersonaText) -> Self {
        Self { persona: None, stored: text.clone(), text, sent: None, known: None, failed: false }
    }

    pub fn open(persona: &Persona) -> Self {
        Self { persona: Some(persona.id), ..Self::new(persona.text.clone()) }
    }

    pub fn is_changed(&self) -> bool {
        self.text != self.stored
    }

    pub const fn is_busy(&self) -> bool {
        self.sent.is_some() || self.known.is_some()
    }

    pub const fn has_failed(&self) -> bool {
        self.failed
    }

    pub fn fault(&self) -> Option<Fault> {
        let long = |text: &str, most: usize| text.chars().nth(most).is_some();
        if self.text.name.trim().is_empty() {
            Some(Fault::NoName)
        } else if long(&self.text.name, Persona::NAME_MAX) {
            Some(Fault::LongName)
        } else if long(&self.text.voice, Persona::NOTES_MAX) {
            Some(Fault::LongVoice)
        } else if long(&self.text.audience, Persona::NOTES_MAX) {
            Some(Fault::LongAudience)
        } else {
            None
        }
    }

    /// Makes what is left behind such that it can be stored: a name that was emptied comes back, one that was never given is `usual`,
    /// and what is too long ends where it must.
    pub fn make_storable(&mut self, usual: &str) {
        if self.text.name.trim().is_empty() {
            let before = self.stored.name.trim();
            self.text.name = if before.is_empty() { usual } else { before }.to_owned();
        }
        for (text, most) in [
            (&mut self.text.name, Persona::NAME_MAX),
            (&mut self.text.voice, Persona::NOTES_MAX),
            (&mut self.text.audience, Persona::NOTES_MAX),
        ] {
            if let Some((end, _)) = text.char_indices().nth(most) {
                text.truncate(end);
            }
        }
    }

    /// What has to be stored now, if anything; one write at a time.
    pub fn send(&mut self, everyone: impl IntoIterator<Item = PersonaId>) -> Option<PersonaText> {
        if !self.is_changed() || self.is_busy() || self.fault().is_some() {
            return None;
        }
        if self.persona.is_none() {
            self.known = Some(everyone.into_iter().collect());
        }
        self.failed = false;
        self.sent = Some(self.text.clone());
        self.sent.clone()
    }

    /// The write was answered.
    pub fn answered(&mut self, stored: bool) {
        let sent = self.sent.take();
        self.failed = !stored;
        if stored {
            self.stored = sent.unwrap_or_else(|| self.text.clone());
        } else if self.persona.is_none() {
            self.known = None;
        }
    }

    /// The list came anew: a new persona gets its id, a change from elsewhere is shown where nothing was typed. Answers
    /// whether this persona still exists.
    pub fn refresh(&mut self, personas: &[Persona]) -> bool {
        if let (None, Some(known), None) = (self.persona, &self.known, &self.sent) {
            let fresh = personas
                .iter()
                .find(|persona| !known.contains(&persona.id) && persona.text.name.trim() == self.stored.name.trim());
            if let Some(persona) = fresh {
                self.persona = Some(persona.id);
                self.known = None;
            }
        }
        let Some(id) = self.persona else { return true };
        let Some(persona) = personas.iter().find(|persona| persona.id == id) else { return self.sent.is_some() };
        if !self.is_changed() && self.sent.is_none() {
            self.text = persona.text.clone();
            self.stored = persona.text.clone();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn persona(number: u128, name: &str) -> Persona {
        Persona {
            id: PersonaId::new(Uuid::from_u128(number)),
            text: PersonaText { name: name.into(), ..PersonaText::default() },
            deleted: false,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_a_change_that_can_be_stored_is_sent_and_only_once() {
        let mut editing = Editing::open(&persona(1, "Bakery"));
        assert_eq!(editing.send([]), None);
        editing.text.name = " ".into();
        assert_eq!(editing.fault(), Some(Fault::NoName));
        assert_eq!(editing.send([]), None);
        editing.text.name = "Harbour Bakery".into();
        assert!(editing.send([]).is_some());
        assert_eq!(editing.send([]), None, "it is on its way");
        editing.text.voice = "Warm.".into();
        editing.answered(true);
        assert!(editing.is_changed(), "typed while it was on its way");
        assert_eq!(editing.send([]).unwrap().voice, "Warm.");
        editing.answered(false);
        assert!(editing.is_changed() && editing.has_failed(), "not stored, not lost");
    }

    #[test]
    fn a_new_persona_is_stored_once_and_then_knows_its_id() {
        let old = persona(1, "Bakery");
        let mut editing = Editing::new(PersonaText::default());
        editing.text.name = "Careers".into();
        assert!(editing.send([old.id]).is_some());
        editing.answered(true);
        editing.text.voice = "Plain.".into();
        assert_eq!(editing.send([old.id]), None, "a second one would be made");
        assert!(editing.refresh(&[old.clone(), persona(2, "Careers")]));
        assert_eq!(editing.persona, Some(persona(2, "").id));
        assert_eq!(editing.send([]).unwrap().voice, "Plain.");
    }

    #[test]
    fn a_failed_first_write_can_be_repeated() {
        let mut editing = Editing::new(PersonaText::default());
        editing.text.name = "Careers".into();
        assert!(editing.send([]).is_some());
        editing.answered(false);
        assert!(editing.send([]).is_some());
    }

    #[test]
    fn what_is_left_behind_is_stored_as_far_as_it_can_be() {
        let mut editing = Editing::open(&persona(1, "Bakery"));
        editing.text.name = String::new();
        editing.text.voice = "é".repeat(Persona::NOTES_MAX + 5);
        editing.make_storable("New persona");
        let sent = editing.send([]).unwrap();
        assert_eq!((sent.name.as_str(), sent.voice.chars().count()), ("Bakery", Persona::NOTES_MAX));

        let mut new = Editing::new(PersonaText::default());
        new.text.audience = "Neighbours".into();
        new.make_storable("New persona");
        assert_eq!(new.send([]).unwrap().name, "New persona");
    }

    #[test]
    fn a_change_from_elsewhere_does_not_overwrite_what_is_typed() {
        let mut editing = Editing::open(&persona(1, "Bakery"));
        assert!(editing.refresh(&[persona(1, "Old Bakery")]));
        assert_eq!(editing.text.name, "Old Bakery");
        editing.text.name = "Mine".into();
        editing.refresh(&[persona(1, "Theirs")]);
        assert_eq!(editing.text.name, "Mine");
        assert!(!editing.refresh(&[]), "deleted elsewhere");
    }
}
