// The script of a page: it gets bytes, uses the whole codec on them, and writes into the page what came out.

import { annotate, decode, encode, PduError, PduReader, renderAnnotation } from '@dicomwire/pdu';

declare global {
  interface Window {
    /** Decodes, encodes, streams and annotates; what came of it in plain values. */
    explain(octets: readonly number[]): Explanation;
  }
}

/** What the page makes of bytes. */
export interface Explanation {
  /** The PDU as JSON, byte strings as arrays; or the code and path of the error. */
  readonly decoded: string;
  readonly encoded: readonly number[];
  /** What the stream reader handed over when it got one byte at a time. */
  readonly read: readonly string[];
}

window.explain = (octets) => {
  const bytes = Uint8Array.from(octets);
  const out = document.querySelector('pre');
  if (out) out.textContent = renderAnnotation(annotate(bytes));
  try {
    const pdu = decode(bytes)?.pdu;
    return {
      decoded: JSON.stringify(pdu, (_key, value) => (value instanceof Uint8Array ? [...value] : value)),
      encoded: pdu ? [...encode(pdu)] : [],
      read: read(bytes),
    };
  } catch (error) {
    if (error instanceof PduError) return { decoded: `${error.code} ${error.path}`, encoded: [], read: [] };
    throw error;
  }
};

function read(bytes: Uint8Array): string[] {
  const events: string[] = [];
  const reader = new PduReader();
  for (let at = 0; at < bytes.length; at++) {
    reader.push(bytes.subarray(at, at + 1), {
      pdu: (pdu, byteLength) => events.push(`${pdu.type} ${byteLength}`),
      pDataBegin: (pduLength) => events.push(`P-DATA-TF ${pduLength}`),
      fragment: (contextId, _isCommand, isLast, data) => events.push(`${contextId} ${isLast} ${data.length}`),
      pDataEnd: () => events.push('end'),
    });
  }
  return events;
}
