//! No connection, or none that can be trusted.

use std::{net::SocketAddr, sync::Arc};

use polyprofile::{ErrorKind, http::reqwest};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::task::JoinSet;

use crate::{
    matrix::{Expected, Fault, Place, QUICK, once, thrice},
    seconds,
    server::{Reply, Server, let_time_pass},
    tls::{TlsServer, certificate_for},
};

pub(crate) fn no_connection() -> Vec<Fault> {
    let no_time = thrice(ErrorKind::Timeout).after(3, seconds(3 * 3).saturating_add(QUICK));
    vec![
        Fault::at("refused", |_| async { refused() }).is(thrice(ErrorKind::Network)),
        Fault::at("a host that no name server knows", |_| async { unknown_host() }).is(thrice(ErrorKind::Network)),
        Fault::at("a connection that is never made", |_| async { never_accepted() }).is(no_time),
        Fault::blunt("reset on connecting", Reply::new().reset()).is(thrice(ErrorKind::Network)),
        Fault::blunt("closed on connecting", Reply::new().close()).is(thrice(ErrorKind::Network)),
    ]
}

fn refused() -> Place {
    // Bound, so that nobody else gets the port, and not listening.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("loopback has a free port");
    let url = format!("http://{}", socket.local_addr().expect("it is bound"));
    Place::new(url, || None, (socket, passing_time()))
}

fn unknown_host() -> Place {
    #[derive(Debug)]
    struct KnowsNobody;
    impl reqwest::dns::Resolve for KnowsNobody {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async { Err(std::io::Error::other("no such host").into()) })
        }
    }
    Place::new("http://vendor.invalid".to_owned(), || None, passing_time()).known_by(|http| {
        let builder = polyprofile::http::hardened_builder().no_proxy().dns_resolver(Arc::new(KnowsNobody));
        http.client = Some(builder.build().expect("a client"));
    })
}

fn never_accepted() -> Place {
    // The queue of connections that nobody accepts is full with one: further ones are neither made nor refused.
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("loopback has a free port");
    listener.listen(0).expect("a bound socket can listen");
    let address = listener.local_addr().expect("it is bound").as_socket().expect("an address of IP");
    let queued = std::net::TcpStream::connect(address).expect("the first one is queued");
    Place::new(format!("http://{address}"), || None, (listener, queued, passing_time()))
}

fn passing_time() -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(let_time_pass());
    tasks
}

pub(crate) fn no_trust() -> Vec<Fault> {
    let not_trusted = |words| once(ErrorKind::Tls).saying(words);
    let no_time = thrice(ErrorKind::Timeout).after(3, seconds(3 * 3).saturating_add(QUICK));
    vec![
        shown("self-signed", || (certificate_for("127.0.0.1"), false), not_trusted("issuer is not trusted")),
        shown("for another host", || (certificate_for("vendor.example"), true), not_trusted("for another host")),
        shown("for no host", || (certificate(|_| {}), true), not_trusted("for another host")),
        shown("expired", || (lasting(2001, 2002), true), not_trusted("has expired")),
        shown("not yet valid", || (lasting(2090, 2091), true), not_trusted("not valid")),
        issued("of an unknown issuer", Authority::Unknown, not_trusted("issuer is not trusted")),
        issued("of an issuer with the right name and another key", Authority::Forged, not_trusted("not valid")),
        issued("for clients only", Authority::ForClients, not_trusted("not valid")),
        at_tls_port("no TLS", Reply::raw("HTTP/1.1 400 Bad Request\r\n\r\n"), once(ErrorKind::Tls)),
        // handshake_failure, protocol_version, unrecognized_name
        at_tls_port("an alert", Reply::raw([21, 3, 3, 0, 2, 2, 40]), once(ErrorKind::Tls)),
        at_tls_port("no common version", Reply::raw([21, 3, 3, 0, 2, 2, 70]), once(ErrorKind::Tls)),
        at_tls_port("no such name", Reply::raw([21, 3, 3, 0, 2, 2, 112]), once(ErrorKind::Tls)),
        at_tls_port("a record that is none", Reply::raw([22, 3, 3, 0, 4, 2, 0, 0, 0]), once(ErrorKind::Tls)),
        at_tls_port("bytes at random", Reply::raw([0x9f; 64]), once(ErrorKind::Tls)),
        at_tls_port("closed in the handshake", Reply::new().close(), thrice(ErrorKind::Network)),
        at_tls_port("reset in the handshake", Reply::new().reset(), thrice(ErrorKind::Network)),
        at_tls_port("silence in the handshake", Reply::new().hang(), no_time.clone()),
        at_tls_port("silence after a part of the handshake", Reply::raw([22, 3, 3, 0, 90, 2]).hang(), no_time),
    ]
}

/// A server whose certificate vouches for itself, and whether the caller trusts it.
fn shown(name: &str, parameters: fn() -> (CertificateParams, bool), expected: Expected) -> Fault {
    let place = move |body: String| async move {
        let (parameters, trusted) = parameters();
        let server = TlsServer::start(parameters, &body).await;
        let trusted = trusted.then(|| server.certificate.clone());
        place(server, trusted)
    };
    Fault::at(format!("a certificate {name}"), place).is(expected)
}

/// Who stands behind a certificate.
#[derive(Clone, Copy, PartialEq)]
enum Authority {
    Unknown,
    Forged,
    ForClients,
}

fn issued(name: &str, authority: Authority, expected: Expected) -> Fault {
    let place = move |body: String| async move {
        let ours = certificate(|parameters| parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
        let (its_key, other_key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
        let root = ours.self_signed(&its_key).expect("a certificate").pem();
        let issuer = Issuer::new(ours, if authority == Authority::Forged { other_key } else { its_key });
        let mut leaf = certificate_for("127.0.0.1");
        if authority == Authority::ForClients {
            leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        let key = KeyPair::generate().expect("a key");
        let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
        let server = TlsServer::showing(&leaf, key, &body).await;
        place(server, (authority != Authority::Unknown).then_some(root))
    };
    Fault::at(format!("a certificate {name}"), place).is(expected)
}

fn place(server: TlsServer, trusted: Option<String>) -> Place {
    let server = std::rc::Rc::new(server);
    let seen = std::rc::Rc::clone(&server);
    let connections = move || {
        let (connections, requests) = seen.count();
        assert_eq!(requests, 0, "nothing is said to a stranger");
        Some(connections as usize)
    };
    Place::new(server.url(), connections, server).known_by(|http| {
        http.root_certificates.extend(trusted.map(String::into_bytes));
    })
}

/// Whoever wants TLS is told this.
fn at_tls_port(name: &str, reply: Reply, expected: Expected) -> Fault {
    let place = move |_| {
        let reply = reply.clone();
        async move {
            let server = std::rc::Rc::new(Server::blunt(reply).await);
            let seen = std::rc::Rc::clone(&server);
            Place::new(server.url().replace("http:", "https:"), move || Some(seen.connections()), server)
        }
    };
    Fault::at(format!("at the port for TLS: {name}"), place).is(expected)
}

fn certificate(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    change(&mut parameters);
    parameters
}

fn lasting(from: i32, to: i32) -> CertificateParams {
    let mut parameters = certificate_for("127.0.0.1");
    parameters.not_before = date_time_ymd(from, 1, 1);
    parameters.not_after = date_time_ymd(to, 1, 1);
    parameters
}
