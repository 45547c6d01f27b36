//! What every list takes: a state, where to go on, and how many.

use crate::problem::Problem;
use crate::request::Api;
use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

/// Where in a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// The `next` of the page before.
    #[param(format = "uuid")]
    pub(crate) after: Option<String>,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

impl Place {
    pub(crate) fn limit(&self) -> usize {
        usize::from(self.limit.unwrap_or(100))
    }
}

/// Which of a list's states; each list has its own.
#[derive(Deserialize)]
struct Chosen<S> {
    state: Option<S>,
}

/// The query of a list.
pub(crate) struct List<S> {
    pub(crate) state: Option<S>,
    pub(crate) place: Place,
}

impl<S: DeserializeOwned + Send> FromRequestParts<Api> for List<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<List<S>, Problem> {
        let bad = |_| Problem::new(StatusCode::BAD_REQUEST, "limit-malformed", Vec::new());
        let Query(Chosen { state }) = Query::from_request_parts(parts, api).await.map_err(bad)?;
        let Query(place): Query<Place> = Query::from_request_parts(parts, api).await.map_err(bad)?;
        if !(1..=1_000).contains(&place.limit()) {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "limit-malformed", Vec::new()));
        }
        Ok(List { state, place })
    }
}

/// Declares a list's states: as the address has them, as the services name them, and the parameter of the document.
macro_rules! states {
    ($state:ident, $params:ident, $usual:ident, $($variant:ident = $word:literal),+) => {
        #[derive(Clone, Copy, Deserialize, ToSchema)]
        #[serde(rename_all = "lowercase")]
        pub(crate) enum $state { $($variant),+ }

        impl $state {
            pub(crate) fn word(state: Option<$state>) -> &'static str {
                match state.unwrap_or($state::$usual) { $($state::$variant => $word),+ }
            }
        }

        #[derive(IntoParams)]
        #[into_params(parameter_in = Query)]
        #[allow(dead_code, reason = "read by the document only")]
        pub(crate) struct $params {
            /// Only items in this state; those that wait unless told.
            state: Option<$state>,
        }
    };
}

states!(
    CaseState,
    CaseStates,
    Open,
    Open = "open",
    Same = "same",
    Different = "different",
    Recapture = "recapture",
    Withdrawn = "withdrawn"
);
states!(
    ApplicationState,
    ApplicationStates,
    Received,
    Received = "received",
    Case = "case",
    Recapture = "recapture",
    Checked = "checked",
    Batched = "batched",
    Approved = "approved",
    Personalised = "personalised",
    Refused = "refused"
);
states!(BatchState, BatchStates, Open, Open = "open", Approved = "approved", Personalised = "personalised");
