//! axe-core (deque.com/axe, MPL-2.0) in the page: what on it would shut somebody out.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::Window;
use crate::servers::counterparts;

/// axe-core's script.
#[derive(Debug)]
pub struct Axe {
    script: String,
}

/// Everything in WCAG 2.2 up to AA, and what axe's makers advise beyond it.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

impl Axe {
    /// `None` where it is not installed, which is said.
    ///
    /// # Panics
    /// It is not, and this is the continuous integration.
    pub fn installed() -> Option<Self> {
        let path: PathBuf = counterparts()?.join("axe/node_modules/axe-core/axe.min.js");
        match fs::read_to_string(&path) {
            Ok(script) => Some(Self { script }),
            Err(error) => {
                assert!(std::env::var("CI").as_deref() != Ok("true"), "{}: {error}", path.display());
                eprintln!("skipped: no axe-core at {}", path.display());
                None
            }
        }
    }

    /// Each violation on the page as it is now, in a paragraph of its own.
    ///
    /// # Panics
    /// The script does not run, or looked at nothing.
    pub fn violations(&self, window: &Window) -> Vec<String> {
        if window.script("return typeof window.axe", &[]) != "object" {
            window.script(&format!("{}\nwindow.axe = axe;", self.script), &[]);
        }
        let code = "const done = arguments[1]; \
                    axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] })\
                    .then(({ violations, passes }) => done({ violations, passed: passes.length }), (e) => done({ error: String(e) }))";
        let found = window.script_until_done(code, &[json!(RULES)]);
        assert!(found.get("error").is_none(), "axe: {}", found["error"]);
        assert!(found["passed"].as_u64().is_some_and(|passed| passed > 10), "axe looked at nothing: {found}");
        found["violations"].as_array().into_iter().flatten().map(told).collect()
    }
}

fn told(violation: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().into_iter().flatten().map(|node| {
        let html: String = text(&node["html"]).chars().take(200).collect();
        format!("\n    {}\n      {html}\n      {}", node["target"], text(&node["failureSummary"]).replace('\n', " "))
    });
    format!(
        "{} ({}): {}{}",
        text(&violation["id"]),
        text(&violation["impact"]),
        text(&violation["help"]),
        nodes.collect::<String>()
    )
}
