//! What the presets are.

use crate::limit::{BurstLimit, RateLimit};

#[test]
fn a_limit_increase_is_of_private_apps() {
    let increased = RateLimit::professional().with_limit_increase();
    assert_eq!((increased.burst, increased.daily), (BurstLimit::Known(250), Some(1_625_000)));
    assert_eq!(increased.with_limit_increase().daily, Some(2_625_000));
    for other in [RateLimit::oauth_app(), RateLimit::from_headers(), RateLimit::unlimited()] {
        assert_eq!(other.clone().with_limit_increase(), other);
    }
}

#[test]
#[should_panic = "a share is above 0 and at most 1, not NaN"]
fn a_share_that_is_no_number_is_refused() {
    let _ = RateLimit::professional().share(f64::NAN);
}
