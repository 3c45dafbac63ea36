/** Node 22 warns of its own SQLite, on standard error and each time; whoever runs an archive can do nothing about it. */

/** Keeps that warning from those who listen for warnings now; others reach them. Call it before `node:sqlite` is loaded. */
export function hideSqliteWarning(): void {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning' && warning.message.startsWith('SQLite ')) return;
    for (const listener of listeners) listener(warning);
  });
}
