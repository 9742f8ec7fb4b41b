/// What is safe, and would be escaped.
const KEPT: [char; 3] = ['\'', '"', '\\'];

/// A text from outside, fit for a terminal: characters that control it, or change the direction of the text, are escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for part in text.split_inclusive(KEPT) {
        let escaped = part.trim_end_matches(KEPT);
        // Of the text, not of each character: marks that combine with the one before them are kept.
        shown.extend(escaped.escape_debug());
        shown.push_str(&part[escaped.len()..]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_and_direction_characters_are_escaped_and_others_kept() {
        assert_eq!(printable("Zoë's \"door\" \\ 3"), "Zoë's \"door\" \\ 3");
        assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}d"), "a\\u{1b}[2Jb\\nc\\u{202e}d");
    }

    #[test]
    fn marks_that_combine_with_the_character_before_are_kept() {
        for name in ["Zoe\u{308}", "สมชาย ใจดี", "प्रिया शर्मा", "✂\u{fe0f}"]
        {
            assert_eq!(printable(name), name);
        }
    }
}
