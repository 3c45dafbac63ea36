import { expect, onTestFinished, test } from 'vitest';
import { hideSqliteWarning } from './sqlite-warning.js';

test('hides the warning of SQLite and no other', () => {
  const before = process.listeners('warning');
  onTestFinished(() => {
    process.removeAllListeners('warning');
    for (const listener of before) process.on('warning', listener);
  });
  const shown: string[] = [];
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => shown.push(message));
  hideSqliteWarning();
  warn('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
  warn('Something else is an experimental feature', 'ExperimentalWarning');
  warn('SQLite is slow today', 'Warning');
  expect(shown).toEqual(['Something else is an experimental feature', 'SQLite is slow today']);
});

function warn(message: string, name: string): void {
  process.emit('warning', Object.assign(new Error(message), { name }));
}
