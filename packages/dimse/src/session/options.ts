import type { Association } from '@dicomwire/ul';
import { type SessionErrorEvent, sessionErrorChannel } from '../diagnostics.js';
import type { DimseError } from '../errors.js';
import { handlerOf } from './dispatch.js';
import type { IncomingRequest, RequestHandler, RequestHandlers } from './handler.js';
import type { SessionInterceptor } from './interceptor.js';
import { type Interceptors, joinInterceptors } from './interceptors.js';
import type { SessionObserver } from './observer.js';
import type { RawMessageHandler } from './raw-message.js';

/** How a session behaves. Every time is in milliseconds; 0 is no limit. */
export interface SessionOptions {
  /**
   * Performs the requests that come in: one function, or one for each kind of request. Default: all are refused (0122 for C-services, 0118
   * for N-services).
   */
  readonly handler?: RequestHandler | RequestHandlers | undefined;
  /**
   * Is told what nobody else is: a handler that threw, a data set that should not be there, a protocol error of the peer. `request` is
   * the one at hand, if any. What it throws is ignored.
   */
  readonly onError?: ((error: DimseError, request: IncomingRequest | undefined) => void) | undefined;
  /** See every message, in the order given; can change and fail none. */
  readonly observers?: readonly SessionObserver[] | undefined;
  /** May change requests and responses in either direction, one after another in the order given. */
  readonly interceptors?: readonly SessionInterceptor[] | undefined;
  /** Takes messages out of the session's hands, those of private command fields for one. Default: these are answered 0211 where they can be. */
  readonly rawMessages?: RawMessageHandler | undefined;
  /** Longest silence inside a message before ABORT(0,0), milliseconds. Default: 60000. */
  readonly messageTimeoutMs?: number | undefined;
  /**
   * Longest wait for a response (or the next one) before the call fails and the association is aborted, milliseconds. It begins when the
   * request was handed over. Default: 60000.
   */
  readonly responseTimeoutMs?: number | undefined;
  /** Longest command set that is read, bytes. Default: 65536. */
  readonly maxCommandBytes?: number | undefined;
  /** Longest data set of a response, bytes. Default: 67108864. */
  readonly maxResponseDataSetBytes?: number | undefined;
  /**
   * Most requests of the peer that are performed at once, whatever was negotiated; the others wait their turn. Default: 64.
   */
  readonly maxOperationsPerformed?: number | undefined;
}

/** {@link SessionOptions}, decided. */
export interface SessionSettings {
  readonly handler: RequestHandler | undefined;
  readonly observers: readonly SessionObserver[] | undefined;
  readonly interceptors: Interceptors;
  readonly rawMessages: RawMessageHandler | undefined;
  /** Never throws. */
  readonly report: (error: DimseError, request?: IncomingRequest) => void;
  readonly messageTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly maxCommandBytes: number;
  readonly maxResponseDataSetBytes: number;
  readonly maxOperationsPerformed: number;
}

/** Fills in the defaults. */
export function decideSettings(options: SessionOptions, association: Association): SessionSettings {
  const { onError, observers = [], interceptors = [] } = options;
  return {
    handler: handlerOf(options.handler),
    observers: observers.length === 0 ? undefined : observers,
    interceptors: interceptors.length === 0 ? NO_INTERCEPTORS : joinInterceptors(interceptors),
    rawMessages: options.rawMessages,
    report: (error, request) => {
      if (sessionErrorChannel.hasSubscribers) {
        const event: SessionErrorEvent = { association, error, request: request?.command };
        sessionErrorChannel.publish(event);
      }
      try {
        onError?.(error, request);
      } catch {
        // An observer that fails must not take the association with it.
      }
    },
    messageTimeoutMs: options.messageTimeoutMs ?? 60_000,
    responseTimeoutMs: options.responseTimeoutMs ?? 60_000,
    maxCommandBytes: options.maxCommandBytes ?? 65_536,
    maxResponseDataSetBytes: options.maxResponseDataSetBytes ?? 67_108_864,
    maxOperationsPerformed: Math.max(1, options.maxOperationsPerformed ?? 64),
  };
}

const NO_INTERCEPTORS = joinInterceptors([]);
