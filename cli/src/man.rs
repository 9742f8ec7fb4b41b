use std::fs;
use std::path::Path;

use clap_mangen::Man;

use crate::command::command;
use crate::failure::Failure;
use crate::output;

/// Prints the manual page of the program, or writes a page for each command into a directory.
pub(crate) fn print(directory: Option<&Path>) -> Result<(), Failure> {
    if let Some(directory) = directory {
        let written = fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command(), directory));
        return written.map_err(|error| {
            let directory = directory.display();
            Failure::local(format!("the pages cannot be written to {directory}: {error}: choose another directory"))
        });
    }
    let mut page = Vec::new();
    Man::new(command()).render(&mut page).map_err(|error| Failure::output(&error))?;
    output::bytes(&page)
}
