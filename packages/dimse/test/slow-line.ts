/** A connection in memory on which everything takes time, as on a long line. */
import { MemoryTransport, type VirtualClock } from '@dicomwire/ul/testing';

/** Two ends; what one writes reaches the other so many milliseconds later, in order, however much of it there is. */
export function slowLine(clock: VirtualClock, oneWayMs: number): [MemoryTransport, MemoryTransport] {
  const [a, nearA] = MemoryTransport.pair();
  const [b, nearB] = MemoryTransport.pair();
  carry(clock, oneWayMs, nearA, nearB);
  carry(clock, oneWayMs, nearB, nearA);
  return [a, b];
}

function carry(clock: VirtualClock, ms: number, from: MemoryTransport, to: MemoryTransport): void {
  from.on('data', (chunk: Uint8Array) => {
    clock.setTimer(() => to.write(chunk), ms);
  });
  from.on('end', () => {
    clock.setTimer(() => to.end(), ms);
  });
  from.on('error', () => to.destroy());
}
