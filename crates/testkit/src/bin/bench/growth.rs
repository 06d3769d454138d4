//! How the window answers with a thousand, ten thousand and a hundred thousand posts, and how that grows.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use testkit::window::Window;

use crate::{AT_REST, OURS_READY, machine, page, row, sample, wait};

/// How many posts, and what a person should not have to wait longer for, in milliseconds.
const SIZES: [(u32, &str); 3] = [(1_000, "< 50"), (10_000, "< 50"), (100_000, "< 100")];
const ROUNDS: u32 = 12;
/// Versions of the post whose history is looked at.
const VERSIONS: u32 = 9;

pub fn measure(program: &Path, sendoff: &Path, folder: &Path) -> Result<()> {
    let mut grown = BTreeMap::<String, Vec<f64>>::new();
    for (posts, target) in SIZES {
        let profile = folder.join(format!("of-{posts}"));
        sample(sendoff, &profile, posts)?;
        let window = Window::open(program, &profile, &[]);
        wait(&window, OURS_READY);
        std::thread::sleep(AT_REST);
        let post = with_history(&window);
        println!("\n{:<60}{:>10}{:>10}{:>10}", format!("milliseconds with {posts} posts"), "p50", "p99", "target");
        for (name, times) in page::growth(&window, ROUNDS, &post) {
            row(&name, &times.both(), target);
            grown.entry(name).or_default().push(times.p50());
        }
        let resident: f64 =
            machine::memory(program).iter().filter(|(name, _)| name == "together").map(|one| one.1).sum();
        row("megabytes at rest, all processes", &[resident / 1e6], "");
        grown.entry("megabytes at rest, all processes".to_owned()).or_default().push(resident);
        window.kill();
    }
    println!("\n{:<60}{:>10}{:>10}", "how it grows, from 1,000 posts on", "x 10", "x 100");
    for (name, values) in grown {
        if let [small, middle, large] = values.as_slice() {
            row(&name, &[middle / small, large / small], "");
        }
    }
    Ok(())
}

/// A long post that was written in several goes.
fn with_history(window: &Window) -> Value {
    let draft = |number: u32| {
        let sentence =
            |at: u32| format!("Sentence {at} of the bakery's long letter, in its version {}.", number * (at % 7));
        let text = (0..120).map(sentence).collect::<Vec<_>>().join(" ");
        let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
        json!({ "title": "", "persona": null, "base": base, "targets": [] })
    };
    let mut created = window.call("create_post", &json!({ "draft": draft(1) }));
    let post = created.get_mut("post").map(Value::take).unwrap_or_default();
    for number in 2..=VERSIONS {
        // something else in between, so that each is a version of its own
        window.call("name_person", &json!({ "name": format!("Ada {number}") }));
        window.call("edit_draft", &json!({ "post": post, "read": number - 1, "draft": draft(number) }));
    }
    post
}
