//! Files of organisations over HTTP: in parts, resumed after a break, looked at in their bytes, for members alone; in a folder and in S3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use server::config::MediaPlace;
use sha2::{Digest as _, Sha256};
use wire::media::PART_BYTES;

use crate::both;
use crate::organisations::{ORG, accept, code, found, invite};
use crate::stage::{Desktop, PASSWORD, Stage, Store, address, bucket};

/// A PNG as far as its first bytes say, and noise behind them.
fn picture(size: usize, seed: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let mut state = u64::from(seed) | 1;
    while bytes.len() < size {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn part_of(bytes: &[u8], number: usize) -> &[u8] {
    bytes.chunks(PART_BYTES as usize).nth(number).unwrap()
}

async fn offer(stage: &Stage, who: &Desktop, bytes: &[u8], mime: &str) -> (u16, Value) {
    let body = json!({ "sha256": sha256(bytes), "size": bytes.len(), "mime": mime });
    stage.call(Method::POST, &format!("/v1/orgs/{ORG}/media"), Some(&who.access), Some(body)).await
}

async fn put(stage: &Stage, who: &Desktop, name: &str, number: usize, part: &[u8], digest: &[u8]) -> u16 {
    let digest = format!("sha-256=:{}:", STANDARD.encode(digest));
    let request = stage
        .http
        .put(format!("{}/v1/orgs/{ORG}/media/{name}/parts/{number}", stage.origin))
        .bearer_auth(&who.access)
        .header("content-type", "application/octet-stream")
        .header("content-digest", digest)
        .body(part.to_vec());
    request.send().await.unwrap().status().as_u16()
}

async fn put_whole(stage: &Stage, who: &Desktop, bytes: &[u8]) {
    for (number, part) in bytes.chunks(PART_BYTES as usize).enumerate() {
        assert_eq!(put(stage, who, &sha256(bytes), number, part, &Sha256::digest(part)).await, 204);
    }
}

async fn complete(stage: &Stage, who: &Desktop, name: &str) -> (u16, Value) {
    stage.call(Method::POST, &format!("/v1/orgs/{ORG}/media/{name}/complete"), Some(&who.access), None).await
}

async fn get(stage: &Stage, who: &Desktop, name: &str, range: Option<&str>) -> reqwest::Response {
    let mut request = stage.http.get(format!("{}/v1/orgs/{ORG}/media/{name}", stage.origin)).bearer_auth(&who.access);
    if let Some(range) = range {
        request = request.header("range", range);
    }
    request.send().await.unwrap()
}

/// The whole way of one file, on any place.
async fn goes_there_and_back(mut stage: Stage, ada: Desktop) {
    let bytes = picture(2 * PART_BYTES as usize + 12_345, 1);
    let name = sha256(&bytes);
    assert_eq!(get(&stage, &ada, &name, None).await.status().as_u16(), 404);
    let (status, standing) = offer(&stage, &ada, &bytes, "image/png").await;
    assert_eq!((status, &standing), (200, &json!({ "state": "upload", "part_size": PART_BYTES, "parts": [] })));
    for number in [2, 0] {
        let part = part_of(&bytes, number);
        assert_eq!(put(&stage, &ada, &name, number, part, &Sha256::digest(part)).await, 204);
    }
    // the server goes away in the middle; the client asks what is there, and sends the rest
    stage = stage.restart(|_| {}).await;
    let (_, standing) = offer(&stage, &ada, &bytes, "image/png").await;
    assert_eq!(standing["parts"], json!([0, 2]));
    assert_eq!(complete(&stage, &ada, &name).await.1["parts"], json!([0, 2]), "one is missing");
    assert_eq!(get(&stage, &ada, &name, None).await.status().as_u16(), 404, "nobody sees half a file");
    for _ in 0..2 {
        let part = part_of(&bytes, 1);
        assert_eq!(put(&stage, &ada, &name, 1, part, &Sha256::digest(part)).await, 204);
    }
    for _ in 0..2 {
        assert_eq!(complete(&stage, &ada, &name).await, (200, json!({ "state": "exists" })));
    }
    assert_eq!(offer(&stage, &ada, &bytes, "image/png").await.1["state"], "exists");
    let answer = get(&stage, &ada, &name, None).await;
    assert_eq!(answer.status().as_u16(), 200);
    for (header, expected) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", &format!("attachment; filename=\"{name}.png\"")),
        ("accept-ranges", "bytes"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.headers()[header], expected, "{header}");
    }
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert_eq!(answer.content_length(), Some(bytes.len() as u64));
    assert!(answer.bytes().await.unwrap() == bytes);
    let middle = get(&stage, &ada, &name, Some("bytes=8388600-8388620")).await;
    assert_eq!(middle.status().as_u16(), 206);
    assert_eq!(middle.headers()["content-range"], format!("bytes 8388600-8388620/{}", bytes.len()));
    assert_eq!(&middle.bytes().await.unwrap()[..], &bytes[8_388_600..=8_388_620]);
    let beyond = get(&stage, &ada, &name, Some("bytes=99999999-")).await;
    assert_eq!(
        (beyond.status().as_u16(), beyond.headers()["content-range"].to_str().unwrap()),
        (416, &*format!("bytes */{}", bytes.len()))
    );
}

both!(a_file_goes_there_in_parts_and_back, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    goes_there_and_back(stage, ada).await;
});

both!(files_can_lie_in_s3, |store| {
    let s3 = bucket().await;
    let stage = Stage::with(store, |config| config.media.place = MediaPlace::S3(s3.settings.clone())).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    goes_there_and_back(stage, ada).await;
    assert_eq!(s3.files(), 1, "the parts are gone");
});

both!(a_file_that_is_not_what_was_said_does_not_count, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    let good = picture(PART_BYTES as usize + 100, 2);
    let name = sha256(&good);
    offer(&stage, &ada, &good, "image/png").await;
    let [first, last] = [0, 1].map(|number| part_of(&good, number));
    // not what its digest says; too short; too long; a part that the file has not; no digest
    assert_eq!(put(&stage, &ada, &name, 1, last, &Sha256::digest(first)).await, 422);
    assert_eq!(put(&stage, &ada, &name, 1, &last[1..], &Sha256::digest(&last[1..])).await, 422);
    assert_eq!(put(&stage, &ada, &name, 1, first, &Sha256::digest(first)).await, 422);
    assert_eq!(put(&stage, &ada, &name, 2, last, &Sha256::digest(last)).await, 404);
    let large = vec![0; PART_BYTES as usize + 1];
    assert_eq!(put(&stage, &ada, &name, 0, &large, &Sha256::digest(&large)).await, 413);
    // each part is itself, and together they are something else
    let other = picture(PART_BYTES as usize, 5);
    assert_eq!(put(&stage, &ada, &name, 0, &other, &Sha256::digest(&other)).await, 204);
    assert_eq!(put(&stage, &ada, &name, 1, last, &Sha256::digest(last)).await, 204);
    let (status, refused) = complete(&stage, &ada, &name).await;
    assert_eq!((status, refused["code"].as_str()), (422, Some("wrong_content")));
    assert_eq!(get(&stage, &ada, &name, None).await.status().as_u16(), 404);
    assert_eq!(offer(&stage, &ada, &good, "image/png").await.1["parts"], json!([]), "it begins anew");
    put_whole(&stage, &ada, &good).await;
    assert_eq!(complete(&stage, &ada, &name).await.0, 200);
    // a page in the clothes of a picture
    let page = b"<html><script>alert(1)</script></html>".to_vec();
    offer(&stage, &ada, &page, "image/png").await;
    put_whole(&stage, &ada, &page).await;
    let (status, refused) = complete(&stage, &ada, &sha256(&page)).await;
    assert_eq!((status, refused["code"].as_str()), (422, Some("wrong_content")));
    assert_eq!(offer(&stage, &ada, &page, "text/html").await.0, 422);
    assert_eq!(stage.count("SELECT count(*) FROM media").await, 1);
    assert_eq!(stage.count("SELECT count(*) FROM media_part").await, 0);
});

both!(an_organisation_has_so_much_room_and_a_file_so_many_bytes, |store| {
    let stage = Stage::with(store, |config| {
        config.media.quota = 1_000;
        config.media.file_max = 800;
    })
    .await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    let (status, refused) = offer(&stage, &ada, &picture(801, 1), "image/png").await;
    assert_eq!((status, refused["code"].as_str()), (413, Some("too_large")));
    assert_eq!(offer(&stage, &ada, b"", "image/png").await.0, 422);
    let first = picture(700, 2);
    assert_eq!(offer(&stage, &ada, &first, "image/png").await.0, 200);
    // what is on its way counts, and the same again does not count twice
    assert_eq!(offer(&stage, &ada, &first, "image/png").await.0, 200);
    let (status, refused) = offer(&stage, &ada, &picture(301, 3), "image/png").await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("storage_full")));
    put_whole(&stage, &ada, &first).await;
    assert_eq!(complete(&stage, &ada, &sha256(&first)).await.0, 200);
    assert_eq!(offer(&stage, &ada, &picture(301, 3), "image/png").await.0, 409);
    assert_eq!(offer(&stage, &ada, &picture(300, 3), "image/png").await.0, 200);
    // what nobody goes on with is given up after a week
    stage.clock.advance(std::time::Duration::from_secs(8 * 24 * 60 * 60));
    server::housekeeping::clean(&stage.app).await.unwrap();
    assert_eq!(stage.count("SELECT count(*) FROM media_upload").await, 0);
    assert_eq!(stage.count("SELECT count(*) FROM media").await, 1);
});

both!(files_are_for_members_and_uploads_are_ones_own, |store| {
    let stage = Stage::new(store).await;
    let [ada_mail, ben_mail] = ["ada", "ben"].map(address);
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let ben = stage.register(&ben_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    let bytes = picture(5_000, 1);
    let name = sha256(&bytes);
    offer(&stage, &ada, &bytes, "image/png").await;
    put_whole(&stage, &ada, &bytes).await;
    let nothing = async |stage: &Stage, ben: &Desktop| {
        assert_eq!(offer(stage, ben, &bytes, "image/png").await.0, 404);
        assert_eq!(put(stage, ben, &name, 0, &bytes, &Sha256::digest(&bytes)).await, 404);
        assert_eq!(complete(stage, ben, &name).await.0, 404);
        assert_eq!(get(stage, ben, &name, None).await.status().as_u16(), 404);
    };
    nothing(&stage, &ben).await;
    assert_eq!(complete(&stage, &ada, &name).await.0, 200);
    nothing(&stage, &ben).await;
    invite(&stage, &ada, &ben_mail, "creator").await;
    accept(&stage, &ben, &code(&stage, &ben_mail).await).await;
    assert!(get(&stage, &ben, &name, None).await.bytes().await.unwrap() == bytes);
    assert_eq!(offer(&stage, &ben, &bytes, "image/png").await.1["state"], "exists");
    // what one says of a file does not touch what another one uploads
    let other = picture(6_000, 2);
    offer(&stage, &ada, &other, "image/png").await;
    let lie = json!({ "sha256": sha256(&other), "size": 10, "mime": "image/gif" });
    let place = format!("/v1/orgs/{ORG}/media");
    assert_eq!(stage.call(Method::POST, &place, Some(&ben.access), Some(lie)).await.0, 200);
    put_whole(&stage, &ada, &other).await;
    assert_eq!(complete(&stage, &ada, &sha256(&other)).await.0, 200);
    let person = domain::id::PersonId::new(ben.person.parse().unwrap());
    crate::organisations::push(&stage, &ada, 1, 1, &[domain::Mutation::RemoveMember { person }]).await;
    assert_eq!(get(&stage, &ben, &name, None).await.status().as_u16(), 404, "removed");
});

#[tokio::test]
async fn the_bytes_lie_in_a_folder_for_the_server_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new(Store::Sqlite).await;
    let MediaPlace::Folder(folder) = &stage.app.config.media.place else { panic!("a folder") };
    assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
}
