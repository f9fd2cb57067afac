//! Lines through numbers, such as a median and its quartiles.

use samspill_agreement::model::Language;

use super::{
    chart::{Drawing, Ground, Line, Mark, hidden},
    table::Datum,
};

/// Lines that are to be drawn, of minutes.
#[derive(Clone, Debug)]
pub(super) struct LineChart<'c> {
    /// Its id on the page.
    pub(super) id: &'c str,
    /// What it shows.
    pub(super) title: String,
    /// What stands along the bottom.
    pub(super) categories: Vec<String>,
    /// By line: its name, how it is drawn, and its numbers.
    pub(super) lines: Vec<(String, Stroke, Vec<Point>)>,
    /// The reader's language.
    pub(super) language: Language,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Whole.
    Whole,
    /// In dashes.
    Dashed,
    /// In dots.
    Dotted,
}

/// A number of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// So many minutes.
    Minutes(i64),
    /// It isn't shown.
    Hidden,
    /// There is none.
    Nothing,
}

const MINUTES_A_DAY: u64 = 1_440;

impl Stroke {
    fn class(self) -> &'static str {
        match self {
            Self::Whole => "s-line-whole",
            Self::Dashed => "s-line-dashed",
            Self::Dotted => "s-line-dotted",
        }
    }
}

/// Draws lines up a scale of whole days; nothing where there is no number.
pub(super) fn drawn(chart: &LineChart<'_>) -> Option<Drawing> {
    let numbers = chart.lines.iter().flat_map(|(_, _, points)| points).filter_map(minutes);
    let days = numbers.max()?.div_ceil(MINUTES_A_DAY).max(1);
    let ground = Ground::of(chart.categories.len(), days);
    let say = |days: u64| Datum::Minutes(i64::try_from(days * MINUTES_A_DAY).unwrap_or(i64::MAX)).shown();
    let say = |days| say(days).replace(" 0 t", "").replace("0 min", "0");
    let mut drawing = ground.drawing((chart.id, chart.title.clone()), &chart.categories, chart.language, say);
    drawing.legend = chart.lines.iter().map(|(name, stroke, _)| (name.clone(), stroke.class())).collect();
    for (name, stroke, points) in &chart.lines {
        line(chart, (name, *stroke), points, &ground, &mut drawing);
    }
    let hides =
        |place: &usize| chart.lines.iter().any(|(_, _, points)| points.get(*place) == Some(&Point::Hidden));
    let places = (0..chart.categories.len()).filter(hides);
    drawing.hidden =
        places.map(|place| hidden(middle(&ground, place), ground.y_of(0), chart.language)).collect();
    Some(drawing)
}

fn minutes(point: &Point) -> Option<u64> {
    if let Point::Minutes(minutes) = point { u64::try_from(*minutes).ok() } else { None }
}

fn middle(ground: &Ground, place: usize) -> u64 {
    ground.left_of(place) + ground.each / 2
}

/// A line, broken where there is no number.
fn line(
    chart: &LineChart<'_>,
    (name, stroke): (&str, Stroke),
    points: &[Point],
    ground: &Ground,
    drawing: &mut Drawing,
) {
    let mut part: Vec<Mark> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        match minutes(point) {
            Some(minutes) => part.push(Mark {
                x: middle(ground, place),
                y: y_of(ground, minutes),
                text: format!("{}, {name}: {}", chart.categories[place], said(minutes)),
            }),
            None => end(&mut part, stroke, drawing),
        }
    }
    end(&mut part, stroke, drawing);
}

fn said(minutes: u64) -> String {
    Datum::Minutes(i64::try_from(minutes).unwrap_or(i64::MAX)).shown()
}

/// Between two whole days too.
fn y_of(ground: &Ground, minutes: u64) -> u64 {
    let (low, high) = (minutes / MINUTES_A_DAY, minutes.div_ceil(MINUTES_A_DAY));
    let (from, to) = (ground.y_of(low), ground.y_of(high));
    from - (from - to) * (minutes % MINUTES_A_DAY) / MINUTES_A_DAY
}

fn end(part: &mut Vec<Mark>, stroke: Stroke, drawing: &mut Drawing) {
    if part.is_empty() {
        return;
    }
    let dots = std::mem::take(part);
    let points = dots.iter().map(|dot| format!("{},{}", dot.x, dot.y)).collect::<Vec<_>>().join(" ");
    drawing.paths.push(Line { points, dots, kind: stroke.class() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_where_there_is_no_number_and_says_where_one_is_hidden() {
        let points = vec![Point::Minutes(1_440), Point::Hidden, Point::Minutes(2_160), Point::Minutes(2_880)];
        let chart = LineChart {
            id: "l",
            title: "Tid".to_owned(),
            categories: ["a", "b", "c", "d"].map(str::to_owned).to_vec(),
            lines: vec![("median".to_owned(), Stroke::Whole, points)],
            language: Language::Bokmal,
        };
        let drawing = drawn(&chart).unwrap();
        assert_eq!(drawing.paths.len(), 2);
        assert_eq!(drawing.hidden.len(), 1);
        assert_eq!(drawing.paths[1].dots.len(), 2);
        let ys: Vec<u64> = drawing.paths.iter().flat_map(|path| &path.dots).map(|dot| dot.y).collect();
        assert_eq!(ys, [122, 67, 12], "a day is half of two, and a day and a half lies between");
        assert!(drawn(&LineChart { lines: Vec::new(), ..chart }).is_none());
    }
}
