//! A relay before a server, whose connections can go silent.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Passes on what both sides send, until it is silenced.
pub struct Relay {
    pub url: String,
    /// How often it was silenced.
    silenced: watch::Sender<u32>,
    _passing: JoinSet<()>,
}

impl Relay {
    /// A relay before the server of that URL.
    pub async fn start(url: &str) -> Self {
        let (prefix, port) = url.rsplit_once(':').unwrap();
        let server = ("127.0.0.1", port.parse::<u16>().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{prefix}:{}", listener.local_addr().unwrap().port());
        let (silenced, silence) = watch::channel(0);
        let mut passing = JoinSet::new();
        passing.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let mut silence = silence.clone();
                silence.mark_unchanged();
                connections.spawn(async move {
                    let Ok(mut server) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        // Both stay open; nothing is read from them any more.
                        _ = silence.changed() => std::future::pending().await,
                    }
                });
            }
        });
        Self { url, silenced, _passing: passing }
    }

    /// Passes on nothing any more over the connections that there are. New ones are as before.
    pub fn silence(&self) {
        self.silenced.send_modify(|times| *times += 1);
    }
}
