//! The example prints what the documentation says.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[allow(dead_code, reason = "`main` is the example's")]
#[path = "../examples/telemetry.rs"]
mod example;

const DOCUMENTATION: &str = include_str!("../../../docs/telemetry.md");

/// A text with each run of digits as one character: ports, durations and random waits differ.
fn without_numbers(text: &str) -> String {
    let mut shortened = String::new();
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if shortened.ends_with('#') => {}
            true => shortened.push('#'),
            false => shortened.push(c),
        }
    }
    shortened
}

#[tokio::test]
async fn example_prints_what_the_documentation_says() {
    let printed = example::run().await.unwrap();
    let documented = DOCUMENTATION.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(without_numbers(&printed), without_numbers(documented), "{printed}");
}
