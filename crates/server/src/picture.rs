//! Pictures of accounts and guilds: what is sent is read, cut to a square, and kept in a few sizes.
//!
//! Nothing of what was sent is kept but its pixels: no place, no camera, and nothing that a browser could run.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use decentra_core::community::{Form, Refusal};
use decentra_model::limits::{IMAGE_BYTES_MAX, IMAGE_SIDE_MAX, IMAGE_SIDES};
use decentra_model::{Picture, TokenHash};
use image::imageops::FilterType;
use image::{DynamicImage, GenericImageView, ImageError, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};

use crate::work::Work;

/// Bytes that reading a picture may take, at most: four for each pixel, twice.
const MEMORY_MAX: u64 = 8 * (IMAGE_SIDE_MAX as u64) * (IMAGE_SIDE_MAX as u64);

/// What is said of bytes that are no image.
const BROKEN: &str = "This is no PNG, JPEG, GIF or WebP image, or it is broken.";

/// Characters of a picture in base 64 with its head, at most.
const URI_CHARS_MAX: usize = IMAGE_BYTES_MAX / 3 * 4 + 64;

/// The picture at `key` of a form, as it was sent: `data:image/png;base64,…`. A null takes it away.
pub(crate) fn read(form: &mut Form<'_>, key: &str) -> Option<Option<Vec<u8>>> {
    let uri = form.patch_text(key, 0..=URI_CHARS_MAX)?.filter(|uri| !uri.is_empty());
    let Some(uri) = uri else { return Some(None) };
    let bytes = decode(&uri);
    if bytes.is_none() {
        form.refuse(key, "IMAGE_INVALID", "Invalid image data: it begins with data:image/png;base64,");
    }
    bytes.map(Some)
}

/// The bytes in a data URI of an image.
pub(crate) fn decode(uri: &str) -> Option<Vec<u8>> {
    let (head, data) = uri.strip_prefix("data:image/")?.split_once(',')?;
    if !head.ends_with(";base64") {
        return None;
    }
    let data = data.trim();
    STANDARD.decode(data).or_else(|_| STANDARD_NO_PAD.decode(data)).ok()
}

/// What is to become of a picture: another one is made of what was sent, or it is taken away, or it stays.
pub(crate) async fn patch(
    work: &Work,
    key: &'static str,
    sent: Option<Option<Vec<u8>>>,
) -> Result<Option<Option<Picture>>, Refusal> {
    match sent {
        Some(Some(bytes)) => Ok(Some(Some(make(work, key, bytes).await?))),
        Some(None) => Ok(Some(None)),
        None => Ok(None),
    }
}

/// The picture of the image in `bytes`.
async fn make(work: &Work, key: &'static str, bytes: Vec<u8>) -> Result<Picture, Refusal> {
    let made = work.run(move || sizes(&bytes)).await?;
    made.map_err(|why| Refusal::field(key, "IMAGE_INVALID", why))
}

/// The picture of the image in `bytes`, or in a sentence what is wrong with it.
pub(crate) fn sizes(bytes: &[u8]) -> Result<Picture, String> {
    let image = decoded(bytes)?;
    let square = square(&image);
    let mut sizes = Vec::with_capacity(IMAGE_SIDES.len());
    for side in IMAGE_SIDES {
        let scaled = square.resize_exact(side, side, FilterType::CatmullRom).to_rgba8();
        let mut png = Vec::new();
        scaled.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(|_| BROKEN.to_owned())?;
        sizes.push((side, png));
    }
    let hash = TokenHash(Sha256::digest(bytes).into()).to_hex()[..32].to_owned();
    Ok(Picture { hash, sizes })
}

/// The image in `bytes`, or in a sentence what is wrong with it.
///
/// A decoder that breaks on what was sent has found it broken: png 0.18.1 panics at a palette with a colour cut short.
fn decoded(bytes: &[u8]) -> Result<DynamicImage, String> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| BROKEN.to_owned())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(IMAGE_SIDE_MAX);
    limits.max_image_height = Some(IMAGE_SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    match catch_unwind(AssertUnwindSafe(|| reader.decode())) {
        Ok(Ok(image)) => Ok(image),
        Ok(Err(ImageError::Limits(_))) => {
            Err(format!("The image is larger than {IMAGE_SIDE_MAX} pixels along a side."))
        }
        Ok(Err(_)) | Err(_) => Err(BROKEN.to_owned()),
    }
}

/// The square in the middle.
fn square(image: &DynamicImage) -> DynamicImage {
    let (width, height) = image.dimensions();
    let side = width.min(height);
    image.crop_imm((width - side) / 2, (height - side) / 2, side, side)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = DynamicImage::new_rgb8(width, height);
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_a_square_in_each_size() {
        let picture = sizes(&png(300, 200)).unwrap();
        let sides =
            picture.sizes.iter().map(|(_, bytes)| image::load_from_memory(bytes).unwrap().dimensions());
        assert_eq!(sides.collect::<Vec<_>>(), IMAGE_SIDES.map(|side| (side, side)));
        assert_eq!(picture.hash.len(), 32);
    }

    #[test]
    fn what_is_no_image_or_too_large_is_refused() {
        assert!(sizes(b"<svg onload=alert(1)>").unwrap_err().contains("no PNG"));
        assert!(sizes(&png(300, 200)[..100]).is_err());
        assert!(sizes(&png(IMAGE_SIDE_MAX + 1, 1)).unwrap_err().contains("larger than"));
    }

    #[test]
    fn an_image_that_its_decoder_breaks_on_is_refused() {
        let palette_of_four_bytes = STANDARD.decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAMAAAAoyzS7AAAABFBMVEUAAAD/maFB9wAAAApJREFUeJxjYAAAAAIAAUivpHEAAAAASUVORK5CYII=");
        assert!(sizes(&palette_of_four_bytes.unwrap()).unwrap_err().contains("no PNG"));
    }

    #[test]
    fn only_a_data_uri_of_an_image_is_read() {
        assert_eq!(decode("data:image/png;base64,aGk=").unwrap(), b"hi");
        assert_eq!(decode("data:image/png;base64,aGk").unwrap(), b"hi");
        for wrong in ["aGk=", "data:text/html;base64,aGk=", "data:image/png,hi", "data:image/png;base64,%%"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
