//! The message enums by themselves: what they derive, how they are encoded, sent over a typed messenger.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use coproc::{PriorityMessenger, codec};
use serde::{Deserialize, Serialize};

use crate::{remote, same};

/// They derive what is asked for, where the user's types allow it.
#[coproc::worker(derive(Debug, Clone, PartialEq))]
trait Chess<Piece: Copy, const N: usize> {
    type Move;
    type Error;

    fn play(
        &mut self,
        player: &str,
        moves: &[Self::Move],
        piece: Option<&Piece>,
    ) -> Result<usize, Self::Error>;
    fn board(&self) -> [Option<Piece>; N];
    fn best(&self, among: &mut Vec<Self::Move>) -> Cow<'_, str>;
    #[norequest]
    #[priority(3)]
    fn resign(&mut self, why: Cow<'_, str>, piece: Piece);
    #[priority(-2)]
    fn moves(&self, of: Piece) -> Vec<&Self::Move>;
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Step {
    from: u8,
    to: u8,
}

#[derive(Default)]
struct Game {
    steps: Vec<Step>,
    board: BTreeMap<usize, char>,
}

impl Chess<char, 4> for Game {
    type Move = Step;
    type Error = String;

    fn play(&mut self, player: &str, moves: &[Step], piece: Option<&char>) -> Result<usize, String> {
        let piece = piece.ok_or_else(|| format!("{player} moves nothing"))?;
        for step in moves {
            self.board.insert(usize::from(step.to), *piece);
        }
        self.steps.extend_from_slice(moves);
        Ok(self.steps.len())
    }
    fn board(&self) -> [Option<char>; 4] {
        std::array::from_fn(|at| self.board.get(&at).copied())
    }
    fn best(&self, among: &mut Vec<Step>) -> Cow<'_, str> {
        among.retain(|step| step.to < 4);
        format!("{} of {}", among.len(), self.steps.len()).into()
    }
    fn resign(&mut self, why: Cow<'_, str>, piece: char) {
        self.board = BTreeMap::from([(why.len(), piece)]);
    }
    fn moves(&self, of: char) -> Vec<&Step> {
        let is_of = |step: &&Step| self.board.get(&usize::from(step.to)) == Some(&of);
        self.steps.iter().filter(is_of).collect()
    }
}

type Request<'a> = ChessRequest<'a, char, Step>;
type Reply = ChessReply<char, 4, Step, String>;
type NoRequest<'a> = ChessNoRequest<'a, char>;

fn step(from: u8, to: u8) -> Step {
    Step { from, to }
}

#[test]
fn a_game_is_played() {
    let (mut here, there) = (Game::default(), remote(ChessWorker(Game::default())));
    let steps = [step(0, 1), step(1, 3)];
    same!(here, there => play("white", &steps, Some(&'K')), play("black", &steps, None), board());
    let (mut here_among, mut there_among) = (vec![step(1, 9), step(2, 2)], vec![step(1, 9), step(2, 2)]);
    assert_eq!(there.best(&mut there_among).unwrap(), here.best(&mut here_among));
    assert_eq!(there_among, here_among);
    assert_eq!(there.moves('K').unwrap().iter().collect::<Vec<_>>(), here.moves('K'));
    there.resign("why".into(), 'q').unwrap();
    here.resign("why".into(), 'q');
    same!(here, there => board());
}

/// Written and read again, it is the same, and what was asked for is derived.
fn crosses<'p, T>(message: &T, payload: &'p mut Vec<u8>) -> T
where
    T: Serialize + Deserialize<'p> + Clone + PartialEq + Debug,
{
    codec::encode(message, payload).unwrap();
    let read: T = codec::decode(payload).unwrap();
    assert_eq!(&read, message);
    assert_eq!(format!("{read:?}"), format!("{:?}", message.clone()));
    read
}

#[test]
fn requests_are_values() {
    let moves = [step(1, 2)];
    let request: Request<'_> = Request::Play {
        player: "white",
        moves: coproc::carry::Ref::Lent(&moves),
        piece: Some(coproc::carry::Ref::Lent(&'K')),
    };
    let mut payload = Vec::new();
    match crosses(&request, &mut payload) {
        ChessRequest::Play { player, moves, piece } => {
            assert_eq!((player, &*moves, piece.as_deref()), ("white", &[step(1, 2)][..], Some(&'K')));
        }
        _ => panic!("another method's"),
    }
    assert_ne!(request, Request::Board {});
    assert_eq!(request.priority(), coproc::Priority::default());
    let moves: Request<'_> = Request::Moves { of: 'K' };
    assert_eq!(moves.priority(), coproc::Priority::from(-2));
    let best: Request<'_> = Request::Best { among: coproc::carry::Ref::Held(vec![step(3, 4)]) };
    assert!(matches!(crosses(&best, &mut Vec::new()), ChessRequest::Best { among } if among.len() == 1));
    let resign = NoRequest::Resign { why: "lost".into(), piece: 'q' };
    let mut payload = Vec::new();
    assert!(
        matches!(crosses(&resign, &mut payload), ChessNoRequest::Resign { why, piece: 'q' } if why == "lost")
    );
    assert_eq!(resign.priority(), coproc::Priority::from(3));
}

#[test]
fn replies_are_values() {
    for reply in [
        Reply::Play(Ok(7)),
        Reply::Play(Err("no".to_owned())),
        Reply::Board([None, Some('K'), None, Some('q')]),
        Reply::Best("best".into(), vec![step(0, 9)]),
        Reply::Moves(vec![step(1, 2), step(3, 4)]),
    ] {
        crosses(&reply, &mut Vec::new());
    }
    let mut payload = Vec::new();
    codec::encode(&Reply::Moves(vec![step(1, 2)]), &mut payload).unwrap();
    payload.pop();
    assert!(codec::decode::<Reply>(&payload).is_err());
}

/// All that it takes is owned, so its requests can be received as well.
#[coproc::worker(derive(Debug))]
trait Renderer<Scene, const SIDE: usize> {
    fn render(&mut self, scene: Scene, marks: Option<Vec<String>>) -> Result<[u8; SIDE], String>;
    #[priority(-5)]
    fn preview(&self, scenes: [Scene; 2]) -> bool;
    #[norequest]
    #[priority(-9)]
    fn cancel(&mut self, id: u32);
}

#[derive(Default)]
struct Flat {
    cancelled: u32,
}

impl<const SIDE: usize> Renderer<Step, SIDE> for Flat {
    fn render(&mut self, scene: Step, marks: Option<Vec<String>>) -> Result<[u8; SIDE], String> {
        match marks {
            Some(marks) => Err(marks.concat()),
            None => Ok([scene.from + self.cancelled as u8; SIDE]),
        }
    }
    fn preview(&self, [one, other]: [Step; 2]) -> bool {
        one == other
    }
    fn cancel(&mut self, id: u32) {
        self.cancelled += id;
    }
}

#[test]
fn a_renderer_draws() {
    let (mut here, there) = (Flat::default(), remote(RendererWorker::<_, Step, 4>(Flat::default())));
    let here: &mut dyn Renderer<Step, 4> = &mut here;
    same!(here, there =>
        render(step(1, 2), None),
        render(step(1, 2), Some(vec!["a".to_owned(), "b".to_owned()])),
        preview([step(1, 2), step(1, 2)]),
    );
    there.cancel(3).unwrap();
    here.cancel(3);
    same!(here, there => render(step(1, 2), None));
}

#[test]
fn requests_are_sent_over_a_messenger() {
    type Request = RendererRequest<Step>;
    type Reply = RendererReply<4>;
    let (host, worker) = PriorityMessenger::<Request, Reply>::pair().unwrap();
    let host = host.prioritized_by(RendererRequest::priority);
    // One after the other, and the reply to each in its turn.
    let requests = [
        Request::Render { scene: step(3, 4), marks: None },
        Request::Preview { scenes: [step(1, 1), step(2, 2)] },
        Request::Render { scene: step(3, 4), marks: Some(vec!["why".to_owned()]) },
    ];
    let there = std::thread::spawn(move || {
        let mut flat = Flat::default();
        for _ in 0..3 {
            let request = worker.receive_blocking(()).unwrap();
            let (id, priority) = (request.id(), request.priority());
            let request = request.into_inner();
            assert_eq!(priority, request.priority(), "{request:?}");
            let reply = match request {
                Request::Render { scene, marks } => Reply::Render(flat.render(scene, marks)),
                Request::Preview { scenes } => Reply::Preview(Renderer::<_, 4>::preview(&flat, scenes)),
            };
            worker.send_reply_to(id, reply).unwrap();
        }
    });
    for request in requests {
        host.send_request(request, ()).unwrap();
    }
    let mut replies: Vec<_> =
        (0..3).map(|_| format!("{:?}", host.receive_blocking(()).unwrap().into_inner())).collect();
    replies.sort();
    assert_eq!(replies, ["Preview(false)", "Render(Err(\"why\"))", "Render(Ok([3, 3, 3, 3]))"]);
    there.join().unwrap();
    let cancel = RendererNoRequest::Cancel { id: 7 };
    assert_eq!(
        (cancel.priority(), format!("{cancel:?}")),
        (coproc::Priority::from(-9), "Cancel { id: 7 }".to_owned())
    );
}
