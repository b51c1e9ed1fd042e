//! Certificates: who is trusted, and that a certificate which is not costs one attempt and no key.

mod support;

use std::time::Duration;

use polyprofile_core::{ErrorKind, Operation};
use rcgen::date_time_ymd;
use support::{
    PROFILE, Reply, SLACK, Server, assert_error, client_of, fetch_profile, let_time_pass, timed,
    tls::{TlsServer, certificate_for},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

#[tokio::test(start_paused = true)]
async fn a_certificate_that_the_caller_brought_is_trusted() {
    let server = TlsServer::start(certificate_for("127.0.0.1"), PROFILE).await;
    let client = client_of(&server.url(), |config| config.root_certificates.push(server.certificate.clone().into()));
    fetch_profile(&client).await.expect("it is trusted");
    assert_eq!(server.count(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_cannot_be_trusted_costs_one_attempt_and_no_key() {
    let mut expired = certificate_for("127.0.0.1");
    expired.not_before = date_time_ymd(2001, 1, 1);
    expired.not_after = date_time_ymd(2002, 1, 1);
    for (parameters, trusted, words) in [
        (certificate_for("127.0.0.1"), false, "issuer is not trusted"),
        (certificate_for("vendor.example"), true, "for another host"),
        (expired, true, "has expired"),
    ] {
        let server = TlsServer::start(parameters, PROFILE).await;
        let client = client_of(&server.url(), |config| {
            config.root_certificates.extend(trusted.then(|| server.certificate.clone().into()));
        });
        let error = fetch_profile(&client).await.expect_err(words);
        assert_error(&error, ErrorKind::Tls, Operation::GetProfile, 1);
        assert!(error.message().contains(words), "{error:?}");
        assert!(!error.is_retryable());
        assert_eq!(server.count(), (1, 0), "nothing is said to a stranger");
    }
}

#[tokio::test(start_paused = true)]
async fn a_port_that_speaks_no_tls_costs_one_attempt_and_no_key() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    tokio::spawn(let_time_pass());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("the client connects");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("the client listens");
        let mut said = Vec::new();
        // It hangs up once it has seen that this is no TLS, perhaps with a reset.
        let _ = stream.read_to_end(&mut said).await;
        said
    });
    let error = fetch_profile(&client_of(&format!("https://{address}"), |_| {})).await.expect_err("no TLS");
    assert_error(&error, ErrorKind::Tls, Operation::GetProfile, 1);
    let said = serving.await.expect("it serves");
    assert!(!said.windows(support::KEY.len()).any(|window| window == support::KEY.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_stalls_ends_by_the_connect_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    tokio::spawn(let_time_pass());
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            silent.push(stream);
        }
    });
    let (outcome, elapsed) = timed(fetch_profile(&client_of(&format!("https://{address}"), |_| {}))).await;
    assert_error(&outcome.expect_err("silence"), ErrorKind::Timeout, Operation::GetProfile, 3);
    assert!(elapsed <= Duration::from_millis(3 * 3_000 + 600) + SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_certificate_is_refused_and_nothing_is_sent() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let client = client_of(&server.url().replace("http:", "https:"), |config| {
            config.root_certificates.push(pem.into());
        });
        let error = fetch_profile(&client).await.expect_err("no certificate");
        assert_error(&error, ErrorKind::Config, Operation::GetProfile, 0);
    }
    assert_eq!(server.connections(), 0);
}
