//! Moving ideas: a move is seen at once, and the program does one after the other.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use contract::ideas::{IdeaBoard, MoveIdea};
use yew::prelude::*;

use crate::backend::same;
use crate::frame::context::Toaster;
use crate::state::board::{self, Move};

/// A move, and what is said when it is done.
type Request = (MoveIdea, String);

/// What waits for the program's answer, the one that it was asked first.
type Line = Rc<RefCell<VecDeque<Request>>>;

/// The board as it will be, for eyes and for the next key: a key that comes before the program's answer counts from there.
#[hook]
pub fn use_moving(board: Option<Rc<IdeaBoard>>, toaster: &Toaster) -> (Option<Rc<IdeaBoard>>, Callback<Request>) {
    let moves = use_mut_ref(Vec::<Move>::new);
    let line: Line = use_mut_ref(VecDeque::new);
    let redraw = {
        let redraw = use_force_update();
        Callback::from(move |()| redraw.force_update())
    };
    let last = use_mut_ref(|| None::<Rc<IdeaBoard>>);
    // an answer that came after a move was done shows it
    if !same(last.borrow().as_ref(), board.as_ref()) {
        moves.borrow_mut().retain(|one| !one.done);
        last.borrow_mut().clone_from(&board);
    }
    let seen = match &board {
        Some(board) if !moves.borrow().is_empty() => Some(Rc::new(board::after(board, &moves.borrow()))),
        _ => board,
    };
    let ask = {
        let (toaster, redraw) = (toaster.clone(), redraw.clone());
        Callback::from(move |request: Request| {
            let MoveIdea { idea, column, before } = request.0;
            moves.borrow_mut().push(Move { idea, column, before, done: false });
            redraw.emit(());
            line.borrow_mut().push_back(request);
            if line.borrow().len() == 1 {
                send(&toaster, &line, &moves, &redraw);
            }
        })
    };
    (seen, ask)
}

/// Asks for the first of the line; its answer sends the next.
fn send(toaster: &Toaster, line: &Line, moves: &Rc<RefCell<Vec<Move>>>, redraw: &Callback<()>) {
    let Some((command, said)) = line.borrow().front().cloned() else { return };
    let (again, line, moves, redraw) = (toaster.clone(), line.clone(), moves.clone(), redraw.clone());
    toaster.run_then(command, said, move |answer| {
        {
            let mut moves = moves.borrow_mut();
            if let Some(at) = moves.iter().position(|one| !one.done) {
                match (answer, moves.get_mut(at)) {
                    (Some(_), Some(one)) => one.done = true,
                    // it stands where it stood
                    _ => drop(moves.remove(at)),
                }
            }
        }
        redraw.emit(());
        line.borrow_mut().pop_front();
        send(&again, &line, &moves, &redraw);
    });
}
