use crate::plan::Step;

/// The most objects in a batch: what a server takes apart in a second or so.
const MOST: usize = 2_000;

/// Groups steps into batches of up to `size` bytes each.
pub(super) fn batches<'a>(steps: &[&'a Step], size: u64) -> Vec<Vec<&'a Step>> {
    let mut batches: Vec<Vec<&Step>> = Vec::new();
    let mut room = 0;
    for step in steps {
        match batches.last_mut() {
            Some(batch) if batch.len() < MOST && step.size <= room => {
                batch.push(step);
                room -= step.size;
            }
            _ => {
                batches.push(vec![step]);
                room = size.saturating_sub(step.size);
            }
        }
    }
    batches
}
