use std::io::Write;

use contract::ApiError;
use contract::accounts::{ComeBack, ConnectFlow, ConnectProgress, ConnectState, StartConnect};
use engine::Host;
use serde_json::json;

/// Begins a sign-in in the browser and stays until it ends, because the way back leads to this process. Prints where the browser was
/// sent as one line of JSON, for machines where none opens; the reply is how it ended.
///
/// # Errors
/// It could not be begun, or it failed.
pub async fn run(host: &Host, mut request: StartConnect) -> Result<String, ApiError> {
    // a link of the system would go to the program with the window
    request.come_back = Some(ComeBack::Loopback);
    let mut events = host.events();
    let flow: ConnectFlow = host.run(request).await?;
    // nobody reading is fine: the browser opened
    let _ = writeln!(std::io::stderr(), "{}", json!(flow));
    loop {
        match host.run(ConnectProgress { flow: flow.flow }).await? {
            state @ ConnectState::Done { .. } => return Ok(json!(state).to_string()),
            ConnectState::Failed { error } => return Err(error),
            ConnectState::WaitingForBrowser { .. } | ConnectState::Finishing => {}
        }
        // each step is announced; the last one is that the browser did not come back in time
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), events.recv()).await;
    }
}
