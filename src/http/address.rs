//! The address by which a client reaches us: links are absolute, since QGIS and GDAL resolve none.

use axum::http::{HeaderMap, Uri, header, uri::Authority};

use super::{problem::Problem, query::Query};

/// Scheme, host and path before our own paths; no slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base(String);

impl Base {
    /// The configured one, else that of the request's own host.
    pub(super) fn of(
        configured: Option<&str>,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        if let Some(base) = configured {
            return Ok(Self(base.to_owned()));
        }
        let host = match uri.authority() {
            Some(authority) => Some(authority.as_str()),
            None => headers.get(header::HOST).and_then(|host| host.to_str().ok()),
        };
        let host = host.ok_or_else(|| Problem::unreadable("The field `Host` is missing"))?;
        if checked(host) {
            Ok(Self(format!("http://{host}")))
        } else {
            Err(Problem::unreadable("The field `Host` names no host"))
        }
    }

    /// The absolute address of one of our paths.
    pub(super) fn join(&self, path: &str, query: &Query) -> String {
        format!("{}{path}{}", self.0, query.text())
    }

    /// As text, no slash at its end.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// A host name or address with perhaps a port: whatever it says is written into our answers.
fn checked(host: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    host.len() <= 255
        && host.bytes().all(letters)
        && host.parse::<Authority>().is_ok_and(|authority| {
            let name = authority.host();
            !name.is_empty() && (name.len() == host.len() || authority.port_u16().is_some())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_are_hosts() {
        for host in ["127.0.0.1:8080", "localhost", "maps.example", "[::1]:80"] {
            assert!(checked(host), "{host}");
        }
        for host in ["", "a b", "a/b", "a\"onload=", "user@host", "host:port", &"a".repeat(300)] {
            assert!(!checked(host), "{host}");
        }
    }
}
