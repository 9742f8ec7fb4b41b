//! What a published document has and our contract lacks, and what it means for the crate's version.

use serde_json::Value;

use crate::change::Level;
use crate::document::Path;

/// Something to write into the contract.
pub struct Addition<'a> {
    /// Where it is: an operation, and the place in its request or response. More than one if they share a schema.
    pub places: Vec<String>,
    /// What is new.
    pub new: New<'a>,
}

/// What is new. `at` is the node of our contract that gets it.
pub enum New<'a> {
    /// An operation, in the published path.
    Operation {
        /// The published path.
        path: &'a str,
        /// The method.
        method: &'a str,
    },
    /// A parameter of the query.
    Parameter {
        /// The operation.
        at: Path,
        /// The published parameter.
        node: &'a Value,
    },
    /// A body of an operation that had none.
    Body {
        /// The operation.
        at: Path,
        /// The published schema.
        schema: &'a Value,
    },
    /// A status of success.
    Status {
        /// The operation.
        at: Path,
        /// The status.
        status: &'a str,
        /// The published response.
        node: &'a Value,
    },
    /// A property.
    Property {
        /// The schema.
        at: Path,
        /// The name of the property.
        name: &'a str,
        /// Its published schema.
        schema: &'a Value,
        /// Whether every request that has the schema requires it.
        required: bool,
        /// Which way it goes.
        direction: Direction,
    },
    /// A value of an enumeration.
    Value {
        /// The schema.
        at: Path,
        /// The value.
        value: &'a str,
    },
}

/// Which way JSON goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the service.
    Request,
    /// From the service.
    Response,
}

impl New<'_> {
    /// What it is, for a line that begins with the place.
    pub fn words(&self) -> String {
        match self {
            Self::Operation { .. } => "new operation".into(),
            Self::Parameter { node, .. } if node["required"] == true => "new required parameter".into(),
            Self::Parameter { .. } => "new parameter".into(),
            Self::Body { .. } => "the request has a body now".into(),
            Self::Status { .. } => "new status".into(),
            Self::Property { required: true, .. } => "new required property".into(),
            Self::Property { .. } => "new property".into(),
            Self::Value { value, .. } => format!("new value {value}"),
        }
    }

    /// What it means for the crate's version.
    pub fn meaning(&self) -> (Level, &'static str) {
        let required = "a new setter. Programs compile, and calls that do not set it fail at run time before they are sent: \
                        say so in the changelog. The service rejects them already";
        match self {
            Self::Operation { .. } => (Level::Minor, "a new method of the client"),
            Self::Parameter { node, .. } if node["required"] == true => (Level::Minor, required),
            Self::Property { required: true, .. } => (Level::Minor, required),
            Self::Parameter { .. } | Self::Body { .. } | Self::Property { direction: Direction::Request, .. } => {
                (Level::Minor, "a new optional setter; a nested request struct gets an optional field")
            }
            Self::Property { .. } => (Level::Minor, "a new optional field of a response"),
            Self::Status { .. } => (Level::Patch, "read like the operation's other successes"),
            Self::Value { .. } => (Level::Minor, "a new variant. It was readable before, as an unknown value"),
        }
    }
}
