/** WebAssembly modules of other packages: started when they are first needed, started anew after they failed. */
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import type { ModuleFactory } from './codec-package-types.js';

/** How a WebAssembly codec is found. */
export interface WasmCodecOptions {
  /**
   * Where the package's `.wasm` file is, for programs that were bundled (its export `…/wasm`). Default: beside its script, which Node finds by
   * itself.
   */
  readonly wasmUrl?: string | URL | undefined;
}

/** A module. */
export class WasmModule<Module> {
  readonly #name: string;
  readonly #load: () => Promise<{ readonly default: ModuleFactory<Module> }>;
  readonly #wasmUrl: string | undefined;
  #started: Promise<Module> | undefined;

  /** @param load - imports the package, only when it is called. */
  constructor(
    name: string,
    load: () => Promise<{ readonly default: ModuleFactory<Module> }>,
    { wasmUrl }: WasmCodecOptions,
  ) {
    this.#name = name;
    this.#load = load;
    this.#wasmUrl = wasmUrl?.toString();
  }

  /**
   * Runs something with the module.
   *
   * @throws PixelDataError `no-codec` when the package isn't there; `invalid-frame` for whatever the module throws.
   */
  async run<Result>(call: (module: Module) => Result): Promise<Result> {
    this.#started ??= this.#start();
    const module = await this.#started;
    try {
      return call(module);
    } catch (error) {
      if (error instanceof PixelDataError) throw error;
      // Its memory may be in any state.
      this.#started = undefined;
      throw new PixelDataError('invalid-frame', 'the codec gives up on it', { cause: error });
    }
  }

  async #start(): Promise<Module> {
    const quiet = { print() {}, printErr() {} };
    const wasmUrl = this.#wasmUrl;
    try {
      const { default: factory } = await this.#load();
      return await factory(wasmUrl === undefined ? quiet : { ...quiet, locateFile: () => wasmUrl });
    } catch (error) {
      this.#started = undefined;
      throw new PixelDataError('no-codec', `the package ${this.#name} can't be loaded: is it installed?`, {
        cause: error,
      });
    }
  }
}

/** Uses something that has to be given back. */
export function using<Thing extends { delete(): void }, Result>(thing: Thing, use: (thing: Thing) => Result): Result {
  try {
    return use(thing);
  } finally {
    thing.delete();
  }
}
