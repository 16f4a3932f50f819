//! The graph of named schemas: its cycles, and an order that puts each schema after its parts.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// A graph with an edge from each named schema to each schema it contains.
pub(crate) struct Graph<'a> {
    names: Vec<&'a str>,
    numbers: HashMap<&'a str, usize>,
    edges: Vec<Vec<usize>>,
    cycles: Vec<usize>,
    /// The number of schemas in each cycle.
    sizes: Vec<usize>,
    order: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// Builds the graph. `made_of` returns the names of the schemas that a schema contains.
    pub(crate) fn new(
        schemas: &'a Map<String, Value>,
        made_of: impl Fn(&'a str, &'a Value) -> Vec<&'a str>,
    ) -> Self {
        let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
        let numbers: HashMap<_, _> =
            names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let edges: Vec<Vec<usize>> = schemas
            .iter()
            .map(|(name, schema)| {
                let parts = made_of(name, schema);
                parts.iter().filter_map(|name| numbers.get(name).copied()).collect()
            })
            .collect();
        let (cycles, order) = cycles(&edges);
        let mut sizes = vec![0; names.len()];
        cycles.iter().for_each(|cycle| sizes[*cycle] += 1);
        Self { names, numbers, edges, cycles, sizes, order }
    }

    /// The names, each after the schemas it contains, except within cycles.
    pub(crate) fn order(&self) -> impl Iterator<Item = &'a str> {
        self.order.iter().map(|at| self.names[*at])
    }

    /// Whether each contains the other; for one schema, whether it contains itself.
    pub(crate) fn in_cycle(&self, one: &str, other: &str) -> bool {
        let (Some(&one), Some(&other)) = (self.numbers.get(one), self.numbers.get(other)) else {
            return false;
        };
        let cycle = self.cycles[one];
        cycle == self.cycles[other]
            && (one != other || self.sizes[cycle] > 1 || self.edges[one].contains(&one))
    }
}

/// The number of each node's cycle, and an order with each node after the targets of its edges.
///
/// Tarjan's algorithm with an explicit stack: a chain of schemas can be deeper than the call stack.
fn cycles(edges: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    const NONE: usize = usize::MAX;
    let mut numbers = vec![NONE; edges.len()];
    let mut lowest = vec![NONE; edges.len()];
    let mut cycles = vec![NONE; edges.len()];
    let mut order = Vec::new();
    let mut open = Vec::new();
    let mut next = 0;
    for root in 0..edges.len() {
        if numbers[root] != NONE {
            continue;
        }
        let mut walk = vec![(root, 0)];
        while let Some((node, edge)) = walk.pop() {
            if edge == 0 {
                numbers[node] = next;
                lowest[node] = next;
                next += 1;
                open.push(node);
            } else {
                let before = edges[node][edge - 1];
                if cycles[before] == NONE {
                    lowest[node] = lowest[node].min(lowest[before]);
                }
            }
            if let Some(&target) = edges[node].get(edge) {
                walk.push((node, edge + 1));
                if numbers[target] == NONE {
                    walk.push((target, 0));
                }
                continue;
            }
            if lowest[node] == numbers[node] {
                while let Some(member) = open.pop() {
                    cycles[member] = node;
                    order.push(member);
                    if member == node {
                        break;
                    }
                }
            }
        }
    }
    (cycles, order)
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn cycles_are_found_and_parts_come_first() {
        // 0 -> 1 -> 2 -> 1, 2 -> 3, 4 -> 4
        let edges = [vec![1], vec![2], vec![1, 3], vec![], vec![4]];
        let (cycles, order) = cycles(&edges);
        assert_eq!(cycles[1], cycles[2]);
        assert_eq!(cycles.iter().collect::<std::collections::HashSet<_>>().len(), 4);
        let at = |node| order.iter().position(|it| *it == node);
        assert!(at(3) < at(2) && at(2) < at(0) && at(1) < at(0));
    }

    #[test]
    fn a_long_chain_is_no_deep_recursion() {
        let edges: Vec<_> = (0..100_000).map(|node| vec![(node + 1) % 100_000]).collect();
        assert_eq!(cycles(&edges).1.len(), 100_000);
    }
}
