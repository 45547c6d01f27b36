//! Frames of the driver's protocol over TCP.
//!
//! Invariant: a frame is sent with one write; a frame cut off in the middle is an error, between two frames it is the end.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

/// What the driver sends.
pub(crate) enum Frame<'a> {
    PowerOff,
    PowerOn,
    Reset,
    Atr,
    Command(&'a [u8]),
    /// A control of a later driver; nobody waits for an answer.
    Unknown,
}

pub(crate) struct Frames {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Frames {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Frames> {
        stream.set_nodelay(true)?;
        Ok(Frames { stream, buffer: Vec::new() })
    }

    /// The next frame, or none where the driver has hung up.
    pub(crate) fn receive(&mut self) -> io::Result<Option<Frame<'_>>> {
        let mut len = [0; 2];
        self.acknowledge_at_once();
        if !fill(&mut self.stream, &mut len)? {
            return Ok(None);
        }
        self.buffer.resize(usize::from(u16::from_be_bytes(len)), 0);
        self.acknowledge_at_once();
        if !fill(&mut self.stream, &mut self.buffer)? {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(match self.buffer.as_slice() {
            [0] => Frame::PowerOff,
            [1] => Frame::PowerOn,
            [2] => Frame::Reset,
            [4] => Frame::Atr,
            [] | [_] => Frame::Unknown,
            command => Frame::Command(command),
        }))
    }

    /// Sends a frame of at most 65,535 bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len = u16::try_from(bytes.len()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        let mut frame = Vec::with_capacity(bytes.len() + 2);
        frame.extend_from_slice(&len.to_be_bytes());
        frame.extend_from_slice(bytes);
        self.stream.write_all(&frame)
    }

    /// The kernel forgets this wish after a while, so it is repeated before each receive. Where it is not known, commands
    /// are slower and all else is the same.
    fn acknowledge_at_once(&self) {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let _ = socket2::SockRef::from(&self.stream).set_tcp_quickack(true);
    }
}

/// Fills the buffer; false where the other side closed before the first byte.
fn fill(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<bool> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset && filled == 0 => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
