use contract::program::{
    ChangeSettings, FinishWelcome, GetProgram, LeaveSample, NamePerson, OpenLink, OpenSample, Program, Saved, Settings,
};
use contract::vault::VaultState;
use contract::{ApiError, Code};
use domain::Mutation;
use std::sync::PoisonError;
use url::Url;

use crate::dispatch::{Call, Handle};
use crate::errors::storage;
use crate::host::WELCOMED;
use crate::settings;

impl Handle<GetProgram> for Call {
    async fn handle(&self, _: GetProgram) -> Result<Program, ApiError> {
        let engine = &self.engine;
        let person = engine.name_of(engine.person).await?.unwrap_or_default();
        let welcomed = engine.sample
            || engine.team.is_some()
            || engine.store.setting(WELCOMED).await.map_err(|e| storage(&e))?.is_some();
        Ok(Program {
            version: self.host.version().to_owned(),
            profile: engine.folder.display().to_string(),
            sample: engine.sample,
            person,
            welcomed,
            settings: engine.settings(),
            zone: engine.zone(),
            vault: if engine.sample { VaultState::Sample } else { engine.vault.state() },
            publishing: engine.publishing(),
            now: engine.now(),
        })
    }
}

impl Handle<NamePerson> for Call {
    async fn handle(&self, command: NamePerson) -> Result<Saved, ApiError> {
        let mutation = Mutation::NamePerson { person: self.engine.person, name: command.name };
        Ok(Saved { undo: self.engine.mutate(mutation).await?.undo() })
    }
}

impl Handle<ChangeSettings> for Call {
    async fn handle(&self, command: ChangeSettings) -> Result<Settings, ApiError> {
        // an organisation has no settings of its own: they are the person's
        let engine = self.engine.keeper();
        settings::check(&command.settings)?;
        let bad = |sentence| ApiError::new(Code::BadRequest, sentence);
        engine.ports.networks.configure(&settings::for_networks(&command.settings)).map_err(bad)?;
        if let Err(error) = settings::write(&engine.store, &command.settings).await {
            // what is not kept is not used either
            engine.ports.networks.configure(&settings::for_networks(&engine.settings())).map_err(bad)?;
            return Err(error);
        }
        *engine.settings.write().unwrap_or_else(PoisonError::into_inner) = command.settings.clone();
        Ok(command.settings)
    }
}

impl Handle<FinishWelcome> for Call {
    async fn handle(&self, _: FinishWelcome) -> Result<(), ApiError> {
        let value = serde_json::Value::Bool(true);
        self.engine.store.put_setting(WELCOMED, &value).await.map_err(|error| storage(&error))
    }
}

impl Handle<OpenSample> for Call {
    async fn handle(&self, _: OpenSample) -> Result<(), ApiError> {
        self.host.open_sample().await
    }
}

impl Handle<LeaveSample> for Call {
    async fn handle(&self, command: LeaveSample) -> Result<(), ApiError> {
        self.host.leave_sample(command.delete).await
    }
}

impl Handle<OpenLink> for Call {
    async fn handle(&self, command: OpenLink) -> Result<(), ApiError> {
        let url = openable(&command.url, &self.engine.settings().private_servers)?;
        self.engine
            .ports
            .opener
            .open(url.as_str())
            .map_err(|error| ApiError::new(Code::Internal, "Your browser could not be opened.").with_detail(error))
    }
}

/// An address that may be handed to the browser: https, a plain host, nothing hidden in it.
fn openable(text: &str, private_servers: &[String]) -> Result<Url, ApiError> {
    let refuse = |why: &str| Err(ApiError::new(Code::AddressNotAllowed, format!("This link is not opened: {why}.")));
    if text.len() > 2048 {
        return refuse("it is too long");
    }
    // control characters and those that turn the reading direction around
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.chars().any(hidden) {
        return refuse("it contains hidden characters");
    }
    let Ok(url) = Url::parse(text) else { return refuse("it is not an address") };
    // a server of one's own, allowed in the settings by address and port, may speak plain http
    let allowed = url.port_or_known_default().is_some_and(|port| {
        let end = format!(":{port}");
        private_servers.iter().any(|entry| entry.ends_with(&end))
    });
    if url.scheme() != "https" && !(url.scheme() == "http" && allowed) {
        return refuse("only https is opened");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it contains a user name");
    }
    if url.host_str().is_none_or(str::is_empty) {
        return refuse("it names no server");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_https_addresses_are_opened() {
        assert!(openable("https://bsky.app/profile/ada.example/post/3k", &[]).is_ok());
        for bad in [
            "http://example.com",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "mailto:ada@example.com",
            "\\\\server\\share",
            "https://ada@example.com",
            "https://exam\u{202e}ple.com",
            "https://example.com/\u{7}",
            "not an address",
            "",
        ] {
            assert!(openable(bad, &[]).is_err(), "{bad}");
        }
        assert!(openable(&format!("https://example.com/{}", "a".repeat(65_536)), &[]).is_err());
        // the browser is handed, and shows, what the name really is
        let real = openable("https://ex\u{430}mple.com/a", &[]).unwrap();
        assert_eq!(real.as_str(), "https://xn--exmple-4nf.com/a");
        let own = ["127.0.0.1/32:3100".to_owned()];
        assert!(openable("http://localhost:3100/@ada/1", &own).is_ok());
        assert!(openable("http://localhost:3101/@ada/1", &own).is_err());
    }
}
