use serde_json::json;

use crate::support::behaviour::{Behaviour, ECHO, Part};

/// One secret for each place that can hold one, all different.
pub(crate) struct Secrets {
    pub(crate) bearer: String,
    pub(crate) api_key: String,
    pub(crate) admin_key: String,
    pub(crate) password: String,
    pub(crate) pin: String,
    pub(crate) url: String,
    pub(crate) temp_key: String,
    pub(crate) email: String,
    pub(crate) person: String,
    pub(crate) phone: String,
    pub(crate) plate: String,
    pub(crate) argument: String,
    pub(crate) header: String,
    pub(crate) invalid: String,
    pub(crate) cookie: String,
    pub(crate) response: String,
}

impl Secrets {
    pub(crate) fn new() -> Self {
        let secret = || std::iter::repeat_with(fastrand::alphanumeric).take(24).collect::<String>();
        let digits = || std::iter::repeat_with(|| fastrand::digit(10)).take(16).collect::<String>();
        Self {
            bearer: secret(),
            api_key: secret(),
            admin_key: secret(),
            password: secret(),
            pin: digits(),
            url: secret(),
            temp_key: secret(),
            email: secret(),
            person: secret(),
            phone: digits(),
            plate: secret(),
            argument: secret(),
            header: secret(),
            invalid: secret(),
            cookie: secret(),
            response: secret(),
        }
    }

    pub(crate) fn all(&self) -> [(&'static str, &str); 16] {
        [
            ("bearer token", &self.bearer),
            ("API key", &self.api_key),
            ("admin key", &self.admin_key),
            ("password", &self.password),
            ("PIN", &self.pin),
            ("URL with a login", &self.url),
            ("temporary key", &self.temp_key),
            ("e-mail address", &self.email),
            ("name of a person", &self.person),
            ("phone number", &self.phone),
            ("license plate", &self.plate),
            ("argument of a hub's command", &self.argument),
            ("header of the caller", &self.header),
            ("value that is invalid", &self.invalid),
            ("cookie", &self.cookie),
            ("secret of a response", &self.response),
        ]
    }

    /// An address whose form on the wire differs from this one.
    pub(crate) fn address(&self) -> String {
        format!("{}@example.com", self.email)
    }

    /// Responses that hold all that they can, and repeat the request, part by part.
    pub(crate) fn behaviours(&self) -> Vec<Behaviour> {
        let response = &self.response;
        let headers = vec![format!("set-cookie: id={}", self.cookie), format!("location: /keys/{}", self.temp_key)];
        let rejections = [
            json!({ "error": "Bad Request", "message": ECHO, "stack": response }).to_string(),
            json!({ "error": ECHO, "trace": { "secret": response } }).to_string(),
            json!({ "success": false, "errors": [ECHO, response], "code": 7 }).to_string(),
            json!({ "details": [{ "field": ECHO, "message": ECHO, "code": response }], "code": response }).to_string(),
            format!("<html>{ECHO} {response}</html>"),
        ];
        let secret = json!({ "pin": response, "url": response });
        let successes = [
            json!({ "success": true, "event": secret, "url": response, "pin": response }).to_string(),
            json!({ "success": response, "event": 1, "email": { "x": response }, "uuid": { "x": 1 } }).to_string(),
            json!([response, ECHO]).to_string(),
            format!("<html>{ECHO} {response}</html>"),
        ];
        let mut all = Vec::new();
        for part in [Part::Target, Part::DecodedTarget, Part::Credentials, Part::Body] {
            let rejected = [302, 400, 401, 429, 500, 521]
                .into_iter()
                .flat_map(|status| rejections.iter().map(move |body| (status, body)));
            for (status, body) in rejected.chain(successes.iter().map(|body| (200, body))) {
                all.push(Behaviour::Echo(status, headers.clone(), body.clone(), part));
            }
        }
        all.extend([
            Behaviour::ResetAfterRequest,
            Behaviour::TruncatedBody,
            Behaviour::Gibberish,
            Behaviour::ReadNothing,
        ]);
        all
    }
}
