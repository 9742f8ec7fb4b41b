use clap::ArgMatches;
use serde_json::Value;
use spkey::{Input, ScalarKind, Shape};

use crate::failure::Failure;
use crate::given;
use crate::operations::argument::takes_file;
use crate::operations::names::kebab;

/// The inputs that the arguments have.
pub(crate) fn set_inputs(
    inputs: &'static [Input],
    matches: &ArgMatches,
) -> Result<Vec<(&'static Input, Value)>, Failure> {
    let values = inputs.iter().filter_map(|input| match value(input, matches) {
        Ok(value) => Some(Ok((input, value?))),
        Err(failure) => Some(Err(failure)),
    });
    values.collect()
}

/// The value of an input as JSON; none where it is not given.
fn value(input: &Input, matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let Some(texts) = matches.get_many::<String>(input.name) else { return Ok(None) };
    let texts =
        texts.map(|text| if takes_file(input) { given::text(&kebab(input.name), text) } else { Ok(text.clone()) });
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
        _ => given::json(&kebab(input.name), text),
    }
}
