/** Nagle's algorithm off on every socket of this process: dcmjs-dimse has no option for it, and loses 40 ms a message with it. */
import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

for (const channel of ['net.client.socket', 'net.server.socket']) {
  subscribe(channel, (message) => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    if (message.socket instanceof Socket) message.socket.setNoDelay(true);
  });
}
