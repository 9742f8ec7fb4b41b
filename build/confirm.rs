//! Checks `x-spkey-confirm`: it names reads, fields, inputs and events that exist. Every problem says what to fix.

pub(crate) mod entry;

use std::collections::BTreeSet;

use serde_json::Value;

use self::entry::{Entry, Pairs, Proves, input};
use super::rules::require;
use super::{SpecOperation, elements, resolve, text};

struct Check<'a> {
    document: &'a Value,
    operations: &'a [SpecOperation],
    command: &'a SpecOperation,
}

/// The entry of an operation, with the names of the inputs that its tickets keep; none where it only reads.
pub(super) fn check(
    document: &Value,
    operations: &[SpecOperation],
    command: &SpecOperation,
) -> Result<Option<Entry>, String> {
    let node = &node(document, command)["x-spkey-confirm"];
    if command.retry == "safe" {
        require(node.is_null(), || "it only reads: remove x-spkey-confirm".into())?;
        return Ok(None);
    }
    require(!node.is_null(), || {
        "x-spkey-confirm is missing: name the read that shows the effect, or why `nothing` does".into()
    })?;
    let problem = |problem: String| format!("x-spkey-confirm: {problem}");
    let mut entry: Entry = serde_json::from_value(node.clone()).map_err(|error| problem(error.to_string()))?;
    let check = Check { document, operations, command };
    check.entry(&entry, node).map_err(problem)?;
    let is_secret =
        |name: &&str| check.input(name).is_ok_and(|schema| resolve(document, schema)["format"] == "password");
    if entry.nothing.is_none() {
        // The read may have parameters of the same names in its path.
        let in_path = command.path.split(['{', '}']).skip(1).step_by(2);
        let kept: BTreeSet<&str> = entry.needed_inputs().into_iter().chain(in_path).collect();
        let (secrets, inputs) = kept.into_iter().map(ToOwned::to_owned).partition(|name: &String| is_secret(&&**name));
        (entry.secrets, entry.inputs) = (secrets, inputs);
    }
    Ok(Some(entry))
}

fn node<'a>(document: &'a Value, operation: &SpecOperation) -> &'a Value {
    &document["paths"][&operation.path][&operation.method]
}

impl<'a> Check<'a> {
    fn entry(&self, entry: &Entry, node: &Value) -> Result<(), String> {
        if let Some(reason) = &entry.nothing {
            let is_alone = node.as_object().is_some_and(|keys| keys.len() == 1) && !reason.is_empty();
            return require(is_alone, || "`nothing` says why, and stands alone: fix it".into());
        }
        require((entry.proves == Proves::Command) == entry.mark.is_some(), || {
            "a command is proved by its mark: set both `proves: command` and `mark`, or neither".into()
        })?;
        if let Some(mark) = &entry.mark {
            let is_text = self.input(mark)?["type"] == "string";
            require(is_text, || format!("the mark {mark} is no text: choose another input"))?;
        }
        entry.only.iter().try_for_each(|(name, value)| {
            self.input(name)?;
            require(input(value).is_none(), || format!("`only` says what {name} must be: give a value, no input"))?;
            self.value(value)
        })?;
        for found in entry.resolve.values() {
            self.field(self.read(&found.read, &found.with)?, &found.take)?;
        }
        let found = |name: &&str| name.strip_prefix("found.").is_some_and(|name| !entry.resolve.contains_key(name));
        let looks = [Some(entry), entry.history.as_deref()];
        let values = looks.iter().flatten().flat_map(|look| look.r#where.all()).flat_map(Pairs::values);
        let unknown = values.filter_map(input).map(|(name, _)| name).find(found);
        if let Some(name) = unknown {
            return Err(format!("nothing finds ${name}: add it to `resolve`"));
        }
        let item = self.look(entry)?;
        let fields = entry.recovers.values().chain(&entry.time);
        fields.into_iter().try_for_each(|name| self.field(item, name).map(drop))?;
        self.pairs(item, &entry.author)?;
        entry.history.iter().try_for_each(|history| self.look(history).map(drop))
    }

    /// Checks what is looked for, and returns the schema that has its fields.
    fn look(&self, look: &Entry) -> Result<&'a Value, String> {
        let response = self.read(&look.read, &look.with)?;
        let list = if look.event.is_some() { Some("events") } else { look.list.as_deref() };
        let mut item = list.map_or(Ok(response), |list| self.field(response, &format!("{list}.*")))?;
        if let Some(event) = &look.event {
            let schema = text(&self.document["x-spkey-events"][event]);
            require(!schema.is_empty(), || format!("there is no event {event}: name one of x-spkey-events"))?;
            item = &self.document["components"]["schemas"][schema];
        }
        look.total.iter().chain(&look.more).try_for_each(|name| self.field(response, name).map(drop))?;
        look.r#where.all().iter().chain([&look.where_set]).try_for_each(|pairs| self.pairs(item, pairs))?;
        Ok(item)
    }

    /// Checks which read it is and what is passed to it, and returns the schema of its response.
    fn read(&self, id: &str, with: &Pairs) -> Result<&'a Value, String> {
        let read = self.operations.iter().find(|operation| operation.id == id);
        let read = read.ok_or_else(|| format!("there is no operation {id:?}: name a read of the contract"))?;
        // Finding a user creates one unless `searchOnly` is set.
        let only_reads = read.retry == "safe" || with.get("searchOnly") == Some(&true.into());
        require(only_reads, || format!("{id} is {}: name a read that is safe", read.retry))?;
        require(read.auth != "admin" || self.command.auth == "admin", || {
            format!("{id} takes the admin key, which callers do not have: name another read")
        })?;
        let node = node(self.document, read);
        let parameters: Vec<_> = elements(&node["parameters"]).map(|node| resolve(self.document, node)).collect();
        let unknown = with.keys().find(|name| parameters.iter().all(|parameter| parameter["name"] != ***name));
        if let Some(name) = unknown {
            return Err(format!("{id} takes no {name}: name one of its parameters"));
        }
        let is_given = |name: &&str| with.contains_key(*name) || self.command.path.contains(&format!("{{{name}}}"));
        let required = parameters.iter().filter(|parameter| parameter["required"] == true);
        let missing = required.map(|parameter| text(&parameter["name"])).find(|name| !is_given(name));
        if let Some(name) = missing {
            return Err(format!("{id} needs {name}: set it in `with`"));
        }
        with.values().try_for_each(|value| self.value(value))?;
        Ok(&node["responses"]["200"]["content"]["application/json"]["schema"])
    }

    fn pairs(&self, schema: &'a Value, pairs: &Pairs) -> Result<(), String> {
        pairs.iter().try_for_each(|(name, value)| {
            let known = &resolve(self.document, self.field(schema, name)?)["enum"];
            require(input(value).is_some() || known.is_null() || elements(known).any(|known| known == value), || {
                format!("{name} is never {value}: use one of {known}")
            })?;
            self.value(value)
        })
    }

    fn value(&self, value: &Value) -> Result<(), String> {
        require(value.is_string() || value.is_i64() || value.is_boolean() || value.is_null(), || {
            format!("{value} cannot be compared: use a text, a whole number, a boolean or null")
        })?;
        let named = input(value).filter(|(name, _)| !name.starts_with("found."));
        named.map_or(Ok(()), |(name, _)| self.input(name).map(drop))
    }

    /// The schema of an input, by its name on the wire and a path within it.
    fn input(&self, name: &str) -> Result<&'a Value, String> {
        let node = node(self.document, self.command);
        let mut parameters = elements(&node["parameters"]).map(|node| resolve(self.document, node));
        match parameters.find(|parameter| parameter["name"] == name) {
            Some(parameter) => Ok(&parameter["schema"]),
            None => self
                .field(&node["requestBody"]["content"]["application/json"]["schema"], name)
                .map_err(|_| format!("the command has no input {name}: name one of its inputs")),
        }
    }

    /// The schema at a path: names of properties, and numbers or `*` for the elements of a list.
    fn field(&self, schema: &'a Value, path: &str) -> Result<&'a Value, String> {
        path.split('.').try_fold(schema, |schema, step| {
            let schema = resolve(self.document, schema);
            let next = schema.get("items").or_else(|| schema["properties"].get(step));
            next.ok_or_else(|| format!("what is read has no field {path}: name one that it has"))
        })
    }
}
