use serde_json::Value;
use spkey::Shape;

use crate::failure::Failure;
use crate::output;
use crate::show::people;
use crate::show::printer::Printer;
use crate::show::table::Table;

/// Prints the elements of a list that comes in pages, those of one page after those of the other.
pub(crate) struct Elements<'a, 'b> {
    printer: &'a mut Printer<'b>,
    shape: &'static Shape,
    layout: Layout,
}

enum Layout {
    /// The first elements decide.
    Undecided,
    Table(Table),
    /// Each is an object of several lines.
    Records,
}

impl<'a, 'b> Elements<'a, 'b> {
    pub(crate) fn new(printer: &'a mut Printer<'b>, shape: &'static Shape) -> Self {
        Self { printer, shape, layout: Layout::Undecided }
    }

    /// Prints the elements of a page. As JSON, each is a line.
    pub(crate) fn print(&mut self, mut elements: Vec<Value>) -> Result<(), Failure> {
        for element in &mut elements {
            self.printer.hide(element, self.shape);
        }
        if self.printer.is_json() {
            return elements.iter().try_for_each(|element| output::line(&element.to_string()));
        }
        if let (Layout::Undecided, Shape::Object(fields)) = (&self.layout, self.shape)
            && let Some((table, head)) = Table::new(&elements, fields, self.printer.line)
        {
            output::line(&head)?;
            self.layout = Layout::Table(table);
        }
        elements.iter().try_for_each(|element| self.element(element))
    }

    fn element(&mut self, element: &Value) -> Result<(), Failure> {
        match &self.layout {
            Layout::Table(table) => return output::line(&table.line(element)),
            Layout::Records => output::line("")?,
            Layout::Undecided => self.layout = Layout::Records,
        }
        let lines = people::lines(element, self.shape, self.printer.line);
        lines.iter().try_for_each(|line| output::line(line))
    }
}
