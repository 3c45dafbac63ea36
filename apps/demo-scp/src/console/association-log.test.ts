import { type AssociationFacts, DimseError, StatusError } from '@dicomwire/services';
import { expect, test } from 'vitest';
import { AssociationLog } from './association-log.js';
import { createLogger, type LogLevel } from './log.js';

const peer: AssociationFacts = {
  id: 7,
  callingAeTitle: 'CT1',
  calledAeTitle: 'DEMO_SCP',
  peer: { address: '192.0.2.1', port: 4000 },
};

/** An association log, and the lines that it writes from `level` up, without their time. */
function logAt(level: LogLevel) {
  const lines: string[] = [];
  return { lines, log: new AssociationLog(createLogger(level, (line) => lines.push(line.slice(25).trimEnd()))) };
}

test('a peer that stalls is told once, with the end of its association, and is no error of ours', () => {
  const { lines, log } = logAt('info');
  const stalled = new DimseError('message-timeout', 'A message was not completed within 3000 ms');
  log.failed(stalled, undefined);
  log.ended(peer, stalled);
  expect(lines).toEqual([
    'warn  [7] CT1 (192.0.2.1:4000) gone: A message was not completed within 3000 ms; nothing stored',
  ]);
});

test('faults of a peer that end nothing are told at level debug', () => {
  const { lines, log } = logAt('debug');
  log.failed(new DimseError('unexpected-data-set', 'C-ECHO-RQ came with a data set'), undefined);
  expect(lines).toEqual(['debug C-ECHO-RQ came with a data set']);
});

test('a handler that threw is an error, with where it happened', () => {
  const { lines, log } = logAt('error');
  log.failed(new TypeError('no such thing'), peer);
  expect(lines[0]).toMatch(/^error \[7\] CT1 \(192\.0\.2\.1:4000\) TypeError: no such thing\\n +at /);
});

test('refusals are told with their instance alone', () => {
  const { lines, log } = logAt('debug');
  log.failed(new StatusError(0xc000, 'refused'), peer);
  expect(lines).toEqual([]);
});
