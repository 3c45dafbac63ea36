/** What is used of the WebAssembly packages, which declare no types. PS3.5 8.2. */

/** Starts a module. */
export type ModuleFactory<Module> = (settings: ModuleSettings) => Promise<Module>;

/** What a module is told when it starts. */
export interface ModuleSettings {
  /** Says where a file of the package is. */
  locateFile?(name: string): string;
  /** Takes what it would print. */
  print(text: string): void;
  /** Takes what it would print as an error. */
  printErr(text: string): void;
}

/** An image as the packages see it. */
export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

/** A frame with signs, which JPEG 2000 knows. */
export interface SignedFrameInfo extends FrameInfo {
  readonly isSigned: boolean;
}

/** Memory of a module has to be given back. */
interface Deletable {
  delete(): void;
}

/** Decompresses one image. The buffers are views of the module's memory. */
export interface Decoder<Info extends FrameInfo = FrameInfo> extends Deletable {
  getEncodedBuffer(byteLength: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): Info;
}

/** Compresses one image. */
export interface Encoder<Info extends FrameInfo = FrameInfo> extends Deletable {
  getDecodedBuffer(info: Info): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
}

/** `@cornerstonejs/codec-charls`: JPEG-LS. */
export interface CharlsModule {
  readonly JpegLSDecoder: new () => Decoder & {
    /** 0 plane by plane, 1 line by line, 2 sample by sample. */
    getInterleaveMode(): number;
    getNearLossless(): number;
  };
  readonly JpegLSEncoder: new () => Encoder & {
    setInterleaveMode(mode: number): void;
    setNearLossless(difference: number): void;
  };
}

/** `@cornerstonejs/codec-openjpeg`: JPEG 2000. */
export interface OpenJpegModule {
  readonly J2KDecoder: new () => Decoder<SignedFrameInfo> & {
    readHeader(): void;
    getIsReversible(): boolean;
  };
  readonly J2KEncoder: new () => Encoder<SignedFrameInfo> & {
    setQuality(isLossless: boolean, quantizationStep: number): void;
    setDecompositions(levels: number): void;
  };
}

/** `@cornerstonejs/codec-libjpeg-turbo-8bit`: JPEG with 8 bits. */
export interface LibJpegTurboModule {
  readonly JPEGDecoder: new () => Decoder;
}

/** `jpeg-lossless-decoder-js`. */
export type LosslessDecoder = new () => {
  decode(buffer: ArrayBufferLike, offset: number, byteLength: number, sampleBytes: number): Uint8Array | Uint16Array;
};
