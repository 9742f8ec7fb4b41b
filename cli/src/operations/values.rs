use std::io::Read as _;
use std::{fs, io};

use clap::ArgMatches;
use serde_json::Value;
use spkey::{Input, ScalarKind, Shape};

use crate::failure::Failure;
use crate::operations::argument::takes_file;
use crate::operations::names::kebab;

/// The inputs that the arguments have.
pub(crate) fn given(inputs: &'static [Input], matches: &ArgMatches) -> Result<Vec<(&'static Input, Value)>, Failure> {
    let values = inputs.iter().filter_map(|input| match value(input, matches) {
        Ok(value) => Some(Ok((input, value?))),
        Err(failure) => Some(Err(failure)),
    });
    values.collect()
}

/// The value of an input as JSON; none where it is not given.
fn value(input: &Input, matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let Some(given) = matches.get_many::<String>(input.name) else { return Ok(None) };
    let texts = given.map(|text| if takes_file(input) { read(text, input) } else { Ok(text.clone()) });
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let Shape::List(element) = input.shape else {
        return texts.first().map(|text| single(text, input.shape, input)).transpose();
    };
    let mut elements = Vec::new();
    for text in texts {
        match single(&text, element, input)? {
            // A whole list of objects.
            Value::Array(several) if !matches!(element, Shape::Scalar(_)) => elements.extend(several),
            one => elements.push(one),
        }
    }
    Ok(Some(elements.into()))
}

fn single(text: &str, shape: &Shape, input: &Input) -> Result<Value, Failure> {
    match shape {
        _ if input.nullable && text == "null" => Ok(Value::Null),
        Shape::Scalar(ScalarKind::Boolean) => Ok((text == "true").into()),
        // The library converts it into a number, and checks it.
        Shape::Scalar(_) => Ok(text.into()),
        // The text may hold a secret: only its place is shown.
        _ => serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Failure::usage(format!("--{}: no valid JSON, at line {line} column {column}: fix it", kebab(input.name)))
        }),
    }
}

/// The text itself, or what is in the file that it names.
fn read(text: &str, input: &Input) -> Result<String, Failure> {
    let Some(path) = text.strip_prefix('@') else { return Ok(text.to_owned()) };
    // A text that begins with an `@` of its own.
    if path.starts_with('@') {
        return Ok(path.to_owned());
    }
    file_or_standard_input(path).map(|text| text.trim_end_matches(['\r', '\n']).to_owned()).map_err(|error| {
        Failure::usage(format!("--{}: {path} cannot be read: {error}: give another after the `@`", kebab(input.name)))
    })
}

/// What is in the file; `-` is standard input.
pub(crate) fn file_or_standard_input(path: &str) -> io::Result<String> {
    if path != "-" {
        return fs::read_to_string(path);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
