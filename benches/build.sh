#!/usr/bin/env bash
# What the crate costs to build, beside reqwest with rustls, serde and tokio alone: benches/build.sh [ROUNDS]. Takes minutes;
# nothing else should run.
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
cp Cargo.lock "$work/raw/" && cp Cargo.lock "$work/program/"
for project in raw program; do cargo fetch --manifest-path "$work/$project/Cargo.toml" >/dev/null 2>&1; done

seconds() { local start=$EPOCHREALTIME; "$@" >/dev/null 2>&1; echo "$EPOCHREALTIME $start" | awk '{ printf "%.1f", $1 - $2 }'; }
crates() { cargo tree --manifest-path "$1/Cargo.toml" -e normal,build --prefix none --no-dedupe 2>/dev/null | sort -u | wc -l; }
build() { rm -rf "$work/$1/target"; seconds cargo build --manifest-path "$work/$1/Cargo.toml" "${@:2}"; }

echo "crates: raw $(crates "$work/raw"), program $(crates "$work/program")"
for round in $(seq "${1:-3}"); do
    echo "clean debug build, round $round: raw $(build raw) s, program $(build program) s"
done
for project in raw program; do
    echo "clean release build: $project $(build $project --release) s"
    strip -o "$work/stripped" "$work/$project/target/release/$project"
    echo "release binary, stripped: $project $(stat -c %s "$work/stripped") bytes"
done

export CARGO_TARGET_DIR="$work/own"
cargo check >/dev/null 2>&1
touch src/lib.rs && cargo check >/dev/null 2>&1
touch src/lib.rs
echo "cargo check after a touch of src: $(seconds cargo check) s"
echo "generated lines: $(cat "$work"/own/debug/build/spkey-*/out/{environments,events,operations,types}.rs | wc -l)"
