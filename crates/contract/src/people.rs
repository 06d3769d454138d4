//! People on the networks, by what is typed of their names.

use domain::id::AccountId;
use domain::network::Network;
use serde::{Deserialize, Serialize};

/// People whose names begin like this, for a post of these accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindPeople {
    /// Without the `@`, at most [`FindPeople::TEXT_MAX`] characters.
    pub text: String,
    /// At most [`FindPeople::ACCOUNTS_MAX`].
    pub accounts: Vec<AccountId>,
    /// Asks the networks too, not only the posts that were written here.
    pub ask: bool,
}

impl FindPeople {
    pub const TEXT_MAX: usize = 100;
    pub const ACCOUNTS_MAX: usize = 50;
    /// So many are shown.
    pub const SHOWN: usize = 8;
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleFound {
    /// At most [`FindPeople::SHOWN`].
    pub people: Vec<PersonFound>,
    /// These could not be asked now.
    pub silent: Vec<Network>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFound {
    pub network: Network,
    /// As it stands in a post, without the `@`.
    pub handle: String,
    /// What the person calls themselves; may be empty.
    pub name: String,
    /// Posts that were written here name them.
    pub known: bool,
}
