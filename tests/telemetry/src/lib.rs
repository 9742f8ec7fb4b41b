//! The samples of `docs/telemetry.md` compile.

#![doc = include_str!("../../../docs/telemetry.md")]
