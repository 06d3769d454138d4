use std::io::{IsTerminal, Write};

use engine::ports::Place;
use serde_json::json;

use crate::outcome::Outcome;
use crate::session;

/// Makes the profile a sample with so many posts.
pub async fn run(place: &Place, posts: usize) -> Outcome {
    let ports = match session::ports(place) {
        Ok(ports) => ports,
        Err(error) => return Outcome::NotOpened(error),
    };
    let progress = |done: usize| {
        if std::io::stderr().is_terminal() {
            let _ = write!(std::io::stderr(), "\r{done} of {posts} posts");
        }
    };
    let filled = engine::sample::fill(&place.profile, posts, &ports, progress).await;
    if std::io::stderr().is_terminal() {
        let _ = writeln!(std::io::stderr());
    }
    match filled {
        Ok(()) => Outcome::Reply(json!({ "profile": place.profile, "posts": posts }).to_string()),
        Err(error) => Outcome::Refused(error),
    }
}
