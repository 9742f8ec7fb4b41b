use std::time::Duration;

use reqwest::Request;
use serde_json::{Map, Value};

use crate::client::Client;
use crate::client::pending_call::{PendingCall, call_settings};
use crate::error::Error;
use crate::execute::response::Response;
use crate::request::operation::{Input, InputLocation, Operation};
use crate::request::parts::RequestParts;
use crate::request::response_body::BodyFormat;
use crate::request::wire_value::to_wire;
use crate::retry::policy::RetryPolicy;
use crate::value::any_value::any_value;
use crate::value::conform::Ignored;
use crate::value::from_scalar::scalar;
use crate::value::reader::ReadResult;
use crate::value::sensitive_json::SensitiveJson;

impl Client {
    /// A call of an operation that is chosen at run time: for tools that work with every operation, such as a command line or
    /// a queue of jobs. Its inputs are JSON, checked against the contract before anything is sent; its response is the JSON as
    /// it came. Credentials, retries, limits, errors and tickets are those of the operation's own method.
    ///
    /// ```no_run
    /// # async fn example(spkey: &spkey::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use spkey::Operation;
    ///
    /// let operation = Operation::find("open_lock").ok_or("unknown")?;
    /// let opened = spkey.call(operation).set("lock_id", 123).set("reason", "parcel").send().await?;
    /// println!("at version {}", opened["version"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call(&self, operation: &'static Operation) -> OperationCall {
        OperationCall { call: PendingCall::new(self), operation, inputs: Vec::new() }
    }
}

/// A call of an operation that is chosen at run time. Made by [`Client::call`].
#[derive(Clone)]
#[must_use = "nothing is sent before `.send().await`"]
pub struct OperationCall {
    call: PendingCall,
    operation: &'static Operation,
    inputs: Vec<(&'static Input, Value)>,
}

impl OperationCall {
    /// Sets the input of that [name](Input::name). Text is taken for numbers and numbers for text, as far as nothing is lost;
    /// an enum takes any text, so that values can be sent which are newer than this version. Null is taken where the input
    /// is [nullable](Input::nullable).
    ///
    /// What is wrong is an error of `send`: a name that the operation does not have, too.
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        let Some(input) = self.operation.inputs.iter().find(|input| input.name == name) else {
            let known: Vec<_> = self.operation.inputs.iter().map(|input| input.name).collect();
            let what = format!("{name:?} is none of the operation: use {}", known.join(", "));
            self.call.invalid("input", what);
            return self;
        };
        self.inputs.retain(|(other, _)| other.name != input.name);
        match checked(input, &value.into()) {
            Ok(value) => {
                self.call.valid(input.name);
                self.inputs.push((input, value));
            }
            Err(what) => self.call.invalid(input.name, what),
        }
        self
    }

    call_settings!();

    /// Sends the request, and retries it as the operation's [`RetryClass`](crate::RetryClass) allows. The response is null where
    /// the operation returns nothing, and a text where it returns a page.
    ///
    /// # Errors
    /// As every operation; [`ErrorKind::Request`](crate::ErrorKind::Request) names all inputs that are missing or invalid.
    pub async fn send(self) -> Result<Response<SensitiveJson>, Error> {
        let operation = self.operation;
        let read: fn(&[u8]) -> ReadResult<SensitiveJson> = match operation.format {
            BodyFormat::Json => |body| Ok(as_it_came(any_value(body)?)),
            BodyFormat::Empty => |_| Ok(as_it_came(Value::Null)),
            BodyFormat::Html => |body| Ok(as_it_came(String::from_utf8_lossy(body).into())),
        };
        let (call, request) = self.into_parts();
        call.send_as(operation, request, read).await
    }

    /// The request that [`send`](Self::send) would send, without credentials. Nothing is sent.
    ///
    /// ```
    /// # let spkey = spkey::Client::builder().api_key("a-key").build()?;
    /// let operation = spkey::Operation::find("open_lock").ok_or("unknown")?;
    /// let request = spkey.call(operation).set("lock_id", 123).to_request()?;
    /// assert_eq!(request.url().path(), "/locks/123/OpenLock");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Request`](crate::ErrorKind::Request) names all inputs that are missing or invalid.
    pub fn to_request(&self) -> Result<Request, Error> {
        let operation = self.operation;
        let (_, request) = self.clone().into_parts();
        request.to_valid_request(operation).map_err(|error| Error::of_request(error, operation.id))
    }

    /// The inputs in their places.
    fn into_parts(self) -> (PendingCall, RequestParts) {
        let Self { mut call, operation, inputs } = self;
        let find = |input: &Input| inputs.iter().find(|(set, _)| set.name == input.name).map(|(_, value)| value);
        for input in operation.inputs.iter().filter(|input| input.required && find(input).is_none()) {
            if !call.problems().concern(input.name) {
                call.invalid(input.name, format!("it is missing: give {}", input.shape));
            }
        }
        let mut request = call.request(operation);
        let mut body = Map::new();
        for (input, value) in operation.inputs.iter().filter_map(|input| Some((input, find(input)?))) {
            match input.location {
                InputLocation::Path | InputLocation::PathAndBody => request.path_param(input.wire, &text(value)),
                InputLocation::Query => request.query_param(input.wire, &text(value)),
                InputLocation::Body => {}
            }
            if matches!(input.location, InputLocation::Body | InputLocation::PathAndBody) {
                body.insert(input.wire.to_owned(), value.clone());
            }
            if input.sensitive {
                request.redact(&SensitiveJson::from(value.clone()));
            }
        }
        if let Some(mark) = operation.confirm.and_then(|entry| entry.mark) {
            let set = body.get(mark).and_then(Value::as_str).map(ToOwned::to_owned);
            body.insert(mark.to_owned(), request.mark(set).into());
        }
        if operation.has_body {
            request.json(&body);
        }
        (call, request)
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.inputs.iter().find(|(input, _)| input.name == name).map(|(_, value)| value)
    }
}

crate::value::secret::hidden!(OperationCall);

fn checked(input: &Input, value: &Value) -> Result<Value, String> {
    if value.is_null() && input.nullable { Ok(Value::Null) } else { to_wire(value, input.shape) }
}

/// A value as a path or a query has it.
fn text(value: &Value) -> String {
    scalar(value).unwrap_or_else(|| value.to_string())
}

fn as_it_came(value: Value) -> (SensitiveJson, Ignored) {
    (value.into(), Ignored::default())
}
