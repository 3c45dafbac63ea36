/**
 * The Storage service class, as provider. PS3.4 Annex B.
 */
import type { Service } from '../service.js';
import type { ReceivedInstance } from './received-instance.js';

/** Options of {@link storage}. */
export interface StorageOptions {
  /**
   * Keeps one instance. When it resolves, Success (0000) is answered, so everything is to be safe by then; a number it resolves
   * to is answered as status in place of that (a warning, say). A `StatusError` answers its status; any other exception C000
   * (cannot understand) for a data set that can't be read and 0110 otherwise.
   */
  store(instance: ReceivedInstance): Promise<number | undefined> | Promise<void>;
  /** SOP classes to take. Default: every storage SOP class of the standard, retired ones included. */
  readonly sopClasses?: readonly string[] | undefined;
  /** Takes SOP classes that nobody knows, and private transfer syntaxes. Default: false. */
  readonly promiscuous?: boolean | undefined;
  /** Transfer syntaxes to take. Default: every one of the standard, encapsulated, deflated and big endian included. */
  readonly transferSyntaxes?: readonly string[] | 'any' | undefined;
  /**
   * Compares SOP class and instance of the data set, where it has them, with those of the command, and answers A900 (data set does
   * not match SOP class) when they differ. Default: true.
   */
  readonly checkIdentity?: boolean | undefined;
}
