//! The board of ideas as it is shown: filtered, with one current idea that the keys act on.

use contract::ideas::{IdeaBoard, IdeaView};
use domain::id::{ColumnId, IdeaId};

/// A column as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub column: ColumnId,
    pub name: String,
    /// Those that pass the filter.
    pub ideas: Vec<IdeaView>,
    /// All that stand in it.
    pub total: usize,
}

/// Where keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Left,
    Right,
}

/// Those whose title, note, link or tags hold every word of the filter.
pub fn shown(board: &IdeaBoard, filter: &str) -> Vec<Shown> {
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let passes = |view: &&IdeaView| {
        let text = &view.idea.text;
        let all = [&text.title, &text.note, &text.link].map(|text| text.to_lowercase());
        let tags: Vec<String> = text.tags.iter().map(|tag| format!("#{}", tag.to_lowercase())).collect();
        words.iter().all(|word| all.iter().chain(&tags).any(|text| text.contains(word)))
    };
    let column = |column: &contract::ideas::ColumnView| Shown {
        column: column.column,
        name: column.name.clone(),
        ideas: column.ideas.iter().filter(passes).cloned().collect(),
        total: column.ideas.len(),
    };
    board.columns.iter().map(column).collect()
}

/// Column and row of an idea.
pub fn find(columns: &[Shown], idea: IdeaId) -> Option<(usize, usize)> {
    columns.iter().enumerate().find_map(|(column, shown)| {
        let row = shown.ideas.iter().position(|view| view.idea.id == idea)?;
        Some((column, row))
    })
}

/// The idea that a key goes to; columns without ideas are passed over.
pub fn step(columns: &[Shown], from: Option<IdeaId>, way: Way) -> Option<IdeaId> {
    let at = |column: usize, row: usize| {
        let ideas = &columns.get(column)?.ideas;
        ideas.get(row.min(ideas.len().saturating_sub(1))).map(|view| view.idea.id)
    };
    let Some((column, row)) = from.and_then(|idea| find(columns, idea)) else {
        return columns.iter().flat_map(|column| &column.ideas).next().map(|view| view.idea.id);
    };
    let beside = match way {
        Way::Up => at(column, row.saturating_sub(1)),
        Way::Down => at(column, row + 1),
        Way::Left => (0..column).rev().find_map(|column| at(column, row)),
        Way::Right => (column + 1..columns.len()).find_map(|column| at(column, row)),
    };
    beside.or(from)
}

/// Where an idea is put by a key: the column, and the idea that it stands before.
pub fn moved(columns: &[Shown], idea: IdeaId, way: Way) -> Option<(ColumnId, Option<IdeaId>)> {
    let (column, row) = find(columns, idea)?;
    let id = |column: &Shown, row: usize| column.ideas.get(row).map(|view| view.idea.id);
    let here = columns.get(column)?;
    match way {
        Way::Up => Some((here.column, Some(id(here, row.checked_sub(1)?)?))),
        Way::Down => {
            id(here, row + 1)?;
            Some((here.column, id(here, row + 2)))
        }
        Way::Left => columns.get(column.checked_sub(1)?).map(|there| (there.column, id(there, row))),
        Way::Right => columns.get(column + 1).map(|there| (there.column, id(there, row))),
    }
}

/// A move that was asked for, until the board shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub idea: IdeaId,
    pub column: ColumnId,
    pub before: Option<IdeaId>,
    /// The program did it; the next board that it answers has it.
    pub done: bool,
}

/// The board as it will be when all moves are done.
pub fn after(board: &IdeaBoard, moves: &[Move]) -> IdeaBoard {
    let mut board = board.clone();
    for Move { idea, column, before, .. } in moves {
        // an idea or a column that is gone is left out, as the program leaves it out
        if !board.columns.iter().any(|there| there.column == *column) {
            continue;
        }
        let is_it = |view: &IdeaView| view.idea.id == *idea;
        let Some(view) = board.columns.iter().flat_map(|column| &column.ideas).find(|view| is_it(view)).cloned() else {
            continue;
        };
        for there in &mut board.columns {
            there.ideas.retain(|view| !is_it(view));
            if there.column == *column {
                let at = before.and_then(|before| there.ideas.iter().position(|view| view.idea.id == before));
                there.ideas.insert(at.unwrap_or(there.ideas.len()), view.clone());
            }
        }
    }
    board
}

/// "bread, rye" as tags.
pub fn tags(text: &str) -> Vec<String> {
    let tags = text.split(',').map(|tag| tag.trim().trim_start_matches('#').trim());
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Whether a line that was written is an address, so that it is kept as one.
pub fn is_link(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use contract::ideas::ColumnView;
    use domain::id::PersonId;
    use domain::idea::{Idea, IdeaText};
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> IdeaId {
        IdeaId::new(Uuid::from_u128(number))
    }

    fn view(number: u128, title: &str, tags: &[&str]) -> IdeaView {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let text = IdeaText { title: title.into(), tags, ..IdeaText::default() };
        let (created_at, updated_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let author = PersonId::new(Uuid::nil());
        IdeaView {
            idea: Idea { id: id(number), author, text, post: None, deleted: false, created_at, updated_at },
            status: None,
        }
    }

    fn board() -> IdeaBoard {
        let column = |number: u128, ideas: Vec<IdeaView>| ColumnView {
            column: ColumnId::new(Uuid::from_u128(number)),
            name: String::new(),
            ideas,
        };
        IdeaBoard {
            columns: vec![
                column(1, vec![view(1, "Rye week", &["bread"]), view(2, "Ovens", &[]), view(3, "Rye rolls", &[])]),
                column(2, vec![]),
                column(3, vec![view(4, "Rye beer", &["Drinks"])]),
            ],
        }
    }

    #[test]
    fn a_filter_keeps_what_holds_every_word() {
        let count = |filter: &str| {
            shown(&board(), filter).iter().map(|column| (column.ideas.len(), column.total)).collect::<Vec<_>>()
        };
        assert_eq!(count(""), [(3, 3), (0, 0), (1, 1)]);
        assert_eq!(count("RYE"), [(2, 3), (0, 0), (1, 1)]);
        assert_eq!(count("rye week"), [(1, 3), (0, 0), (0, 1)]);
        assert_eq!(count("#drinks"), [(0, 3), (0, 0), (1, 1)]);
    }

    #[test]
    fn keys_walk_over_the_board_and_pass_over_empty_columns() {
        let columns = shown(&board(), "");
        let go = |from: u128, way: Way| step(&columns, Some(id(from)), way);
        assert_eq!(step(&columns, None, Way::Down), Some(id(1)));
        assert_eq!((go(1, Way::Down), go(3, Way::Down), go(1, Way::Up)), (Some(id(2)), Some(id(3)), Some(id(1))));
        assert_eq!((go(3, Way::Right), go(4, Way::Left), go(4, Way::Right)), (Some(id(4)), Some(id(1)), Some(id(4))));
        assert_eq!(step(&[], None, Way::Left), None);
    }

    #[test]
    fn keys_move_an_idea_by_one() {
        let columns = shown(&board(), "");
        let by = |idea: u128, way: Way| {
            moved(&columns, id(idea), way).map(|(column, before)| (column.uuid().as_u128(), before))
        };
        assert_eq!(by(2, Way::Up), Some((1, Some(id(1)))));
        assert_eq!(by(1, Way::Down), Some((1, Some(id(3)))));
        assert_eq!(by(2, Way::Down), Some((1, None)));
        assert_eq!((by(1, Way::Up), by(3, Way::Down)), (None, None));
        assert_eq!((by(1, Way::Right), by(4, Way::Left), by(4, Way::Right)), (Some((2, None)), Some((2, None)), None));
    }

    #[test]
    fn moves_under_way_are_seen_by_the_next_key() {
        let step = |moves: &mut Vec<Move>, way: Way| {
            let columns = shown(&after(&board(), moves), "");
            if let Some((column, before)) = moved(&columns, id(1), way) {
                moves.push(Move { idea: id(1), column, before, done: false });
            }
        };
        let mut moves = Vec::new();
        step(&mut moves, Way::Right);
        step(&mut moves, Way::Right);
        step(&mut moves, Way::Down);
        let columns = shown(&after(&board(), &moves), "");
        assert_eq!(find(&columns, id(1)), Some((2, 1)));
        assert_eq!(columns.iter().map(|column| column.total).collect::<Vec<_>>(), [2, 0, 2]);
        // done, and shown already: once more changes nothing
        let there = after(&board(), &moves);
        assert_eq!(after(&there, &moves), there);
        let gone = Move { idea: id(9), column: ColumnId::new(Uuid::from_u128(1)), before: None, done: false };
        let nowhere = Move { idea: id(1), column: ColumnId::new(Uuid::from_u128(9)), before: None, done: false };
        assert_eq!(after(&board(), &[gone, nowhere]), board());
    }

    #[test]
    fn tags_and_links_are_read_as_they_are_written() {
        assert_eq!(tags(" bread, #rye ,, , two words"), ["bread", "rye", "two words"]);
        assert!(is_link(" https://a.example/b ") && !is_link("https://a.example and more") && !is_link("a.example"));
    }
}
