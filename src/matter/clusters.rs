//! The enums and the clusters that this version knows, made from `openapi/matter.yaml` when the crate is built.

use crate::matter::numbered_enum::numbered_enum;

/// Writes a module with a constant for each attribute of a cluster.
macro_rules! cluster {
    ($docs:literal $name:ident = $cluster:literal { $($description:literal $attribute:ident: $ty:ty = $number:literal,)* }) => {
        #[doc = $docs]
        #[doc = concat!("Cluster ", $cluster, ".")]
        pub mod $name {
            #[allow(unused_imports, reason = "not every cluster has an attribute of each type")]
            use super::*;
            #[allow(unused_imports, reason = "not every cluster has an attribute of each type")]
            use crate::matter::attribute::Attribute;
            #[allow(unused_imports, reason = "not every cluster has an attribute of each type")]
            use crate::value::{number::Number, sensitive_json::SensitiveJson};

            $(
                #[doc = $description]
                #[doc = concat!("`", $cluster, "/", $number, "`.")]
                pub const $attribute: Attribute<$ty> = Attribute::new($cluster, $number);
            )*
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/matter.rs"));
