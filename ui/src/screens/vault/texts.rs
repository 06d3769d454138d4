/// The words of this screen.
pub struct Texts {
    pub title: &'static str,
}

pub const EN: Texts = Texts { title: "Vault" };
pub const DE: Texts = Texts { title: "Vault" };
