//! Which schemas stand in a circle, and which come before which.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The named schemas as a graph whose arrows go from a schema to those it is made of.
pub(crate) struct Graph<'a> {
    names: Vec<&'a str>,
    numbers: HashMap<&'a str, usize>,
    arrows: Vec<Vec<usize>>,
    circles: Vec<usize>,
    /// How many are in the circle of each number.
    sizes: Vec<usize>,
    order: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// Asks for the names that each schema is made of.
    pub(crate) fn new(
        schemas: &'a Map<String, Value>,
        made_of: impl Fn(&'a str, &'a Value) -> Vec<&'a str>,
    ) -> Self {
        let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
        let numbers: HashMap<_, _> =
            names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let arrows: Vec<Vec<usize>> = schemas
            .iter()
            .map(|(name, schema)| {
                let parts = made_of(name, schema);
                parts.iter().filter_map(|name| numbers.get(name).copied()).collect()
            })
            .collect();
        let (circles, order) = circles(&arrows);
        let mut sizes = vec![0; names.len()];
        circles.iter().for_each(|circle| sizes[*circle] += 1);
        Self { names, numbers, arrows, circles, sizes, order }
    }

    /// The names, each after those it is made of, but for circles.
    pub(crate) fn order(&self) -> impl Iterator<Item = &'a str> {
        self.order.iter().map(|at| self.names[*at])
    }

    /// Whether both are made of each other; whether it is made of itself, if they are the same.
    pub(crate) fn in_circle(&self, one: &str, other: &str) -> bool {
        let (Some(&one), Some(&other)) = (self.numbers.get(one), self.numbers.get(other)) else {
            return false;
        };
        let circle = self.circles[one];
        circle == self.circles[other]
            && (one != other || self.sizes[circle] > 1 || self.arrows[one].contains(&one))
    }
}

/// The number of the circle each node is in, and the nodes with what they point to before them.
///
/// It is Tarjan's algorithm with a stack of its own, since a document can chain its schemas deeper
/// than ours reaches.
fn circles(arrows: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    const NONE: usize = usize::MAX;
    let mut numbers = vec![NONE; arrows.len()];
    let mut lowest = vec![NONE; arrows.len()];
    let mut circles = vec![NONE; arrows.len()];
    let mut order = Vec::new();
    let mut open = Vec::new();
    let mut next = 0;
    for root in 0..arrows.len() {
        if numbers[root] != NONE {
            continue;
        }
        let mut walk = vec![(root, 0)];
        while let Some((node, arrow)) = walk.pop() {
            if arrow == 0 {
                numbers[node] = next;
                lowest[node] = next;
                next += 1;
                open.push(node);
            } else {
                let before = arrows[node][arrow - 1];
                if circles[before] == NONE {
                    lowest[node] = lowest[node].min(lowest[before]);
                }
            }
            if let Some(&target) = arrows[node].get(arrow) {
                walk.push((node, arrow + 1));
                if numbers[target] == NONE {
                    walk.push((target, 0));
                }
                continue;
            }
            if lowest[node] == numbers[node] {
                while let Some(member) = open.pop() {
                    circles[member] = node;
                    order.push(member);
                    if member == node {
                        break;
                    }
                }
            }
        }
    }
    (circles, order)
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn circles_are_found_and_parts_come_first() {
        // 0 -> 1 -> 2 -> 1, 2 -> 3, 4 -> 4
        let arrows = [vec![1], vec![2], vec![1, 3], vec![], vec![4]];
        let (circles, order) = circles(&arrows);
        assert_eq!(circles[1], circles[2]);
        assert_eq!(circles.iter().collect::<std::collections::HashSet<_>>().len(), 4);
        let at = |node| order.iter().position(|it| *it == node);
        assert!(at(3) < at(2) && at(2) < at(0) && at(1) < at(0));
    }

    #[test]
    fn a_long_chain_is_no_deep_recursion() {
        let arrows: Vec<_> = (0..100_000).map(|node| vec![(node + 1) % 100_000]).collect();
        assert_eq!(circles(&arrows).1.len(), 100_000);
    }
}
