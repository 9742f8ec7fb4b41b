//! The most common mistakes do not compile, and the compiler's message says what is wrong.
//!
//! Each program is compiled against the library that cargo has built for this test.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// The library in the directory of this test; the newest, if there is one for each of several sets of features.
fn library(directory: &Path) -> Option<PathBuf> {
    let entries = directory.read_dir().ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let is_library = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libspkey-") && name.ends_with(".rlib")
    };
    let modified = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    entries.filter(is_library).max_by_key(modified)
}

/// Compiles a function body, and returns what the compiler says: nothing if it compiles. None if there is no library.
fn compile(body: &str) -> Option<String> {
    let directory = env::current_exe().unwrap().parent().unwrap().to_owned();
    let Some(library) = library(&directory) else {
        // Not by eprintln, which the test harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "skipped: there is no libspkey-*.rlib in {}", directory.display());
        return None;
    };
    let program = format!(
        "#![allow(unused)]\n#![deny(unused_must_use)]\n\
         use spkey::{{Client, Error, LockId, Secret, UserId}};\n\
         use spkey::types::{{AccessLevel, DeviceType, LockInitialKey}};\n\
         pub async fn example(spkey: Client, user: UserId, lock: LockId, secret: Secret) -> Result<(), Error> {{\n\
         {body}\nOk(())\n}}\n"
    );
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--crate-type=lib", "--crate-name=example", "--emit=metadata", "-o"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{:?}.rmeta", std::thread::current().id())))
        .arg(format!("-Ldependency={}", directory.display()))
        .arg(format!("--extern=spkey={}", library.display()))
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    rustc.stdin.take().unwrap().write_all(program.as_bytes()).unwrap();
    let output = rustc.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    Some(said)
}

fn assert_rejected(body: &str, message: &str) {
    let Some(said) = compile(body) else { return };
    assert!(said.contains(message), "{body}: {message:?} is not in:\n{said}");
    assert_eq!(said.matches("\nerror").count() + usize::from(said.starts_with("error")), 2, "one error only:\n{said}");
}

#[test]
fn correct_program_compiles() {
    let body = "spkey.open_lock(lock).reason(\"parcel\").send().await?;
        let grant = spkey.add_accessible_lock(user).lock_id(lock).lock_name(\"Front door\");
        let granted = grant.access_level(AccessLevel::User).granted_by(&user).send().await?;
        let level: Option<AccessLevel> = granted.into_inner().access_level;";
    if let Some(said) = compile(body) {
        assert_eq!(said, "");
    }
}

mod wrong_type {
    use super::*;

    #[test]
    fn id_of_a_user_for_a_lock() {
        let message = "`UserId` cannot be given where a `LockId` is expected";
        assert_rejected("spkey.open_lock(user).send().await?;", message);
        let message = "`&UserId` cannot be given where a `LockId` is expected";
        assert_rejected("spkey.open_lock(&user).send().await?;", message);
    }

    #[test]
    fn id_of_a_lock_for_a_user() {
        let message = "`LockId` cannot be given where a `UserId` is expected";
        assert_rejected("spkey.get_user_profile(lock).send().await?;", message);
    }

    #[test]
    fn value_of_another_enum() {
        let message = "`DeviceType` cannot be given where a `AccessLevel` is expected";
        assert_rejected("let grant = spkey.add_accessible_lock(user).access_level(DeviceType::Camera);", message);
    }

    #[test]
    fn option_of_a_type_that_must_be_converted_first() {
        let message = "`Option<&str>` cannot be given where a `Option<String>` is expected";
        assert_rejected("let call = spkey.open_lock(lock).reason(Some(\"parcel\"));", message);
    }

    #[test]
    fn option_for_a_required_input() {
        let message = "`Option<String>` cannot be given where a `String` is expected";
        assert_rejected("let call = spkey.set_organization(lock).org_id(Some(String::new()));", message);
    }
}

mod forgotten {
    use super::*;

    #[test]
    fn send() {
        assert_rejected("spkey.open_lock(lock);", "nothing is sent before `.send().await`");
        assert_rejected("spkey.open_lock(lock).reason(\"parcel\");", "nothing is sent before `.send().await`");
    }

    #[test]
    fn await_of_the_future() {
        assert_rejected("spkey.open_lock(lock).send();", "futures do nothing unless you `.await` or poll them");
    }

    #[test]
    fn result() {
        assert_rejected("spkey.open_lock(lock).send().await;", "unused `Result` that must be used");
    }

    #[test]
    fn argument_of_the_path() {
        assert_rejected("let call = spkey.open_lock();", "this method takes 1 argument but 0 arguments were supplied");
    }
}

mod not_possible {
    use super::*;

    #[test]
    fn setter_for_a_parameter_of_the_path() {
        assert_rejected("let call = spkey.open_lock(lock).lock_id(lock);", "no method named `lock_id` found");
    }

    #[test]
    fn secret_that_is_printed() {
        assert_rejected("println!(\"{secret}\");", "`Secret` doesn't implement `std::fmt::Display`");
    }

    #[test]
    fn match_of_an_enum_that_handles_known_values_only() {
        let body = "let level = AccessLevel::User;
            match level { AccessLevel::Owner | AccessLevel::Admin | AccessLevel::User | AccessLevel::Guest => {} }";
        assert_rejected(body, "non-exhaustive patterns");
    }

    #[test]
    fn request_body_made_by_its_fields() {
        let body = "let key = LockInitialKey { uuid: secret, index_number: None, user_id: None };";
        assert_rejected(body, "cannot create non-exhaustive struct using struct expression");
    }
}
