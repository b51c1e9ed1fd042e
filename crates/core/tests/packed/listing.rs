//! From a provider's listing straight into the compact form.

use async_trait::async_trait;
use futures_util::stream;
use polyprofile_core::{
    Capabilities, Error, ErrorKind, ExpiryReporting, GetOptions, GroupId, ListOptions, Listed, Operation, Profile,
    ProfileId, ProfileStream, Provider, ProviderExt as _, ProviderId, Rejected, Result, Vendor,
};

#[tokio::test]
async fn a_packed_list_holds_what_a_list_holds() {
    let provider = Rows::new(false);
    let (mut profiles, mut rejected) = (Vec::new(), Vec::new());
    for row in provider.list(options()).await.expect("a whole list") {
        match row {
            Listed::Profile(profile) => profiles.push(profile),
            Listed::Rejected(row) => rejected.push(row),
            _ => {}
        }
    }
    let packed = provider.list_packed(options()).await.expect("a whole list");
    assert_eq!((packed.profiles.len(), packed.rejected.len()), (3, 1));
    assert_eq!((packed.profiles.iter().collect::<Vec<_>>(), packed.rejected), (profiles, rejected));
}

#[tokio::test]
async fn a_list_that_breaks_off_is_an_error_in_either_form() {
    let provider = Rows::new(true);
    let told = provider.list(options()).await.expect_err("it breaks off");
    let packed = provider.list_packed(options()).await.expect_err("it breaks off");
    assert_eq!((packed.kind(), packed.message()), (told.kind(), told.message()));
    assert_eq!(packed.kind(), ErrorKind::Network);
}

/// It is passed on: [`Rows`] lists nothing without.
fn options() -> ListOptions {
    let mut options = ListOptions::new();
    options.group = Some(GroupId::new("team"));
    options
}

/// A provider that has its rows already.
#[derive(Debug)]
struct Rows {
    id: ProviderId,
    capabilities: Capabilities,
    breaks_off: bool,
}

impl Rows {
    fn new(breaks_off: bool) -> Self {
        let capabilities = Capabilities::new([Operation::ListProfiles], ExpiryReporting::NotReported);
        Self { id: ProviderId::new("rows"), capabilities, breaks_off }
    }
}

#[async_trait]
impl Provider for Rows {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        Vendor::from_static("rows")
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn profiles(&self, options: ListOptions) -> ProfileStream {
        let row = |key: &str| Ok(Listed::Profile(Profile::new(self.profile_id(key))));
        let rejected = Rejected::new(self.id.clone(), 1, "it has no id", "{}");
        let mut rows = vec![row("a"), Ok(Listed::Rejected(rejected)), row("b")];
        if options.group.is_some() {
            rows.push(row("c"));
        }
        if self.breaks_off {
            rows.push(Err(Error::new(ErrorKind::Network, "broke off")));
        }
        Box::pin(stream::iter(rows))
    }

    async fn profile(&self, _: &ProfileId, _: GetOptions) -> Result<Profile> {
        Err(self.unsupported(Operation::GetProfile))
    }
}
