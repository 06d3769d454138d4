//! A few stories with every run of the suite, each twice.

use std::path::Path;

use anyhow::Result;
use sim::run;

#[tokio::test]
async fn nothing_must_not_be_and_a_seed_tells_the_same_story_twice() -> Result<()> {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
    let empty = place.path().join("empty");
    store::Store::open(&empty, jiff::Timestamp::UNIX_EPOCH).await?.close().await;
    for seed in 1..=25 {
        let mut traces = Vec::new();
        for time in 0..2 {
            let home = place.path().join(format!("{seed}-{time}"));
            std::fs::create_dir(&home)?;
            let ended = run(seed, &home, &empty).await?;
            std::fs::remove_dir_all(&home)?;
            assert_eq!(ended.wrong, None, "seed {seed}");
            traces.push(ended.trace);
        }
        assert_eq!(traces.first(), traces.last(), "seed {seed}");
    }
    Ok(())
}
