//! Pace: how much comes in a day, and how much would have to.
//!
//! Not here: when a target is reached at that pace (`forecast`).
//! Start reading at [`pace`].

use time::Day;

/// The mean of the last days, in hundredths of a count a day, rounded half away from zero. `known` says how many of the days
/// at the end are known; none if none is.
#[must_use]
pub fn pace(daily: &[i64], known: usize, days: usize) -> Option<i64> {
    let days = days.min(known).min(daily.len());
    if days == 0 {
        return None;
    }
    let sum: i64 = daily[daily.len() - days..].iter().sum();
    Some(rounded(i128::from(sum) * 100, days as i128))
}

/// What would have to come a day to have `target` by the end of `deadline`, in hundredths, rounded up: 0 where it is there;
/// none where the deadline has passed.
#[must_use]
pub fn needed(value: i64, target: u64, today: Day, deadline: Day) -> Option<u64> {
    let missing = i128::from(target) - i128::from(value);
    if missing <= 0 {
        return Some(0);
    }
    let days = i128::from(deadline.0) - i128::from(today.0);
    (days > 0).then(|| ((missing * 100 + days - 1) / days).try_into().unwrap_or(u64::MAX))
}

/// A quotient rounded half away from zero.
fn rounded(numerator: i128, denominator: i128) -> i64 {
    let magnitude = (numerator.unsigned_abs() * 2 + denominator.unsigned_abs()) / (denominator.unsigned_abs() * 2);
    let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
    if (numerator < 0) == (denominator < 0) { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_the_days_that_are_known() {
        let daily = [0, 100, 1, 2, 3, 4, 5, 6, 10];
        for (known, days, expected) in [(9, 7, Some(443)), (9, 28, Some(1456)), (2, 7, Some(800)), (0, 7, None)] {
            assert_eq!(pace(&daily, known, days), expected, "{known} {days}");
        }
        assert_eq!(pace(&[-1, -1, 0, 0, 0, 0, 0], 7, 7), Some(-29));
        assert_eq!(pace(&[], 7, 7), None);
    }

    #[test]
    fn what_would_have_to_come_a_day() {
        let day = |text: &str| Day::parse(text).unwrap();
        let check = |value, target, today: &str, expected| {
            assert_eq!(needed(value, target, day(today), day("2021-07-01")), expected, "{value} {target} {today}");
        };
        check(0, 10, "2021-06-28", Some(334));
        check(10, 10, "2021-06-28", Some(0));
        check(11, 10, "2021-07-28", Some(0));
        check(9, 10, "2021-07-01", None);
        check(9, 10, "2021-07-02", None);
        check(-5, 5, "2021-06-30", Some(1000));
    }
}
