use std::fmt;

use crate::value::into_input::InvalidInput;

/// What is wrong with the inputs of a call, by their names: none where it can be sent. A required input that is not set has no
/// other problem.
#[derive(Clone, Default)]
pub struct Problems(Vec<(&'static str, Option<InvalidInput>)>);

impl Problems {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is one with that input.
    pub(crate) fn concern(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| *other == name)
    }

    /// Notes a problem with an input, in place of one that it had before.
    pub(crate) fn set(&mut self, name: &'static str, problem: InvalidInput) {
        self.clear(name);
        self.0.push((name, Some(problem)));
    }

    /// Forgets the problem with an input: it was set again.
    pub(crate) fn clear(&mut self, name: &str) {
        self.0.retain(|(other, _)| *other != name);
    }

    /// Notes which required inputs are missing, besides those that were set to something invalid.
    pub(crate) fn require(&mut self, inputs: &[(&'static str, bool)]) {
        for (name, _) in inputs.iter().filter(|(_, missing)| *missing) {
            if !self.concern(name) {
                self.0.push((name, None));
            }
        }
    }

    /// The inputs that are invalid, without those that are left open on purpose.
    #[cfg(feature = "mock")]
    pub(crate) fn invalid(&self) -> Self {
        let open = |problem: &Option<InvalidInput>| matches!(problem, Some(InvalidInput::Open));
        Self(self.0.iter().filter(|(_, problem)| !open(problem)).cloned().collect())
    }
}

/// All problems on one line, each with the fix.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, problem)) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            match problem {
                None => write!(f, "{name} is missing: set it by `.{name}(..)`")?,
                Some(InvalidInput::Invalid(what)) => write!(f, "{name}: {what}")?,
                Some(InvalidInput::Open) => {
                    write!(f, "{name} is `mock::any()`, which only a stub can take: pass a value")?;
                }
            }
        }
        Ok(())
    }
}
