/// What the exit status of the program says. Scripts rely on these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitStatus {
    /// Done; a command was applied.
    Success = 0,
    /// It failed for a reason on this machine: a port is in use, a file cannot be written.
    Local = 1,
    /// The arguments or the configuration are wrong. Nothing was sent.
    Usage = 2,
    /// The service, or what else was called, rejected the call or was not reached: nothing was changed.
    NotApplied = 3,
    /// Whether the command was applied is unknown.
    Unknown = 4,
    /// The command was applied, and the response could not be read.
    Unreadable = 5,
}

impl ExitStatus {
    /// All of them, for the help.
    pub(crate) const HELP: &str = "\
Exit status:
  0  success: a command was applied
  1  a failure on this machine, such as a port in use
  2  wrong arguments or configuration: nothing was sent
  3  not applied: rejected, or the service was not reached
  4  unknown whether the command was applied
  5  applied, but the response could not be read";
}
