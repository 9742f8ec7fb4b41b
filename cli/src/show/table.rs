use anstyle::Style;
use serde_json::Value;
use spkey::FieldShape;
use unicode_width::UnicodeWidthStr as _;

use crate::show::cell::cell;

/// Lists as a table, the elements of one page after those of the other. The first page decides which columns there are and how
/// wide they are.
pub(crate) struct Table {
    columns: Vec<Column>,
}

struct Column {
    field: &'static FieldShape,
    width: usize,
}

const HEAD: Style = Style::new().bold();
/// Between two columns.
const GAP: &str = "  ";
const MISSING: &str = "-";

impl Table {
    /// The table of the elements, and its head; none where they do not fit into a line of that many columns, or have nothing
    /// that a cell can hold.
    pub(crate) fn new(
        elements: &[Value],
        fields: &'static [FieldShape],
        line: Option<usize>,
    ) -> Option<(Self, String)> {
        let columns: Vec<_> = fields
            .iter()
            .filter_map(|field| {
                let cells = elements.iter().filter_map(|element| cell(element.get(field.name)?, field.shape));
                let width = cells.map(|text| text.width()).max()?;
                Some(Column { field, width: width.max(field.name.width()) })
            })
            .collect();
        let width: usize = columns.iter().map(|column| column.width + GAP.len()).sum();
        // What a cell cannot hold, a list or an object, or what is no field, would be left out.
        let fits_a_cell = |(name, value): (&String, &Value)| {
            let field = fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| value.is_null() || cell(value, field.shape).is_some())
        };
        let is_whole =
            elements.iter().all(|element| element.as_object().is_some_and(|map| map.iter().all(fits_a_cell)));
        let fits = line.is_none_or(|line| width <= line + GAP.len());
        if columns.is_empty() || !is_whole || !fits {
            return None;
        }
        let head = row(columns.iter().map(|column| (column.field.name.to_owned(), column.width)));
        let head = format!("{HEAD}{head}{HEAD:#}");
        Some((Self { columns }, head))
    }

    /// The line of an element.
    pub(crate) fn line(&self, element: &Value) -> String {
        row(self.columns.iter().map(|Column { field, width }| {
            let cell = element.get(field.name).and_then(|value| cell(value, field.shape));
            (cell.unwrap_or_else(|| MISSING.to_owned()), *width)
        }))
    }
}

fn row(cells: impl Iterator<Item = (String, usize)>) -> String {
    let cells = cells.map(|(cell, width)| {
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        cell + &padding
    });
    cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
}
