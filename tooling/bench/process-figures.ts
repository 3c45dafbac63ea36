/** What the operating system knows of a process, where it tells: Linux. */
import { readFileSync } from 'node:fs';

/** Figures of a process. */
export interface ProcessFigures {
  /** Resident memory now, bytes. */
  readonly resident: number;
  /** The most it was since the process began, bytes. */
  readonly peak: number;
  /** Processor time so far, seconds. */
  readonly processor: number;
}

/** Figures of a process, `undefined` where there are none. */
export function figuresOf(pid: number): ProcessFigures | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { resident: kilobytesOf(status, 'VmRSS'), peak: kilobytesOf(status, 'VmHWM'), processor: ticks / 100 };
  } catch {
    return undefined;
  }
}

function kilobytesOf(status: string, field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}
