//! The document that the program serves, held against what it does: schemathesis asks every operation for what should and should not
//! be, and looks whether each answer is one that the document names.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::stage::{PASSWORD, Stage, Store, address, counterpart_folder, skipped, until};

/// What is looked at in each answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,missing_required_header";

/// These end the very session that the requests are made in.
const ENDS_THE_SESSION: &str = "^/v1/(sign-out|sign-out-everywhere|devices/.*|me/password)$";

fn program() -> Option<PathBuf> {
    let program = counterpart_folder().map(|folder| folder.join("schemathesis-venv/bin/schemathesis"));
    let program = program.filter(|program| program.exists());
    if program.is_none() {
        skipped("schemathesis is not installed");
    }
    program
}

fn run(program: &Path, origin: &str, more: &[&str]) -> Output {
    let folder = tempfile::TempDir::new().unwrap();
    Command::new(program)
        .args(["run", &format!("{origin}/openapi.json"), "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"])
        // below what one address may ask; the same requests every time
        .args(["--rate-limit", "45/s", "--max-examples", "6", "--seed", "1", "--generation-database", "none"])
        .args(["--no-color", "--request-timeout", "10", "--max-time", "50"])
        .args(more)
        .current_dir(folder.path())
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_the_program_is_one_that_its_document_names() {
    let Some(schemathesis) = program() else { return };
    // somebody who is signed in, on the data that the program then serves
    let mut stage = Stage::new(Store::Sqlite).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    crate::organisations::found(&stage, &ada).await;
    stage.stop().await;
    let mut served = Command::new(env!("CARGO_BIN_EXE_sendoff-server"))
        .arg("--data")
        .arg(&stage.app.config.data)
        .args(["--listen", &stage.address.to_string(), "--public-url", &stage.origin])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the program serves", async || {
        stage.http.get(format!("{}/healthz", stage.origin)).send().await.ok().map(drop)
    })
    .await;
    let origin = stage.origin.clone();
    let bearer = format!("Authorization: Bearer {}", ada.access);
    let (strangers, members) = tokio::task::spawn_blocking(move || {
        let strangers = run(&schemathesis, &origin, &["--max-examples", "2"]);
        (strangers, run(&schemathesis, &origin, &["-H", &bearer, "--exclude-path-regex", ENDS_THE_SESSION]))
    })
    .await
    .unwrap();
    let still = served.try_wait().unwrap();
    let _ = Command::new("kill").args(["-TERM", &served.id().to_string()]).status();
    served.wait().unwrap();
    assert!(still.is_none(), "it ended by itself: {still:?}");
    for output in [strangers, members] {
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        // it did ask
        let asked = text.lines().find_map(|line| line.trim().split_once(" generated, ")).unwrap().0.to_owned();
        assert!(asked.parse::<u32>().unwrap() > 300, "{text}");
    }
}
