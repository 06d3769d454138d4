//! Which rows of a long list are drawn: those in the window of the scroll area and a few around it.

use std::ops::Range;

/// The tops of rows of different heights: `tops[i]` is where row `i` begins, the last entry is the whole height.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    tops: Vec<f64>,
}

impl Layout {
    pub fn new(heights: impl IntoIterator<Item = f64>) -> Self {
        let mut tops = vec![0.0];
        let mut at = 0.0;
        for height in heights {
            at += height;
            tops.push(at);
        }
        Self { tops }
    }

    pub fn rows(&self) -> usize {
        self.tops.len().saturating_sub(1)
    }

    pub fn height(&self) -> f64 {
        self.tops.last().copied().unwrap_or(0.0)
    }

    pub fn top(&self, row: usize) -> f64 {
        self.tops.get(row).copied().unwrap_or_else(|| self.height())
    }

    /// The rows to draw when the area is scrolled to `scroll` and shows `view` pixels.
    pub fn window(&self, scroll: f64, view: f64, around: usize) -> Range<usize> {
        let first = self.tops.partition_point(|top| *top <= scroll).saturating_sub(1);
        let last = self.tops.partition_point(|top| *top < scroll + view);
        first.saturating_sub(around).min(self.rows())..(last + around).min(self.rows())
    }

    /// Where to scroll so that `row` is seen whole; `None` if it is already.
    /// `covered` pixels at the upper edge lie below a heading that stays.
    pub fn reveal(&self, row: usize, scroll: f64, view: f64, covered: f64) -> Option<f64> {
        let (top, bottom) = (self.top(row), self.top(row + 1));
        if top < scroll + covered {
            Some((top - covered).max(0.0))
        } else if bottom > scroll + view {
            Some(bottom - view)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_rows_draw_a_few_dozen() {
        let layout = Layout::new(std::iter::repeat_n(44.0, 10_000));
        let window = layout.window(44.0 * 5_000.0, 800.0, 6);
        assert!(window.contains(&5_000) && window.contains(&5_018));
        assert!(window.len() <= 32, "{window:?}");
    }

    #[test]
    fn the_edges_are_in_the_list() {
        let layout = Layout::new([30.0, 44.0, 44.0]);
        assert_eq!(layout.window(0.0, 1_000.0, 5), 0..3);
        assert_eq!(layout.window(9_999.0, 100.0, 1).end, 3);
        assert_eq!(Layout::new([]).window(0.0, 500.0, 5), 0..0);
        assert_eq!(Layout::default().window(0.0, 500.0, 5), 0..0);
    }

    #[test]
    fn the_selected_row_is_brought_into_view() {
        let layout = Layout::new(std::iter::repeat_n(40.0, 100));
        assert_eq!(layout.reveal(0, 100.0, 400.0, 0.0), Some(0.0));
        assert_eq!(layout.reveal(50, 0.0, 400.0, 0.0), Some(51.0 * 40.0 - 400.0));
        assert_eq!(layout.reveal(5, 100.0, 400.0, 0.0), None);
        assert_eq!(layout.reveal(3, 100.0, 400.0, 40.0), Some(80.0), "not below the heading");
    }
}
