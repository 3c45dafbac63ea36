import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { MESSAGE_CHANNEL, type MessageEvent } from '@dicomwire/dimse';
import { afterEach, expect, it } from 'vitest';
import { pair, VERIFICATION } from './scene.js';

const events: MessageEvent[] = [];
const observe = (event: unknown) => {
  if (isMessageEvent(event)) events.push(event);
};

afterEach(() => {
  unsubscribe(MESSAGE_CHANNEL, observe);
});

it('tells whoever listens about each message, on both sides', async () => {
  subscribe(MESSAGE_CHANNEL, observe);
  const { client, server } = await pair({ server: { handler: async () => ({ status: 0 }) } });
  await client.request({ type: 'C-ECHO-RQ', affectedSopClassUid: VERIFICATION });
  expect(events.map(({ direction, command, contextId }) => [direction, command.type, contextId])).toEqual([
    ['out', 'C-ECHO-RQ', 1],
    ['in', 'C-ECHO-RQ', 1],
    ['out', 'C-ECHO-RSP', 1],
    ['in', 'C-ECHO-RSP', 1],
  ]);
  expect(events.map(({ association }) => association)).toEqual([
    client.association,
    server.association,
    server.association,
    client.association,
  ]);
});

function isMessageEvent(event: unknown): event is MessageEvent {
  return typeof event === 'object' && event !== null && 'direction' in event && 'command' in event;
}
