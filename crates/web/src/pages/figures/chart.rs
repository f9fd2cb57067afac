//! Charts as SVG, made here: told apart by patterns and words, not by colour alone.

use askama::Template;
use samspill_agreement::model::Language;

use super::{
    scale::Scale,
    table::{Datum, grouped},
};
use crate::pages::words::words;

words! {
    /// Words of charts.
    ChartWords {
        hidden: "skjult" | "skjult" | "hidden",
        described: "Tallene står i tabellen under." | "Tala står i tabellen under." | "The numbers stand in the table beneath.",
    }
}

/// How a series is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Plainly.
    Solid,
    /// With slanting lines.
    Striped,
    /// With crossed lines.
    Crossed,
    /// With dots.
    Dotted,
}

/// How bars of several series stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// On top of each other.
    Stacked,
    /// Beside each other.
    Grouped,
}

/// Numbers of one sort; `None` is hidden.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// What it is called.
    pub(crate) name: String,
    /// How it is filled.
    pub(crate) fill: Fill,
    /// A number for each category.
    pub(crate) values: Vec<Option<u64>>,
}

/// Bars that are to be drawn.
#[derive(Clone, Debug)]
pub(crate) struct BarChart<'c> {
    /// Its id on the page.
    pub(crate) id: &'c str,
    /// What it shows.
    pub(crate) title: String,
    /// What stands along the bottom.
    pub(crate) categories: Vec<String>,
    /// The numbers.
    pub(crate) series: Vec<Series>,
    /// How they stand.
    pub(crate) layout: Layout,
    /// The reader's language.
    pub(crate) language: Language,
}

/// A chart as it is drawn: everything in its place.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "figures/chart.html")]
pub(crate) struct Drawing {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) described: String,
    pub(super) width: u64,
    pub(super) height: u64,
    /// Lines across, with their numbers.
    pub(super) grid: Vec<Mark>,
    /// Names along the bottom.
    pub(super) names: Vec<Mark>,
    pub(super) bars: Vec<Bar>,
    pub(super) paths: Vec<Line>,
    /// What stands in the place of a bar that is hidden.
    pub(super) hidden: Vec<Mark>,
    pub(super) legend: Vec<(String, &'static str)>,
    pub(super) left: u64,
    pub(super) right: u64,
    pub(super) bottom: u64,
}

/// Something written at a place.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) text: String,
}

/// A bar.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) fill: &'static str,
    /// What it says when pointed at.
    pub(super) says: String,
}

/// A line from point to point; each part that has numbers is a line of its own.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) points: String,
    pub(super) dots: Vec<Mark>,
    pub(super) kind: &'static str,
}

const LEFT: u64 = 64;
const TOP: u64 = 12;
const BASE: u64 = 232;
const CATEGORY_WIDTH_MIN: u64 = 46;
const WIDTH_MIN: u64 = 640;
const BAR_WIDTH_MAX: u64 = 56;
/// Letters of a name along the bottom that stand beside each other; longer ones stand slanted, and more room is kept.
const NAME_LETTERS: usize = 7;

impl Fill {
    /// The class of what is filled so.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Solid => "s-fill-solid",
            Self::Striped => "s-fill-striped",
            Self::Crossed => "s-fill-crossed",
            Self::Dotted => "s-fill-dotted",
        }
    }
}

/// Where the parts of a chart stand.
pub(super) struct Ground {
    pub(super) width: u64,
    pub(super) each: u64,
    pub(super) scale: Scale,
}

impl Ground {
    pub(super) fn of(categories: usize, largest: u64) -> Self {
        let count = (categories as u64).max(1);
        let each = ((WIDTH_MIN - LEFT - 8) / count).max(CATEGORY_WIDTH_MIN);
        Self { width: LEFT + each * count + 8, each, scale: Scale::up_to(largest) }
    }

    /// Where the part of a category begins.
    pub(super) fn left_of(&self, category: usize) -> u64 {
        LEFT + self.each * category as u64
    }

    /// How high a number stands.
    pub(super) fn height_of(&self, number: u64) -> u64 {
        let (height, top) = (u128::from(BASE - TOP), u128::from(self.scale.top.max(1)));
        u64::try_from(u128::from(number) * height / top).unwrap_or(BASE - TOP)
    }

    pub(super) fn y_of(&self, number: u64) -> u64 {
        BASE.saturating_sub(self.height_of(number))
    }

    /// The chart without its bars and lines; `say` writes the numbers at the side.
    pub(super) fn drawing(
        &self,
        (id, title): (&str, String),
        categories: &[String],
        language: Language,
        say: impl Fn(u64) -> String,
    ) -> Drawing {
        let are_long = categories.iter().any(|name| name.chars().count() > NAME_LETTERS);
        let name = |(place, name): (usize, &String)| Mark {
            x: self.left_of(place) + self.each / 2,
            y: BASE + 16,
            text: name.clone(),
        };
        let step = |number| Mark { x: LEFT - 6, y: self.y_of(number), text: say(number) };
        Drawing {
            id: id.to_owned(),
            title,
            described: ChartWords::of(language).described.to_owned(),
            width: self.width,
            height: if are_long { BASE + 96 } else { BASE + 28 },
            grid: self.scale.steps().map(step).collect(),
            names: categories.iter().enumerate().map(name).collect(),
            left: LEFT,
            right: self.width - 8,
            bottom: BASE,
            ..Drawing::default()
        }
    }
}

impl Drawing {
    /// Whether names along the bottom stand slanted.
    fn is_slanted(&self) -> bool {
        self.height > BASE + 28
    }
}

/// Draws bars; nothing where there is no number to draw.
pub(crate) fn drawn(chart: &BarChart<'_>) -> Option<Drawing> {
    let numbers = chart.series.iter().flat_map(|series| series.values.iter().flatten());
    if chart.categories.is_empty() || numbers.sum::<u64>() == 0 {
        return None;
    }
    let ground = Ground::of(chart.categories.len(), largest(chart));
    let named = (chart.id, chart.title.clone());
    let mut drawing = ground.drawing(named, &chart.categories, chart.language, grouped);
    drawing.legend = chart.series.iter().map(|it| (it.name.clone(), it.fill.class())).collect();
    for category in 0..chart.categories.len() {
        match chart.layout {
            Layout::Stacked => stack(chart, category, &ground, &mut drawing),
            Layout::Grouped => group(chart, category, &ground, &mut drawing),
        }
    }
    Some(drawing)
}

fn largest(chart: &BarChart<'_>) -> u64 {
    let of_category = |category: usize| {
        let values = chart.series.iter().map(move |it| it.values.get(category).copied().flatten());
        let values = values.map(Option::unwrap_or_default);
        match chart.layout {
            Layout::Stacked => values.sum(),
            Layout::Grouped => values.max().unwrap_or_default(),
        }
    };
    (0..chart.categories.len()).map(of_category).max().unwrap_or_default()
}

fn stack(chart: &BarChart<'_>, category: usize, ground: &Ground, drawing: &mut Drawing) {
    let width = (ground.each * 7 / 10).min(BAR_WIDTH_MAX);
    let x = ground.left_of(category) + (ground.each - width) / 2;
    let mut below = 0;
    let mut hides = false;
    for series in &chart.series {
        let Some(value) = series.values.get(category).copied().flatten() else {
            hides = true;
            continue;
        };
        let (y, from) = (ground.y_of(below + value), ground.y_of(below));
        let says = says(chart, category, series, value);
        below += value;
        drawing.bars.push(Bar { x, y, width, height: from - y, fill: series.fill.class(), says });
    }
    if hides {
        drawing.hidden.push(hidden(x + width / 2, ground.y_of(below), chart.language));
    }
}

fn group(chart: &BarChart<'_>, category: usize, ground: &Ground, drawing: &mut Drawing) {
    let count = (chart.series.len() as u64).max(1);
    let width = (ground.each * 8 / 10 / count).min(BAR_WIDTH_MAX);
    let left = ground.left_of(category) + (ground.each - width * count) / 2;
    let mut hides = false;
    for (place, series) in chart.series.iter().enumerate() {
        let x = left + width * place as u64;
        match series.values.get(category).copied().flatten() {
            None => hides = true,
            Some(value) => {
                let (y, says) = (ground.y_of(value), says(chart, category, series, value));
                let height = BASE - y;
                drawing.bars.push(Bar { x, y, width, height, fill: series.fill.class(), says });
            }
        }
    }
    if hides {
        drawing.hidden.push(hidden(ground.left_of(category) + ground.each / 2, BASE, chart.language));
    }
}

fn says(chart: &BarChart<'_>, category: usize, series: &Series, value: u64) -> String {
    format!("{}, {}: {}", chart.categories[category], series.name, grouped(value))
}

pub(super) fn hidden(x: u64, y: u64, language: Language) -> Mark {
    let text = format!("{} {}", Datum::Hidden.shown(), ChartWords::of(language).hidden);
    Mark { x, y: y.saturating_sub(4), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: Vec<Option<u64>>, layout: Layout) -> BarChart<'static> {
        BarChart {
            id: "f",
            title: "Plikter <&".to_owned(),
            categories: vec!["jan".to_owned(), "feb".to_owned()],
            series: vec![
                Series { name: "holdt".to_owned(), fill: Fill::Solid, values },
                Series { name: "sen".to_owned(), fill: Fill::Striped, values: vec![Some(1), Some(0)] },
            ],
            layout,
            language: Language::Bokmal,
        }
    }

    #[test]
    fn bars_are_as_high_as_their_numbers_and_stand_on_each_other() {
        let drawing = drawn(&chart(vec![Some(4), Some(2)], Layout::Stacked)).unwrap();
        assert_eq!(drawing.grid.last().unwrap().text, "5");
        let heights: Vec<u64> = drawing.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [176, 44, 88, 0], "44 a unit");
        assert_eq!(drawing.bars[1].y + drawing.bars[1].height, drawing.bars[0].y);
    }

    #[test]
    fn a_hidden_number_has_no_bar_and_says_so() {
        for layout in [Layout::Stacked, Layout::Grouped] {
            let drawing = drawn(&chart(vec![None, Some(2)], layout)).unwrap();
            assert_eq!((drawing.bars.len(), drawing.hidden.len()), (3, 1));
            assert!(drawing.hidden[0].text.contains("skjult"));
        }
    }

    #[test]
    fn a_chart_has_a_title_and_a_description_and_no_styles_of_its_own() {
        let html = drawn(&chart(vec![Some(4), Some(2)], Layout::Grouped)).unwrap().render().unwrap();
        assert!(html.contains("role=\"img\"") && html.contains("<title") && html.contains("<desc"), "{html}");
        assert!(html.contains("Plikter &#60;&#38;") || html.contains("Plikter &lt;&amp;"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn without_any_number_nothing_is_drawn() {
        let mut empty = chart(vec![None, Some(0)], Layout::Stacked);
        empty.series.truncate(1);
        assert!(drawn(&empty).is_none());
    }
}
