use spkey::Auth;
use spkey::reqwest::Request;
use spkey::reqwest::header::CONTENT_TYPE;

use crate::connection::credentials::Credentials;
use crate::dry_run::variables::Variables;
use crate::failure::Failure;
use crate::output;

/// Prints a request as a `curl` command that a POSIX shell runs, with the credentials as the environment variables of the
/// library.
pub(crate) fn print(
    request: &Request,
    auth: Auth,
    credentials: &Credentials,
    secrets: &Variables,
) -> Result<(), Failure> {
    let names: Vec<_> = secrets.names().collect();
    if !names.is_empty() {
        output::line(&format!("# Set {} to what is not shown, encoded as its place needs it.", names.join(", ")))?;
    }
    output::line(&secrets.expand(&command(request, auth, credentials)))
}

fn command(request: &Request, auth: Auth, credentials: &Credentials) -> String {
    let url = quoted(request.url().as_str());
    let mut words = vec![format!("curl --request {} {url}", request.method())];
    words.extend(headers(auth, credentials).map(|(header, variable)| format!("--header \"{header}${variable}\"")));
    if request.headers().contains_key(CONTENT_TYPE) {
        words.push("--header 'Content-Type: application/json'".to_owned());
    }
    if let Some(body) = request.body().and_then(|body| body.as_bytes()) {
        words.push(format!("--data {}", quoted(&String::from_utf8_lossy(body))));
    }
    words.join(" ")
}

/// The headers of the credentials, with the variables that hold their values.
fn headers(auth: Auth, credentials: &Credentials) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_sent = auth != Auth::None;
    let headers = [
        (is_sent && credentials.token.is_some(), "Authorization: Bearer ", "SPKEY_TOKEN"),
        (is_sent && credentials.api_key.is_some(), "X-API-Key: ", "SPKEY_API_KEY"),
        (auth == Auth::Admin, "X-Admin-API-Key: ", "SPKEY_ADMIN_API_KEY"),
    ];
    headers.into_iter().filter(|(is_sent, ..)| *is_sent).map(|(_, header, variable)| (header, variable))
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
