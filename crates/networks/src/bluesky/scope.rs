//! Permissions on the AT Protocol (atproto.com/specs/permission, read 2026-11): as little as posting needs.

use url::form_urlencoded;

/// Writing posts and uploading images and videos, nothing else.
pub(super) const LEAST: &str =
    "atproto repo:app.bsky.feed.post?action=create&action=update blob:image/* blob:video/mp4";
/// For servers from before the fine-grained permissions: everything an app password may do.
pub(super) const BROAD: &str = "atproto transition:generic";

/// Whether the granted scopes allow all that posting needs; otherwise what is missing, in words. Videos are not needed: who
/// signed in before they were asked for goes on without them.
pub(super) fn missing(granted: &str) -> Option<&'static str> {
    let granted: Vec<&str> = granted.split_ascii_whitespace().collect();
    if !granted.contains(&"atproto") {
        return Some("the account");
    }
    if granted.contains(&"transition:generic") {
        return None;
    }
    if !["create", "update"].iter().all(|action| granted.iter().any(|scope| allows_posts(scope, action))) {
        return Some("writing posts");
    }
    (!granted.iter().any(|scope| allows_images(scope))).then_some("uploading images")
}

fn allows_posts(scope: &str, action: &str) -> bool {
    let Some(permission) = Permission::parse(scope, "repo", "collection") else { return false };
    let actions = permission.values("action");
    let for_posts = permission.main.iter().any(|name| name == "*" || name == "app.bsky.feed.post");
    for_posts && (actions.is_empty() || actions.contains(&action))
}

fn allows_images(scope: &str) -> bool {
    Permission::parse(scope, "blob", "accept")
        .is_some_and(|permission| permission.main.iter().any(|kind| kind == "*/*" || kind == "image/*"))
}

/// `kind:main?name=value&...` or `kind?main_name=main&...`
struct Permission {
    main: Vec<String>,
    others: Vec<(String, String)>,
}

impl Permission {
    fn parse(scope: &str, kind: &str, main_name: &str) -> Option<Self> {
        let rest = scope.strip_prefix(kind)?;
        let (front, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut main: Vec<String> = match front.strip_prefix(':') {
            Some(main) => vec![percent_decoded(main)],
            None if front.is_empty() => Vec::new(),
            None => return None,
        };
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let (mains, others): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == main_name);
        main.extend(mains.into_iter().map(|(_, value)| value));
        Some(Self { main, others })
    }

    fn values(&self, name: &str) -> Vec<&str> {
        self.others.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }
}

fn percent_decoded(text: &str) -> String {
    form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_enough() {
        for scopes in [
            LEAST,
            BROAD,
            "blob:*/* atproto repo:*",
            "atproto repo:app.bsky.feed.post blob?accept=image/*",
            "atproto repo?collection=app.bsky.feed.like&collection=app.bsky.feed.post blob:image%2F*",
            "atproto repo:app.bsky.feed.post?action=create repo:*?action=update&action=delete blob:image/*",
        ] {
            assert_eq!(missing(scopes), None, "{scopes}");
        }
    }

    #[test]
    fn what_is_not() {
        for (scopes, what) in [
            ("", "the account"),
            ("transition:generic", "the account"),
            ("atproto", "writing posts"),
            ("atproto repo:app.bsky.feed.like blob:*/*", "writing posts"),
            ("atproto repo:app.bsky.feed.post?action=create blob:*/*", "writing posts"),
            ("atproto repository:* blob:*/*", "writing posts"),
            ("atproto repo:*", "uploading images"),
            ("atproto repo:* blob:video/*", "uploading images"),
        ] {
            assert_eq!(missing(scopes), Some(what), "{scopes}");
        }
    }
}
