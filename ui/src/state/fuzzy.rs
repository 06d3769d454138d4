//! Finds entries by a few letters: all words of the query, each as letters in order, better at the start of words.

/// How well `text` answers `query`; `None` if it does not. Higher is better. An empty query finds everything equally.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let folded: Vec<char> = text.chars().flat_map(fold).collect();
    query.split_whitespace().try_fold(0, |sum, word| {
        let word: Vec<char> = word.chars().flat_map(fold).collect();
        best(&word, &folded).map(|points| sum + points)
    })
}

/// Small letters without the marks that people leave out while typing.
fn fold(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().map(|small| match small {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'ß' => 's',
        other => other,
    })
}

/// The best of all ways to find the letters of `word` in `text` in order, starting at each place of the first letter.
fn best(word: &[char], text: &[char]) -> Option<i32> {
    let first = word.first()?;
    let starts = text.iter().enumerate().filter(|(_, letter)| *letter == first).map(|(at, _)| at);
    starts.filter_map(|start| walk(word, text, start)).max()
}

fn walk(word: &[char], text: &[char], start: usize) -> Option<i32> {
    let mut points = 0;
    let mut last: Option<usize> = None;
    let mut from = start;
    for letter in word {
        let at = from + text.get(from..)?.iter().position(|other| other == letter)?;
        points += match last {
            Some(last) if at == last + 1 => 8,
            _ if begins_word(text, at) => 10,
            Some(last) => 2 - i32::try_from((at - last).min(6)).unwrap_or(6),
            None => 1,
        };
        last = Some(at);
        from = at + 1;
    }
    // letters that are strewn over a text are no answer
    if points < 2 * i32::try_from(word.len()).unwrap_or(i32::MAX) {
        return None;
    }
    // among equals the earlier and the shorter one
    let late = i32::try_from(start.min(20)).unwrap_or(20) / 4;
    let long = i32::try_from(text.len().min(80)).unwrap_or(80) / 20;
    Some(points - late - long)
}

fn begins_word(text: &[char], at: usize) -> bool {
    at == 0 || text.get(at - 1).is_some_and(|before| !before.is_alphanumeric())
}

/// The indexes of the entries that answer `query`, best first, equal ones in their order; at most `limit`.
pub fn rank<'a>(query: &str, texts: impl Iterator<Item = &'a str>, limit: usize) -> Vec<usize> {
    let mut found: Vec<(i32, usize)> =
        texts.enumerate().filter_map(|(index, text)| score(query, text).map(|points| (points, index))).collect();
    found.sort_by_key(|(points, index)| (std::cmp::Reverse(*points), *index));
    found.into_iter().take(limit).map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(query: &str, texts: &[&'a str]) -> Vec<&'a str> {
        rank(query, texts.iter().copied(), 10).into_iter().map(|index| texts[index]).collect()
    }

    #[test]
    fn letters_in_order_are_found_and_others_are_not() {
        assert!(score("gtd", "Go to Today").is_some());
        assert!(score("xyz", "Go to Today").is_none());
        assert!(score("yadot", "Go to Today").is_none());
    }

    #[test]
    fn strewn_letters_are_no_answer() {
        assert!(score("rye", "Filter by text").is_none());
        assert!(score("rye", "Rye week").is_some());
        assert!(score("ost", "New post").is_some());
    }

    #[test]
    fn starts_of_words_win() {
        assert_eq!(found("pp", &["Stop the ripples", "Pause publishing"])[0], "Pause publishing");
        assert_eq!(found("cal", &["Local copies", "Go to Calendar"])[0], "Go to Calendar");
        assert_eq!(found("dark", &["Dread all risky keys", "Use the dark theme"])[0], "Use the dark theme");
    }

    #[test]
    fn words_may_come_in_any_order() {
        assert_eq!(found("post new", &["New post", "Old news"]), ["New post"]);
    }

    #[test]
    fn marks_may_be_left_out() {
        assert_eq!(found("losch", &["Beitrag löschen"]), ["Beitrag löschen"]);
        assert_eq!(found("LÖSCH", &["Beitrag löschen"]), ["Beitrag löschen"]);
    }

    #[test]
    fn an_empty_query_keeps_the_order() {
        assert_eq!(found("", &["b", "a", "c"]), ["b", "a", "c"]);
    }
}
