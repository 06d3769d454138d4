//! What the program's safety rests on in `tauri.conf.json`, the capabilities and the cargo features.

use super::dependencies::Graph;
use super::files::Tracked;
use serde_json::Value;

const CONFIG: &str = "tauri.conf.json";

/// The content security policy, word for word. The isolation frame has an address that changes with each build; Tauri adds it
/// to `default-src`, so `frame-src` must be absent (it would shut the frame out) and every other kind must be written down (it
/// would let the frame's address in). The hash in `style-src` is that of the one rule by which Tauri hides the frame.
const POLICY: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("style-src", "'self' 'sha256-YEercZJImS+vUX2bz7vkQ0aA4rtBIPLuCEWz+yraQ/g='"),
    ("img-src", "'self' blob: data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self' ipc: http://ipc.localhost"),
    ("object-src", "'none'"),
    ("media-src", "'none'"),
    ("worker-src", "'none'"),
    ("manifest-src", "'none'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
];

pub fn check(tracked: &Tracked, graph: &Graph) -> Vec<String> {
    let mut wrong = config(tracked);
    if tracked.get("src-tauri/tauri.conf.json").is_some() {
        wrong.push("src-tauri/tauri.conf.json must not exist: the one at the top level would be ignored".into());
    }
    for file in tracked.below("src-tauri/capabilities") {
        match serde_json::from_str::<Value>(&file.text) {
            Ok(capability) if capability.get("remote").is_none() => {}
            Ok(_) => wrong.push(format!("{}: `remote` lets a page from the network call the program", file.path)),
            Err(error) => wrong.push(format!("{}: {error}", file.path)),
        }
    }
    for package in ["tauri", "tauri-build"] {
        if !graph.asks_for_feature("sendoff", package, "isolation") {
            wrong.push(format!(
                "`{package}` without the feature `isolation` builds a program without the isolation frame"
            ));
        }
    }
    if graph.asks_for_feature("sendoff", "tauri", "devtools") {
        wrong.push("`tauri` with the feature `devtools` lets anybody read the window's memory in a release".into());
    }
    wrong
}

fn config(tracked: &Tracked) -> Vec<String> {
    let Some(file) = tracked.get(CONFIG) else {
        return vec![format!("{CONFIG} is missing")];
    };
    let config: Value = match serde_json::from_str(&file.text) {
        Ok(config) => config,
        Err(error) => return vec![format!("{CONFIG}: {error}")],
    };
    let at = |path: &str| config.pointer(path).unwrap_or(&Value::Null);
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{CONFIG}: {what}"));
        }
    };
    must(at("/build/devUrl").is_null(), "devUrl must be absent: nothing is served from the network");
    must(at("/app/withGlobalTauri") == &Value::Bool(false), "withGlobalTauri must be false");
    must(at("/app/security/freezePrototype") == &Value::Bool(true), "freezePrototype must be true");
    must(at("/app/security/devCsp").is_null(), "devCsp must be absent: one policy, always");
    must(at("/app/security/pattern/use") == "isolation", "the isolation pattern must be on");
    let dangerous = at("/app/security/dangerousDisableAssetCspModification");
    must(dangerous.is_null() || dangerous == &Value::Bool(false), "the policy must not be left unfinished");
    must(at("/app/security/assetProtocol/enable") != &Value::Bool(true), "no file of the disk is served to the window");

    let policy = at("/app/security/csp");
    for (directive, sources) in POLICY {
        let there = policy.get(directive).and_then(Value::as_str).unwrap_or("absent");
        must(there == *sources, &format!("csp {directive} must be {sources}, and is {there}"));
    }
    for directive in policy.as_object().into_iter().flat_map(|directives| directives.keys()) {
        must(
            POLICY.iter().any(|(known, _)| known == directive),
            &format!("csp {directive} is not in the list of tidy"),
        );
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        let policy: serde_json::Map<_, _> = POLICY.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
        json!({
            "build": { "frontendDist": "target/ui-dist" },
            "app": {
                "withGlobalTauri": false,
                "security": { "csp": policy, "freezePrototype": true, "pattern": { "use": "isolation" } }
            }
        })
    }

    fn planted(path: &str, value: Value) -> Vec<String> {
        let mut file = good();
        let (parent, key) = path.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap()[key] = value;
        config(&Tracked::planted(&[(CONFIG, file.to_string().as_str())]))
    }

    #[test]
    fn the_file_as_it_should_be_passes() {
        assert_eq!(config(&Tracked::planted(&[(CONFIG, good().to_string().as_str())])), Vec::<String>::new());
    }

    #[test]
    fn each_weaker_setting_is_found() {
        for (path, value) in [
            ("/build/devUrl", json!("http://localhost:8080")),
            ("/app/withGlobalTauri", json!(true)),
            ("/app/security/freezePrototype", json!(false)),
            ("/app/security/devCsp", json!("default-src *")),
            ("/app/security/pattern/use", json!("brownfield")),
            ("/app/security/dangerousDisableAssetCspModification", json!(true)),
            ("/app/security/assetProtocol", json!({ "enable": true })),
            ("/app/security/csp", Value::Null),
            ("/app/security/csp/script-src", json!("'self' 'unsafe-inline'")),
            ("/app/security/csp/frame-src", json!("https://example.com")),
        ] {
            assert!(!planted(path, value).is_empty(), "{path}");
        }
    }

    #[test]
    fn a_missing_file_is_found() {
        assert_eq!(config(&Tracked::planted(&[])).len(), 1);
    }

    #[test]
    fn remote_pages_and_a_program_without_isolation_are_found() {
        let tracked = Tracked::planted(&[
            (CONFIG, good().to_string().as_str()),
            ("src-tauri/capabilities/main.json", r#"{"identifier":"main","remote":{"urls":["https://*"]}}"#),
        ]);
        let graph = Graph::planted(&[("sendoff", &["tauri"])]);
        let wrong = check(&tracked, &graph);
        assert!(wrong.iter().any(|line| line.contains("`remote`")), "{wrong:?}");
        assert!(wrong.iter().any(|line| line.contains("`tauri` without")), "{wrong:?}");
    }
}
