use crate::value::secret::Secret;
use crate::value::sensitive_json::SensitiveJson;

/// An input whose value no error may show, should the service repeat it.
pub(crate) trait Redactable {
    /// Adds the texts that are redacted.
    fn collect(&self, found: &mut Vec<Secret>);
}

impl Redactable for String {
    fn collect(&self, found: &mut Vec<Secret>) {
        found.push(self.as_str().into());
    }
}

impl Redactable for Secret {
    fn collect(&self, found: &mut Vec<Secret>) {
        found.push(self.clone());
    }
}

impl Redactable for SensitiveJson {
    fn collect(&self, found: &mut Vec<Secret>) {
        self.for_each_scalar(|text| {
            found.push(text.into());
            // It may be JSON, which is nested too deep to be parsed: then every word of it.
            if text.starts_with(['[', '{']) {
                let words = text.split(['[', ']', '{', '}', ',', ':', '"', '\\']);
                found.extend(words.filter(|word| *word != "null").map(Secret::from));
            }
        });
    }
}

impl<T: Redactable> Redactable for Option<T> {
    fn collect(&self, found: &mut Vec<Secret>) {
        if let Some(value) = self {
            value.collect(found);
        }
    }
}

impl<T: Redactable> Redactable for Vec<T> {
    fn collect(&self, found: &mut Vec<Secret>) {
        for value in self {
            value.collect(found);
        }
    }
}

/// For a struct of the contract: those of its fields that hold secrets or personal data.
macro_rules! redactable {
    ($name:ident { $($field:ident),* }) => {
        impl $crate::value::redactable::Redactable for $name {
            fn collect(&self, found: &mut Vec<$crate::value::secret::Secret>) {
                $($crate::value::redactable::Redactable::collect(&self.$field, found);)*
            }
        }
    };
}
pub(crate) use redactable;
