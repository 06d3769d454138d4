//! What the sample's personas say. A word in braces is filled in anew for each post, see [`fill`].

pub(super) mod bakery;
pub(super) mod careers;
pub(super) mod hamburg;
pub(super) mod ines;
pub(super) mod makhbaz;

use jiff::civil::Date;

use super::pictures::Picture;

/// One thing to say.
#[derive(Debug)]
pub(super) struct Text {
    /// Empty: lists show the first line.
    pub title: &'static str,
    /// First the post, then the replies below it.
    pub parts: &'static [&'static str],
    /// The words of its own for Mastodon; empty if it inherits.
    pub mastodon: &'static [&'static str],
    /// Only with words of its own.
    pub warning: &'static str,
    pub pictures: &'static [Picture],
}

pub(super) const fn text(title: &'static str, parts: &'static [&'static str]) -> Text {
    Text { title, parts, mastodon: &[], warning: "", pictures: &[] }
}

impl Text {
    pub(super) const fn mastodon(self, mastodon: &'static [&'static str]) -> Self {
        Self { mastodon, ..self }
    }

    pub(super) const fn behind(self, warning: &'static str, mastodon: &'static [&'static str]) -> Self {
        Self { warning, mastodon, ..self }
    }

    pub(super) const fn with(self, pictures: &'static [Picture]) -> Self {
        Self { pictures, ..self }
    }
}

/// What the words in braces stand for.
const LISTS: [(&str, &[&str]); 14] = [
    ("flour", &["rye", "spelt", "emmer", "barley", "einkorn", "oat", "buckwheat", "whole wheat"]),
    ("bun", &["cardamom bun", "cinnamon knot", "saffron bun", "skolebolle", "almond croissant", "blueberry danish"]),
    ("place", &["Grünerløkka", "Majorstuen", "Bjørvika", "Vippa", "Frogner", "Tøyen", "Aker Brygge", "Sagene"]),
    ("name", &["Kari", "Ben", "Tuva", "Emeka", "Linh", "Jonas", "Fatima", "Ola", "Sunniva", "Mateusz"]),
    ("role", &["night baker", "barista", "pastry chef", "delivery rider", "counter lead", "apprentice baker"]),
    ("song", &["a slow Bill Evans", "the second side of Hejira", "Ane Brun live", "something by Sakamoto"]),
    ("mood", &["foggy", "bright", "windy", "quiet", "frosty", "rainy"]),
    ("mehl", &["Roggen", "Dinkel", "Emmer", "Einkorn", "Weizenvollkorn", "Gerste"]),
    ("viertel", &["Altona", "Ottensen", "St. Pauli", "Eimsbüttel", "Barmbek", "Winterhude", "Wilhelmsburg"]),
    ("sorte", &["Franzbrötchen", "Rundstück", "Streuselkuchen", "Mohnschnecke", "Rosinenbrötchen"]),
    ("mel", &["rug", "spelt", "bygg", "havre", "emmer"]),
    ("خبز", &["خبز الشعير", "الخبز البلدي", "خبز الجاودار", "المناقيش", "خبز التنور"]),
    ("اسم", &["فاطمة", "ياسر", "ليلى", "سامي", "نور", "هدى"]),
    ("topic", &["feedback", "rest", "meetings", "handovers", "hiring", "the first week", "saying no", "leaving well"]),
];

/// Puts words in the place of the braces: the same word for the same name within one post, `{n}` a number from 6 to 29,
/// `{weekday}` and `{wochentag}` the day on which it goes out. A name that is not known stays as it is.
pub(super) fn fill(template: &str, seed: u64, day: Date) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        match word(name, seed, day) {
            Some(word) => filled.push_str(&word),
            None => {
                filled.push('{');
                filled.push_str(name);
                filled.push('}');
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    if template.starts_with('{') { capitalised(&filled) } else { filled }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn word(name: &str, seed: u64, day: Date) -> Option<String> {
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
    match name {
        "n" => Some((6 + seed % 24).to_string()),
        "weekday" => WEEKDAYS.get(weekday).map(|word| (*word).to_owned()),
        "wochentag" => WOCHENTAGE.get(weekday).map(|word| (*word).to_owned()),
        _ => {
            let (place, (_, words)) = LISTS.iter().enumerate().find(|(_, (known, _))| *known == name)?;
            // each list turns at its own speed, so that few pairs of words come together twice
            let turn = seed.rotate_left(u32::try_from(place).ok()? * 5) as usize;
            words.get(turn % words.len()).map(|word| (*word).to_owned())
        }
    }
}

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WOCHENTAGE: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn braces_are_filled_and_the_rest_stays() {
        let monday = date(2026, 11, 23);
        assert_eq!(fill("{weekday}: {n} loaves", 0, monday), "Monday: 6 loaves");
        assert_eq!(fill("{mel}brød", 0, monday), "Rugbrød");
        assert_eq!(fill("no braces, {unknown} and {open", 7, monday), "no braces, {unknown} and {open");
        let twice = fill("{flour} {flour}", 99, monday);
        let (first, second) = twice.split_once(' ').unwrap();
        assert_eq!(first.to_lowercase(), second);
    }
}
