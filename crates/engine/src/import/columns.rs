//! What the columns of a table mean, from their names, or where it has none from their values.

use contract::import::{Columns, Layout};

use super::dates;

/// The layout, and what it says about the columns.
pub(super) fn recognise(first: &[String]) -> (Layout, Columns) {
    let names: Vec<String> = first.iter().map(|name| plain(name)).collect();
    let at =
        |fits: fn(&str) -> bool| names.iter().position(|name| fits(name)).and_then(|column| u32::try_from(column).ok());
    let columns = Columns {
        text: at(is_text),
        date: at(is_date),
        time: at(is_time),
        link: at(is_link),
        title: at(|name| name == "title" || name.starts_with("title ") || name == "titel"),
        accounts: at(is_accounts),
        header: true,
        order: None,
    };
    if columns.text.is_some() {
        return (layout(&names), columns);
    }
    bare(first)
}

fn layout(names: &[String]) -> Layout {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if names.iter().any(|name| name.starts_with("date intl")) {
        Layout::Publer
    } else if has("posting time") {
        Layout::Buffer
    } else if has("message") && names.iter().any(|name| is_date(name)) {
        Layout::Hootsuite
    } else {
        Layout::Other
    }
}

/// Without names: a date, a text and a link, as Hootsuite writes it; else a text, and a date behind it.
fn bare(first: &[String]) -> (Layout, Columns) {
    let is_date = |column: usize| first.get(column).is_some_and(|value| dates::looks_like_one(value));
    let plain = Columns { text: Some(0), ..Columns::default() };
    if is_date(0) {
        return (Layout::Hootsuite, Columns { date: Some(0), text: Some(1), link: Some(2), ..plain });
    }
    (Layout::Other, Columns { date: is_date(1).then_some(1), ..plain })
}

/// Lower case, letters and digits alone, one space between words.
fn plain(name: &str) -> String {
    let letters = name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_text(name: &str) -> bool {
    matches!(
        name,
        "text"
            | "message"
            | "content"
            | "post"
            | "post text"
            | "caption"
            | "status"
            | "tweet"
            | "body"
            | "nachricht"
            | "beitrag"
    )
}

fn is_date(name: &str) -> bool {
    name.starts_with("date")
        || matches!(
            name,
            "posting time" | "publish date" | "scheduled at" | "schedule" | "scheduled" | "when" | "datum"
        )
}

fn is_time(name: &str) -> bool {
    matches!(name, "time" | "publish time" | "uhrzeit" | "zeit")
}

fn is_link(name: &str) -> bool {
    matches!(name, "url" | "link" | "links" | "link s") || name.starts_with("link s ")
}

fn is_accounts(name: &str) -> bool {
    matches!(
        name,
        "account"
            | "accounts"
            | "profile"
            | "profiles"
            | "channel"
            | "channels"
            | "network"
            | "networks"
            | "konto"
            | "konten"
    )
}
