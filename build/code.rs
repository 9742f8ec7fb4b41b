//! Writes the generated code: a line for each item, field and statement, so that the compiler's messages and an editor show
//! what they point to. A formatter would cost more than all of the generator before it.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The text of the code.
pub(crate) fn text(code: TokenStream) -> String {
    let mut text = String::new();
    write(&mut text, code, true);
    text
}

fn write(text: &mut String, code: TokenStream, breaks: bool) {
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let (open, close, in_braces) = match group.delimiter() {
                    Delimiter::Brace => ("{\n", "}\n", true),
                    Delimiter::Bracket => ("[", if breaks { "]\n" } else { "] " }, false),
                    Delimiter::Parenthesis => ("(", ") ", false),
                    Delimiter::None => ("", "", breaks),
                };
                text.push_str(open);
                write(text, group.stream(), in_braces);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                match punct.as_char() {
                    ',' | ';' if breaks => text.push('\n'),
                    _ if punct.spacing() == Spacing::Alone => text.push(' '),
                    _ => {}
                }
            }
            word => {
                text.push_str(&word.to_string());
                text.push(' ');
            }
        }
    }
}
