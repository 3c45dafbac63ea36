/** Lines of tables that have one figure each. */

/** A figure, and what is to be said of it. */
export function measuredLine(name: string, figure: string, remark = ''): void {
  console.log(`${name.padEnd(62)}${figure.padStart(12)}${remark === '' ? '' : `   ${remark}`}`);
}

/** Whether a mark is met. */
export function verdict(isReached: boolean, wanted: string): string {
  return `${isReached ? 'reached' : 'MISSED'}: ${wanted} wanted`;
}

/** Within which 99 of 100 are. */
export function percentile(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

/** A count as people read it. */
export function withThousands(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** Bytes in kilobytes. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** Bytes in megabytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Milliseconds. */
export function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}
