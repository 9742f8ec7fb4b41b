use crate::connection::credential::Credential;

/// What the program authenticates with.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) token: Option<Credential>,
    pub(crate) api_key: Option<Credential>,
    pub(crate) admin_key: Option<Credential>,
}

impl Credentials {
    /// The kinds that there are, for people and scripts.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        let kinds = [("bearer token", &self.token), ("API key", &self.api_key), ("admin key", &self.admin_key)];
        kinds.into_iter().filter_map(|(kind, credential)| credential.is_some().then_some(kind)).collect()
    }
}
