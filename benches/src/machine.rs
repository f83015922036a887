//! The machine that the figures are of.

use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the machine is, a line each, as Markdown.
pub fn description() -> String {
    [
        ("CPU", cpu()),
        ("cores", crate::pin::cores().len().to_string()),
        ("memory", memory()),
        ("kernel", first_line("/proc/sys/kernel/osrelease")),
        ("compiler", compiler()),
        ("load", load()),
        ("date", date()),
    ]
    .into_iter()
    .map(|(name, value)| format!("- {name}: {value}\n"))
    .collect()
}

/// How many threads wanted to run in the last minute, on average, where it is known.
pub fn load() -> String {
    let words = first_line("/proc/loadavg");
    format!("{} in the last minute", words.split(' ').next().unwrap_or_default())
}

fn cpu() -> String {
    value_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into())
}

fn memory() -> String {
    let kib =
        value_of("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    kib.map_or_else(|| "unknown".into(), |kib| format!("{} MiB", kib / 1024))
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    output.map_or_else(|_| "unknown".into(), |output| String::from_utf8_lossy(&output.stdout).trim().into())
}

fn value_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().into())
}

fn first_line(file: &str) -> String {
    fs::read_to_string(file).ok().and_then(|text| text.lines().next().map(str::to_owned)).unwrap_or_default()
}

/// Today in UTC, as 2026-11-25.
fn date() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970-01-01.
fn civil(mut day: u64) -> (u64, u64, u64) {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let months = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in months {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    (year, month, day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(20_453), (2025, 12, 31));
    }
}
