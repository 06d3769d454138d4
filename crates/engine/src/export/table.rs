//! Posts as a table for spreadsheets.

use std::borrow::Cow;

use contract::ApiError;
use domain::media::Media;
use domain::post::{Content, Post};
use jiff::tz::TimeZone;

use super::{Gathered, image_name};
use crate::errors::internal;

/// The table, and a mark in front that tells spreadsheets that it is UTF-8.
pub(super) fn write(gathered: &Gathered, zone: &str, tz: &TimeZone) -> Result<Vec<u8>, ApiError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{FEFF}".into());
    let date = format!("Date ({zone})");
    let names = [
        "Title",
        "Text",
        &date,
        "Time",
        "State",
        "Persona",
        "Accounts",
        "Content warning",
        "Images",
        "Alt texts",
        "Addresses",
    ];
    writer.write_record(names).map_err(|error| internal(&error))?;
    for post in &gathered.posts {
        let row = row(gathered, post, tz);
        writer.write_record(row.iter().map(|value| harmless(value).into_owned())).map_err(|error| internal(&error))?;
    }
    writer.into_inner().map_err(|error| internal(&error))
}

fn row(gathered: &Gathered, post: &Post, tz: &TimeZone) -> [String; 11] {
    let local = post.schedule.as_ref().map(|schedule| tz.to_datetime(schedule.at));
    let base = &post.draft.base;
    let accounts = post.draft.targets.iter().filter_map(|target| gathered.accounts.get(&target.account));
    let images: Vec<_> = base.parts.iter().flat_map(|part| &part.images).collect();
    let names = images.iter().filter_map(|image| gathered.media.get(&image.media)).map(Media::clone);
    [
        post.draft.title.clone(),
        text(base),
        local.map(|local| local.strftime("%Y-%m-%d").to_string()).unwrap_or_default(),
        local.map(|local| local.strftime("%H:%M").to_string()).unwrap_or_default(),
        post.status.wire().to_owned(),
        gathered.persona(post).to_owned(),
        accounts.map(domain::account::Account::full_handle).collect::<Vec<_>>().join(", "),
        base.content_warning.clone(),
        names.map(|media| image_name(&media)).collect::<Vec<_>>().join(", "),
        images.iter().map(|image| image.alt.as_str()).filter(|alt| !alt.is_empty()).collect::<Vec<_>>().join("\n"),
        gathered.addresses(post).join("\n"),
    ]
}

/// The parts of a thread, one below the other, and the first comment last.
pub(super) fn text(content: &Content) -> String {
    content.outgoing().map(|part| part.text).collect::<Vec<_>>().join("\n\n")
}

/// A value that no spreadsheet takes for a formula (owasp.org/www-community/attacks/CSV_Injection): what could begin one, also
/// after blanks or in full width, stands behind an apostrophe.
fn harmless(value: &str) -> Cow<'_, str> {
    let first = value.trim_start_matches(' ').chars().next();
    let begins = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'));
    if begins { Cow::Owned(format!("'{value}")) } else { Cow::Borrowed(value) }
}

/// What [`harmless`] made of a value, back as it was.
pub(crate) fn original(value: &str) -> &str {
    match value.strip_prefix('\'') {
        Some(rest) if matches!(harmless(rest), Cow::Owned(_)) => rest,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_begins_a_formula_and_each_comes_back() {
        for value in ["=1+1", "+1", "-1", "@ada", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠a", "  =1"]
        {
            let written = harmless(value);
            assert!(written.starts_with('\''), "{value:?}");
            assert_eq!(original(&written), value);
        }
        for value in ["", "rye", "'tis rye", "1-1", "a=b", "’=1"] {
            assert_eq!(harmless(value), value);
            assert_eq!(original(value), value);
        }
    }
}
