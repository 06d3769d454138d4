//! Posts from a table that somebody else's program wrote: what its columns mean, what its rows say, and what is wrong with them.

mod columns;
mod dates;

use std::collections::BTreeMap;

use contract::import::{Columns, ImportRow, Layout, RowProblem};
use contract::{ApiError, Code};
use domain::account::Account;
use domain::id::AccountId;
use domain::mutation::{ImportedPost, When};
use domain::post::{Content, Draft, Target};
use domain::schedule::{Fold, Schedule};
use jiff::Timestamp;

use crate::export::original;

/// Bytes of a table.
const TABLE_MAX: usize = 5 * 1024 * 1024;
const COLUMNS_MAX: usize = 100;
/// Characters of what is shown of a value that cannot be used.
const SHOWN: usize = 60;
/// Targets that have no time of their own: "now" was chosen a moment ago.
const PAST_S: i64 = 60;

/// A table as it was read.
#[derive(Debug)]
pub(crate) struct Table {
    pub layout: Layout,
    pub columns: Columns,
    pub names: Vec<String>,
    /// Each with its line in the file, from 1.
    rows: Vec<(u32, Vec<String>)>,
}

/// A row, and what it would become.
#[derive(Debug)]
pub(crate) struct Planned {
    pub row: ImportRow,
    pub draft: Draft,
}

fn bad(sentence: impl Into<String>) -> ApiError {
    ApiError::new(Code::BadRequest, sentence)
}

impl Table {
    /// Reads the table; what its columns mean is found out unless it is said.
    pub(crate) fn read(text: &str, columns: Option<Columns>) -> Result<Self, ApiError> {
        if text.len() > TABLE_MAX {
            return Err(bad("This file is larger than 5 MB. Split it and import the parts."));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new();
        reader.has_headers(false).flexible(true).trim(csv::Trim::All).delimiter(delimiter(text));
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        for record in reader.from_reader(text.as_bytes()).records() {
            let record = record.map_err(|error| bad("This file is no table.").with_detail(error.to_string()))?;
            if record.len() > COLUMNS_MAX {
                return Err(bad("This table has more than 100 columns."));
            }
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().any(|value| !value.is_empty()) {
                let values = record.iter().map(|value| original(value).to_owned()).collect();
                rows.push((u32::try_from(line).unwrap_or(u32::MAX), values));
            }
            if rows.len() > ImportedPost::POSTS_MAX + 1 {
                return Err(bad("This table has more than 1,000 posts. Split it and import the parts."));
            }
        }
        let first = rows.first().map(|(_, values)| values.clone()).ok_or_else(|| bad("This file is empty."))?;
        let (layout, found) = columns::recognise(&first);
        let mut columns = columns.unwrap_or(found);
        if columns.header {
            rows.remove(0);
        }
        if columns.order.is_none()
            && let Some(date) = columns.date
        {
            columns.order = dates::order(rows.iter().map(|(_, values)| value(values, Some(date))));
        }
        let names = (0..rows.iter().map(|(_, values)| values.len()).chain([first.len()]).max().unwrap_or(0))
            .map(|column| {
                first.get(column).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| (column + 1).to_string())
            })
            .collect();
        Ok(Self { layout, columns, names, rows })
    }

    /// Every row as a post.
    pub(crate) fn plan(
        &self,
        accounts: &BTreeMap<AccountId, Account>,
        default: &[AccountId],
        zone: &str,
        now: Timestamp,
    ) -> Vec<Planned> {
        self.rows.iter().map(|(line, values)| self.row(*line, values, accounts, default, zone, now)).collect()
    }

    fn row(
        &self,
        line: u32,
        values: &[String],
        accounts: &BTreeMap<AccountId, Account>,
        default: &[AccountId],
        zone: &str,
        now: Timestamp,
    ) -> Planned {
        let columns = &self.columns;
        let mut problems = Vec::new();
        let mut text = value(values, columns.text).to_owned();
        let link = value(values, columns.link);
        if !link.is_empty() && !text.contains(link) {
            text = if text.is_empty() { link.to_owned() } else { format!("{text}\n\n{link}") };
        }
        if text.is_empty() {
            problems.push(RowProblem::NoText);
        }
        let title = value(values, columns.title).to_owned();
        if text.chars().count() > Content::TEXT_MAX || title.chars().count() > Draft::TITLE_MAX {
            problems.push(RowProblem::TooLong);
        }
        let targets = match named(value(values, columns.accounts), accounts) {
            Ok(named) if named.is_empty() => default.iter().copied().filter(|id| accounts.contains_key(id)).collect(),
            Ok(named) => named,
            Err(found) => {
                problems.push(RowProblem::UnknownAccount { found });
                Vec::new()
            }
        };
        let when = self.when(values, zone, now, &mut problems);
        let draft = Draft {
            title,
            base: Content::text(text),
            targets: targets.iter().map(|account| Target { account: *account, variant: None }).collect(),
            ..Draft::default()
        };
        if when.is_some()
            && targets.is_empty()
            && !problems.iter().any(|one| matches!(one, RowProblem::UnknownAccount { .. }))
        {
            problems.push(RowProblem::NoAccount);
        }
        if when.is_some() && !draft.base.is_blank() {
            let broken = targets.iter().filter_map(|id| accounts.get(id)).filter_map(|account| {
                let broken = domain::content_violations(account, &draft.base, |_| None).into_iter().next();
                let violation = broken.and_then(|(_, violations)| violations.into_iter().next())?;
                Some(RowProblem::BreaksRule { account: account.id, violation })
            });
            problems.extend(broken);
        }
        let title = shortened(&draft.shown_title());
        Planned { row: ImportRow { line, title, accounts: targets, when, problems }, draft }
    }

    fn when(&self, values: &[String], zone: &str, now: Timestamp, problems: &mut Vec<RowProblem>) -> Option<When> {
        let (date, time) = (value(values, self.columns.date), value(values, self.columns.time));
        if date.is_empty() {
            return None;
        }
        let Some(local) = dates::read(date, time, self.columns.order) else {
            problems.push(RowProblem::NoDate { found: shortened(format!("{date} {time}").trim()) });
            return None;
        };
        let when = When { local, zone: zone.to_owned(), fold: Fold::First };
        match Schedule::resolve(local, zone, Fold::First) {
            Ok((schedule, _)) if schedule.at.as_second() + PAST_S < now.as_second() => {
                problems.push(RowProblem::InThePast);
            }
            Ok(_) => {}
            Err(_) => problems.push(RowProblem::NoDate { found: shortened(date) }),
        }
        Some(when)
    }
}

fn value(values: &[String], column: Option<u32>) -> &str {
    column.and_then(|column| values.get(usize::try_from(column).ok()?)).map_or("", String::as_str)
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What separates the values of the first line, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| sign)
}

/// The accounts that a value names: by handle, by name, or all of a network. The first that is unknown otherwise.
fn named(value: &str, accounts: &BTreeMap<AccountId, Account>) -> Result<Vec<AccountId>, String> {
    let mut found = Vec::new();
    for name in value.split([',', ';', '|']).map(str::trim).filter(|name| !name.is_empty()) {
        let wanted = name.trim_start_matches('@').to_lowercase();
        let is = |text: &str| text.trim_start_matches('@').to_lowercase() == wanted;
        let fits = |account: &&Account| {
            let profile = &account.profile;
            is(&account.full_handle()) || is(&profile.handle) || is(&profile.display_name) || is(account.network.name())
        };
        let before = found.len();
        found.extend(accounts.values().filter(|account| !account.removed).filter(fits).map(|account| account.id));
        if found.len() == before {
            return Err(shortened(name));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::read(text, None).unwrap()
    }

    fn planned(text: &str) -> Vec<ImportRow> {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        table(text).plan(&BTreeMap::new(), &[], "Europe/Oslo", now).into_iter().map(|planned| planned.row).collect()
    }

    #[test]
    fn the_tables_of_others_are_recognised() {
        for (text, layout, rows) in [
            ("Text,Image URL,Tags,Posting Time\nRye,,,2026-11-28 09:30\n", Layout::Buffer, 1),
            ("28/11/2026 09:30,\"Rye, fresh\",https://example.org\n29/11/2026 10:00,Oats,\n", Layout::Hootsuite, 2),
            ("Date,Message,URL\n11/28/2026 9:30 PM,Rye,\n", Layout::Hootsuite, 1),
            (
                "Date - Intl. format or prompt,Text,Link(s) - Separated by comma for FB carousels,Media URL(s),Title - For the video\n2026/11/28 09:30,Rye,,,\n",
                Layout::Publer,
                1,
            ),
            ("Beitrag;Datum;Uhrzeit\nRoggen;28.11.2026;09:30\n", Layout::Other, 1),
        ] {
            let read = table(text);
            assert_eq!((read.layout, read.rows.len()), (layout, rows), "{text}");
            let rows = planned(text);
            assert!(rows.iter().all(|row| row.when.is_some()), "{text}: {rows:?}");
            let problems: Vec<_> = rows.iter().flat_map(|row| &row.problems).collect();
            assert!(problems.iter().all(|problem| **problem == RowProblem::NoAccount), "{text}: {problems:?}");
            assert_eq!(rows[0].when.as_ref().unwrap().local.date(), jiff::civil::date(2026, 11, 28), "{text}");
        }
    }

    #[test]
    fn each_row_says_what_is_wrong_with_it() {
        let rows = planned(
            "Text,Date,Accounts\n,2026-11-28 09:30,\nRye,soon,\nRye,2020-01-01 09:00,\nRye,,\nRye,2026-11-28 09:30,@nobody\n",
        );
        let problems: Vec<Vec<RowProblem>> = rows.iter().map(|row| row.problems.clone()).collect();
        assert_eq!(
            problems,
            [
                vec![RowProblem::NoText, RowProblem::NoAccount],
                vec![RowProblem::NoDate { found: "soon".to_owned() }],
                vec![RowProblem::InThePast, RowProblem::NoAccount],
                vec![],
                vec![RowProblem::UnknownAccount { found: "@nobody".to_owned() }],
            ]
        );
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
        assert!(rows[3].when.is_none(), "a draft");
    }

    #[test]
    fn what_is_no_table_is_said() {
        for text in ["", "\n\n", "\u{FEFF}", &"x,".repeat(200), &"x\n".repeat(1_002), &"x".repeat(TABLE_MAX + 1)] {
            assert!(Table::read(text, None).is_err(), "{}", text.len());
        }
        assert_eq!(table(&"Rye\n".repeat(1_001)).rows.len(), 1_001);
        // quotes that never end take the rest of the file, and nothing else happens
        assert_eq!(table("Text\n\"Rye\nOats\n").rows.len(), 1);
    }
}
