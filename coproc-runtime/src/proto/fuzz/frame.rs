//! Headers: refused, or written as they were read.

use crate::proto::frame::{ChannelField, HEADER, Header, MAX_FRAME};

/// A header, and the name that follows it.
pub fn frame(bytes: &[u8]) {
    let Some((raw, behind)) = bytes.split_first_chunk::<HEADER>() else { return };
    let Ok(header) = Header::read(raw) else { return };
    let mut written = Vec::new();
    header.write(&mut written);
    assert_eq!(written, raw);
    assert!(header.prefix() <= header.length as usize && header.length as usize <= MAX_FRAME);
    let Some(name) = behind.get(..header.channel.name_length()) else { return };
    if let Ok(channel) = header.channel.resolve(name) {
        assert_eq!((ChannelField::of(&channel), channel.name()), (header.channel, name));
    }
}
