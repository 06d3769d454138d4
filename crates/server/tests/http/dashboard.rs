//! The dashboard that comes with the server asks for metrics that there are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::stage::{PASSWORD, Stage, Store, address};

/// Names of metrics in an expression.
fn names(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.starts_with("sendoff_"))
}

#[tokio::test]
async fn every_metric_of_the_dashboard_is_served() {
    let stage = Stage::new(Store::Sqlite).await;
    // some series appear with their first event; one is a mail
    if stage.register(&address("ada"), PASSWORD).await.is_none() {
        return;
    }
    let text = crate::stage::until("a mail was counted", async || {
        let text = stage.app.metrics.text();
        text.contains("sendoff_mails_total{").then_some(text)
    })
    .await;
    let served: BTreeSet<&str> =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(['{', ' ']).next()).collect();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/grafana/sendoff.json");
    let dashboard: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut asked = BTreeSet::new();
    for panel in panels {
        for target in panel["targets"].as_array().unwrap() {
            asked.extend(names(target["expr"].as_str().unwrap()));
        }
    }
    assert!(asked.len() >= 6, "{asked:?}");
    for name in asked {
        assert!(served.contains(name), "{name} is not among {served:?}");
    }
    let ids: BTreeSet<i64> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
}
