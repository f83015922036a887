//! Channels named by any value.

use serde::Serialize;

use crate::codec::{self, CodecError};
use crate::proto::ChannelId;

impl ChannelId {
    /// The channel that any serialisable value names.
    ///
    /// Two values name the same channel if the codec writes them as the same bytes, whatever their types; for a map
    /// or a set that means the same order of entries, which a `HashMap` doesn't keep.
    ///
    /// # Errors
    /// When the codec can't write the value.
    ///
    /// # Examples
    /// ```
    /// # use coproc_runtime as coproc;
    /// use coproc::proto::ChannelId;
    ///
    /// assert_eq!(ChannelId::of(&("user", 7))?, ChannelId::of(&(String::from("user"), 7))?);
    /// # Ok::<(), coproc::codec::CodecError>(())
    /// ```
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, CodecError> {
        let mut bytes = Vec::new();
        codec::encode(value, &mut bytes)?;
        Ok(ChannelId::from_bytes(&bytes))
    }
}
