use std::io::{self, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Asks on the terminal whether to go on. Without a terminal, `--yes` must have said so.
///
/// # Errors
/// If the user does not want it, or cannot be asked. Nothing was sent then.
pub(crate) fn confirm(question: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!(
            "{question} There is no terminal to ask on: give --yes to do it. Nothing was sent"
        )));
    }
    let mut reply = String::new();
    let asked = write!(io::stderr(), "{question} [y/N] ").and_then(|()| io::stdin().read_line(&mut reply));
    asked.map_err(|error| Failure::local(format!("the terminal cannot be read: {error}: give --yes to do it")))?;
    match reply.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::usage("not confirmed: nothing was sent")),
    }
}
