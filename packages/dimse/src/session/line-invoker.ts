/** Requests as their callers see them: promises, and iterables of responses. */
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import { responseTypeOf } from '../command/layout.js';
import type { RequestWithoutIds, ResponseTo } from '../command/types.js';
import type { IncomingResponse } from '../message/types.js';
import type { Call, CallListener } from './call.js';
import type { MessageSender, RawMessage } from './raw-message.js';
import { findContext } from './request.js';
import type { RequestOptions } from './request-options.js';
import { ResponseStream } from './response-stream.js';

/** Until when requests may be made: handlers under way may make some while the session waits for them before it releases. */
export type InvocationPeriod = 'until release' | 'while performing';

/** What {@link LineInvoker} needs of the session. */
export interface InvokerLine {
  readonly association: Association;
  readonly calls: { abandon(call: Call): void; nextMessageId(): number };
  invoke(command: RequestWithoutIds, options: RequestOptions, listener: CallListener, period: InvocationPeriod): Call;
  send(message: RawMessage, period: InvocationPeriod): Promise<void>;
}

/** Makes requests, and sends other messages, on one session. */
export class LineInvoker implements MessageSender {
  readonly #line: InvokerLine;
  readonly #period: InvocationPeriod;

  constructor(line: InvokerLine, period: InvocationPeriod) {
    this.#line = line;
    this.#period = period;
  }

  findContext(abstractSyntax: string, transferSyntax?: string): NegotiatedContext | undefined {
    return findContext(this.#line.association.negotiated, abstractSyntax, transferSyntax);
  }

  request<C extends RequestWithoutIds>(
    command: C,
    options: RequestOptions = {},
  ): Promise<IncomingResponse<ResponseTo<C>>> {
    const isExpected = responseGuard(command);
    return new Promise((resolve, reject) => {
      const listener: CallListener = {
        wantsPending: false,
        responded: (response) => {
          if (isExpected(response)) resolve(response);
          return undefined;
        },
        failed: reject,
      };
      this.#line.invoke(command, options, listener, this.#period);
    });
  }

  requestMany<C extends RequestWithoutIds>(
    command: C,
    options: RequestOptions = {},
  ): AsyncIterableIterator<IncomingResponse<ResponseTo<C>>> {
    let call: Call | undefined;
    return new ResponseStream(
      {
        begin: (listener) => {
          call = this.#line.invoke(command, options, listener, this.#period);
        },
        abandon: () => {
          if (call !== undefined) this.#line.calls.abandon(call);
        },
      },
      responseGuard(command),
    );
  }

  sendMessage(message: RawMessage): Promise<void> {
    return this.#line.send(message, this.#period);
  }

  nextMessageId(): number {
    return this.#line.calls.nextMessageId();
  }
}

function responseGuard<C extends RequestWithoutIds>(command: C) {
  const type = responseTypeOf(command.type);
  return (response: IncomingResponse): response is IncomingResponse<ResponseTo<C>> => response.command.type === type;
}
