//! Images that a network refuses, made to fit by one key, and cropped by mouse and by keys.

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use testkit::window::{Axe, Window, key};
use testkit::{picture, until, until_is};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

fn import(window: &Window, name: &str, file: &[u8]) -> Value {
    let data = base64::engine::general_purpose::STANDARD.encode(file);
    window.call("import_image", &json!({ "name": name, "data": data }))["id"].take()
}

fn account(window: &Window, network: &str, handle: &str) -> Value {
    let body = json!({ "network": network, "handle": handle, "url": "", "premium": false, "account": null });
    window.call("add_by_hand", &body)["account"].take()
}

/// The image that the base shows, and the text and the image that an account has of its own.
fn shown(window: &Window, post: &str, account: &Value) -> (Value, Option<(String, Value)>) {
    let draft = window.call("get_post", &json!({ "post": post }))["post"]["draft"].take();
    let targets = draft["targets"].as_array().unwrap();
    let own = &targets.iter().find(|target| target["account"] == *account).unwrap()["variant"];
    let own = own["parts"][0]
        .as_object()
        .map(|part| (part["text"].as_str().unwrap().to_owned(), part["images"][0]["media"].clone()));
    (draft["base"]["parts"][0]["images"][0]["media"].clone(), own)
}

fn media(window: &Window, id: &Value) -> Value {
    window.call("get_media", &json!({ "media": id }))["media"].take()
}

/// What the frame says to whoever does not see it.
fn says(window: &Window, wanted: &str) {
    until_is("what the frame says", wanted, PATIENCE, || {
        let said = window.script("return document.querySelector('#crop-says')?.textContent ?? ''", &[]);
        // numbers are grouped with a narrow space
        said.as_str().unwrap_or_default().replace('\u{202f}', "")
    });
}

/// Width and height of the frame.
fn size(window: &Window) -> (u32, u32) {
    let said = window.script("return document.querySelector('#crop-says')?.textContent ?? ''", &[]);
    let said = said.as_str().unwrap_or_default().replace('\u{202f}', "");
    let mut words = said.split_whitespace();
    let mut number = || words.find_map(|word| word.parse().ok()).unwrap_or(0);
    (number(), number())
}

/// axe finds nothing in what is shown now, light or dark.
fn judged(window: &Window) {
    let Some(axe) = Axe::installed() else { return };
    for theme in ["dark", "light"] {
        window.wear(theme);
        window.settle();
        assert_eq!(axe.violations(window), [""; 0], "{theme}");
    }
}

/// As Ctrl and + do.
fn zoom(window: &Window, by: u32) {
    let wide = || window.script("return window.innerWidth", &[]).as_u64().unwrap_or(0);
    let code = "window.__TAURI_INTERNALS__.invoke('plugin:webview|set_webview_zoom', { value: arguments[0] })";
    window.script(code, &[json!(by)]);
    until("the page is zoomed", PATIENCE, || (wide() == 1_280 / u64::from(by)).then_some(()));
}

/// Pulls a grip, or the frame itself, by so many pixels of the picture.
fn pull(window: &Window, grip: &str, right: i32, down: i32) {
    let code = "const [grip, right, down] = arguments; const svg = document.querySelector('.crop-stage svg'); \
        const at = svg.querySelector(`[data-grip=\"${grip}\"]`), box = svg.getBoundingClientRect(), view = svg.viewBox.baseVal; \
        const scale = Math.min(box.width / view.width, box.height / view.height); \
        const fire = (on, kind, x, y) => on.dispatchEvent(new PointerEvent(kind, { bubbles: true, cancelable: true, \
          pointerId: 1, button: 0, clientX: x, clientY: y })); \
        fire(at, 'pointerdown', 300, 300); fire(svg, 'pointermove', 300 + right * scale, 300 + down * scale); \
        fire(svg, 'pointerup', 300 + right * scale, 300 + down * scale)";
    window.script(code, &[json!(grip), json!(right), json!(down)]);
}

fn choose_shape(window: &Window, shape: &str) {
    window.find(&format!("//div[@class='crop-shapes']//button[normalize-space(.)='{shape}']")).click();
}

#[test]
fn ada_makes_an_image_fit_and_crops_it_as_she_likes() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("name_person", &json!({ "name": "Ada" }));
    window.call("finish_welcome", &json!({}));
    window.resize(1280, 900);
    let instagram = account(&window, "instagram", "harbour.bakery");
    let linkedin = account(&window, "linkedin", "Harbour Bakery");
    let loaf = import(&window, "loaf.png", &picture::png(600, 1_000, 1));
    let image = json!({ "media": loaf, "alt": "A loaf." });
    let base = json!({ "parts": [{ "text": "Rye is back", "images": [image] }], "content_warning": "", "visibility": "public" });
    let targets = json!([{ "account": instagram, "variant": null }, { "account": linkedin, "variant": null }]);
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
    let post = window.call("create_post", &json!({ "draft": draft }))["post"].as_str().unwrap().to_owned();

    // one key: only the account that needs another image gets it
    window.show(&format!("#/compose/{post}"), "textarea");
    window.see("This image is too tall for Instagram: its shape is 0.60:1, the tallest is 4:5");
    window.find("//div[@class='fixes']//button[contains(., 'Crop to 4:5, convert to JPEG for Instagram')]");
    window
        .find("//ul[contains(@class, 'checklist')]//button[contains(., 'Crop to 4:5, convert to JPEG for Instagram')]");
    judged(&window);
    window.field("Text of part 1").click();
    window.press(&[key::ALT, "m"]);
    window.see("Image fitted where it was needed");
    let fitted = until("Instagram has its own image", PATIENCE, || {
        let (shared, own) = shown(&window, &post, &instagram);
        assert_eq!(shared, loaf, "whom the image suits keeps it");
        own.map(|(_, image)| image)
    });
    let made = media(&window, &fitted);
    assert_eq!((&made["kind"], &made["width"], &made["height"]), (&json!("jpeg"), &json!(600), &json!(750)));
    assert_eq!(shown(&window, &post, &linkedin).1, None);
    window.see("Ready for every account.");
    // as typing is undone, and done once more
    window.press(&[key::CONTROL, "z"]);
    until("the image is back", PATIENCE, || shown(&window, &post, &instagram).1.is_none().then_some(()));
    window.press(&[key::ALT, "m"]);
    until("it fits again", PATIENCE, || shown(&window, &post, &instagram).1.map(drop));
    window.see("own images");
    // the text is still that of all
    window.field("Text of part 1").click();
    window.script("document.activeElement.setSelectionRange(99, 99)", &[]);
    window.type_keys("!");
    until("Instagram has the new text and its own image", PATIENCE, || {
        (shown(&window, &post, &instagram).1 == Some(("Rye is back!".to_owned(), fitted.clone()))).then_some(())
    });

    crop_in_compose(&window, &post, &instagram, &loaf);
    drop(window);
    let window = desk.open();
    crop_in_the_library(&window, &loaf);
}

/// By keys and by mouse, judged by axe, applied, opened again as it was.
fn crop_in_compose(window: &Window, post: &str, instagram: &Value, loaf: &Value) {
    window.press(&[key::ALT, "x"]);
    window.see("Crop the image");
    says(window, "600 by 1000 pixels, 0 % from the left, 0 % from the top");
    until("the frame has the focus", PATIENCE, || {
        (window.script("return document.activeElement?.id", &[]) == "crop-stage").then_some(())
    });
    choose_shape(window, "Instagram 4:5");
    says(window, "600 by 750 pixels, 0 % from the left, 12 % from the top");
    window.script("document.getElementById('crop-stage').focus()", &[]);
    window.press(&[key::DOWN]);
    says(window, "600 by 750 pixels, 0 % from the left, 13 % from the top");
    window.press(&[key::SHIFT, key::LEFT]);
    says(window, "594 by 742 pixels, 0 % from the left, 13 % from the top");
    choose_shape(window, "Free");
    window.script("document.getElementById('crop-stage').focus()", &[]);
    window.press(&[key::ALT, key::RIGHT]);
    says(window, "588 by 742 pixels, 1 % from the left, 13 % from the top");
    pull(window, "whole", -100, -500);
    says(window, "588 by 742 pixels, 0 % from the left, 0 % from the top");
    pull(window, "2", -88, -142);
    // a pixel of the screen is more than one of the picture
    let (width, height) = until("the corner was pulled", PATIENCE, || {
        let (width, height) = size(window);
        (width.abs_diff(500) < 6 && height.abs_diff(600) < 6).then_some((width, height))
    });
    let framed = format!("{width} by {height} pixels, 0 % from the left, 0 % from the top");
    judged(window);
    // at 200 % everything is still within reach
    zoom(window, 2);
    let fits =
        "const body = document.querySelector('.crop-dialog .dialog-body'); return body.scrollWidth <= body.clientWidth";
    assert_eq!(window.script(fits, &[]), true);
    zoom(window, 1);
    window.find("//*[@id='crop-apply']").click();
    window.see("Image fitted.");
    let cropped = until("the shared image is cropped", PATIENCE, || {
        let (shared, _) = shown(window, post, instagram);
        (shared != *loaf).then_some(shared)
    });
    let made = media(window, &cropped);
    assert_eq!((&made["width"], &made["height"], &made["made_from"]["media"]), (&json!(width), &json!(height), loaf));
    let kept = window.call("get_post", &json!({ "post": post }));
    assert_eq!(kept["post"]["draft"]["base"]["parts"][0]["images"][0]["alt"], "A loaf.");

    // opened again, it is the whole picture with the frame as it was; the whole picture comes back
    window.find("//button[@aria-label='Crop, image 1']").click();
    says(window, &framed);
    window.find("//*[@id='crop-reset']").click();
    says(window, "600 by 1000 pixels, 0 % from the left, 0 % from the top");
    window.press(&[key::ESCAPE]);
    assert_eq!(shown(window, post, instagram).0, cropped, "Escape changes nothing");
}

/// Beside the grid, which shows the whole picture alone unless crops are asked for.
fn crop_in_the_library(window: &Window, loaf: &Value) {
    window.show("#/library", ".media-tile");
    let tiles = || window.script("return document.querySelectorAll('.library-main .media-tile').length", &[]);
    until("only the whole picture shows", PATIENCE, || (tiles() == 1).then_some(()));
    window.find("//button[contains(@class, 'media-tile')]").click();
    window.find("//ul[@class='media-versions']/li[2]");
    window.press(&[key::ALT, "x"]);
    window.see("Crop the image");
    choose_shape(window, "1:1");
    says(window, "600 by 600 pixels, 0 % from the left, 20 % from the top");
    window.script("document.getElementById('crop-stage').focus()", &[]);
    window.press(&[key::ENTER]);
    window.see("“loaf.png” cropped");
    window.see("Cropped from loaf.png");
    let view = window.call("get_media", &json!({ "media": loaf }));
    assert_eq!(view["versions"].as_array().unwrap().len(), 3);
    window.find("//p[contains(@class, 'media-origin')]//button").click();
    window.find("//ul[@class='media-versions']/li[3]");
    judged(window);
    window.find("//button[@aria-pressed][normalize-space(.)='Crops']").click();
    until("the crops show", PATIENCE, || (tiles() == 4).then_some(()));
    window.find("//button[@aria-pressed][normalize-space(.)='Crops']").click();
    until("the crops do not show", PATIENCE, || (tiles() == 1).then_some(()));
    window.script("document.activeElement.blur()", &[]);
    window.press(&["z"]);
    until("the crop is taken back", PATIENCE, || {
        let view = window.call("get_media", &json!({ "media": loaf }));
        (view["versions"].as_array().unwrap().len() == 2).then_some(())
    });
}
