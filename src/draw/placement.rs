//! Placement of names: next to their landmarks, inside the image, and if possible over nothing
//! else.
use tiny_skia::Rect;

/// Which parts of a drawing are occupied, in square cells.
pub(super) struct Occupancy {
    cell: f32,
    columns: usize,
    rows: usize,
    /// The drawing's size in pixels.
    size: [f32; 2],
    cells: Vec<Taken>,
}

/// The contents of a cell; the greater, the worse it is to write over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Taken {
    Free,
    Line,
    Dot,
    Name,
}

impl Taken {
    /// The cost of writing over a cell, in cells of distance; `None` if it is not allowed.
    fn cost(self) -> Option<f32> {
        match self {
            Self::Free => Some(0.0),
            Self::Line => Some(0.5),
            Self::Dot => Some(4.0),
            Self::Name => None,
        }
    }
}

impl Occupancy {
    /// Creates an empty grid for a drawing of `size` (`[width, height]`, pixels), with cells of
    /// `cell` pixels.
    pub fn new(size: [f32; 2], cell: f32) -> Self {
        let [columns, rows] = size.map(|side| (side / cell).ceil().max(1.0) as usize);
        Self { cell, columns, rows, size, cells: vec![Taken::Free; columns * rows] }
    }

    /// Marks every cell that `area` touches.
    pub fn take(&mut self, area: &Rect, what: Taken) {
        let (columns, rows) = self.touched(area);
        for row in rows {
            for cell in &mut self.cells[row * self.columns..][columns.clone()] {
                *cell = what.max(*cell);
            }
        }
    }

    /// Marks the cells along a line.
    pub fn take_line(&mut self, from: [f32; 2], to: [f32; 2]) {
        let cells: Vec<usize> = self.along(from, to).collect();
        for i in cells {
            self.cells[i] = self.cells[i].max(Taken::Line);
        }
    }

    /// Chooses and occupies the best place for a name of `size` (`[width, height]`, pixels) next to
    /// `anchor`.
    ///
    /// The best place is near and covers little; right is preferred to left. The name is at least
    /// `gap` pixels from the anchor. `None` if there is no room inside the image and beside other
    /// names.
    pub fn settle(&mut self, anchor: [f32; 2], gap: f32, size: [f32; 2]) -> Option<Rect> {
        let candidates = DISTANCES.iter().flat_map(|distance| {
            DIRECTIONS.iter().map(move |direction| beside(anchor, gap * distance, *direction, size))
        });
        // Ties go to the first, regardless of rounding.
        let best = (candidates.flatten().zip(0u8..))
            .filter_map(|(area, i)| Some((area, self.cost(anchor, &area)? + 1e-3 * f32::from(i))))
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        self.take(&best.0, Taken::Name);
        Some(best.0)
    }

    /// The cost of placing a name for `anchor` there; `None` if it is not allowed.
    fn cost(&self, anchor: [f32; 2], area: &Rect) -> Option<f32> {
        let [width, height] = self.size;
        let inside = area.left() >= 0.0
            && area.top() >= 0.0
            && area.right() <= width
            && area.bottom() <= height;
        if !inside {
            return None;
        }
        let near = nearest(area, anchor);
        let mut cost = (near[0] - anchor[0]).hypot(near[1] - anchor[1]) / self.cell;
        let (columns, rows) = self.touched(area);
        for row in rows {
            for cell in &self.cells[row * self.columns..][columns.clone()] {
                cost += cell.cost()?;
            }
        }
        // The line that joins a name to its landmark should not cross another name.
        let crossed = self.along(anchor, near).filter(|&i| self.cells[i] == Taken::Name).count();
        Some(cost + 3.0 * crossed as f32)
    }

    /// The cells of the grid that an area touches.
    fn touched(&self, area: &Rect) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let span = |from: f32, to: f32, count: usize| {
            let [from, to] = [from / self.cell, (to / self.cell).ceil()];
            // Casts saturate at 0.
            (from as usize).min(count)..(to as usize).min(count)
        };
        let columns = span(area.left(), area.right(), self.columns);
        (columns, span(area.top(), area.bottom(), self.rows))
    }

    /// The cells along a line, about one per cell length.
    fn along(&self, from: [f32; 2], to: [f32; 2]) -> impl Iterator<Item = usize> {
        let far = (to[0] - from[0]).abs().max((to[1] - from[1]).abs()) / self.cell;
        // A line with one end inside is never longer than this within the grid.
        let steps = (far.ceil() as usize).clamp(1, 4 * (self.columns + self.rows));
        (0..=steps).filter_map(move |step| {
            let t = step as f32 / steps as f32;
            let at = |axis: usize| (from[axis] + t * (to[axis] - from[axis])) / self.cell;
            let inside = |v: f32, count: usize| (0.0..count as f32).contains(&v);
            (inside(at(0), self.columns) && inside(at(1), self.rows))
                .then(|| at(1) as usize * self.columns + at(0) as usize)
        })
    }
}

/// The point of `area` that is nearest to `point`.
pub(super) fn nearest(area: &Rect, point: [f32; 2]) -> [f32; 2] {
    [point[0].clamp(area.left(), area.right()), point[1].clamp(area.top(), area.bottom())]
}

/// Directions of names, best first. A name above or below is centered on its landmark.
const DIRECTIONS: [[f32; 2]; 8] = [
    [1.0, 0.0],
    [-1.0, 0.0],
    [0.75, -0.75],
    [0.75, 0.75],
    [-0.75, -0.75],
    [-0.75, 0.75],
    [0.0, -1.0],
    [0.0, 1.0],
];

/// Distances of names from their landmarks, as multiples of the minimum.
const DISTANCES: [f32; 9] = [1.0, 1.6, 2.5, 4.0, 6.0, 9.0, 13.0, 19.0, 27.0];

/// The area of `size` whose nearest edge is `distance` from `anchor`.
fn beside(anchor: [f32; 2], distance: f32, direction: [f32; 2], size: [f32; 2]) -> Option<Rect> {
    let start = |axis: usize| {
        let end = anchor[axis] + distance * direction[axis];
        match direction[axis] {
            d if d > 0.0 => end,
            d if d < 0.0 => end - size[axis],
            _ => end - size[axis] / 2.0,
        }
    };
    Rect::from_xywh(start(0), start(1), size[0], size[1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn alone_a_name_is_to_the_right_and_at_the_edge_to_the_left() {
        let mut free = Occupancy::new([100.0, 100.0], 2.0);
        let right = free.settle([50.0, 50.0], 4.0, [20.0, 10.0]).unwrap();
        assert_eq!(right, Rect::from_xywh(54.0, 45.0, 20.0, 10.0).unwrap());
        let mut free = Occupancy::new([100.0, 100.0], 2.0);
        let left = free.settle([95.0, 50.0], 4.0, [20.0, 10.0]).unwrap();
        assert_eq!(left, Rect::from_xywh(71.0, 45.0, 20.0, 10.0).unwrap());
    }

    #[test]
    fn a_name_keeps_off_dots_and_lines_where_it_can() {
        let mut occupancy = Occupancy::new([100.0, 100.0], 2.0);
        occupancy.take(&Rect::from_xywh(56.0, 46.0, 8.0, 8.0).unwrap(), Taken::Dot);
        let area = occupancy.settle([50.0, 50.0], 4.0, [20.0, 10.0]).unwrap();
        assert_eq!(area.right(), 46.0);
        // The rest is all dots, so the name covers one.
        let mut full = Occupancy::new([40.0, 20.0], 2.0);
        full.take(&Rect::from_xywh(0.0, 0.0, 40.0, 20.0).unwrap(), Taken::Dot);
        assert!(full.settle([10.0, 10.0], 4.0, [20.0, 10.0]).is_some());
        assert!(full.settle([10.0, 10.0], 4.0, [41.0, 10.0]).is_none());
    }

    proptest! {
        #[test]
        fn names_are_inside_and_never_on_each_other(
            names in prop::collection::vec((-20.0f32..220.0, -20.0f32..170.0, 0.0f32..90.0), 0..60),
            cell in 0.5f32..9.0,
        ) {
            let mut occupancy = Occupancy::new([200.0, 150.0], cell);
            let mut settled: Vec<Rect> = Vec::new();
            for (x, y, width) in names {
                let Some(area) = occupancy.settle([x, y], 5.0, [width, 11.0]) else { continue };
                prop_assert!(area.left() >= 0.0 && area.right() <= 200.0);
                prop_assert!(area.top() >= 0.0 && area.bottom() <= 150.0);
                for other in settled.iter().filter(|other| other.width() > 0.0 && width > 0.0) {
                    prop_assert!(area.intersect(other).is_none(), "{area:?} {other:?}");
                }
                settled.push(area);
            }
        }
    }
}
