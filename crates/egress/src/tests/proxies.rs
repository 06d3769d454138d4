//! Proxies that the environment names are not used: they would resolve names on their own.

use std::env;
use std::process::Command;

use super::egress;
use super::server::{Canary, Server, ok};
use crate::Request;

const ROLE: &str = "SENDOFF_TEST_BEHIND_PROXY";
const VARIABLES: &[&str] = &["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// Runs itself again with a proxy in the environment, since a process cannot safely change its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_environment_names_no_proxy_for_us() {
    let server = Server::answering([ok("direct")]).await;
    if env::var_os(ROLE).is_some() {
        assert_eq!(egress(&[server.address]).send(Request::get(server.url("/"))).await.unwrap().text(), "direct");
        return;
    }
    let canary = Canary::new();
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "tests::proxies::the_environment_names_no_proxy_for_us"]).env(ROLE, "1");
    again.env_remove("no_proxy").env_remove("NO_PROXY");
    for variable in VARIABLES {
        again.env(variable, format!("http://{}", canary.address()));
    }
    let output = again.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && report.contains("1 passed"), "{report}");
    canary.assert_untouched();
}
