//! How large and how deep a request may be, checked before anything reads it.

use contract::{ApiError, Code, Command};
use serde_json::Value;

/// Levels of lists and objects in each other; the deepest request of the contract has five.
const DEEPEST: usize = 32;
/// Bytes of a request, as JSON.
const LARGEST: usize = 1024 * 1024;
/// Bytes of a request with an image in it: 30 MB as Base64, and a name.
const LARGEST_IMAGE: usize = 48 * 1024 * 1024;
/// Bytes of a request with a piece of a video in it: 4 MB as Base64, and its place.
const LARGEST_PIECE: usize = 6 * 1024 * 1024;

/// # Errors
/// [`Code::BadRequest`] if the request is larger or deeper than any that the interface makes.
pub fn check(command: &str, body: &Value) -> Result<(), ApiError> {
    let images = [contract::posts::ImportImage::NAME, contract::library::ReadMedia::NAME];
    let largest = match command {
        image if images.contains(&image) => LARGEST_IMAGE,
        contract::videos::AppendVideo::NAME => LARGEST_PIECE,
        _ => LARGEST,
    };
    // a list of what is still to be measured, so that depth cannot exhaust the stack
    let mut open = vec![(body, 1)];
    let mut size = 0_usize;
    while let Some((value, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(refused("is nested too deeply"));
        }
        size = size.saturating_add(match value {
            Value::String(text) => text.len() + 2,
            Value::Array(items) => {
                open.extend(items.iter().map(|item| (item, depth + 1)));
                2 + items.len()
            }
            Value::Object(fields) => {
                open.extend(fields.values().map(|field| (field, depth + 1)));
                2 + fields.keys().map(|name| name.len() + 4).sum::<usize>()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => 4,
        });
        if size > largest {
            return Err(refused("is too large"));
        }
    }
    Ok(())
}

fn refused(why: &str) -> ApiError {
    ApiError::new(Code::BadRequest, format!("The request {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ordinary_requests_pass() {
        assert_eq!(check("get_program", &json!({})), Ok(()));
        assert_eq!(
            check("edit_draft", &json!({ "text": "ä".repeat(100_000), "parts": [{ "media": ["a", "b"] }] })),
            Ok(())
        );
    }

    #[test]
    fn only_an_image_may_be_large() {
        let image = json!({ "name": "a.png", "data": "A".repeat(40 * 1024 * 1024) });
        assert_eq!(check("import_image", &image), Ok(()));
        assert_eq!(check("edit_draft", &image).unwrap_err().code, Code::BadRequest);
        let piece = json!({ "upload": 1, "offset": 0, "data": "A".repeat(5_600_000) });
        assert_eq!(check("append_video", &piece), Ok(()));
        assert_eq!(check("append_video", &image).unwrap_err().code, Code::BadRequest);
        let larger = json!({ "name": "a.png", "data": "A".repeat(LARGEST_IMAGE) });
        assert_eq!(check("import_image", &larger).unwrap_err().code, Code::BadRequest);
    }

    #[test]
    fn many_small_values_count_too() {
        assert!(check("edit_draft", &json!(vec![0; LARGEST])).is_err());
        let keys: serde_json::Map<_, _> = (0..200_000).map(|n| (n.to_string(), Value::Null)).collect();
        assert!(check("edit_draft", &Value::Object(keys)).is_err());
    }

    #[test]
    fn a_deep_request_is_refused_without_recursion() {
        let deep = (0..100_000).fold(json!(0), |inner, _| Value::Array(vec![inner]));
        assert_eq!(check("edit_draft", &deep).unwrap_err().code, Code::BadRequest);
        // serde_json drops recursively; taking it apart by hand keeps this test's own stack
        let mut rest = deep;
        while let Value::Array(mut items) = rest {
            rest = items.pop().unwrap_or(Value::Null);
        }
        let allowed = (0..DEEPEST - 1).fold(json!(0), |inner, _| Value::Array(vec![inner]));
        assert_eq!(check("edit_draft", &allowed), Ok(()));
    }
}
