import { commandTarget } from './command/target.ts';
import { dataSetTarget } from './dataset/target.ts';
import { pduTarget } from './pdu/target.ts';
import type { FuzzTarget } from './target.ts';

/** Everything that can be fuzzed. */
export const TARGETS: readonly FuzzTarget[] = [pduTarget, commandTarget, dataSetTarget];
