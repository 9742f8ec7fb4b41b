use std::io::{self, IsTerminal as _};

use serde_json::Value;
use spkey::Shape;

use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::note::note;
use crate::output;
use crate::show::hide::hide;
use crate::show::people;

/// Prints responses as the options say.
pub(crate) struct Printer<'a> {
    options: &'a GlobalOptions,
    /// How many columns a line has, where that matters.
    pub(super) line: Option<usize>,
    hidden: bool,
}

impl<'a> Printer<'a> {
    pub(crate) fn new(options: &'a GlobalOptions) -> Self {
        let line = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let line = line.map(|(terminal_size::Width(width), _)| usize::from(width));
        Self { options, line, hidden: false }
    }

    /// Prints a whole response.
    pub(crate) fn response(&mut self, mut value: Value, shape: &Shape) -> Result<(), Failure> {
        self.hide(&mut value, shape);
        if self.is_json() {
            return output::line(&format!("{value:#}"));
        }
        people::lines(&value, shape, self.line).iter().try_for_each(|line| output::line(line))
    }

    /// Says on standard error that something is hidden, if so.
    pub(crate) fn finish(&self) {
        if self.hidden {
            note("what is or may be secret is hidden: give --show-secrets to see it");
        }
    }

    pub(super) fn is_json(&self) -> bool {
        self.options.json
    }

    pub(super) fn hide(&mut self, value: &mut Value, shape: &Shape) {
        if !self.options.show_secrets {
            self.hidden |= hide(value, shape);
        }
    }
}
