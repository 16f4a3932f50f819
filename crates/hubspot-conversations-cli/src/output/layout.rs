//! Which columns of a list are shown, and how wide.

use super::column::Kind;

/// The space between two columns.
pub(super) const GAP: usize = 2;

/// The minimum width of a text before a column is dropped.
const MIN_TEXT: usize = 20;

/// The minimum width of a short value before a column is dropped.
const MIN_SHORT: usize = 13;

/// The minimum width of an id with its name before a column is dropped.
const MIN_NAMED: usize = 16;

/// The width that a text gets before short values get more than their minimum.
const PREFERRED_TEXT: usize = 32;

/// The space that a column needs.
pub(super) struct ColumnNeeds {
    pub(super) kind: Kind,
    pub(super) expendable: u8,
    /// Whether no record has a value.
    pub(super) is_empty: bool,
    /// Its widest cell.
    pub(super) width: usize,
}

impl ColumnNeeds {
    /// The least width with which it is shown.
    fn min_width(&self) -> usize {
        match self.kind {
            Kind::Whole | Kind::Detail => self.width,
            Kind::Short(_) => self.width.min(MIN_SHORT),
            Kind::Named(_) => self.width.min(MIN_NAMED),
            Kind::Text => self.width.min(MIN_TEXT),
        }
    }
}

/// The width of each column, `None` for dropped columns: of the expendable ones, empty columns go
/// first, then those of the highest rank.
pub(super) fn layout(needs: &[ColumnNeeds], width: usize) -> Vec<Option<usize>> {
    let mut widths: Vec<_> = needs.iter().map(|column| Some(column.min_width())).collect();
    let mut expendable: Vec<_> = (0..needs.len()).filter(|&i| needs[i].expendable > 0).collect();
    expendable.sort_by_key(|&i| (!needs[i].is_empty, std::cmp::Reverse(needs[i].expendable)));
    for index in expendable {
        if total(&widths) <= width {
            break;
        }
        widths[index] = None;
    }

    let mut left = width.saturating_sub(total(&widths));
    let mut grow = |widths: &mut [Option<usize>], index: usize, to: usize| {
        if let Some(now) = &mut widths[index] {
            let more = to.saturating_sub(*now).min(left);
            *now += more;
            left -= more;
        }
    };
    let is_text = |index: usize| matches!(needs[index].kind, Kind::Text);
    for index in (0..needs.len()).filter(|&index| is_text(index)) {
        grow(&mut widths, index, needs[index].width.min(PREFERRED_TEXT));
    }
    for (index, column) in needs.iter().enumerate() {
        grow(&mut widths, index, column.width);
    }
    widths
}

fn total(widths: &[Option<usize>]) -> usize {
    let shown = widths.iter().flatten();
    shown.clone().sum::<usize>() + GAP * shown.count().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{ColumnNeeds, Kind, layout};

    fn column(kind: Kind, expendable: u8, width: usize) -> ColumnNeeds {
        ColumnNeeds { kind, expendable, is_empty: false, width }
    }

    #[test]
    fn what_fits_is_shown_in_full() {
        let columns = [column(Kind::Whole, 0, 10), column(Kind::Short(40), 0, 30)];
        assert_eq!(layout(&columns, 42), [Some(10), Some(30)]);
        assert_eq!(layout(&columns, 1000), [Some(10), Some(30)]);
    }

    #[test]
    fn short_values_and_texts_shrink_before_a_column_is_left_out() {
        let columns = [
            column(Kind::Whole, 0, 10),
            column(Kind::Short(40), 1, 30),
            column(Kind::Text, 0, 500),
        ];
        assert_eq!(layout(&columns, 47), [Some(10), Some(13), Some(20)]);
        assert_eq!(layout(&columns, 60), [Some(10), Some(14), Some(32)]);
        assert_eq!(layout(&columns, 100), [Some(10), Some(30), Some(56)]);
        assert_eq!(layout(&columns, 46), [Some(10), None, Some(34)]);
    }

    #[test]
    fn empty_columns_are_spared_first_and_then_the_highest_rank() {
        let empty = ColumnNeeds { is_empty: true, ..column(Kind::Whole, 1, 10) };
        let columns = [
            column(Kind::Whole, 0, 10),
            column(Kind::Whole, 2, 10),
            column(Kind::Whole, 3, 10),
            empty,
        ];
        assert_eq!(layout(&columns, 34), [Some(10), Some(10), Some(10), None]);
        assert_eq!(layout(&columns, 33), [Some(10), Some(10), None, None]);
        assert_eq!(layout(&columns, 5), [Some(10), None, None, None]);
    }
}
