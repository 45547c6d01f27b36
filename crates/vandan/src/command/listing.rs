//! What every list takes: a state, where to go on, and how many.

use crate::installation::of_services;
use crate::output::Failure;
use services::Slice;

#[derive(clap::Args)]
pub(crate) struct Listing {
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    #[arg(long, value_name = "ID", requires = "state")]
    after: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
}

impl Listing {
    /// The items in the state that was asked for, one of `known`; or in each of the `usual` ones, one after the other.
    pub(crate) fn items<T>(
        &self,
        known: &[&'static str],
        usual: &[&'static str],
        mut page: impl FnMut(&str, Option<&str>, usize) -> Result<Slice<T>, Failure>,
    ) -> Result<Vec<T>, Failure> {
        if let Some(state) = &self.state {
            if !known.contains(&state.as_str()) {
                let arguments = vec![("states", known.join(", "))];
                return Err(of_services(&services::Error::Input { code: "state-unknown", arguments }));
            }
            return Ok(page(state, self.after.as_deref(), self.limit)?.items);
        }
        let mut all = Vec::new();
        for state in usual {
            all.extend(page(state, None, self.limit - all.len())?.items);
        }
        Ok(all)
    }
}
