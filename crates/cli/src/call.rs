use std::io::Read;

use contract::accounts::StartConnect;
use contract::{ApiError, Code, Command, TABLE};
use engine::ports::Place;
use serde_json::{Value, json};

use crate::outcome::Outcome;
use crate::{session, sign_in, unlock};

/// Bytes of a request: an image of 30 MB as Base64, and more than enough for anything else.
const LARGEST: u64 = 64 * 1024 * 1024;
/// The number of a caller without a window.
const CALLER: u64 = 0;

/// Runs one command.
pub async fn run(place: Place, ask: bool, command: &str, request: Option<&str>) -> Outcome {
    let Some(row) = TABLE.iter().find(|row| row.name == command) else {
        return Outcome::Usage(format!("There is no command {command}. `sendoff commands` lists them all."));
    };
    let body = match read(request) {
        Ok(body) => body,
        Err(sentence) => return Outcome::Usage(sentence),
    };
    let host = match session::open(place, false).await {
        Ok(host) => host,
        Err(error) => return Outcome::NotOpened(error),
    };
    // these open the vault themselves
    let opens_it = ["unlock_vault", "recover_vault", "create_vault"].contains(&row.name);
    let answer = match if opens_it { Ok(()) } else { unlock::vault(&host, ask).await } {
        Ok(()) if row.name == StartConnect::NAME => match serde_json::from_value(body) {
            Ok(request) => sign_in::run(&host, request).await,
            Err(error) => {
                Err(ApiError::new(Code::BadRequest, format!("The request does not fit start_connect: {error}.")))
            }
        },
        Ok(()) => host.call(row.name, body, CALLER).await,
        Err(error) => Err(error),
    };
    host.shutdown().await;
    answer.map_or_else(Outcome::Refused, Outcome::Reply)
}

/// Lists the table.
pub fn list() -> Outcome {
    Outcome::Reply(json!(TABLE).to_string())
}

fn read(request: Option<&str>) -> Result<Value, String> {
    let text = match request {
        None => return Ok(json!({})),
        Some("-") => {
            let mut text = String::new();
            let read = std::io::stdin().take(LARGEST + 1).read_to_string(&mut text);
            read.map_err(|error| format!("The request could not be read from standard input: {error}"))?;
            if text.len() as u64 > LARGEST {
                return Err("The request is too large.".to_owned());
            }
            text
        }
        Some(text) => text.to_owned(),
    };
    // the error names a place and a form, never the contents
    serde_json::from_str(&text).map_err(|error| format!("The request is no JSON: {error}"))
}
