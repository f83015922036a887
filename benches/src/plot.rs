//! Plots as SVG: panels side by side, both axes logarithmic.

use std::error::Error;
use std::ops::Range;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

/// One set of axes with its curves.
pub struct Panel<'a> {
    pub title: &'a str,
    pub x: Axis<'a>,
    pub y: Axis<'a>,
    pub curves: Vec<Curve>,
}

/// What an axis says.
#[derive(Clone, Copy)]
pub struct Axis<'a> {
    pub label: &'a str,
    pub ticks: Ticks,
}

/// What an axis counts, and so how a value is written at it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ticks {
    /// Microseconds.
    Time,
    /// Bytes.
    Size,
    /// Anything, with thousands as k and millions as M.
    Count,
    /// The part of all that [`distribution`](crate::stats::distribution) tells as `1 / (1 - part)`.
    Part,
}

/// A named line through points, of which both coordinates are above 0.
pub struct Curve {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

const PANEL: (u32, u32) = (560, 460);

/// Told apart by people who don't tell red from green (Okabe and Ito).
const COLORS: [RGBColor; 8] = [
    RGBColor(213, 94, 0),
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(128, 128, 128),
];

/// Draws the panels side by side into the file.
///
/// # Errors
/// When the file can't be written.
pub fn draw(file: &Path, panels: &[Panel<'_>]) -> Result<(), Box<dyn Error>> {
    let count = panels.len().max(1);
    let area = SVGBackend::new(file, (PANEL.0 * u32::try_from(count)?, PANEL.1)).into_drawing_area();
    area.fill(&WHITE)?;
    for (panel, area) in panels.iter().zip(area.split_evenly((1, count))) {
        draw_panel(panel, &area)?;
    }
    area.present()?;
    Ok(())
}

impl Ticks {
    fn write(self, value: f64) -> String {
        match self {
            Ticks::Time => match value {
                time if time < 1.0 => format!("{} ns", round(time * 1e3)),
                time if time < 1e3 => format!("{} µs", round(time)),
                time if time < 1e6 => format!("{} ms", round(time / 1e3)),
                time => format!("{} s", round(time / 1e6)),
            },
            Ticks::Size => match value / 1024.0 {
                kib if kib < 1.0 => format!("{} B", round(value)),
                kib if kib < 1024.0 => format!("{} KiB", round(kib)),
                kib => format!("{} MiB", round(kib / 1024.0)),
            },
            Ticks::Count => match value {
                count if count < 1e3 => round(count),
                count if count < 1e6 => format!("{}k", round(count / 1e3)),
                count => format!("{}M", round(count / 1e6)),
            },
            Ticks::Part => format!("{} %", trimmed(format!("{:.4}", 100.0 - 100.0 / value))),
        }
    }

    /// Powers of which stand at the axis.
    fn base(self) -> f64 {
        if self == Ticks::Size { 4.0 } else { 10.0 }
    }
}

fn draw_panel(panel: &Panel<'_>, area: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Box<dyn Error>> {
    let points = || panel.curves.iter().flat_map(|curve| &curve.points);
    let x = range(points().map(|point| point.0));
    let y = range(points().map(|point| point.1));
    let mut chart = ChartBuilder::on(area)
        .caption(panel.title, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d(
            x.clone().log_scale().base(panel.x.ticks.base()),
            y.clone().log_scale().base(panel.y.ticks.base()),
        )?;
    chart
        .configure_mesh()
        .x_desc(panel.x.label)
        .y_desc(panel.y.label)
        .x_label_formatter(&|value| panel.x.ticks.write(*value))
        .y_label_formatter(&|value| panel.y.ticks.write(*value))
        .light_line_style(WHITE)
        .draw()?;
    for (curve, color) in panel.curves.iter().zip(COLORS.into_iter().cycle()) {
        let line = LineSeries::new(curve.points.iter().copied(), color.stroke_width(2)).point_size(2);
        chart
            .draw_series(line)?
            .label(&curve.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(emptiest_corner(points(), &x, &y))
        .background_style(WHITE.mix(0.8))
        .draw()?;
    Ok(())
}

/// Where the fewest points are.
fn emptiest_corner<'a>(
    points: impl Iterator<Item = &'a (f64, f64)> + Clone,
    x: &Range<f64>,
    y: &Range<f64>,
) -> SeriesLabelPosition {
    let is_beyond_middle = |value: f64, range: &Range<f64>| value * value > range.start * range.end;
    let corners = [
        (SeriesLabelPosition::UpperLeft, false, true),
        (SeriesLabelPosition::LowerRight, true, false),
        (SeriesLabelPosition::LowerLeft, false, false),
        (SeriesLabelPosition::UpperRight, true, true),
    ];
    let fewest = corners.into_iter().min_by_key(|&(_, right, upper)| {
        let is_here = |point: &&(f64, f64)| {
            is_beyond_middle(point.0, x) == right && is_beyond_middle(point.1, y) == upper
        };
        points.clone().filter(is_here).count()
    });
    fewest.map_or(SeriesLabelPosition::UpperLeft, |(corner, ..)| corner)
}

/// From the smallest to the largest, with some room: a logarithmic axis can't be empty, nor begin at 0.
fn range(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (least, most) = values
        .filter(|value| *value > 0.0)
        .fold((f64::INFINITY, 0f64), |(least, most), value| (least.min(value), most.max(value)));
    if least > most { 1.0..10.0 } else { least / 1.1..most * 1.2 }
}

/// With three digits at most, unless there are more before the point.
fn round(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 99.5 => 0,
        middle if middle >= 9.95 => 1,
        _ => 2,
    };
    trimmed(format!("{value:.decimals$}"))
}

/// Without zeros that say nothing.
fn trimmed(number: String) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').into() } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_have_units() {
        assert_eq!(Ticks::Time.write(0.25), "250 ns");
        assert_eq!(Ticks::Time.write(1500.0), "1.5 ms");
        assert_eq!(Ticks::Size.write(1024.0), "1 KiB");
        assert_eq!(Ticks::Size.write(256.0 * 1024.0 * 1024.0), "256 MiB");
        assert_eq!(Ticks::Count.write(100_000.0), "100k");
        assert_eq!(Ticks::Part.write(1000.0), "99.9 %");
    }

    #[test]
    fn the_legend_stands_where_no_curve_is() {
        let rising = [(1.0, 1.0), (10.0, 10.0), (100.0, 100.0)];
        let corner = emptiest_corner(rising.iter(), &(1.0..100.0), &(1.0..100.0));
        assert!(matches!(corner, SeriesLabelPosition::UpperLeft));
        let falling = [(1.0, 100.0), (10.0, 9.0), (100.0, 1.0)];
        let corner = emptiest_corner(falling.iter(), &(1.0..100.0), &(1.0..100.0));
        assert!(matches!(corner, SeriesLabelPosition::UpperRight));
    }
}
