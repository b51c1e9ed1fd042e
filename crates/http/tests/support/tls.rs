//! A server that speaks TLS, with a certificate as good or bad as a test wants it.
//!
//! The tests across crates include this file too.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use std::{net::SocketAddr, sync::Arc};

use rcgen::{Certificate, CertificateParams, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, rustls};

use super::server::let_time_pass;

/// A server that shows a certificate and answers every request with the same JSON. It is gone when dropped; time passes
/// as long as there is one.
#[derive(Debug)]
pub struct TlsServer {
    address: SocketAddr,
    /// The certificate that it shows, as PEM.
    pub certificate: String,
    count: tokio::sync::watch::Receiver<(u32, u32)>,
    _tasks: JoinSet<()>,
}

impl TlsServer {
    /// Shows a certificate that vouches for itself.
    pub async fn start(parameters: CertificateParams, body: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = parameters.self_signed(&key).expect("a certificate");
        Self::showing(&certificate, key, body).await
    }

    /// Shows `certificate`, of which it has the `key`.
    pub async fn showing(certificate: &Certificate, key: KeyPair, body: &str) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider knows TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .expect("a key that fits its certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (counter, count) = tokio::sync::watch::channel((0, 0));
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut tasks = JoinSet::new();
        tasks.spawn(let_time_pass());
        tasks.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).expect("a socket of TCP");
                counter.send_modify(|(connections, _)| *connections += 1);
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4_096];
                if stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                    counter.send_modify(|(_, requests)| *requests += 1);
                    stream.write_all(answer.as_bytes()).await.expect("the client listens");
                }
            }
        });
        Self { address, certificate: certificate.pem(), count, _tasks: tasks }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Connections, and requests that came over them.
    pub fn count(&self) -> (u32, u32) {
        *self.count.borrow()
    }
}

/// What a certificate for `host` is made of.
pub fn certificate_for(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).expect("a name that fits a certificate")
}
