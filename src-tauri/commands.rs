//! The commands that are the shell's own, beside the contract's table. The build script uses this file too.

/// What a window may ask of the shell itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellCommand {
    /// What happened after an event: `{ body: { after }, caller }`, without a number right after the page was loaded. The first sign
    /// that the page is ready.
    NextEvents,
    /// Why the profile did not open, or null.
    StartError,
    /// Tries to open the profile again: `{ body: { how }, caller }`.
    RepairProfile,
}

impl ShellCommand {
    pub const ALL: [Self; 3] = [Self::NextEvents, Self::StartError, Self::RepairProfile];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NextEvents => "next_events",
            Self::StartError => "start_error",
            Self::RepairProfile => "repair_profile",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ShellCommand;

    #[test]
    fn the_window_is_granted_the_commands_and_nothing_else() {
        let capability: serde_json::Value = serde_json::from_str(include_str!("capabilities/main.json")).unwrap();
        assert_eq!(capability["windows"], serde_json::json!([crate::window::MAIN]));
        let granted = capability["permissions"].as_array().unwrap();
        let unique: BTreeSet<&str> = granted.iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(unique.len(), granted.len());

        let names = contract::TABLE.iter().map(|row| row.name).chain(ShellCommand::ALL.map(ShellCommand::name));
        let mut wanted: BTreeSet<String> = names.map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
        // the keys for larger and smaller
        wanted.insert("core:webview:allow-set-webview-zoom".to_owned());
        assert_eq!(unique, wanted.iter().map(String::as_str).collect());
        // no page from elsewhere has any grant, and there is no second file that could give one
        assert!(capability.get("remote").is_none());
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/capabilities")).unwrap();
        assert_eq!(files.count(), 1);
    }
}
