use crate::attempt::attempt;

/// How often a smaller input is tried.
const MAX_TRIES: u32 = 20_000;

/// The smallest input that can be made of this one by leaving parts out and making bytes plain, on which the target still panics.
pub(crate) fn minimise(target: fn(&[u8]), input: &[u8]) -> Vec<u8> {
    let mut best = input.to_vec();
    let mut tries = 0;
    let mut fails = |candidate: &[u8]| {
        tries += 1;
        tries <= MAX_TRIES && attempt(target, candidate).is_err()
    };
    loop {
        let before = best.clone();
        shorten(&mut best, &mut fails);
        make_plain(&mut best, &mut fails);
        if best == before {
            return best;
        }
    }
}

/// Leaves out ever smaller parts.
fn shorten(best: &mut Vec<u8>, fails: &mut impl FnMut(&[u8]) -> bool) {
    let mut size = best.len();
    while size > 0 {
        let mut start = 0;
        while start < best.len() {
            let end = (start + size).min(best.len());
            let shorter = [&best[..start], &best[end..]].concat();
            if fails(&shorter) {
                *best = shorter;
            } else {
                start = end;
            }
        }
        size /= 2;
    }
}

fn make_plain(best: &mut [u8], fails: &mut impl FnMut(&[u8]) -> bool) {
    for at in 0..best.len() {
        let was = best[at];
        if matches!(was, b'a' | b'0') {
            continue;
        }
        let is_plain = [b'a', b'0'].into_iter().any(|plain| {
            best[at] = plain;
            fails(best)
        });
        if !is_plain {
            best[at] = was;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn only_what_matters_is_left() {
        let target = |data: &[u8]| assert!(!(data.contains(&b'<') && data.ends_with(b"!")));
        assert_eq!(minimise(target, b"some <tag> and then!"), b"<!");
        let target = |data: &[u8]| assert!(data.len() < 3);
        assert_eq!(minimise(target, b"\xff\xfe\xfd\xfc"), b"aaa");
    }
}
