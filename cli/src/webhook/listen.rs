use spkey::webhook::Verifier;
use tokio::net::TcpListener;

use crate::ctrl_c::until_ctrl_c;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::note::note;
use crate::webhook::delivery_line::LineFormat;
use crate::webhook::options::ListenOptions;
use crate::webhook::receiver::receive_on;
use crate::webhook::secrets::required_secrets;

/// Receives deliveries until ctrl-c, and prints a line for each.
pub(crate) async fn run(listen: &ListenOptions, options: &GlobalOptions) -> Result<(), Failure> {
    let mut verifier = Verifier::bearer(required_secrets(&listen.secret)?).map_err(invalid)?;
    if let Some(partner) = &listen.partner_id {
        verifier = verifier.partner_id(partner).map_err(invalid)?;
    }
    let (host, port) = (listen.host, listen.port);
    let in_use =
        |error| Failure::local(format!("{host} port {port} cannot be used: {error}: give another by --host or --port"));
    let listener = TcpListener::bind((host, port)).await.map_err(in_use)?;
    let address = listener.local_addr().map_err(in_use)?;
    let format = LineFormat { json: options.json, show_secrets: options.show_secrets };
    until_ctrl_c(async {
        note(&format!("listening on http://{address}, with any path, until ctrl-c"));
        receive_on(listener, verifier, format, options.verbose).await
    })
    .await
}

fn invalid(error: impl ToString) -> Failure {
    Failure::usage(error.to_string())
}
