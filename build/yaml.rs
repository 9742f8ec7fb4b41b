//! Reads YAML into JSON values.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde_json::{Map, Value};

const NO_ANCHOR: usize = 0;

/// Reads a document. Plain text is a number where JSON would read it as one. An error is one line that names the place.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { parser: Parser::new_from_str(text), anchors: HashMap::new() };
    reader.document().map_err(|error| format!("invalid YAML: {error}"))
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Value>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Value, ScanError> {
        let mut document = None;
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd, _) => {}
                (Event::StreamEnd, span) => {
                    return document.ok_or_else(|| error(&span, "the document is missing: add it"));
                }
                (_, span) if document.is_some() => return Err(error(&span, "a second document: remove it")),
                (event, span) => document = Some(self.value(event, &span)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), ScanError> {
        self.parser.next_event().unwrap_or_else(|| Err(error(&Span::default(), "unexpected end")))
    }

    fn value(&mut self, event: Event<'a>, span: &Span) -> Result<Value, ScanError> {
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                return value.ok_or_else(|| error(span, "an anchor within itself: write it out"));
            }
            Event::Scalar(text, ScalarStyle::Plain, anchor, None) => (anchor, plain(&text)),
            Event::Scalar(text, _, anchor, None) => (anchor, Value::from(text)),
            Event::SequenceStart(anchor, None) => (anchor, self.sequence()?),
            Event::MappingStart(anchor, None) => (anchor, self.mapping()?),
            _ => return Err(error(span, "a tag has no meaning here: remove it")),
        };
        if anchor != NO_ANCHOR {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn sequence(&mut self) -> Result<Value, ScanError> {
        let mut elements = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(elements)),
                (event, span) => elements.push(self.value(event, &span)?),
            }
        }
    }

    fn mapping(&mut self) -> Result<Value, ScanError> {
        let mut entries = Map::new();
        loop {
            let (key, span) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Object(entries)),
                (Event::Scalar(key, .., None), span) => (key, span),
                (_, span) => return Err(error(&span, "a key must be text: write it so")),
            };
            let (event, value) = self.next()?;
            let value = self.value(event, &value)?;
            if entries.insert(key.to_string(), value).is_some() {
                return Err(error(&span, &format!("the key {key} is there twice: remove one")));
            }
        }
    }
}

/// What text without quotes stands for.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "Null" | "NULL" => Value::Null,
        "True" | "TRUE" => Value::Bool(true),
        "False" | "FALSE" => Value::Bool(false),
        _ => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}

fn error(span: &Span, problem: &str) -> ScanError {
    ScanError::new_str(span.start, problem)
}
