use toml::Table;

/// Rejects keys that nobody reads: they may be misspelt. `of` says whose they are.
pub(crate) fn check_keys(table: &Table, known: &[&str], of: &str) -> Result<(), String> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("{of}unknown key `{key}`: the keys are {}", list(known))),
        None => Ok(()),
    }
}

/// Names in backticks, with commas.
pub(crate) fn list(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
