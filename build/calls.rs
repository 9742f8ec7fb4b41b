//! Writes, for tests, a call of every operation with values read from JSON, so that a test can go through all of them and
//! none can be forgotten.

use std::fmt::Write;

use crate::contract::Contract;
use crate::docs::{arguments_by_operation, snake};

/// The source of the calls: a list of `(id, fn(&Client, &Given) -> Future)`, for which the including file has `Given` and
/// `Answered`.
pub(crate) fn source(contract: &Contract, code: &mut syn::File) -> String {
    let arguments = arguments_by_operation(code);
    let mut source = String::from("static CALLS: &[(&str, Call)] = &[\n");
    for operation in &contract.operations {
        let node = contract.node(operation);
        let mut call = format!("client.{}()", operation.id);
        for (name, ty) in arguments.get(&operation.id).into_iter().flatten() {
            let parameters = node["parameters"].as_array().into_iter().flatten().map(|node| contract.resolve(node));
            let parameter =
                parameters.into_iter().find(|parameter| parameter["name"].as_str().map(snake).as_deref() == Some(name));
            let _ = match parameter {
                None => write!(call, ".body(given.body::<{ty}>())"),
                Some(parameter) => {
                    let getter = if parameter["required"] == true { "required" } else { "optional" };
                    write!(call, ".{name}(given.{getter}::<{ty}>({}))", parameter["name"])
                }
            };
        }
        let page = node["responses"]["200"]["content"].get("text/html").is_some();
        let answered =
            if page { "Answered::page(call.send().await?).await" } else { "Answered::json(call.send().await?)" };
        let _ = writeln!(
            source,
            "    ({:?}, |client, given| Box::pin(async move {{ let call = {call}; given.show(&call); Ok({answered}) }})),",
            operation.id
        );
    }
    source + "];\n"
}
