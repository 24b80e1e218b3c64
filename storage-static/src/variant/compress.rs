use std::io::{self, Write as _};

use super::{Effort, Encoding, is_worth_it};

const MIB: usize = 1 << 20;

/// Up to here `br` takes its time, and up to there some of it.
const SMALL: usize = MIB;
const MEDIUM: usize = 16 * MIB;

/// Why a variant cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompressError {
    /// It was not built in.
    #[error(
        "{encoding} is not built in: build storage-static with its feature `{feature}`, or leave this encoding out"
    )]
    NotBuilt {
        /// The encoding.
        encoding: Encoding,
        /// The feature of this crate that has it.
        feature: &'static str,
    },
    /// The encoder gave up.
    #[error("compressing by {encoding} failed")]
    Failed {
        /// The encoding.
        encoding: Encoding,
        /// What it says.
        source: io::Error,
    },
}

/// Compresses the bytes of a file; `None` if more than 95 % of them would be left, as of nothing at all.
///
/// The result depends on the bytes alone: no time and no name is in it. It takes long, and is to be called on a thread that may block.
/// Each file has its variants made once, so by the usual effort they are as small as they get in about two seconds:
///
/// | | [`Fast`](Effort::Fast) | [`Usual`](Effort::Usual), up to | | above | [`Smallest`](Effort::Smallest) |
/// |---|---|---|---|---|---|
/// | `br` | quality 5 | 1 MiB: 11 (0.9 MB/s) | 16 MiB: 9 (11 MB/s) | 6 (26 MB/s; 9 to 14 % longer than by 11) | 11 |
/// | `zstd` | level 3 | 4 MiB: 19 (3.8 MB/s) | | 12 (40 MB/s; 8 % longer) | 19 |
/// | `gzip` | level 6 | 9 (30 MB/s) | | | Zopfli (0.6 MB/s; 4 % shorter) |
///
/// The speeds are of one core, of minified JavaScript of 0.5 to 54 MB. A `zstd` window has 8 MiB at most, which is all that browsers take
/// ([RFC 9659](https://www.rfc-editor.org/rfc/rfc9659)): levels above 19 have larger ones.
///
/// # Errors
///
/// [`CompressError::NotBuilt`] for `zstd` without the feature of its name; [`CompressError::Failed`].
pub fn compress(bytes: &[u8], encoding: Encoding, effort: Effort) -> Result<Option<Vec<u8>>, CompressError> {
    let compressed = compress_always(bytes, encoding, effort)?;
    Ok(is_worth_it(bytes, &compressed).then_some(compressed))
}

/// However little it saves.
pub(crate) fn compress_always(
    bytes: &[u8],
    encoding: Encoding,
    effort: Effort,
) -> Result<Vec<u8>, CompressError> {
    let compressed = match encoding {
        Encoding::Brotli => brotli(bytes, effort),
        #[cfg(feature = "zstd")]
        Encoding::Zstd => zstd(bytes, effort),
        #[cfg(not(feature = "zstd"))]
        Encoding::Zstd => return Err(CompressError::NotBuilt { encoding, feature: "zstd" }),
        Encoding::Gzip => gzip(bytes, effort),
    };
    compressed.map_err(|source| CompressError::Failed { encoding, source })
}

fn brotli(bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let quality = match (effort, bytes.len()) {
        (Effort::Fast, _) => 5,
        (Effort::Smallest, _) => 11,
        (Effort::Usual, length) if length <= SMALL => 11,
        (Effort::Usual, length) if length <= MEDIUM => 9,
        (Effort::Usual, _) => 6,
    };
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(feature = "zstd")]
fn zstd(bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let level = match effort {
        Effort::Fast => 3,
        Effort::Usual if bytes.len() > 4 * MIB => 12,
        Effort::Usual | Effort::Smallest => 19,
    };
    zstd::bulk::compress(bytes, level)
}

fn gzip(bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let level = match effort {
        Effort::Fast => flate2::Compression::default(),
        Effort::Usual => flate2::Compression::best(),
        Effort::Smallest => {
            let mut compressed = Vec::new();
            zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut compressed)?;
            return Ok(compressed);
        }
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    const EFFORTS: [Effort; 3] = [Effort::Fast, Effort::Usual, Effort::Smallest];

    fn decompress(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
        let mut plain = Vec::new();
        match encoding {
            Encoding::Brotli => brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap(),
            Encoding::Zstd => zstd::stream::copy_decode(bytes, &mut plain).unwrap(),
            Encoding::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).map(drop).unwrap(),
        }
        plain
    }

    /// Numbers that no encoder makes shorter.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    /// Something like a style sheet.
    fn text(length: usize) -> Vec<u8> {
        let rules = (0_usize..)
            .flat_map(|at| format!(".a{at}{{color:#{:06x}}}\n", at * 7_919 % 0xff_ffff).into_bytes());
        rules.take(length).collect()
    }

    #[test]
    fn what_is_compressed_comes_back() {
        for length in [300, 5_000, 70_000] {
            let plain = text(length);
            for encoding in Encoding::ALL {
                let compressed = compress(&plain, encoding, Effort::Usual).unwrap().unwrap();
                assert!(
                    compressed.len() * 2 < length * 3 / 2,
                    "{encoding}: {} of {length}",
                    compressed.len()
                );
                assert_eq!(decompress(&compressed, encoding), plain, "{encoding}");
                assert_eq!(
                    compress(&plain, encoding, Effort::Usual).unwrap().unwrap(),
                    compressed,
                    "{encoding}"
                );
            }
        }
    }

    #[test]
    fn more_effort_is_shorter() {
        let plain = text(30_000);
        for encoding in Encoding::ALL {
            let [fast, usual, smallest] =
                EFFORTS.map(|effort| compress(&plain, encoding, effort).unwrap().unwrap());
            // What repeats itself so simply is nearly the same for all of gzip's own levels.
            let lengths = [fast.len(), usual.len(), smallest.len()];
            assert!(
                lengths[0] > lengths[2] && lengths.is_sorted_by(|one, other| one >= other),
                "{encoding}: {lengths:?}"
            );
            for compressed in [fast, smallest] {
                assert_eq!(decompress(&compressed, encoding), plain, "{encoding}");
            }
        }
    }

    #[test]
    fn what_saves_too_little_is_declined() {
        for encoding in Encoding::ALL {
            for plain in [Vec::new(), vec![0], noise(1_000), noise(100_000)] {
                assert_eq!(
                    compress(&plain, encoding, Effort::Usual).unwrap(),
                    None,
                    "{encoding}: {} bytes",
                    plain.len()
                );
            }
            // All of them have a few bytes of their own: 1,000 bytes of noise and 20 zeros stay above the limit, 200 zeros do not.
            let with_zeros = |zeros| [noise(1_000), vec![0; zeros]].concat();
            assert_eq!(compress(&with_zeros(20), encoding, Effort::Usual).unwrap(), None, "{encoding}");
            assert!(compress(&with_zeros(200), encoding, Effort::Usual).unwrap().is_some(), "{encoding}");
        }
    }

    #[test]
    fn a_gzip_has_neither_time_nor_name() {
        for effort in EFFORTS {
            let gzip = compress(&text(1_000), Encoding::Gzip, effort).unwrap().unwrap();
            // RFC 1952, section 2.3: magic, method, flags, time.
            assert_eq!(gzip[..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
        }
    }

    #[test]
    fn a_window_is_no_larger_than_browsers_take() {
        let compressed = compress(&text(3_000_000), Encoding::Zstd, Effort::Usual).unwrap().unwrap();
        // RFC 8878, section 3.1.1.1: without a window of its own, a frame's is its content.
        let descriptor = compressed[4];
        let is_single = descriptor & 0x20 != 0;
        let window = if is_single { 3_000_000 } else { 1_u64 << (10 + (compressed[5] >> 3)) };
        assert!(window <= 8 << 20, "{window}");
    }

    #[test]
    fn a_large_file_is_compressed_by_lower_levels() {
        // Zeros are quick even without optimisation.
        let mut plain = vec![0; 17 * MIB];
        plain[..1_000].copy_from_slice(&noise(1_000));
        for encoding in Encoding::ALL {
            let compressed = compress(&plain, encoding, Effort::Usual).unwrap().unwrap();
            assert!(compressed.len() < 100_000, "{encoding}: {}", compressed.len());
            assert_eq!(decompress(&compressed, encoding), plain, "{encoding}");
        }
    }
}
