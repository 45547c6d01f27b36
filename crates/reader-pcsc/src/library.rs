//! The six calls of the PC/SC library that are needed, behind safe functions.
//!
//! Types follow pcsc-lite's `wintypes.h` (Linux: long) and macOS's PCSC framework (32 bits).
#![expect(unsafe_code, reason = "a C library is opened at run time; each block says why it is sound")]

use libloading::Library as Opened;
use std::ffi::{CString, c_char, c_void};
use std::ptr::{null, null_mut};

#[cfg(not(target_os = "macos"))]
mod types {
    pub(super) type Long = std::ffi::c_long;
    pub(super) type Dword = std::ffi::c_ulong;
}
#[cfg(target_os = "macos")]
mod types {
    pub(super) type Long = i32;
    pub(super) type Dword = u32;
}
use types::{Dword, Long};

#[cfg(not(target_os = "macos"))]
pub(crate) const NAME: &str = "libpcsclite.so.1";
#[cfg(target_os = "macos")]
pub(crate) const NAME: &str = "/System/Library/Frameworks/PCSC.framework/PCSC";

pub(crate) const SHARING_VIOLATION: u32 = 0x8010_000B;
pub(crate) const NO_SMARTCARD: u32 = 0x8010_000C;
pub(crate) const NO_SERVICE: u32 = 0x8010_001D;
pub(crate) const SERVICE_STOPPED: u32 = 0x8010_001E;
pub(crate) const NO_READERS_AVAILABLE: u32 = 0x8010_002E;
pub(crate) const UNRESPONSIVE_CARD: u32 = 0x8010_0066;
pub(crate) const UNPOWERED_CARD: u32 = 0x8010_0067;
pub(crate) const REMOVED_CARD: u32 = 0x8010_0069;

const SCOPE_SYSTEM: Dword = 2;
const SHARE_EXCLUSIVE: Dword = 1;
const PROTOCOL_T0_OR_T1: Dword = 3;
const PROTOCOL_T1: Dword = 2;
const RESET_CARD: Dword = 1;

/// A context with the service.
#[derive(Clone, Copy)]
pub(crate) struct Context(Long);
/// A connected card.
#[derive(Clone, Copy)]
pub(crate) struct Handle(Long);
/// The transmission protocol in use.
#[derive(Clone, Copy)]
pub(crate) struct Protocol(Dword);

impl Protocol {
    pub(crate) fn is_t1(self) -> bool {
        self.0 == PROTOCOL_T1
    }
}

#[repr(C)]
struct IoRequest {
    protocol: Dword,
    len: Dword,
}

type EstablishContext = unsafe extern "C" fn(Dword, *const c_void, *const c_void, *mut Long) -> Long;
type ReleaseContext = unsafe extern "C" fn(Long) -> Long;
type ListReaders = unsafe extern "C" fn(Long, *const c_char, *mut c_char, *mut Dword) -> Long;
type Connect = unsafe extern "C" fn(Long, *const c_char, Dword, Dword, *mut Long, *mut Dword) -> Long;
type Disconnect = unsafe extern "C" fn(Long, Dword) -> Long;
type Transmit =
    unsafe extern "C" fn(Long, *const IoRequest, *const u8, Dword, *mut IoRequest, *mut u8, *mut Dword) -> Long;

/// The opened library and its calls. The function pointers stay valid as long as `_opened` is held.
pub(crate) struct Library {
    establish_context: EstablishContext,
    release_context: ReleaseContext,
    list_readers: ListReaders,
    connect: Connect,
    disconnect: Disconnect,
    transmit: Transmit,
    _opened: Opened,
}

fn check(code: Long) -> Result<(), u32> {
    // The low 32 bits are the code; on Linux it comes in a long.
    if code == 0 { Ok(()) } else { Err(code as u32) }
}

impl Library {
    /// Opens the library, if the machine has it with all six calls.
    pub(crate) fn open() -> Option<Library> {
        // SAFETY: the library is the system's own, and its initialisers are those that linking with it would run.
        let opened = unsafe { Opened::new(NAME) }.ok()?;
        macro_rules! call {
            ($name:literal, $type:ty) => {
                // SAFETY: the types above are those of the library's public header for this symbol.
                *unsafe { opened.get::<$type>($name) }.ok()?
            };
        }
        Some(Library {
            establish_context: call!(c"SCardEstablishContext", EstablishContext),
            release_context: call!(c"SCardReleaseContext", ReleaseContext),
            list_readers: call!(c"SCardListReaders", ListReaders),
            connect: call!(c"SCardConnect", Connect),
            disconnect: call!(c"SCardDisconnect", Disconnect),
            transmit: call!(c"SCardTransmit", Transmit),
            _opened: opened,
        })
    }

    pub(crate) fn establish_context(&self) -> Result<Context, u32> {
        let mut context = 0;
        // SAFETY: the last pointer is to a live variable; the others are reserved and null.
        check(unsafe { (self.establish_context)(SCOPE_SYSTEM, null(), null(), &raw mut context) })?;
        Ok(Context(context))
    }

    pub(crate) fn release_context(&self, context: Context) {
        // SAFETY: passes numbers only. A failure leaves nothing to do.
        let _ = unsafe { (self.release_context)(context.0) };
    }

    pub(crate) fn list_readers(&self, context: Context) -> Result<Vec<String>, u32> {
        let mut len: Dword = 0;
        // SAFETY: a null buffer asks for the length only, which goes into a live variable.
        check(unsafe { (self.list_readers)(context.0, null(), null_mut(), &raw mut len) })?;
        let mut names = vec![0u8; len as usize];
        // SAFETY: the buffer has the `len` bytes that it is said to have.
        check(unsafe { (self.list_readers)(context.0, null(), names.as_mut_ptr().cast(), &raw mut len) })?;
        names.truncate(len as usize);
        let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    }

    pub(crate) fn connect(&self, context: Context, reader: &str) -> Result<(Handle, Protocol), u32> {
        let reader = CString::new(reader).map_err(|_| NO_READERS_AVAILABLE)?;
        let (mut handle, mut protocol) = (0, 0);
        // SAFETY: `reader` ends in a zero byte and outlives the call; the last two pointers are to live variables.
        check(unsafe {
            (self.connect)(
                context.0,
                reader.as_ptr(),
                SHARE_EXCLUSIVE,
                PROTOCOL_T0_OR_T1,
                &raw mut handle,
                &raw mut protocol,
            )
        })?;
        Ok((Handle(handle), Protocol(protocol)))
    }

    pub(crate) fn disconnect(&self, handle: Handle) {
        // SAFETY: passes numbers only. A failure leaves nothing to do.
        let _ = unsafe { (self.disconnect)(handle.0, RESET_CARD) };
    }

    /// Sends a command; the length of the answer in `answer`.
    pub(crate) fn transmit(
        &self,
        handle: Handle,
        protocol: Protocol,
        command: &[u8],
        answer: &mut [u8],
    ) -> Result<usize, u32> {
        let request = IoRequest { protocol: protocol.0, len: size_of::<IoRequest>() as Dword };
        let mut len = answer.len() as Dword;
        // SAFETY: both buffers have the lengths that are stated, and outlive the call; the answer's header may be null.
        check(unsafe {
            (self.transmit)(
                handle.0,
                &raw const request,
                command.as_ptr(),
                command.len() as Dword,
                null_mut(),
                answer.as_mut_ptr(),
                &raw mut len,
            )
        })?;
        Ok((len as usize).min(answer.len()))
    }
}
