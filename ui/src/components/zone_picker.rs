use jiff::tz::{self, TimeZone};
use yew::prelude::*;

use super::{Combobox, Entry};
use crate::frame::context::use_clock;
use crate::i18n::use_texts;
use crate::state::time::city;

#[derive(Properties, PartialEq)]
pub struct ZonePickerProps {
    pub id: AttrValue,
    /// IANA name; empty for the computer's own, if `own` is given.
    pub value: AttrValue,
    pub onchange: Callback<AttrValue>,
    /// Offers "this computer's own", which is this zone.
    #[prop_or_default]
    pub own: Option<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
}

/// Chooses a time zone by the name of a city, a country's part or an offset.
#[component]
pub fn ZonePicker(props: &ZonePickerProps) -> Html {
    let t = use_texts();
    let clock = use_clock();
    let now = clock.now;
    let zones = use_memo(now.as_second() / 3600, |_| {
        let mut entries: Vec<Entry> = tz::db()
            .available()
            .filter(|name| is_place(name.as_str()))
            .filter_map(|name| {
                let zone = TimeZone::get(name.as_str()).ok()?;
                let name = name.as_str().to_owned();
                let text = match name.split_once('/') {
                    Some((region, _)) => format!("{} ({region})", city(&name)),
                    None => name.clone(),
                };
                Some(Entry { key: name.into(), text: text.into(), note: offset(&zone, now).into() })
            })
            .collect();
        entries.sort_by(|a, b| a.text.cmp(&b.text));
        entries
    });
    let mut entries = Vec::with_capacity(zones.len() + 1);
    if let Some(own) = &props.own {
        entries.push(Entry { key: "".into(), text: (t.frame.zone_own)(&city(own)).into(), note: "".into() });
    }
    entries.extend(zones.iter().cloned());
    let value = if is_utc(&props.value) { AttrValue::Static("UTC") } else { props.value.clone() };
    if !value.is_empty() && entries.iter().all(|entry| entry.key != value) {
        let zone = crate::state::time::zone(&value);
        entries.push(Entry { key: value.clone(), text: value.clone(), note: offset(&zone, now).into() });
    }
    html! {
        <Combobox
            id={props.id.clone()}
            {entries}
            {value}
            onchange={props.onchange.clone()}
            label={t.frame.zone_label}
            nothing={t.frame.zone_none}
            disabled={props.disabled}
        />
    }
}

/// Zones that people live in, and UTC; not the old names and the fixed offsets.
fn is_place(name: &str) -> bool {
    const REGIONS: [&str; 9] =
        ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    name == "UTC" || name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region))
}

/// The names under which systems know UTC; it is shown as one.
fn is_utc(name: &str) -> bool {
    matches!(name, "Etc/UTC" | "Etc/UCT" | "Etc/Universal" | "Etc/Zulu" | "UCT" | "Universal" | "Zulu")
}

/// "UTC+05:45"
fn offset(zone: &TimeZone, at: jiff::Timestamp) -> String {
    let seconds = zone.to_offset(at).seconds();
    let minutes = seconds.abs() / 60;
    let sign = if seconds < 0 { '−' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_written_out() {
        let at = "2026-11-22T12:00:00Z".parse().unwrap();
        let read = |name: &str| offset(&TimeZone::get(name).unwrap(), at);
        assert_eq!(read("Asia/Kathmandu"), "UTC+05:45");
        assert_eq!(read("America/New_York"), "UTC−05:00");
        assert_eq!(read("UTC"), "UTC+00:00");
    }
}
