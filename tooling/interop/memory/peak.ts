/** How much memory a process has had at its peak. */
import { readFileSync } from 'node:fs';

/** `VmHWM` of a process under Linux, bytes. @throws where there is no such file. */
export function peakResidentBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  if (kilobytes === undefined) throw new Error(`no VmHWM for process ${pid}`);
  return Number(kilobytes) * 1024;
}
