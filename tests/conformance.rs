//! Every rule for every vendor, through the facade, on both data sets.

mod support;

use polyprofile::AnyProvider;
use polyprofile_emulator::{Data, Emulator};

/// One module per vendor and data set, with one test per rule.
macro_rules! for_vendors {
    ($($module:ident: $vendor:literal on $data:expr;)+) => { $(
        mod $module {
            use super::{AnyProvider, Data, Emulator, support};

            async fn setup() -> (AnyProvider, Emulator) {
                let emulator = Emulator::builder().data($data).now(support::documents_now());
                let emulator = emulator.start().await.expect("a free port on loopback");
                (support::provider($vendor, &emulator), emulator)
            }

            polyprofile_conformance::provider_tests!(setup);
            polyprofile_conformance::vendor_api_tests!(setup);
        }
    )+ };
}

for_vendors! {
    postproxy_documents: "postproxy" on Data::Documents;
    postproxy_demo: "postproxy" on Data::Demo;
    postcore_documents: "postcore" on Data::Documents;
    postcore_demo: "postcore" on Data::Demo;
    postpress_documents: "postpress" on Data::Documents;
    postpress_demo: "postpress" on Data::Demo;
}
