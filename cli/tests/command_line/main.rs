//! The program as its users run it: arguments, configuration, what it prints, exit statuses, and what is sent.

mod auth_check;
mod configuration;
mod documents;
mod every_operation;
mod home;
mod outcomes;
mod running;
mod sample;
mod sandbox;
mod service;
#[cfg(unix)]
mod terminal;
mod unknown_outcome;
mod webhook_listen;
mod webhook_send;
mod wrong_arguments;
