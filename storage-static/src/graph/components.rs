//! Which things lead round in a circle, and in which order all can be done.

/// The strongly connected components of a graph, those that others lead to first; each sorted.
///
/// Tarjan's algorithm, without recursion: a chain may be as long as there is memory.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        low: vec![UNSEEN; edges.len()],
        is_open: vec![false; edges.len()],
        open: Vec::new(),
        count: 0,
    };
    let mut found = Vec::new();
    // Each with its own number and the place in its edges.
    let mut path: Vec<(usize, usize, usize)> = Vec::new();
    for root in 0..edges.len() {
        if search.low[root] == UNSEEN {
            path.push((root, search.enter(root), 0));
        }
        while let Some((node, number, next)) = path.last_mut() {
            let (node, number) = (*node, *number);
            if let Some(target) = edges[node].get(*next).copied() {
                *next += 1;
                if search.low[target] == UNSEEN {
                    path.push((target, search.enter(target), 0));
                } else if search.is_open[target] {
                    search.low[node] = search.low[node].min(search.low[target]);
                }
                continue;
            }
            path.pop();
            if let Some((above, ..)) = path.last() {
                search.low[*above] = search.low[*above].min(search.low[node]);
            }
            if search.low[node] == number {
                found.push(search.close(node));
            }
        }
    }
    found
}

const UNSEEN: usize = usize::MAX;

struct Search {
    /// The least number of an open node that is known to be reached.
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    count: usize,
}

impl Search {
    fn enter(&mut self, node: usize) -> usize {
        let number = self.count;
        self.count += 1;
        self.low[node] = number;
        self.is_open[node] = true;
        self.open.push(node);
        number
    }

    fn close(&mut self, first: usize) -> Vec<usize> {
        let start = self.open.iter().rposition(|node| *node == first).unwrap_or_default();
        let mut component = self.open.split_off(start);
        for node in &component {
            self.is_open[*node] = false;
        }
        component.sort_unstable();
        component
    }
}

/// Which components can be done at once: those of a level lead to earlier levels only.
pub(super) fn levels(edges: &[Vec<usize>], components: Vec<Vec<usize>>) -> Vec<Vec<Vec<usize>>> {
    let mut level_of = vec![0; edges.len()];
    let mut levels: Vec<Vec<Vec<usize>>> = Vec::new();
    for component in components {
        let targets = component.iter().flat_map(|node| &edges[*node]);
        let outer = targets.filter(|target| component.binary_search(target).is_err());
        let level = outer.map(|target| level_of[*target] + 1).max().unwrap_or_default();
        for node in &component {
            level_of[*node] = level;
        }
        if levels.len() <= level {
            levels.resize_with(level + 1, Vec::new);
        }
        levels[level].push(component);
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_leaves_come_first() {
        let edges = [vec![1], vec![2, 4], vec![0, 3], vec![], vec![4], vec![6], vec![5, 0], vec![]];
        let found = components(&edges);
        assert_eq!(found, [vec![3], vec![4], vec![0, 1, 2], vec![5, 6], vec![7]]);
        let levels = levels(&edges, found);
        assert_eq!(levels, [vec![vec![3], vec![4], vec![7]], vec![vec![0, 1, 2]], vec![vec![5, 6]]]);
        assert!(components(&[]).is_empty());
    }

    #[test]
    fn a_long_chain_costs_no_stack() {
        let count = 1_000_000;
        let edges: Vec<_> =
            (0..count).map(|node| if node + 1 < count { vec![node + 1] } else { vec![] }).collect();
        let found = components(&edges);
        assert_eq!((found.len(), &found[0][..]), (count, &[count - 1][..]));
        assert_eq!(levels(&edges, found).len(), count);
        let circle: Vec<_> = (0..count).map(|node| vec![(node + 1) % count]).collect();
        assert_eq!(components(&circle).len(), 1);
    }

    /// Against what follows from the definition: two nodes are in one component if each can be reached from the other.
    #[test]
    fn components_are_those_that_the_definition_gives() {
        let mut seed = 1_u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % below
        };
        for _ in 0..200 {
            let count = 1 + random(9);
            let edges: Vec<Vec<usize>> =
                (0..count).map(|_| (0..random(3)).map(|_| random(count)).collect()).collect();
            let mut reach = vec![vec![false; count]; count];
            for (node, targets) in edges.iter().enumerate() {
                reach[node][node] = true;
                for target in targets {
                    reach[node][*target] = true;
                }
            }
            for (middle, from, to) in
                (0..count * count * count).map(|at| (at / count / count, at / count % count, at % count))
            {
                reach[from][to] |= reach[from][middle] && reach[middle][to];
            }
            let found = components(&edges);
            let place = |node| found.iter().position(|component| component.contains(&node)).unwrap();
            for (one, other) in (0..count * count).map(|at| (at / count, at % count)) {
                assert_eq!(place(one) == place(other), reach[one][other] && reach[other][one], "{edges:?}");
                assert!(!reach[one][other] || place(other) <= place(one), "{edges:?}");
            }
        }
    }
}
