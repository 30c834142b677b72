//! Compressed streams: each payload can be read as soon as it came, whatever was in it and before it.
#![no_main]

use decentra_server::fuzzing::compressed;
use flate2::{Decompress, FlushDecompress};
use libfuzzer_sys::fuzz_target;
use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

/// Spaces that a payload has more than it was given, and room for what must not be there.
const SPACES_MAX: usize = 34;

// Payloads, each of a name, a text and how often that stands there.
fuzz_target!(|input: (bool, Vec<(&str, &str, u16)>)| {
    let (zlib, parts) = input;
    let payloads = parts.iter().take(32).map(|(name, text, times)| {
        let times = usize::from(*times).min(100_000 / text.len().max(1));
        (*name, text.repeat(times))
    });
    let payloads: Vec<(&str, String)> = payloads.collect();
    let mut unzlib = Decompress::new(true);
    let mut unzstd = Decoder::new().expect("there is memory");
    for (expected, packed) in compressed(zlib, &payloads) {
        assert!(packed.len() <= expected.len() + expected.len() / 32 + 128, "{} bytes", packed.len());
        let mut found = vec![0; expected.len() + SPACES_MAX];
        let length = if zlib {
            assert!(packed.ends_with(&[0, 0, 0xff, 0xff]));
            let before = unzlib.total_out();
            unzlib.decompress(&packed, &mut found, FlushDecompress::Sync).expect("it is zlib");
            usize::try_from(unzlib.total_out() - before).expect("it fits")
        } else {
            let mut output = OutBuffer::around(&mut found);
            let mut input = InBuffer::around(&packed);
            while input.pos() < packed.len() {
                unzstd.run(&mut input, &mut output).expect("it is zstd");
            }
            output.pos()
        };
        // zstd has spaces somewhere.
        let without = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b' ').collect::<Vec<_>>();
        assert!(length <= expected.len() + SPACES_MAX - 1);
        assert!(without(&found[..length]) == without(&expected), "the bytes differ");
    }
});
