//! The devices of a person, and that nobody else's can be touched.

use reqwest::Method;
use serde_json::json;

use crate::both;
use crate::stage::{Device, PASSWORD, Stage, address, token};

both!(devices_are_listed_renamed_and_revoked, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(mut laptop) = stage.register(&ada, PASSWORD).await else { return };
    let mut phone = Device::new("Phone").sign_in(&stage, &ada, PASSWORD).await;
    let list = async |token: &str| stage.call(Method::GET, "/v1/devices", Some(token), None).await.1["devices"].clone();
    let devices = list(&laptop.access).await;
    assert_eq!(devices.as_array().unwrap().len(), 2);
    let own = devices.as_array().unwrap().iter().find(|device| device["current"] == true).unwrap();
    assert_eq!((own["id"].as_str(), own["name"].as_str()), (Some(laptop.id.as_str()), Some("Laptop")));

    let path = format!("/v1/devices/{}", phone.id);
    assert_eq!(stage.call(Method::PATCH, &path, Some(&laptop.access), Some(json!({"name": "Old phone"}))).await.0, 204);
    assert!(list(&phone.access).await.as_array().unwrap().iter().any(|device| device["name"] == "Old phone"));
    for bad in [json!({"name": ""}), json!({"name": "a\nb"}), json!({"name": "x", "id": phone.id}), json!({})] {
        assert_eq!(stage.call(Method::PATCH, &path, Some(&laptop.access), Some(bad)).await.0, 422);
    }

    assert_eq!(stage.call(Method::DELETE, &path, Some(&laptop.access), None).await.0, 204);
    assert_eq!(stage.me(&phone.access).await.0, 401, "at once");
    assert_eq!(phone.renew(&stage).await, 400);
    assert_eq!(stage.call(Method::DELETE, &path, Some(&laptop.access), None).await.0, 404);
    assert_eq!(list(&laptop.access).await.as_array().unwrap().len(), 1);
    assert_eq!(laptop.renew(&stage).await, 200);

    // the key of a revoked device begins anew as another device, after a whole sign-in
    let back = phone.device.sign_in(&stage, &ada, PASSWORD).await;
    assert_ne!(back.id, phone.id);
    // the key of a device that is there is that device
    let again = laptop.device.sign_in(&stage, &ada, PASSWORD).await;
    assert_eq!(again.id, laptop.id);
});

both!(the_devices_of_others_are_like_none, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    let ben = stage.register(&address("ben"), PASSWORD).await.unwrap();
    let nobody = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
    let mut answers = Vec::new();
    for id in [ben.id.as_str(), nobody, "no-id"] {
        let path = format!("/v1/devices/{id}");
        for (method, body) in [(Method::PATCH, Some(json!({"name": "Mine"}))), (Method::DELETE, None)] {
            let (status, mut body) = stage.call(method, &path, Some(&ada.access), body).await;
            body["instance"] = json!(null);
            answers.push((status, body));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, 404);
    assert_eq!(stage.me(&ben.access).await.0, 200);
});

both!(there_is_an_end_to_devices, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(_) = stage.register(&ada, PASSWORD).await else { return };
    for n in 1..50 {
        Device::new(&format!("Device {n}")).sign_in(&stage, &ada, PASSWORD).await;
    }
    let (mut browser, device) = (stage.browser(), Device::new("One too many"));
    let begun = device.begin(&stage, &mut browser).await;
    let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
    let (status, _) = token(&stage, &device.grant(&stage, &begun, &code)).await;
    assert_eq!(status, 403);
    assert_eq!(stage.count("SELECT count(*) FROM device").await, 50);
});
