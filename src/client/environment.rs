/// Writes the enum of deployments. build.rs calls it with the servers of the contract; the first is the default.
macro_rules! environments {
    ($first:ident $first_text:literal = $first_url:literal $(, $name:ident $text:literal = $url:literal)*) => {
        /// A deployment of the service.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Environment {
            #[doc = concat!("`", $first_url, "`")]
            #[default]
            $first,
            $(
                #[doc = concat!("`", $url, "`")]
                $name,
            )*
        }

        impl Environment {
            /// Every deployment, in the order of the contract.
            ///
            /// ```
            /// use spkey::Environment;
            ///
            /// let staging = Environment::ALL.iter().find(|environment| environment.as_str() == "staging");
            /// assert_eq!(staging, Some(&Environment::Staging));
            /// ```
            pub const ALL: &'static [Self] = &[Self::$first $(, Self::$name)*];

            /// The name in lower case, as a configuration has it.
            ///
            /// ```
            /// assert_eq!(spkey::Environment::Production.as_str(), "production");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $first_text,
                    $(Self::$name => $text,)*
                }
            }

            /// The base URL of the deployment.
            pub fn base_url(self) -> &'static str {
                match self {
                    Self::$first => $first_url,
                    $(Self::$name => $url,)*
                }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/environments.rs"));
