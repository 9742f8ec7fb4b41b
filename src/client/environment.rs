/// Writes the enum of deployments. build.rs calls it with the servers of the contract; the first is the default.
macro_rules! environments {
    ($first:ident = $first_url:literal $(, $name:ident = $url:literal)*) => {
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
