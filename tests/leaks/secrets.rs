use serde_json::json;

use crate::support::behaviour::{Behaviour, ECHO, Part};

/// A secret a place, none like another.
pub(crate) struct Secrets {
    pub(crate) bearer: String,
    pub(crate) api_key: String,
    pub(crate) admin_key: String,
    pub(crate) password: String,
    pub(crate) pin: String,
    pub(crate) url: String,
    pub(crate) temp_key: String,
    pub(crate) email: String,
    pub(crate) body: String,
    pub(crate) cookie: String,
    pub(crate) answer: String,
}

impl Secrets {
    pub(crate) fn new() -> Self {
        let secret = || std::iter::repeat_with(fastrand::alphanumeric).take(24).collect::<String>();
        Self {
            bearer: secret(),
            api_key: secret(),
            admin_key: secret(),
            password: secret(),
            pin: std::iter::repeat_with(|| fastrand::digit(10)).take(16).collect(),
            url: secret(),
            temp_key: secret(),
            email: secret(),
            body: secret(),
            cookie: secret(),
            answer: secret(),
        }
    }

    pub(crate) fn all(&self) -> [(&'static str, &str); 11] {
        [
            ("bearer token", &self.bearer),
            ("API key", &self.api_key),
            ("admin key", &self.admin_key),
            ("password", &self.password),
            ("PIN", &self.pin),
            ("URL with a login", &self.url),
            ("temporary key", &self.temp_key),
            ("e-mail address", &self.email),
            ("value of a body", &self.body),
            ("cookie", &self.cookie),
            ("secret of an answer", &self.answer),
        ]
    }

    /// An address whose form on the wire is another than here.
    pub(crate) fn address(&self) -> String {
        format!("{}@example.com", self.email)
    }

    /// Answers that hold all that they can, and repeat the request, part by part.
    pub(crate) fn behaviours(&self) -> Vec<Behaviour> {
        let answer = &self.answer;
        let headers = vec![format!("set-cookie: id={}", self.cookie), format!("location: /keys/{}", self.temp_key)];
        let refusals = [
            json!({ "error": "Bad Request", "message": ECHO, "stack": answer }).to_string(),
            json!({ "error": ECHO, "trace": { "secret": answer } }).to_string(),
            json!({ "success": false, "errors": [ECHO, answer], "code": 7 }).to_string(),
            json!({ "details": [{ "field": ECHO, "message": ECHO, "code": answer }], "code": answer }).to_string(),
            format!("<html>{ECHO} {answer}</html>"),
        ];
        let secret = json!({ "pin": answer, "url": answer });
        let successes = [
            json!({ "success": true, "event": secret, "url": answer, "pin": answer }).to_string(),
            json!({ "success": answer, "event": 1, "email": { "x": answer }, "uuid": { "x": 1 } }).to_string(),
            json!([answer, ECHO]).to_string(),
            format!("<html>{ECHO} {answer}</html>"),
        ];
        let mut all = Vec::new();
        for part in [Part::Target, Part::DecodedTarget, Part::Credentials, Part::Body] {
            let refused = [302, 400, 401, 429, 500, 521]
                .into_iter()
                .flat_map(|status| refusals.iter().map(move |body| (status, body)));
            for (status, body) in refused.chain(successes.iter().map(|body| (200, body))) {
                all.push(Behaviour::Echo(status, headers.clone(), body.clone(), part));
            }
        }
        all.extend([Behaviour::ResetAfterRequest, Behaviour::CutBody, Behaviour::Gibberish, Behaviour::ReadNothing]);
        all
    }
}
