//! What every list takes: a state, where to go on, and how many.

use crate::case::within_limit;
use crate::problem::Problem;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Declares a list: its states as addresses and the services have them, and its parameters. The first state is the usual one.
macro_rules! list {
    ($list:ident, $state:ident, $usual:ident = $usually:literal $(, $variant:ident = $word:literal)*) => {
        #[derive(Clone, Copy, Default, Deserialize, ToSchema)]
        #[serde(rename_all = "lowercase")]
        pub(crate) enum $state { #[default] $usual $(, $variant)* }

        #[derive(Deserialize, IntoParams)]
        #[into_params(parameter_in = Query)]
        pub(crate) struct $list {
            /// Only items in this state; those that wait for somebody unless told.
            #[param(inline)]
            state: Option<$state>,
            /// The `next` of the page before.
            #[param(format = "uuid")]
            pub(crate) after: Option<String>,
            /// At most so many, 1 to 1,000; 100 unless told.
            #[param(minimum = 1, maximum = 1000)]
            limit: Option<u16>,
        }

        impl $list {
            /// The state's word.
            pub(crate) fn state(&self) -> &'static str {
                match self.state.unwrap_or_default() { $state::$usual => $usually $(, $state::$variant => $word)* }
            }

            /// How many, or what is wrong with that.
            pub(crate) fn limit(&self) -> Result<usize, Problem> {
                within_limit(self.limit).map(|()| usize::from(self.limit.unwrap_or(100)))
            }
        }
    };
}

list!(
    CaseList,
    CaseState,
    Open = "open",
    Same = "same",
    Different = "different",
    Recapture = "recapture",
    Withdrawn = "withdrawn"
);
list!(
    ApplicationList,
    ApplicationState,
    Received = "received",
    Case = "case",
    Recapture = "recapture",
    Checked = "checked",
    Batched = "batched",
    Approved = "approved",
    Personalised = "personalised",
    Refused = "refused"
);
list!(BatchList, BatchState, Open = "open", Approved = "approved", Personalised = "personalised");
