use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use tempfile::TempDir;

/// The beginning of every credential in these tests: no output may hold it.
pub(crate) const SECRET: &str = "s3cret";

/// A home directory of its own, without a configuration at first.
pub(crate) struct Home {
    directory: TempDir,
}

/// What a run of the program has printed.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes the configuration, for the user alone.
    pub(crate) fn configure(&self, text: &str) -> &Self {
        fs::write(self.path("config.toml"), text).unwrap();
        self.set_mode(0o600);
        self
    }

    #[cfg(unix)]
    pub(crate) fn set_mode(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(self.path("config.toml"), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    pub(crate) fn set_mode(&self, _: u32) {}

    /// The program with these variables and no others that it knows.
    pub(crate) fn spkey(&self, variables: &[(&str, &str)]) -> Command {
        let mut command = cargo_bin_cmd!("spkey");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPKEY_") || name.contains("PROXY")) {
            command.env_remove(name);
        }
        command.env("HOME", self.directory.path()).env("SPKEY_CONFIG", self.path("config.toml"));
        command.envs(variables.iter().copied());
        command
    }

    /// Runs it, and checks that no credential is printed.
    pub(crate) fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let run = self.run_with_secrets(arguments, variables);
        let Run { stdout, stderr, .. } = &run;
        assert!(!stdout.contains(SECRET) && !stderr.contains(SECRET), "a credential is printed: {stdout}{stderr}");
        run
    }

    /// Runs it. It may print secrets.
    pub(crate) fn run_with_secrets(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let output = self.spkey(variables).args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let status = output.status.code().unwrap();
        Run { status, stdout, stderr }
    }
}
