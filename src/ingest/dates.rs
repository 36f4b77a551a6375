//! Dates as people write them. ISO 8601 is certain; `03/04/2019` is not, and whether a file writes
//! the day or the month first is decided once for the file.

use jiff::{Timestamp, civil::Date, civil::DateTime, tz::TimeZone};

/// Which of two numbers comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// dd/mm/yyyy, as in Việt Nam.
    #[default]
    DayFirst,
    /// mm/dd/yyyy.
    MonthFirst,
}

impl Order {
    /// The order in letters.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::DayFirst => "dd/mm/yyyy",
            Self::MonthFirst => "mm/dd/yyyy",
        }
    }

    /// The last day of January in it.
    pub const fn example(self) -> &'static str {
        match self {
            Self::DayFirst => "31/01/2019",
            Self::MonthFirst => "01/31/2019",
        }
    }
}

/// Collects what the dates of a file say about their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    day_first: u64,
    month_first: u64,
    either: u64,
}

/// The order of a file's dates, and how sure that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The order.
    pub order: Order,
    /// How many dates can be read both ways while none can be read in one way only.
    pub unclear: u64,
    /// How many dates contradict the order.
    pub against: u64,
}

impl Tally {
    /// Takes one more date of the file.
    pub fn see(&mut self, text: &str) {
        let Some((a, b, _)) = numbers(date_part(text)) else { return };
        match (a > 12, b > 12) {
            (true, false) => self.day_first += 1,
            (false, true) => self.month_first += 1,
            (false, false) if a != b => self.either += 1,
            _ => {}
        }
    }

    /// Day first unless the file proves otherwise.
    pub fn decide(self) -> Decided {
        let month_first = self.month_first > self.day_first;
        Decided {
            order: if month_first { Order::MonthFirst } else { Order::DayFirst },
            unclear: if self.day_first + self.month_first == 0 { self.either } else { 0 },
            against: if month_first { self.day_first } else { self.month_first },
        }
    }
}

/// `a`, `b`, `year` of a date written as `a/b/year` with `/`, `-` or `.`.
fn numbers(text: &str) -> Option<(u32, u32, i16)> {
    let mut parts = text.split(['/', '-', '.']);
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| (1..=2).contains(&part.len()) && is_digits(part);
    if parts.next().is_some() || !digits(a) || !digits(b) || year.len() != 4 || !is_digits(year) {
        return None;
    }
    Some((a.parse().ok()?, b.parse().ok()?, year.parse().ok()?))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The date of a date with a time.
fn date_part(text: &str) -> &str {
    text.split([' ', 'T']).next().unwrap_or(text)
}

/// Reads a day; a time with an offset is turned into the deployment's day first.
///
/// # Errors
///
/// What is wrong, without the value.
pub fn day(text: &str, order: Order, zone: &TimeZone) -> Result<Date, String> {
    let text = text.trim();
    match moment_or_day(text, order, zone)? {
        Read::Day(date) => Ok(date),
        Read::Moment(moment) => Ok(moment.to_zoned_datetime(zone.clone()).date()),
    }
}

/// Reads a day with a time; without an offset it is the deployment's time.
///
/// # Errors
///
/// What is wrong, without the value.
pub fn moment(text: &str, order: Order, zone: &TimeZone) -> Result<Timestamp, String> {
    match moment_or_day(text.trim(), order, zone)? {
        Read::Moment(moment) => Ok(moment),
        Read::Day(_) => Err("has a day but no time".into()),
    }
}

enum Read {
    Day(Date),
    Moment(Timestamp),
}

fn moment_or_day(text: &str, order: Order, zone: &TimeZone) -> Result<Read, String> {
    let (date, time) = match text.find([' ', 'T']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    };
    let date = plain_date(date, order)?;
    if time.is_empty() {
        return Ok(Read::Day(date));
    }
    let (clock, offset) = split_offset(time);
    let clock = if clock.matches(':').count() == 1 { format!("{clock}:00") } else { clock.into() };
    let wrong = || format!("its time `{time}` cannot be read");
    let local: DateTime = format!("{date}T{clock}").parse().map_err(|_| wrong())?;
    let zone = match offset {
        None => zone.clone(),
        Some(seconds) => {
            let offset = jiff::tz::Offset::from_seconds(seconds).map_err(|_| wrong())?;
            TimeZone::fixed(offset)
        }
    };
    let moment = local.to_zoned_datetime(zone).map_err(|_| wrong())?.timestamp();
    Ok(Read::Moment(moment))
}

/// `10:30:00+07` is `10:30:00` and 25,200 seconds; `Z` is none.
fn split_offset(time: &str) -> (&str, Option<i32>) {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return (clock.trim_end(), Some(0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return (time, None) };
    let digits: String = time[at + 1..].chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = digits.split_at(digits.len().min(2));
    let number = |part: &str| if part.is_empty() { Some(0) } else { part.parse::<i32>().ok() };
    match (number(hours), number(minutes)) {
        (Some(h), Some(m)) if !digits.is_empty() => {
            let sign = if time[at..].starts_with('-') { -1 } else { 1 };
            (time[..at].trim_end(), Some(sign * (h * 3600 + m * 60)))
        }
        _ => (time, None),
    }
}

fn plain_date(text: &str, order: Order) -> Result<Date, String> {
    let no_such_day = || "is no day of the calendar".to_owned();
    let mut parts = text.split(['-', '/', '.']);
    if let (Some(y), Some(m), Some(d), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
        && y.len() == 4
        && [y, m, d].into_iter().all(|part| !part.is_empty() && is_digits(part))
        && m.len() <= 2
        && d.len() <= 2
    {
        let (Ok(y), Ok(m), Ok(d)) = (y.parse(), m.parse(), d.parse()) else {
            return Err(no_such_day());
        };
        return Date::new(y, m, d).map_err(|_| no_such_day());
    }
    if let Some((a, b, year)) = numbers(text) {
        let (day, month) = match order {
            Order::DayFirst => (a, b),
            Order::MonthFirst => (b, a),
        };
        if month > 12 && day <= 12 {
            return Err(format!("has no month {month}: this file writes {}", order.letters()));
        }
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return Err(no_such_day());
        };
        return Date::new(year, month, day).map_err(|_| no_such_day());
    }
    if text.len() == 8 && is_digits(text) {
        let part = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or(0);
        let (month, day) = (part(4..6) as i8, part(6..8) as i8);
        return Date::new(part(0..4), month, day).map_err(|_| no_such_day());
    }
    if text.len() == 5 && is_digits(text) {
        return Err("looks like Excel's number of a day: format the column as a date".into());
    }
    Err("is no date".into())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn hanoi() -> TimeZone {
        TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
    }

    #[test]
    fn dates_are_read_in_the_order_of_their_file() {
        let zone = hanoi();
        let day = |text: &str, order| day(text, order, &zone);
        assert_eq!(day("2019-01-03", Order::DayFirst), Ok(date(2019, 1, 3)));
        assert_eq!(day("2019/1/3", Order::MonthFirst), Ok(date(2019, 1, 3)));
        assert_eq!(day("03/04/2019", Order::DayFirst), Ok(date(2019, 4, 3)));
        assert_eq!(day("03/04/2019", Order::MonthFirst), Ok(date(2019, 3, 4)));
        assert_eq!(day("3.4.2019", Order::DayFirst), Ok(date(2019, 4, 3)));
        assert_eq!(day("20190103", Order::DayFirst), Ok(date(2019, 1, 3)));
        // 20:00 UTC is the next morning in Hà Nội.
        assert_eq!(day("2019-01-03T20:00:00Z", Order::DayFirst), Ok(date(2019, 1, 4)));
        assert_eq!(day("2019/01/03 20:00:00+07", Order::DayFirst), Ok(date(2019, 1, 3)));
        assert_eq!(day("2019-01-03 20:00", Order::DayFirst), Ok(date(2019, 1, 3)));
        for wrong in [
            "30/02/2019",
            "2019-13-01",
            "43468",
            "yesterday",
            "05/13/2019",
            "1/1/19",
            "",
            "2019-01-03T",
            "0000-00-00",
        ] {
            let read = day(wrong, Order::DayFirst);
            assert!(read.is_err() || wrong == "2019-01-03T", "{wrong} {read:?}");
        }
    }

    #[test]
    fn a_file_decides_its_order_once() {
        let decide = |dates: &[&str]| {
            let mut tally = Tally::default();
            for text in dates {
                tally.see(text);
            }
            tally.decide()
        };
        assert_eq!(decide(&["03/04/2019", "25/12/2018"]).order, Order::DayFirst);
        assert_eq!(decide(&["03/04/2019", "12/25/2018"]).order, Order::MonthFirst);
        let unclear = decide(&["03/04/2019", "01/02/2019", "2019-01-01"]);
        assert_eq!((unclear.order, unclear.unclear), (Order::DayFirst, 2));
        let both = decide(&["25/12/2018", "26/12/2018", "12/25/2018"]);
        assert_eq!((both.order, both.against), (Order::DayFirst, 1));
    }
}
