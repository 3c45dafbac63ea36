/** Codecs for pixel data: adapters to packages that are installed beside. */
export { jpeg } from '@dicomwire/dimse/codecs/jpeg';
export { jpeg2000 } from '@dicomwire/dimse/codecs/jpeg-2000';
export { jpegLossless } from '@dicomwire/dimse/codecs/jpeg-lossless';
export { type JpegLsOptions, jpegLs, type WasmCodecOptions } from '@dicomwire/dimse/codecs/jpeg-ls';
export type { DecodedFrame, EncodedFrame, ImagePixel, PixelCodec } from '@dicomwire/dimse/dataset';
