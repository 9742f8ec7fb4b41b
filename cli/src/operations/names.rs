use spkey::Operation;

/// The name of an operation's command: `add-accessible-lock` for `add_accessible_lock`, and `open` for `open_lock`, which is of
/// the area `locks`.
pub(crate) fn command_name(operation: &Operation) -> String {
    let noun = operation.area.strip_suffix('s').unwrap_or(operation.area).replace('-', "_");
    let verb = operation.id.strip_suffix(&noun).and_then(|verb| verb.strip_suffix('_'));
    // Two words before the noun name another thing: `create_lock_temp_key` creates no lock.
    let verb = verb.filter(|verb| !verb.contains('_'));
    let of_admin = operation.id.strip_prefix("admin_").filter(|_| operation.area == "admin");
    kebab(verb.or(of_admin).unwrap_or(operation.id))
}

/// The name with which every operation can be called, whatever its area is.
pub(crate) fn full_name(operation: &Operation) -> String {
    kebab(operation.id)
}

/// The operation of a command, by the names of its area and of itself.
pub(crate) fn find(area: &str, name: &str) -> Option<&'static Operation> {
    let of_area = Operation::all().iter().filter(|operation| operation.area == area);
    of_area.copied().find(|operation| command_name(operation) == name)
}

/// `lock_id` as an option of a command line has it.
pub(crate) fn kebab(name: &str) -> String {
    name.trim_end_matches('_').replace('_', "-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_verb_stands_for_what_it_does_to_the_things_of_its_area() {
        for (id, name) in [
            ("open_lock", "open"),
            ("get_basic_lock_info", "get-basic-lock-info"),
            ("add_accessible_lock", "add-accessible-lock"),
            ("create_lock_temp_key", "create-lock-temp-key"),
            ("admin_create_rtsp_camera", "create-rtsp-camera"),
        ] {
            assert_eq!(command_name(Operation::find(id).unwrap()), name);
        }
    }

    #[test]
    fn every_name_is_of_one_operation() {
        let names = Operation::all().iter().map(|operation| (operation.area, command_name(operation)));
        assert_eq!(names.collect::<BTreeSet<_>>().len(), Operation::all().len());
        for operation in Operation::all() {
            let found = find(operation.area, &command_name(operation)).unwrap();
            assert_eq!(found.id, operation.id);
        }
    }
}
