//! Writes the deployments of the service, from the contract's servers: each is named by its description, and the first is
//! where calls go unless something else is said.

use quote::{format_ident, quote};

use crate::contract::Contract;

/// The source of the enum of deployments.
pub(crate) fn source(contract: &Contract) -> Result<String, String> {
    let (mut names, mut urls) = (Vec::new(), Vec::new());
    for server in contract.document["servers"].as_array().into_iter().flatten() {
        let name = server["description"].as_str().unwrap_or_default();
        if !name.starts_with(|c: char| c.is_ascii_uppercase()) || !name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(format!(
                "servers: {name:?} must be a word with a capital, as Production: it names the variant"
            ));
        }
        names.push(format_ident!("{name}"));
        urls.push(server["url"].as_str().filter(|url| !url.is_empty()).ok_or(format!("servers: {name} has no url"))?);
    }
    let docs = urls.iter().map(|url| format!("`{url}`"));
    let default = (0..names.len()).map(|place| (place == 0).then(|| quote! { #[default] }));
    let file = syn::parse2(quote! {
        /// A deployment of the service.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Environment {
            #(#[doc = #docs] #default #names,)*
        }

        impl Environment {
            /// The base URL of the deployment.
            pub fn base_url(self) -> &'static str {
                match self {
                    #(Self::#names => #urls,)*
                }
            }
        }
    });
    Ok(prettyplease::unparse(&file.map_err(|error: syn::Error| error.to_string())?))
}
