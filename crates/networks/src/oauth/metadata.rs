//! What servers say about themselves (RFC 8414, RFC 9728).

use serde::Deserialize;
use url::Url;

/// `/.well-known/oauth-authorization-server`. Fields that are not listed here do not matter to us.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AuthorizationServer {
    pub issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    #[serde(default)]
    pub pushed_authorization_request_endpoint: Option<Url>,
    #[serde(default)]
    pub revocation_endpoint: Option<Url>,
    #[serde(default)]
    pub app_registration_endpoint: Option<Url>,
    #[serde(default)]
    pub scopes_supported: Option<Vec<String>>,
    #[serde(default)]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub dpop_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// `/.well-known/oauth-protected-resource`
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ProtectedResource {
    pub resource: String,
    pub authorization_servers: Vec<String>,
}

/// Whether a list that a server gives holds `value`.
pub(crate) fn lists(list: Option<&Vec<String>>, value: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|entry| entry == value))
}
