//! Every route of the table, tried by everybody it is not for. A route that is added is tried without a line here.

use reqwest::Method;
use serde_json::{Value, json};
use server::policy::Policy;
use server::{media, organisations, router};

use crate::both;
use crate::stage::{Device, PASSWORD, Stage, Store, address};

fn concrete(path: &str) -> String {
    path.replace("{device}", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000")
        .replace("{name}", "corp")
        .replace("{org}", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001")
        .replace("{invitation}", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0002")
        .replace("{sha256}", &"ab".repeat(32))
        .replace("{number}", "0")
}

both!(nobody_gets_past_a_policy, |store| {
    let stage = Stage::new(store).await;
    let Some(ended) = stage.register(&address("ada"), PASSWORD).await else { return };
    assert_eq!(stage.call(Method::POST, "/v1/sign-out", Some(&ended.access), None).await.0, 204);
    let ben = stage.register(&address("ben"), PASSWORD).await.unwrap();
    let refresh = ben.refresh.clone();
    let cleo = address("cleo");
    stage.register(&cleo, PASSWORD).await.unwrap();
    let mut tried = 0;
    for row in router::rows().into_iter().chain(organisations::rows()).chain(media::rows()) {
        for (method, path) in row.paths() {
            let of_an_organisation = path.contains("{org}");
            let path = concrete(&path);
            match row.policy {
                Policy::Signed => {
                    let mut answers = Vec::new();
                    for token in [None, Some("x"), Some(ended.access.as_str()), Some(refresh.as_str())] {
                        // with a body that would be right and one that would not: neither is looked at
                        for body in [None, Some(json!({ "name": "x" }))] {
                            let (status, mut body) = stage.call(method.clone(), &path, token, body).await;
                            assert_eq!(status, 401, "{method} {path}");
                            body["instance"] = Value::Null;
                            answers.push(body);
                            tried += 1;
                        }
                    }
                    assert!(answers.iter().all(|body| *body == answers[0]), "{method} {path}: all the same");
                    // and whoever is signed in is let in, each time anew: some of these routes end the session
                    let cleo = Device::new("Laptop").sign_in(&stage, &cleo, PASSWORD).await;
                    let (status, _) = stage.call(method.clone(), &path, Some(&cleo.access), None).await;
                    // of organisations there is none that they belong to
                    let expected = match of_an_organisation {
                        true => [403, 404, 415, 422].contains(&status),
                        false => ![401, 403].contains(&status),
                    };
                    assert!(expected, "{method} {path}: {status}");
                }
                Policy::Browser => {
                    if method == Method::POST {
                        for origin in ["https://eve.example", "null"] {
                            let page = stage.browser().post_from(&path, &[("flow", "x")], Some(origin)).await;
                            assert_eq!(page.status, 403, "{method} {path}");
                            tried += 1;
                        }
                    }
                }
                Policy::Public => {}
            }
        }
    }
    assert!(tried > 60, "{tried}");
});

#[tokio::test]
async fn other_methods_and_addresses_are_not_there() {
    let stage = Stage::new(Store::Sqlite).await;
    let rows: Vec<_> = router::rows().into_iter().chain(organisations::rows()).chain(media::rows()).collect();
    let all: Vec<_> = rows.iter().flat_map(router::Row::paths).collect();
    for (_, path) in &all {
        let there: Vec<_> = all.iter().filter(|(_, other)| other == path).map(|(method, _)| method.clone()).collect();
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if !there.contains(&method) {
                let (status, body) = stage.call(method.clone(), &concrete(path), None, None).await;
                assert_eq!((status, body["code"].as_str()), (405, Some("method_not_allowed")), "{method} {path}");
            }
        }
    }
    for path in ["/", "/v1", "/v1/", "/v1/me/", "/v1/orgs/", "/metrics", "/admin", "//v1/me", "/v1/me%2f", "/.env"] {
        let (status, body) = stage.call(Method::GET, path, None, None).await;
        assert_eq!((status, body["code"].as_str()), (404, Some("not_found")), "{path}");
    }
}

both!(fields_that_are_not_a_clients_cannot_be_set, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    for (field, value) in [
        ("id", json!("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000")),
        ("email", json!("eve@example.com")),
        ("created_at", json!(1)),
        ("disabled_at", json!(null)),
        ("password_hash", json!("x")),
        ("role", json!("owner")),
    ] {
        let before = stage.me(&ada.access).await;
        let mut body = json!({ "display_name": "Changed" });
        body[field] = value.clone();
        assert_eq!(stage.call(Method::PATCH, "/v1/me", Some(&ada.access), Some(body)).await.0, 422, "{field}");
        let mut body = json!({ "current_password": PASSWORD, "new_password": "a wholly different sentence" });
        body[field] = value;
        assert_eq!(stage.call(Method::POST, "/v1/me/password", Some(&ada.access), Some(body)).await.0, 422, "{field}");
        assert_eq!(stage.me(&ada.access).await, before, "{field}");
    }
    let body = json!({ "display_name": "  Ada L. " });
    assert_eq!(stage.call(Method::PATCH, "/v1/me", Some(&ada.access), Some(body)).await.0, 204);
    assert_eq!(stage.me(&ada.access).await.1["display_name"], "Ada L.");
});
