//! The program as its users run it: arguments, configuration, what it prints, exit statuses, and what is sent.

mod auth_check;
mod configuration;
mod documents;
mod home;
mod running;
mod sandbox;
mod webhook_listen;
mod webhook_send;
