//! Requests without a socket, and what came back.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use polyprofile_emulator::{Data, Emulator, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};
use serde_json::Value;
use tower::ServiceExt;

/// One vendor's API as a caller with a key sees it.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) router: Router,
    header: Option<(&'static str, String)>,
}

impl Caller {
    pub(crate) fn postproxy(router: Router) -> Self {
        Self { router, header: Some(("authorization", format!("Bearer {POSTPROXY_KEY}"))) }
    }

    pub(crate) fn postcore(router: Router) -> Self {
        Self { router, header: Some(("x-api-key", POSTCORE_KEY.to_owned())) }
    }

    pub(crate) fn postpress(router: Router) -> Self {
        Self { router, header: Some(("X-API-KEY", POSTPRESS_KEY.to_owned())) }
    }

    pub(crate) fn anonymous(router: Router) -> Self {
        Self { router, header: None }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.header = Some((name, value.to_owned()));
        self
    }

    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.send(Method::GET, target, &[], None).await
    }

    pub(crate) async fn delete(&self, target: &str) -> Reply {
        self.send(Method::DELETE, target, &[], None).await
    }

    pub(crate) async fn post(&self, target: &str, body: Value) -> Reply {
        self.send(Method::POST, target, &[], Some(body)).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in
            self.header.iter().map(|(name, value)| (*name, value.as_str())).chain(headers.iter().copied())
        {
            request = request.header(name, value);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&body).into_owned() }
    }
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &Value) {
        assert_eq!((self.status.as_u16(), &self.json()), (status, body));
    }

    #[track_caller]
    pub(crate) fn has_status(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
    }
}

pub(crate) fn documents() -> Router {
    Emulator::builder().data(Data::Documents).into_router()
}

pub(crate) fn demo() -> Router {
    Emulator::builder().now(Emulator::DOCUMENTS_NOW).into_router()
}
