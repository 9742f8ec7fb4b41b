use std::fmt::Write;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{ReceivedRequest, Wire};

/// A response that suits every operation that the tests call.
pub const GOOD: &str = r#"{"success":true,"aggregateId":"the right one","version":7,"event":null}"#;

/// What a server does to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Responds with that status, header lines and body.
    Respond(u16, Vec<String>, String),
    /// The same, with [`ECHO`] replaced by that part of the request.
    Echo(u16, Vec<String>, String, Part),
    /// Responds with success and then closes the connection, without having announced it.
    RespondAndClose,
    /// Breaks the connection without reading the request.
    ResetUnread,
    /// Leaves the request where it is and the connection open.
    ReadNothing,
    /// Reads the request and breaks the connection.
    ResetAfterRequest,
    /// Reads the request and closes the connection.
    CloseAfterRequest,
    /// Reads the request and never responds.
    Stall,
    /// Sends half of a head, and then nothing.
    StallInHead,
    /// Sends half of a head and closes the connection.
    TruncatedHead,
    /// Sends the head of a success and half of its body, and then nothing.
    StallInBody,
    /// The same, and closes the connection: the body is shorter than its length.
    TruncatedBody,
    /// Sends a success in pieces, without the last one.
    TruncatedChunks,
    /// Sends the head of a response of that status and half of its body, and closes the connection.
    TruncatedStatus(u16),
    /// Announces a body that is shorter than what follows.
    ShortLength,
    /// Sends a second, unrequested response behind the first.
    TwoResponses,
    /// Sends an interim response of that status before the real one.
    InterimFirst(u16),
    /// Sends interim responses without end.
    InterimFlood,
    /// Sends headers without end.
    FloodHead,
    /// Sends a success of that many bytes.
    Padded(usize, Framing),
    /// Sends the head of a success that announces a body of that length, and then nothing.
    Announce(usize),
    /// Sends a body of that status without end: with a length, in pieces, or until the connection closes.
    FloodBody(u16, Framing),
    /// Sends what is not HTTP.
    Gibberish,
}

/// The placeholder in a body for a part of the request.
pub const ECHO: &str = "ECHO";

/// A part of a request that a careless server may repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Path and query as they were sent.
    Target,
    /// Path and query decoded, in capitals.
    DecodedTarget,
    /// The headers that hold credentials.
    Credentials,
    Body,
}

/// How the end of a body is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Length,
    Chunked,
    Close,
}

impl Behaviour {
    pub fn good() -> Self {
        Self::status(200, GOOD)
    }

    pub fn status(status: u16, body: &str) -> Self {
        Self::Respond(status, Vec::new(), body.to_owned())
    }

    /// A status without body, with one more header.
    pub fn with_header(status: u16, header: &str) -> Self {
        Self::Respond(status, vec![header.to_owned()], String::new())
    }

    /// Whether the server reads the request.
    pub fn reads(&self) -> bool {
        !matches!(self, Self::ResetUnread | Self::ReadNothing)
    }

    /// Whether the response proves that nothing was done.
    pub fn rejects(&self) -> bool {
        let status = match self {
            Self::Respond(status, ..)
            | Self::Echo(status, ..)
            | Self::TruncatedStatus(status)
            | Self::FloodBody(status, _) => *status,
            _ => return false,
        };
        (400..500).contains(&status) && status != 408
    }

    /// Carries it out, and returns whether the connection stays usable.
    pub async fn act<W: Wire>(&self, wire: &mut W, request: Option<&ReceivedRequest>) -> bool {
        let half = &GOOD[..GOOD.len() / 2];
        let length = GOOD.len();
        match self {
            Self::Respond(status, headers, body) => return send(wire, &response(*status, headers, body)).await,
            Self::Echo(status, headers, body, part) => {
                let body = body.replace(ECHO, &part.of(request.unwrap()));
                return send(wire, &response(*status, headers, &body)).await;
            }
            Self::RespondAndClose => drop(send(wire, &response(200, &[], GOOD)).await),
            Self::ResetUnread | Self::ResetAfterRequest => wire.tcp().set_zero_linger().unwrap(),
            Self::ReadNothing => std::future::pending().await,
            Self::CloseAfterRequest => {}
            Self::Stall => hold(wire, "").await,
            Self::StallInHead => hold(wire, "HTTP/1.1 200 OK\r\ncontent-ty").await,
            Self::TruncatedHead => drop(send(wire, "HTTP/1.1 200 OK\r\ncontent-ty").await),
            Self::StallInBody => {
                hold(wire, &format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{half}")).await;
            }
            Self::TruncatedBody => {
                send(wire, &format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{half}")).await;
            }
            Self::TruncatedChunks => {
                let chunk = format!("{:x}\r\n{half}\r\n", half.len());
                send(wire, &format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}")).await;
            }
            Self::TruncatedStatus(status) => {
                send(wire, &format!("HTTP/1.1 {status} No\r\ncontent-length: {length}\r\n\r\n{half}")).await;
            }
            Self::ShortLength => {
                send(wire, &format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{GOOD}", half.len())).await;
            }
            Self::TwoResponses => {
                let second = response(200, &[], &GOOD.replace("right", "wrong"));
                return send(wire, &(response(200, &[], GOOD) + &second)).await;
            }
            Self::InterimFirst(status) => {
                return send(wire, &(format!("HTTP/1.1 {status} Wait\r\n\r\n") + &response(200, &[], GOOD))).await;
            }
            Self::InterimFlood => flood(wire, "", &"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)).await,
            Self::FloodHead => flood(wire, "HTTP/1.1 200 OK\r\n", &"x-flood: of headers\r\n".repeat(100)).await,
            Self::Padded(length, framing) => {
                let body = GOOD.to_owned() + &" ".repeat(length - GOOD.len());
                let (header, body) = match framing {
                    Framing::Length => (format!("content-length: {length}"), body),
                    Framing::Chunked => {
                        ("transfer-encoding: chunked".to_owned(), format!("{length:x}\r\n{body}\r\n0\r\n\r\n"))
                    }
                    Framing::Close => ("connection: close".to_owned(), body),
                };
                return send(wire, &format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n{body}")).await
                    && *framing != Framing::Close;
            }
            Self::Announce(length) => hold(wire, &format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n")).await,
            Self::FloodBody(status, framing) => {
                let (header, piece) = match framing {
                    Framing::Length => ("content-length: 1000000000000\r\n", " ".repeat(0x4000)),
                    Framing::Chunked => {
                        ("transfer-encoding: chunked\r\n", format!("4000\r\n{}\r\n", " ".repeat(0x4000)))
                    }
                    Framing::Close => ("", " ".repeat(0x4000)),
                };
                flood(wire, &format!("HTTP/1.1 {status} Flood\r\n{header}\r\n"), &piece).await;
            }
            Self::Gibberish => drop(send(wire, "220 mail.example.com ESMTP\r\n").await),
        }
        false
    }
}

impl Part {
    /// The part, escaped for a JSON text.
    fn of(self, request: &ReceivedRequest) -> String {
        let text = match self {
            Self::Target => request.target.clone(),
            Self::DecodedTarget => {
                percent_encoding::percent_decode_str(&request.target).decode_utf8_lossy().to_uppercase()
            }
            Self::Credentials => {
                let is_credential = |line: &&str| line.starts_with("authorization") || line.starts_with("x-");
                request.head.lines().filter(is_credential).collect::<Vec<_>>().join(" ")
            }
            Self::Body => String::from_utf8_lossy(&request.body).into_owned(),
        };
        serde_json::Value::from(text).to_string().trim_matches('"').to_owned()
    }
}

fn response(status: u16, headers: &[String], body: &str) -> String {
    let mut text = format!("HTTP/1.1 {status} Status\r\n");
    for header in headers {
        let _ = write!(text, "{header}\r\n");
    }
    if matches!(status, 100..200 | 204 | 304) {
        return text + "\r\n";
    }
    text + &format!("content-length: {}\r\n\r\n{body}", body.len())
}

async fn send<W: Wire>(wire: &mut W, text: &str) -> bool {
    wire.write_all(text.as_bytes()).await.is_ok() && wire.flush().await.is_ok()
}

/// Sends the text and nothing more, until the client closes the connection.
async fn hold<W: Wire>(wire: &mut W, text: &str) {
    send(wire, text).await;
    while matches!(wire.read(&mut [0; 64]).await, Ok(1..)) {}
}

/// Sends the text and then the piece, over and over, until the client closes the connection.
async fn flood<W: Wire>(wire: &mut W, text: &str, piece: &str) {
    let mut open = send(wire, text).await;
    while open {
        open = send(wire, piece).await;
    }
}
