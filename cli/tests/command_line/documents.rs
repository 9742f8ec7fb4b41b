//! What is made of the command line for others: completions and manual pages.

use std::fs;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin_cmd;

fn printed(arguments: &[&str]) -> String {
    let output = cargo_bin_cmd!("spkey").args(arguments).assert().success().get_output().clone();
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

fn is_installed(program: &str, argument: &str) -> bool {
    let found = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("SKIPPED: {program} is not installed");
    }
    found
}

#[test]
fn completions_of_every_shell_name_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = printed(&["completions", shell]);
        for word in ["spkey", "completions", "base-url"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
}

#[test]
fn bash_reads_its_completions() {
    if !is_installed("bash", "--version") {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("spkey.bash");
    fs::write(&file, printed(&["completions", "bash"])).unwrap();
    let output = Command::new("bash").arg("-n").arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn manual_page_has_commands_and_exit_statuses() {
    let page = printed(&["man"]);
    for text in [".TH spkey 1", "webhook", "nothing was sent"] {
        assert!(page.contains(text), "{page}");
    }
}

#[test]
fn each_command_gets_a_manual_page_of_valid_roff() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man1");
    assert_eq!(printed(&["man", "--dir", pages.to_str().unwrap()]), "");
    for page in ["spkey", "spkey-auth-check", "spkey-sandbox", "spkey-webhook-listen", "spkey-completions", "spkey-man"]
    {
        let page = pages.join(format!("{page}.1"));
        assert!(page.exists(), "{}", page.display());
        if is_installed("groff", "--version") {
            let output = Command::new("groff").args(["-man", "-ww", "-z"]).arg(&page).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", page.display());
        }
    }
}

#[test]
fn directory_that_cannot_be_made_is_a_local_failure() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = cargo_bin_cmd!("spkey").arg("man").arg("--dir").arg(file.path()).assert().code(1).get_output().clone();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("spkey: the pages cannot be written to "), "{message}");
}
