//! What a request asks for beside its answer.

use super::Deadline;

/// What a request asks for beside its answer; nothing by default.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Terms {
    /// When its sender gives it up, if ever.
    pub deadline: Option<Deadline>,
    /// When its answer is to be written.
    pub delivery: Delivery,
}

/// When the answer to a request is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Delivery {
    /// At once.
    #[default]
    Prompt,
    /// With the answers to other requests that have come already, if that does not take long. What is sent so is one of many
    /// small messages, also where it is owed no answer: not before each of them is looked for more urgent ones.
    Gathered,
}
