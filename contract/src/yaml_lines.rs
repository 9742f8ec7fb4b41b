//! Edits YAML as text: finds a node by its keys and writes beside it, so that comments, order and formatting stay. It knows the
//! block style of our contract; a node in flow style (`{ .. }`) is found, but not what is in it.

use serde_json::Value;

use crate::yaml_style::{entry_lines, item_lines, scalar};

/// The lines of a YAML document.
pub struct Lines(Vec<String>);

/// A node: the line with its key, and everything below it.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The line with its key.
    pub start: usize,
    /// The line after its last one.
    pub end: usize,
    indent: usize,
    /// Whether it is an element of a list, whose first line begins with `- `.
    is_item: bool,
}

/// Where an entry goes, among those of its mapping.
#[derive(Clone, Copy)]
pub enum Position<'a> {
    /// After all others.
    End,
    /// After the entry with this key.
    After(&'a str),
    /// Before the entry with this key.
    Before(&'a str),
}

impl Lines {
    /// Splits a text.
    pub fn new(text: &str) -> Self {
        Self(text.lines().map(ToOwned::to_owned).collect())
    }

    /// The text, with a line break at its end.
    pub fn text(&self) -> String {
        self.0.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
    }

    /// The number of the line that a node begins in, from 1, or of the nearest node around it.
    pub fn number(&self, at: &[String]) -> usize {
        (0..=at.len()).rev().find_map(|length| self.find(&at[..length])).map_or(1, |block| block.start + 1)
    }

    /// Finds a node.
    pub fn find(&self, at: &[String]) -> Option<Block> {
        let mut block = None;
        for key in at {
            block = Some(self.child(block, key)?);
        }
        block
    }

    /// Writes an entry into a mapping, with an empty line before it if it is `apart`.
    pub fn insert(
        &mut self,
        at: &[String],
        position: Position,
        (key, value): (&str, &Value),
        apart: bool,
    ) -> Result<(), String> {
        let block = self.find(at).ok_or_else(|| not_found(at))?;
        let indent = self.child_indent(block).ok_or_else(|| not_found(at))?;
        let sibling = |key: &str| self.child(Some(block), key).ok_or_else(|| not_found(at));
        let line = match position {
            Position::End => block.end,
            Position::After(key) => sibling(key)?.end,
            Position::Before(key) => sibling(key)?.start,
        };
        let mut lines = entry_lines(key, value, indent);
        if apart {
            lines.insert(0, String::new());
        }
        self.0.splice(line..line, lines);
        Ok(())
    }

    /// Writes an element at the end of a list.
    pub fn append(&mut self, at: &[String], value: &Value) -> Result<(), String> {
        let block = self.find(at).ok_or_else(|| not_found(at))?;
        let first = &self.0[block.start];
        if first.contains(": [") {
            let start = first.trim_end().strip_suffix(']').ok_or_else(|| not_found(at))?;
            let separator = if start.ends_with('[') { "" } else { ", " };
            self.0[block.start] = format!("{start}{separator}{}]", scalar(value));
            return Ok(());
        }
        let indent = self.child_indent(block).ok_or_else(|| not_found(at))?;
        self.0.splice(block.end..block.end, item_lines(value, indent));
        Ok(())
    }

    /// A node within a node, or at the top.
    fn child(&self, parent: Option<Block>, key: &str) -> Option<Block> {
        let (start, end, indent) = match parent {
            None => (0, self.0.len(), 0),
            Some(block) if block.is_item => (block.start, block.end, block.indent + 2),
            Some(block) => (block.start + 1, block.end, self.child_indent(block)?),
        };
        let index = key.parse::<usize>().ok();
        let mut items = 0;
        for line in start..end {
            // The first key of an element stands after its dash.
            let dashed = parent.is_some_and(|block| block.is_item && block.start == line);
            let text = &self.0[line];
            if indent_of(text) + if dashed { 2 } else { 0 } != indent || !is_content(text) {
                continue;
            }
            let text = text.trim_start();
            let text = if dashed { text.trim_start_matches("- ") } else { text };
            let is_item = !dashed && text.starts_with("- ");
            let found = if is_item { index == Some(items) } else { has_key(text, key) };
            items += usize::from(is_item);
            if found {
                return Some(Block { start: line, end: self.block_end(line, end, indent), indent, is_item });
            }
        }
        None
    }

    /// Where a node ends that begins in a line: before the next line that is indented no more. Empty lines and comments before
    /// that one belong to what follows.
    fn block_end(&self, start: usize, limit: usize, indent: usize) -> usize {
        let mut end = start + 1;
        for line in start + 1..limit {
            let text = &self.0[line];
            let own = indent_of(text);
            if own < text.len() {
                if own <= indent {
                    break;
                }
                end = line + 1;
            }
        }
        end
    }

    /// How far the entries of a block are indented.
    fn child_indent(&self, block: Block) -> Option<usize> {
        if block.is_item {
            return Some(block.indent + 2);
        }
        let within = &self.0[block.start + 1..block.end];
        within.iter().find(|line| is_content(line)).map(|line| indent_of(line))
    }
}

fn not_found(at: &[String]) -> String {
    format!("{}: not found in block style: write it over several lines, then adopt again", at.join(" > "))
}

fn is_content(line: &str) -> bool {
    !matches!(line.as_bytes().get(indent_of(line)), None | Some(b'#'))
}

fn indent_of(line: &str) -> usize {
    line.bytes().position(|byte| byte != b' ').unwrap_or(line.len())
}

/// Whether a line begins with a key, quoted or not.
fn has_key(line: &str, key: &str) -> bool {
    let bare = ["\"", "'"].iter().find_map(|quote| line.strip_prefix(quote)?.strip_prefix(key)?.strip_prefix(quote));
    let rest = bare.or_else(|| line.strip_prefix(key)).and_then(|rest| rest.strip_prefix(':'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
