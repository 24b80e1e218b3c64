//! Names that somebody may have meant.

/// How many are named at most.
const MOST: usize = 3;

/// Those of `candidates` that are most like `name`, the nearest first: at most three, and none that is quite different.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let name: Vec<char> = name.chars().take(LONGEST).collect();
    let limit = (name.len() / 3).clamp(1, 4);
    let mut distance = Distance::default();
    let mut near: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| Some((distance.within(&name, candidate, limit)?, candidate)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

/// What comes after so many characters is not compared.
const LONGEST: usize = 256;

/// Levenshtein's distance, with its memory kept between uses.
#[derive(Default)]
struct Distance {
    other: Vec<char>,
    row: Vec<usize>,
}

impl Distance {
    /// How many characters differ, if not more than `limit`. Those that differ in case only do not count.
    fn within(&mut self, name: &[char], other: &str, limit: usize) -> Option<usize> {
        if other.len() > (name.len() + limit) * 4 {
            return None;
        }
        self.other.clear();
        self.other.extend(other.chars().take(LONGEST));
        if self.other.len().abs_diff(name.len()) > limit {
            return None;
        }
        self.row.clear();
        self.row.extend(0..=self.other.len());
        for (at, left) in name.iter().enumerate() {
            let mut diagonal = self.row[0];
            self.row[0] = at + 1;
            let mut least = self.row[0];
            for (column, right) in self.other.iter().enumerate() {
                let differs = usize::from(left != right && !left.eq_ignore_ascii_case(right));
                let cost = (diagonal + differs).min(self.row[column] + 1).min(self.row[column + 1] + 1);
                diagonal = self.row[column + 1];
                self.row[column + 1] = cost;
                least = least.min(cost);
            }
            if least > limit {
                return None;
            }
        }
        self.row.last().copied().filter(|distance| *distance <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_others_not_at_all() {
        let names =
            ["css/site.css", "css/sites.css", "js/app.js", "CSS/Site.css", "css/side.css", "css/size.css"];
        let near = |name| nearest(name, names.into_iter());
        assert_eq!(near("css/site.css"), ["CSS/Site.css", "css/site.css", "css/side.css"]);
        assert_eq!(near("js/ap.js"), ["js/app.js"]);
        assert!(near("nothing like it").is_empty());
        assert!(near("").is_empty());
    }
}
