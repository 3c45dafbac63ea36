import type { Pdu, PduSink, PresentationDataValue } from '../src/index.js';

/** What a reader handed over. */
export interface EventLog {
  readonly sink: PduSink;
  /** Each call in words, in order. */
  readonly calls: string[];
  /** All PDUs, P-DATA-TF as {@link joined} gives them. */
  readonly pdus: Pdu[];
  /** `byteLength` of each PDU that was handed over whole. */
  readonly byteLengths: number[];
  /** The data of each fragment, as it was handed over. */
  readonly views: Uint8Array[];
}

/** A sink that keeps what it is given; `afterEach` runs at the end of each call. */
export function record(afterEach: () => void = () => {}): EventLog {
  const calls: string[] = [];
  const pdus: Pdu[] = [];
  const byteLengths: number[] = [];
  const views: Uint8Array[] = [];
  let values: PresentationDataValue[] = [];
  const sink: PduSink = {
    pdu(pdu, byteLength) {
      calls.push(`${pdu.type} ${byteLength}`);
      pdus.push(pdu);
      byteLengths.push(byteLength);
      afterEach();
    },
    pDataBegin(pduLength) {
      calls.push(`begin ${pduLength}`);
      values = [];
      afterEach();
    },
    fragment(contextId, isCommand, isLast, data) {
      calls.push(`fragment ${contextId} ${isCommand} ${isLast} ${data.length}`);
      views.push(data);
      values.push({ contextId, isCommand, isLast, data: data.slice() });
      afterEach();
    },
    pDataEnd() {
      calls.push('end');
      pdus.push(joined({ type: 'P-DATA-TF', values }));
      afterEach();
    },
  };
  return { sink, calls, pdus, byteLengths, views };
}

/**
 * A P-DATA-TF with fragments of one command or data set joined, any other PDU as it is. How many values they came in is all that
 * is lost when a value is handed over in pieces.
 */
export function joined(pdu: Pdu): Pdu {
  if (pdu.type !== 'P-DATA-TF') return pdu;
  const values: PresentationDataValue[] = [];
  for (const value of pdu.values) {
    const before = values.at(-1);
    if (before && !before.isLast && before.contextId === value.contextId && before.isCommand === value.isCommand) {
      values[values.length - 1] = { ...value, data: Uint8Array.of(...before.data, ...value.data) };
    } else {
      values.push(value);
    }
  }
  return { type: 'P-DATA-TF', values };
}
