/** What happens when nobody reads any more what the program says. */

/**
 * A closed standard output ends the program in order (`demo-scp list | head`): `onClosed`, or exit code 0 at once.
 * A closed standard error only silences the log: objects go on being kept.
 */
export function surviveClosedOutput(onClosed: () => void = () => process.exit(0)): void {
  process.stdout.removeAllListeners('error');
  process.stderr.removeAllListeners('error');
  process.stdout.on('error', (error) => {
    if (isClosedPipe(error)) onClosed();
    else throw error;
  });
  process.stderr.on('error', (error) => {
    if (!isClosedPipe(error)) throw error;
  });
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
