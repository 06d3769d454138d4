/// The words of this screen.
pub struct Texts {}

pub const EN: Texts = Texts {};
pub const DE: Texts = Texts {};
