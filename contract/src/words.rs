//! Names: how ours are made from the service's, and the texts that the service writes as HTML.

/// Words that the service writes as two and our names as one.
const JOINED: [(&str, &str); 1] = [("ThreeDeye", "Threedeye")];

/// `AddDevice` or `add-device` as `add_device`.
pub(crate) fn snake(name: &str) -> String {
    split(name).join("_")
}

/// `add_device` or `add-device` as `AddDevice`.
pub(crate) fn pascal(name: &str) -> String {
    let capital = |word: &String| word[..1].to_uppercase() + &word[1..];
    split(name).iter().map(capital).collect()
}

/// `add_device` or `AddDevice` as `addDevice`.
pub(crate) fn camel(name: &str) -> String {
    let name = pascal(name);
    name.get(..1).map(str::to_lowercase).unwrap_or_default() + name.get(1..).unwrap_or_default()
}

/// The words of a name, in lower case.
pub(crate) fn split(name: &str) -> Vec<String> {
    let joined = JOINED.iter().fold(name.to_owned(), |name, (two, one)| name.replace(two, one));
    let mut words = vec![String::new()];
    let mut previous_is_lower = false;
    for c in joined.chars() {
        let starts_word = c.is_ascii_uppercase() && previous_is_lower || !c.is_ascii_alphanumeric();
        if starts_word {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        previous_is_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// One of several: `entries` as `entry`.
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let is_plural = !["ss", "us", "is"].iter().any(|end| name.ends_with(end));
    let stem = ["xes", "ches", "shes", "sses"].iter().any(|end| name.ends_with(end)).then(|| name.len() - 2);
    match stem {
        Some(length) => name[..length].to_owned(),
        None if is_plural => name.strip_suffix('s').unwrap_or(name).to_owned(),
        None => name.to_owned(),
    }
}

/// A text as a person reads it: without HTML's escapes, in one line.
pub(crate) fn readable(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let escape = rest.find(';').and_then(|end| Some((unescape(&rest[1..end])?, end + 1)));
        let (c, length) = escape.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}
