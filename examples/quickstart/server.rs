//! A server with the five operations that the example calls, on nothing but tokio, so that the example compiles soon.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const TOKEN: &str = "a.made-up.token";
pub(crate) const API_KEY: &str = "AMadeUpKey";
pub(crate) const ADMIN_KEY: &str = "AMadeUpAdminKey";

const COMMANDS: [&str; 4] = ["/AddAccessibleLock", "/SetOrganization", "/AddResident", "/AddDevice"];

/// It stops when it is dropped.
pub(crate) struct Server {
    url: String,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts it on a free port of this machine.
    pub(crate) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
        Ok(Self { url, task })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a connection, request by request. An error is a client that is gone.
async fn serve(stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        let mut line = String::new();
        while stream.read_line(&mut line).await? > "\r\n".len() {
            head.push(std::mem::take(&mut line).trim_end().to_ascii_lowercase());
        }
        let Some(first) = head.first() else { return Ok(()) };
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        stream.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
        let (status, body) = respond(first, &head);
        let length = body.len();
        let response =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all((response + body).as_bytes()).await?;
    }
}

/// The status and body for a request, whose head is in lower case.
fn respond(request: &str, head: &[String]) -> (&'static str, &'static str) {
    let has = |header: String| head.contains(&header.to_ascii_lowercase());
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    let authorized = has(format!("authorization: Bearer {TOKEN}")) && has(format!("x-api-key: {API_KEY}"));
    if !authorized {
        ("401 Unauthorized", r#"{"error":"Unauthorized","message":"the credentials are missing or wrong"}"#)
    } else if COMMANDS.iter().any(|command| path.ends_with(&command.to_ascii_lowercase())) {
        ("200 OK", r#"{"success":true,"aggregateId":"123","version":2,"event":null}"#)
    } else if path == "/admin/backfill-threedeye" && has(format!("x-admin-api-key: {ADMIN_KEY}")) {
        ("200 OK", r#"{"success":true,"total":3,"created":3,"failed":0,"errors":[]}"#)
    } else {
        ("404 Not Found", r#"{"error":"Not Found","message":"the server of the example has no such operation"}"#)
    }
}
