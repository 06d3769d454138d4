//! People to mention: those whom posts name already, and those whom the networks know.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contract::ApiError;
use contract::people::{FindPeople, PeopleFound, PersonFound};
use domain::account::Account;
use domain::network::Network;
use domain::text::mention;
use futures::future::join_all;

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

/// Texts that are searched, the newest first.
const TEXTS_MAX: u64 = 500;
/// Somebody types meanwhile.
const PATIENCE: Duration = Duration::from_secs(4);
/// Fewer letters mean nobody.
const ASK_FROM: usize = 2;

impl Handle<FindPeople> for Call {
    async fn handle(&self, command: FindPeople) -> Result<PeopleFound, ApiError> {
        let typed: String = command.text.chars().take(FindPeople::TEXT_MAX).collect::<String>().to_lowercase();
        let all = self.engine.accounts().await?;
        let chosen = command.accounts.iter().take(FindPeople::ACCOUNTS_MAX);
        let accounts: Vec<&Account> = chosen.filter_map(|id| all.get(id)).filter(|account| !account.removed).collect();
        let networks: BTreeSet<Network> = accounts.iter().map(|account| account.network).collect();
        let mut found = PeopleFound { people: self.named(&typed, &networks).await?, silent: Vec::new() };
        if command.ask && typed.chars().count() >= ASK_FROM {
            let (people, silent) = self.asked(&typed, &accounts).await;
            for person in people {
                let same = |known: &&mut PersonFound| {
                    known.network == person.network && known.handle.eq_ignore_ascii_case(&person.handle)
                };
                match found.people.iter_mut().find(same) {
                    Some(known) => known.name = person.name,
                    None => found.people.push(person),
                }
            }
            found.silent = silent;
        }
        found.people.truncate(FindPeople::SHOWN);
        Ok(found)
    }
}

impl Call {
    /// Those whom posts name, the most named first.
    async fn named(&self, typed: &str, networks: &BTreeSet<Network>) -> Result<Vec<PersonFound>, ApiError> {
        let texts = self.engine.store.texts_with_mentions(TEXTS_MAX).await.map_err(|error| storage(&error))?;
        let mut counted = BTreeMap::<(Network, String), usize>::new();
        for name in texts.iter().flat_map(|text| mention::names(text)) {
            let name = name.to_lowercase();
            if name.starts_with(typed) && name != typed {
                for network in networks.iter().filter(|network| mention::is_of(&name, **network)) {
                    *counted.entry((*network, name.clone())).or_default() += 1;
                }
            }
        }
        let mut counted: Vec<_> = counted.into_iter().collect();
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let person = |((network, handle), _)| PersonFound { network, handle, name: String::new(), known: true };
        Ok(counted.into_iter().take(FindPeople::SHOWN).map(person).collect())
    }

    /// Those whom the networks know, and the networks that did not answer. Every server is asked once, whoever has accounts there.
    async fn asked(&self, typed: &str, accounts: &[&Account]) -> (Vec<PersonFound>, Vec<Network>) {
        let engine = &self.engine;
        let mut servers = BTreeSet::new();
        let one_each = accounts.iter().filter(|account| {
            account.can_publish()
                && !account.is_by_hand()
                && servers.insert((account.network, account.host().to_owned()))
        });
        let asked = one_each.map(|account| async move {
            let answer = async {
                let adapter = engine.adapter(account.network).ok()?;
                let credential = engine.credential(account).await.ok()?;
                adapter.find_people(&credential, typed, engine.now()).await.ok()
            };
            tokio::select! {
                people = answer => (account.network, people),
                () = engine.ports.clock.sleep(PATIENCE) => (account.network, None),
            }
        });
        let (mut people, mut silent) = (Vec::new(), BTreeSet::new());
        for (network, answer) in join_all(asked).await {
            let Some(answer) = answer else {
                silent.insert(network);
                continue;
            };
            let person = |(handle, name)| PersonFound { network, handle, name, known: false };
            people.extend(answer.into_iter().map(|found| (found.handle, found.name)).map(person));
        }
        (people, silent.into_iter().collect())
    }
}
