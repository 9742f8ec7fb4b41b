use serde_json::Value;
use spkey::{ScalarKind, Shape};

/// The secrets of a request, as variables of a shell.
#[derive(Default)]
pub(crate) struct Variables(Vec<Variable>);

struct Variable {
    name: String,
    /// What stands for it in the request: no encoding changes it.
    placeholder: String,
    /// Whether its value is JSON, and not a text within it.
    is_json: bool,
}

impl Variables {
    /// The value with placeholders for what is or may be secret in it.
    pub(crate) fn replace(&mut self, name: &str, value: Value, shape: &Shape) -> Value {
        match (shape, value) {
            (_, Value::Null) => Value::Null,
            (Shape::Scalar(ScalarKind::SecretText), _) => self.add(name, false),
            (Shape::Scalar(_), value) => value,
            (Shape::Object(fields), Value::Object(map)) => {
                let fields = map.into_iter().map(|(field, value)| {
                    let shape =
                        fields.iter().find(|known| known.name == field).map_or(&Shape::Any, |known| known.shape);
                    let value = self.replace(&format!("{name}_{field}"), value, shape);
                    (field, value)
                });
                Value::Object(fields.collect())
            }
            (Shape::List(shape), Value::Array(list)) => {
                let list = list.into_iter().enumerate();
                list.map(|(index, value)| self.replace(&format!("{name}_{}", index + 1), value, shape)).collect()
            }
            _ => self.add(name, true),
        }
    }

    /// A command with the variables in place of the placeholders. They stand in words in single quotes.
    pub(crate) fn expand(&self, command: &str) -> String {
        self.0.iter().fold(command.to_owned(), |command, Variable { name, placeholder, is_json }| {
            let quoted = if *is_json { format!("\"{placeholder}\"") } else { placeholder.clone() };
            command.replace(&quoted, &format!("'\"${name}\"'"))
        })
    }

    /// The names of the variables, to be set.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|variable| variable.name.as_str())
    }

    fn add(&mut self, name: &str, is_json: bool) -> Value {
        let placeholder = format!("SPKEYVARIABLE{}END", self.0.len());
        self.0.push(Variable { name: snake_upper(name), placeholder: placeholder.clone(), is_json });
        placeholder.into()
    }
}

/// `keys_1_keyUuid` as the name of a variable: `KEYS_1_KEY_UUID`.
fn snake_upper(name: &str) -> String {
    let mut upper = String::new();
    for character in name.trim_end_matches('_').chars() {
        if character.is_uppercase() {
            upper.push('_');
        }
        upper.extend(character.to_uppercase());
    }
    upper
}
