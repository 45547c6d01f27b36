//! How many will have come some days ahead, and how sure that is.

use super::AHEAD;
use time::Day;

/// Days whose mean the model goes on with, at most; less where the pace moves.
const LEVEL: usize = 28;
/// How much a pace moves in a week before anything is known of it, in parts of itself; and how many weeks that is worth.
const PRIOR: (f64, f64) = (0.02, 2.0);
/// What the drift is taken times, since so few weeks tell it badly: found by playing the model against simulated programmes.
const DOUBT: f64 = 2.2;

/// Means and variances of the counts to come.
pub(super) struct Model {
    /// What comes in the first days ahead, summed: one week, after which it repeats.
    week: [f64; 8],
    /// Variance of a day around its weekday's mean.
    noise: f64,
    /// Variance by which the daily mean moves in a day.
    drift: f64,
    /// Days behind the mean.
    days: f64,
}

impl Model {
    /// Learns from at least three days that end with `today`.
    pub(super) fn new(today: Day, days: &[i64]) -> Model {
        let days: Vec<f64> = days.iter().map(|count| *count as f64).collect();
        let whole = mean(last(&days, LEVEL));
        let weekday = weekdays(today, last(&days, LEVEL), whole);
        let weeks: Vec<f64> = days.rchunks_exact(7).map(mean).collect();
        let noise = noise(today, &days, &weekday, whole).max(whole.abs()).max(1e-9);
        let drift = drift(&weeks, noise, whole);
        // Many days scatter less, few days lag less: the mean whose error is least.
        let error = |length: &usize| noise / *length as f64 + drift * *length as f64 / 3.0;
        let lengths = (1..=4).map(|weeks| weeks * 7).filter(|length| *length <= days.len());
        let length = lengths.min_by(|a, b| error(a).total_cmp(&error(b))).unwrap_or(days.len());
        let level = mean(last(&days, length));
        let mut week = [0.0; 8];
        for ahead in 1..=7 {
            week[ahead] = week[ahead - 1] + level * weekday[(today.0 + ahead as i32).rem_euclid(7) as usize];
        }
        Model { week, noise, drift, days: length as f64 }
    }

    /// What comes in a week.
    pub(super) fn week(&self) -> f64 {
        self.week[7]
    }

    /// What is expected to have come after some days.
    fn expected(&self, ahead: i32) -> f64 {
        f64::from(ahead / 7) * self.week[7] + self.week[(ahead % 7) as usize]
    }

    /// How far from that it may lie: the days' own scatter, the mean's error, the drift since the middle of the days behind it
    /// and on the way.
    fn spread(&self, ahead: i32) -> f64 {
        let h = f64::from(ahead);
        let drift = DOUBT * self.drift * (h * h * h / 3.0 + h * h * self.days / 3.0);
        (self.noise * (h + h * h / self.days) + drift).sqrt()
    }

    /// How likely it is that so many will have come.
    pub(super) fn probability(&self, ahead: i32, missing: i64) -> f64 {
        let ahead = ahead.clamp(1, AHEAD);
        let z = (self.expected(ahead) - missing as f64) / self.spread(ahead);
        (normal(z) * 10_000.0).round() / 10_000.0
    }

    /// The first day ahead on which so many will have come, if everything goes as well (or as badly) as in one of its
    /// quantiles; none within ten years.
    pub(super) fn reaches(&self, missing: i64, quantile: f64) -> Option<i32> {
        let enough = |ahead: i32| self.expected(ahead) + quantile * self.spread(ahead) >= missing as f64;
        let (mut short, mut far) = (0, 1);
        while !enough(far) {
            short = far;
            far = (far + far / 4 + 1).min(AHEAD);
            if short == AHEAD {
                return None;
            }
        }
        while far - short > 1 {
            let middle = (short + far) / 2;
            if enough(middle) { far = middle } else { short = middle }
        }
        Some(far)
    }
}

fn mean(days: &[f64]) -> f64 {
    days.iter().sum::<f64>() / days.len() as f64
}

fn last(days: &[f64], count: usize) -> &[f64] {
    &days[days.len().saturating_sub(count)..]
}

/// Each weekday's part of the mean (by the day's number modulo seven). With less than two weeks every day is alike.
fn weekdays(today: Day, level: &[f64], mean: f64) -> [f64; 7] {
    let mut parts = [1.0; 7];
    if level.len() < 14 || mean <= 0.0 {
        return parts;
    }
    let (mut sums, mut counts) = ([0.0; 7], [0.0; 7]);
    let first = today.0 - level.len() as i32 + 1;
    for (count, day) in level.iter().zip(first..) {
        sums[day.rem_euclid(7) as usize] += count;
        counts[day.rem_euclid(7) as usize] += 1.0;
    }
    for at in 0..7 {
        parts[at] = sums[at] / counts[at] / mean;
    }
    // A week is a week, whatever weekday was seen once more.
    let total: f64 = parts.iter().sum();
    if total > 0.0 {
        parts.iter_mut().for_each(|part| *part *= 7.0 / total);
    }
    parts
}

/// How much a day scatters around its weekday's part of its own week's mean; of less than a week, around the mean.
fn noise(today: Day, days: &[f64], weekday: &[f64; 7], whole: f64) -> f64 {
    let (mut square, mut count, mut learnt) = (0.0, 0.0, 0.0);
    for (back, week) in days.rchunks(7).enumerate().take(LEVEL / 7) {
        let level = if week.len() == 7 { mean(week) } else { whole };
        let first = today.0 - (back * 7 + week.len()) as i32 + 1;
        for (one, day) in week.iter().zip(first..) {
            square += (one - level * weekday[day.rem_euclid(7) as usize]).powi(2);
            count += 1.0;
        }
        learnt += 1.0;
    }
    if count >= 14.0 {
        learnt += 6.0;
    }
    square / f64::max(count - learnt, 1.0)
}

/// How much the daily mean moves in a day, from the steps between whole weeks, less what days' own scatter explains, drawn
/// towards what programmes do.
fn drift(weeks: &[f64], noise: f64, whole: f64) -> f64 {
    let steps = weeks.windows(2).map(|pair| (pair[0] - pair[1]).powi(2));
    // The means of two neighbouring weeks differ by two thirds of a week's drift and by the scatter of fourteen days.
    let moved: f64 = steps.map(|square| (square - 2.0 * noise / 7.0) * 1.5).sum();
    let (prior, worth) = ((PRIOR.0 * whole).powi(2), PRIOR.1);
    let count = weeks.len().saturating_sub(1) as f64;
    ((moved + prior * worth) / (count + worth)).max(prior / 16.0) / 7.0
}

/// The distribution function of the normal distribution (Abramowitz and Stegun, 7.1.26; error below 2·10⁻⁷).
fn normal(z: f64) -> f64 {
    let x = (z / std::f64::consts::SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let polynomial =
        t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let tail = 0.5 * polynomial * (-x * x).exp();
    if z >= 0.0 { 1.0 - tail } else { tail }
}
