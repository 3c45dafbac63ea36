/**
 * Who may see, change and take the messages of every association: the layer beneath, as options of users and providers. PS3.7.
 */
import type { RawMessageHandler, SessionInterceptor, SessionObserver } from '@dicomwire/dimse';

/** Hooks for messages. */
export interface MessageHooks {
  /** See every message, in the order given; can change and fail none. Default: nobody. */
  readonly observers?: readonly SessionObserver[] | undefined;
  /** May change requests and responses in either direction, one after another in the order given. Default: nobody. */
  readonly interceptors?: readonly SessionInterceptor[] | undefined;
  /**
   * Takes messages before any service does, those of private command fields for one, and does with them what it likes. Default: these are answered
   * with 0211 (unrecognized operation) where they can be.
   */
  readonly rawMessages?: RawMessageHandler | undefined;
}
