//! Brotli, native in the runtime through `node:zlib`.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// Nothing that we store is larger once it is decompressed. A value of KV that is not ours
/// cannot fill the memory.
const LARGEST: u32 = 64 * 1024 * 1024;

/// For what each visitor of a publication reads: a twelfth less than at [`THOROUGH`], in half as long
/// again. The level above takes three times as long as this one for another hundredth.
pub const SMALLEST: u8 = 10;

/// For what is compressed once and served for long: the rest of a publication.
pub const THOROUGH: u8 = 9;

/// For what each isolate compresses for itself.
pub const QUICK: u8 = 5;

#[wasm_bindgen(module = "node:zlib")]
extern "C" {
    #[wasm_bindgen(catch, js_name = brotliCompressSync)]
    fn compress_sync(bytes: &Uint8Array, options: &Object) -> Result<Uint8Array, JsValue>;
    #[wasm_bindgen(catch, js_name = brotliDecompressSync)]
    fn decompress_sync(bytes: &Uint8Array, options: &Object) -> Result<Uint8Array, JsValue>;
}

/// Compresses; `None` when the runtime cannot.
pub fn compress(bytes: &Uint8Array, quality: u8) -> Option<Uint8Array> {
    // The numbers of BROTLI_PARAM_QUALITY and BROTLI_PARAM_SIZE_HINT.
    let params = object(&[("1", quality.into()), ("5", bytes.length().into())]);
    compress_sync(bytes, &object(&[("params", params.into())])).ok()
}

/// Decompresses; `None` when it is not brotli, or not all of it.
pub fn decompress(bytes: &Uint8Array) -> Option<Uint8Array> {
    decompress_sync(bytes, &object(&[("maxOutputLength", LARGEST.into())])).ok()
}

/// A plain object with these fields.
pub fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of an object that was just made cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}
