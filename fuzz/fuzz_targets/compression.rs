//! Compressed streams: each payload can be read as soon as it came, whatever was in it and before it.
#![no_main]

use bytes::Bytes;
use decentra_server::fuzzing::compressed;
use flate2::{Decompress, FlushDecompress};
use libfuzzer_sys::fuzz_target;
use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

// Payloads, each of two texts and how often the second stands there.
fuzz_target!(|input: (bool, Vec<(&str, &str, u16)>)| {
    let (zlib, parts) = input;
    let payload = |(own, shared, times): &(&str, &str, u16)| {
        let times = usize::from(*times).min(100_000 / shared.len().max(1));
        (format!("{{{own}"), Bytes::from(shared.repeat(times)))
    };
    let payloads: Vec<(String, Bytes)> = parts.iter().take(32).map(payload).collect();
    let packed = compressed(zlib, &payloads);
    let mut unzlib = Decompress::new(true);
    let mut unzstd = Decoder::new().expect("there is memory");
    for ((own, shared), packed) in payloads.iter().zip(packed) {
        let expected = [own.as_bytes(), shared].concat();
        assert!(packed.len() <= expected.len() + expected.len() / 32 + 128, "{} bytes", packed.len());
        let mut found = vec![0; expected.len() + 1];
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
        assert!(found[..length] == expected, "the bytes differ");
    }
});
