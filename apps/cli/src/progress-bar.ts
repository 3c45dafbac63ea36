/** The progress bar of `dicomwire store`; its library is loaded only when a terminal is there to show it. */
import type { StoreProgress } from '@dicomwire/services';
import { bytesInWords } from './quantities.js';

/** A bar on the terminal. */
export interface ProgressBar {
  update(progress: StoreProgress): void;
  /** Leaves the bar as it stands. */
  close(): void;
}

/** Opens a bar that counts bytes, and objects beside them. */
export async function openProgressBar(stream: NodeJS.WritableStream): Promise<ProgressBar> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{bar} {percentage}%  {objects} objects  {bytes}',
    hideCursor: true,
    fps: 10,
    etaBuffer: 100,
  });
  let isStarted = false;
  return {
    update(progress) {
      if (!isStarted) {
        isStarted = true;
        bar.start(Math.max(progress.totalBytes, 1), 0, { objects: '0', bytes: '' });
      }
      // While files are still looked for, the total grows.
      bar.setTotal(Math.max(progress.totalBytes, progress.sentBytes, 1));
      bar.update(progress.sentBytes, {
        objects: `${progress.finished}/${progress.total}${progress.isScanning ? '+' : ''}`,
        bytes: bytesInWords(progress.sentBytes),
      });
    },
    close() {
      if (isStarted) bar.stop();
    },
  };
}
