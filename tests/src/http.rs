//! A client that shows answers as they came: no redirect followed, nothing decompressed,
//! no status turned into an error.

use crate::Failure;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::time::Duration;
use ureq::http;

/// Asks one origin.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
    origin: String,
}

/// A request being written.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct Request<'a> {
    client: &'a Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// The body's bytes, as encoded by the server.
    pub body: Vec<u8>,
    headers: http::HeaderMap,
}

impl Client {
    /// A client of this origin, such as `http://127.0.0.1:8787`.
    pub fn new(origin: impl Into<String>) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(1)))
            .allow_non_standard_methods(true)
            .build()
            .new_agent();
        Self { agent, origin: origin.into() }
    }

    /// The origin that it asks.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Starts a request. The path begins with `/` and may have a query.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        Request {
            client: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Starts a reading.
    pub fn get(&self, path: &str) -> Request<'_> {
        self.request("GET", path)
    }

    /// Starts a POST.
    pub fn post(&self, path: &str) -> Request<'_> {
        self.request("POST", path)
    }
}

impl Request<'_> {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presents an administrator's token.
    pub fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// Sends these bytes.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends this document, with its content type.
    pub fn json(self, document: &Value) -> Self {
        self.header("Content-Type", "application/json").body(document.to_string())
    }

    /// Sends these fields as a browser sends a form, from a page of the same origin.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let origin = self.client.origin.clone();
        self.header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", &origin)
            .body(fields.join("&"))
    }

    /// Sends the request and reads the whole answer.
    pub fn send(self) -> Result<Reply, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::new(format!("{} {}{} failed: {error}", self.method, self.client.origin, self.path))
        };
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(format!("{}{}", self.client.origin, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match &self.body {
            Some(body) => {
                let request = request.body(body.as_slice()).map_err(|error| failed(&error))?;
                self.client.agent.run(request)
            }
            None => self.client.agent.run(request.body(()).map_err(|error| failed(&error))?),
        };
        let (parts, mut body) = response.map_err(|error| failed(&error))?.into_parts();
        let body = body.with_config().limit(100_000_000).read_to_vec().map_err(|error| failed(&error))?;
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}

impl Reply {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is not.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
