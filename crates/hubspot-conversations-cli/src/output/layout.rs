//! Which columns of a list are shown, and how wide.

use super::column::Kind;

/// What stands between two columns.
pub(super) const GAP: usize = 2;

/// The least that a text is cut to before a column is left out.
const LEAST_TEXT: usize = 20;

/// The least that a short value is cut to before a column is left out.
const LEAST_SHORT: usize = 13;

/// The least that an id with its name is cut to before a column is left out.
const LEAST_NAMED: usize = 16;

/// How wide a text becomes before short values get what they need.
const FAIR_TEXT: usize = 32;

/// What a column would take.
pub(super) struct Wanted {
    pub(super) kind: Kind,
    pub(super) expendable: u8,
    /// Whether no record has a value.
    pub(super) is_empty: bool,
    /// Its widest cell.
    pub(super) width: usize,
}

impl Wanted {
    /// What it cannot do with less than.
    fn least(&self) -> usize {
        match self.kind {
            Kind::Whole | Kind::Detail => self.width,
            Kind::Short(_) => self.width.min(LEAST_SHORT),
            Kind::Named(_) => self.width.min(LEAST_NAMED),
            Kind::Text => self.width.min(LEAST_TEXT),
        }
    }
}

/// The width of each column, and `None` of those that are left out: of columns that can be spared,
/// empty ones first, then the highest rank.
pub(super) fn layout(wanted: &[Wanted], width: usize) -> Vec<Option<usize>> {
    let mut widths: Vec<_> = wanted.iter().map(|column| Some(column.least())).collect();
    let mut spared: Vec<_> = (0..wanted.len()).filter(|&i| wanted[i].expendable > 0).collect();
    spared.sort_by_key(|&i| (!wanted[i].is_empty, std::cmp::Reverse(wanted[i].expendable)));
    for index in spared {
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
    let is_text = |index: usize| matches!(wanted[index].kind, Kind::Text);
    for index in (0..wanted.len()).filter(|&index| is_text(index)) {
        grow(&mut widths, index, wanted[index].width.min(FAIR_TEXT));
    }
    for (index, column) in wanted.iter().enumerate() {
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
    use super::{Kind, Wanted, layout};

    fn column(kind: Kind, expendable: u8, width: usize) -> Wanted {
        Wanted { kind, expendable, is_empty: false, width }
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
        let empty = Wanted { is_empty: true, ..column(Kind::Whole, 1, 10) };
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
