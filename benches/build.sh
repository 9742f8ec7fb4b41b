#!/usr/bin/env bash
# What the crate costs to build, beside reqwest with rustls, serde and tokio alone: benches/build.sh [ROUNDS]. Takes two
# minutes a round; nothing else should run.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/raw/src" "$work/program/src"
cat > "$work/raw/Cargo.toml" <<'TOML'
[package]
name = "raw"
version = "0.0.0"
edition = "2024"
[dependencies]
reqwest = { version = "0.13.4", default-features = false, features = ["http2", "system-proxy", "rustls", "json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }
TOML
sed "s/^name = .*/name = \"program\"/; s|^\[dependencies\]|[dependencies]\nspkey = { path = \"$PWD\" }|" "$work/raw/Cargo.toml" > "$work/program/Cargo.toml"
cat > "$work/raw/src/main.rs" <<'RUST'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), reqwest::Error> {
    let body = serde_json::json!({ "orgId": "o" });
    let client = reqwest::Client::new();
    let response = client.post("http://localhost:1/locks/1/SetOrganization").json(&body).send().await?;
    println!("{:?}", response.json::<serde_json::Value>().await?);
    Ok(())
}
RUST
cat > "$work/program/src/main.rs" <<'RUST'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), spkey::Error> {
    let client = spkey::Client::builder().base_url("http://localhost:1").api_key("k").build()?;
    println!("{:?}", client.set_organization(1).org_id("o").send().await?);
    Ok(())
}
RUST
for project in raw program; do
    cp Cargo.lock "$work/$project/"
    cargo fetch --manifest-path "$work/$project/Cargo.toml" >/dev/null 2>&1
done

TIMEFORMAT="%R %U %S"
# Elapsed seconds, and those of all processors.
seconds() { { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.2f %.2f\n", $1, $2 + $3 }'; }
median() { sort -n | awk '{ row[NR] = $1 } END { print row[int((NR + 1) / 2)] }'; }
crates() { cargo tree --manifest-path "$1/Cargo.toml" -e normal,build --prefix none --no-dedupe 2>/dev/null | sort -u | wc -l; }
# Cargo compiles what comes from a registry without increments, and a crate at a path with them.
build() { rm -rf "$work/$1/target"; CARGO_INCREMENTAL=0 seconds cargo build --manifest-path "$work/$1/Cargo.toml" "${@:2}"; }

echo "crates: raw $(crates "$work/raw"), program $(crates "$work/program")"
for round in $(seq "${1:-7}"); do
    for project in raw program; do build $project | tee -a "$work/$project.seconds" | sed "s/^/clean debug build, $project: /"; done
done
for column in 1 2; do
    paste -d " " <(cut -d " " -f $column "$work/raw.seconds" | median) <(cut -d " " -f $column "$work/program.seconds" | median)
done | awk '{ printf "clean debug build, medians, %s: raw %s s, program %s s, ratio %.2f\n", NR == 1 ? "elapsed" : "processors", $1, $2, $2 / $1 }'
for project in raw program; do
    echo "clean release build, $project: $(build $project --release)"
    strip -o "$work/stripped" "$work/$project/target/release/$project"
    echo "release binary, stripped, $project: $(stat -c %s "$work/stripped") bytes"
done

export CARGO_TARGET_DIR="$work/own"
cargo check >/dev/null 2>&1
for round in 0 1 2 3 4 5; do touch src/lib.rs && seconds cargo check; done | tail -n 5 > "$work/check.seconds"
for column in 1 2; do cut -d " " -f $column "$work/check.seconds" | median; done |
    awk '{ printf "cargo check after a touch of src, median, %s: %s s\n", NR == 1 ? "elapsed" : "processors", $1 }'
script=$(ls -d "$work"/own/debug/build/spkey-*/build-script-build)
made=$(ls -d "$work"/own/debug/build/spkey-*/out)
echo "generated: $(cat "$made"/*.rs | wc -lc | awk '{ print $1 " lines, " $2 " bytes" }')"

command -v valgrind >/dev/null || { echo "the build script's phases: not counted, there is no valgrind"; exit; }
OUT_DIR=$made valgrind --tool=callgrind --callgrind-out-file="$work/phases" "$script" >/dev/null 2>&1
echo "the build script's phases, instructions with all that they call:"
callgrind_annotate --inclusive=yes --threshold=100 "$work/phases" 2>/dev/null |
    grep -oE "^ *[0-9,]+ \([ 0-9.]+%\).*build_script_build::(main|[a-z:]+::yaml::read|[a-z:]+::rules::check|generate::generate|types::types|model::operations|emit::operations|lists::types|code::text|matter::rows)( |$)" || true
