/** A connection as raw bytes, for clients that cost next to nothing. */
import { connect, type Socket } from 'node:net';

/** One connection to an acceptor on this machine. */
export interface Call {
  readonly socket: Socket;
  /** First byte of the next PDU once all of it is here; 0 when the connection is over. */
  next(): Promise<number>;
  /** Resolves when the connection is over, however that came. */
  readonly closed: Promise<void>;
}

/** Calls 127.0.0.1; whatever goes wrong shows as its end. */
export function call(port: number): Call {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received: Buffer = Buffer.alloc(0);
  let isClosed = false;
  let waiting: ((type: number) => void) | undefined;
  const give = () => {
    if (waiting === undefined) return;
    const length = received.length < 6 ? Number.POSITIVE_INFINITY : 6 + received.readUInt32BE(2);
    if (received.length < length && !isClosed) return;
    const type = received.length < length ? 0 : (received[0] ?? 0);
    received = received.subarray(length);
    const resolve = waiting;
    waiting = undefined;
    resolve(type);
  };
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    give();
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true;
      give();
      resolve();
    });
  });
  return {
    socket,
    closed,
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
        give();
      }),
  };
}
