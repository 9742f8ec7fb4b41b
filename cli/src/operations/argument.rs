use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ValueHint};
use spkey::{Input, InputLocation, ScalarKind, Shape};

use crate::operations::names::kebab;

/// The argument of a command for an input of its operation: in the order of the path, or an option.
pub(crate) fn argument(input: &Input) -> Arg {
    let name = kebab(input.name);
    let value_name = input.name.trim_end_matches('_').to_uppercase();
    let argument = Arg::new(input.name).value_name(value_name).required(input.required).help(help(input));
    let argument = if is_in_path(input) { argument } else { argument.long(name) };
    match input.shape {
        Shape::Scalar(ScalarKind::Enum(known)) if !input.nullable => {
            argument.value_parser(PossibleValuesParser::new(known.iter().copied()))
        }
        // `--search-only` alone stands for `--search-only=true`.
        Shape::Scalar(ScalarKind::Boolean) => argument
            .value_parser(PossibleValuesParser::new(["true", "false"]))
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        Shape::List(_) => argument.action(ArgAction::Append),
        _ if takes_file(input) => argument.value_hint(ValueHint::FilePath),
        // A number may be less than zero. No other value begins with a hyphen: `--reason --dry-run` must not open a door.
        _ => argument.allow_negative_numbers(true),
    }
}

/// Whether its value can be read from a file or from standard input, so that a secret is in no list of processes.
pub(crate) fn takes_file(input: &Input) -> bool {
    match input.shape {
        Shape::Scalar(kind) => *kind == ScalarKind::SecretText,
        Shape::List(Shape::Scalar(_)) => false,
        _ => true,
    }
}

fn is_in_path(input: &Input) -> bool {
    matches!(input.location, InputLocation::Path | InputLocation::PathAndBody)
}

/// What the contract says of it, and how it is given.
fn help(input: &Input) -> String {
    let mut help = input.docs.trim_end_matches('.').replace('\n', " ");
    let mut add = |text: String| {
        help.push_str(". ");
        help.push_str(&text);
    };
    match input.shape {
        Shape::Any | Shape::Object(_) | Shape::Map(_) => add(format!("JSON{}", fields(input.shape))),
        Shape::List(Shape::Scalar(_)) => add("Can be given more than once".to_owned()),
        Shape::List(shape) => add(format!("JSON{}; can be given more than once, or as a list", fields(shape))),
        _ => {}
    }
    if takes_file(input) {
        add("@FILE reads it from a file, @- from standard input".to_owned());
    }
    if input.nullable {
        add("`null` for none".to_owned());
    }
    help
}

/// The fields of an object, those that it must have first.
fn fields(shape: &Shape) -> String {
    let Shape::Object(fields) = shape else { return String::new() };
    let of_kind = |required: bool, after: &'static str| {
        let fields = fields.iter().filter(move |field| field.required == required);
        fields.map(move |field| format!("{}{after}", field.name))
    };
    let names: Vec<_> = of_kind(true, "").chain(of_kind(false, "?")).collect();
    format!(" with {}", names.join(", "))
}
