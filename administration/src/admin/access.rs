//! Cloudflare Access, where it stands in front of the administration: it signs in people by
//! their organisation's own means, and vouches for their address in a signed token (a JWT,
//! RFC 7519, signed with RS256).
//!
//! Two settings turn it on: `ACCESS_TEAM`, such as `https://region.cloudflareaccess.com`, and
//! `ACCESS_AUDIENCE`, the tag of the application. Without them the field is not looked at.
//! See <https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/>.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::futures::JsFuture;
use js_sys::{Array, global};
use serde::Deserialize;
use serving::brotli::object;
use serving::clock;
use serving::problem::{Failure, Problem, Thrown, log};
use serving::runtime::{Env, fetched};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto, WorkerGlobalScope};

/// The published keys are good for this long, in milliseconds; Cloudflare changes them every
/// six weeks, and keeps the old one a week.
const KEYS_LAST: f64 = 3_600_000.0;
/// A key that is not among them makes them be read again, at most this often.
const READ_AGAIN_AFTER: f64 = 60_000.0;
/// How much the clocks may disagree, in seconds.
const LEEWAY: f64 = 60.0;

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: f64,
    #[serde(default)]
    email: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A published key.
#[derive(Debug, Clone, Deserialize)]
struct Published {
    kid: String,
    kty: String,
    n: String,
    e: String,
}

#[derive(Debug, Deserialize)]
struct Certificates {
    keys: Vec<Published>,
}

thread_local! {
    static KEYS: RefCell<(f64, Rc<Vec<Published>>)> = RefCell::default();
}

/// The address that Access vouches for; `None` where Access is not used.
pub(super) async fn vouched(env: &Env, assertion: Option<&str>) -> Result<Option<String>, Failure> {
    let setting = |name: &str| env.variable(name).unwrap_or_default();
    let (team, audience) = (setting("ACCESS_TEAM"), setting("ACCESS_AUDIENCE"));
    let team = team.trim_end_matches('/');
    let Some(token) = assertion.filter(|_| !team.is_empty() && !audience.is_empty()) else { return Ok(None) };
    let refused = || -> Failure {
        let detail = "Le jeton de Cloudflare Access n’est pas valable. Reconnectez-vous.";
        Problem::new(401, "invalid-assertion", detail).into()
    };
    let token = Token::read(token).ok_or_else(refused)?;
    let is_signed = match published(team, &token.header.kid).await {
        Some(key) => verify(&key, &token).await.unwrap_or_else(|cause| {
            log("a token of Cloudflare Access", &Thrown(&cause));
            false
        }),
        None => false,
    };
    if !is_signed || !token.is_for(team, &audience, clock::now() / 1000.0) {
        return Err(refused());
    }
    Ok(Some(token.claims.email))
}

/// A token, taken apart and not yet believed.
struct Token {
    header: Header,
    claims: Claims,
    signature: Vec<u8>,
    signed: String,
}

impl Token {
    fn read(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let token = Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            claims: serde_json::from_slice(&decode(claims)?).ok()?,
            signature: decode(signature)?,
            signed: signed.to_owned(),
        };
        // The only algorithm that Access uses: a token must not choose another.
        (token.header.alg == "RS256").then_some(token)
    }

    /// Whether it is for us, now, from this team, and names somebody.
    fn is_for(&self, team: &str, audience: &str, now: f64) -> bool {
        let Claims { iss, aud, exp, nbf, email } = &self.claims;
        let is_ours = match aud {
            Audience::One(one) => one == audience,
            Audience::Several(several) => several.iter().any(|one| one == audience),
        };
        is_ours && iss == team && now < exp + LEEWAY && now > nbf - LEEWAY && !email.is_empty()
    }
}

/// The published key of this id.
async fn published(team: &str, id: &str) -> Option<Published> {
    let find = |keys: &[Published]| keys.iter().find(|key| key.kid == id && key.kty == "RSA").cloned();
    let (read_at, keys) = KEYS.with_borrow(Clone::clone);
    let age = clock::now() - read_at;
    if let Some(key) = find(&keys).filter(|_| age < KEYS_LAST) {
        return Some(key);
    }
    if age < READ_AGAIN_AFTER {
        return None;
    }
    let read = async {
        let bytes = fetched(&format!("{team}/cdn-cgi/access/certs")).await?;
        serde_json::from_slice::<Certificates>(&bytes).map_err(|error| error.to_string().into())
    };
    match read.await {
        Ok(Certificates { keys }) => {
            let found = find(&keys);
            KEYS.set((clock::now(), Rc::new(keys)));
            found
        }
        Err(error) => {
            log("the keys of Cloudflare Access cannot be read", &Thrown(&error));
            // Keys that were good an hour ago are better than nobody signing in.
            find(&keys)
        }
    }
}

async fn verify(key: &Published, token: &Token) -> Result<bool, JsValue> {
    let scope: WorkerGlobalScope = global().unchecked_into();
    let subtle: SubtleCrypto = scope.crypto()?.subtle();
    let jwk = object(&[
        ("kty", "RSA".into()),
        ("n", key.n.as_str().into()),
        ("e", key.e.as_str().into()),
        ("alg", "RS256".into()),
        ("ext", true.into()),
    ]);
    let algorithm = object(&[("name", "RSASSA-PKCS1-v1_5".into()), ("hash", "SHA-256".into())]);
    let usages = Array::of1(&"verify".into());
    let imported = subtle.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?;
    let key: CryptoKey = JsFuture::from(imported).await?.unchecked_into();
    let verified = subtle.verify_with_object_and_u8_array_and_u8_array(
        &algorithm,
        &key,
        &token.signature,
        token.signed.as_bytes(),
    )?;
    Ok(JsFuture::from(verified).await?.is_truthy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> Option<Token> {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        Token::read(&format!("{}.{}.{}", part(header), part(claims), part("signature")))
    }

    const HEADER: &str = r#"{"alg":"RS256","kid":"k"}"#;

    #[test]
    fn a_token_is_for_one_audience_for_a_while() {
        let claims = r#"{"iss":"https://t","aud":["a"],"exp":1000,"nbf":500,"email":"x@exemple.fr"}"#;
        let read = token(HEADER, claims).unwrap();
        assert!(read.is_for("https://t", "a", 700.0));
        for (team, audience, now) in [
            ("https://other", "a", 700.0),
            ("https://t", "b", 700.0),
            ("https://t", "a", 1061.0),
            ("https://t", "a", 439.0),
        ] {
            assert!(!read.is_for(team, audience, now), "{team} {audience} {now}");
        }
        let nobody = token(HEADER, r#"{"iss":"https://t","aud":"a","exp":1000}"#).unwrap();
        assert!(!nobody.is_for("https://t", "a", 700.0), "a token of a machine names nobody");
    }

    #[test]
    fn what_is_not_such_a_token_is_not_read() {
        let claims = r#"{"iss":"t","aud":"a","exp":1}"#;
        for header in
            [r#"{"alg":"none","kid":"k"}"#, r#"{"alg":"HS256","kid":"k"}"#, r#"{"alg":"RS256"}"#, "x"]
        {
            assert!(token(header, claims).is_none(), "{header}");
        }
        for text in ["", ".", "..", "a.b.c", "é.é.é"] {
            assert!(Token::read(text).is_none(), "{text}");
        }
    }
}
