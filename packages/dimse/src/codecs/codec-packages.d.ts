/** What is used of packages that declare no types. All take and give memory of theirs, which is gone with the next call. */

declare module '@cornerstonejs/codec-charls/wasmjs' {
  const factory: import('./codec-package-types.js').ModuleFactory<import('./codec-package-types.js').CharlsModule>;
  export default factory;
}

declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const factory: import('./codec-package-types.js').ModuleFactory<import('./codec-package-types.js').OpenJpegModule>;
  export default factory;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs' {
  const factory: import('./codec-package-types.js').ModuleFactory<
    import('./codec-package-types.js').LibJpegTurboModule
  >;
  export default factory;
}

declare module 'jpeg-lossless-decoder-js' {
  export const Decoder: import('./codec-package-types.js').LosslessDecoder;
}
