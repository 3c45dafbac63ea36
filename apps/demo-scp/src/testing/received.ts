/** Instances as the archive gets them, without a network. */
import type { ReceivedInstance } from '@dicomwire/services';
import { makeObject, type ObjectSpec } from './objects.js';

/** What may differ from an ordinary arrival. */
export interface ArrivalSpec extends ObjectSpec {
  /** The data set in place of that of the spec. */
  readonly dataSet?: Uint8Array;
  readonly transferSyntaxUid?: string;
  readonly callingAeTitle?: string;
  /** Length of the fragments. */
  readonly fragmentBytes?: number;
  /** Ends the data set with this error, in place of its second half. */
  readonly breaksWith?: Error;
}

/** An instance whose data set comes in fragments, each from memory that is used again once the sink lets go. */
export function received(spec: ArrivalSpec): ReceivedInstance {
  const object = makeObject(spec);
  const dataSet = spec.dataSet ?? bytesOf(object.dataSet);
  const {
    transferSyntaxUid = object.transferSyntaxUid,
    callingAeTitle = 'MODALITY',
    fragmentBytes = 4096,
    breaksWith,
  } = spec;
  const end = breaksWith === undefined ? dataSet.length : dataSet.length / 2;
  const unused = () => Promise.reject(new Error('the archive pipes'));
  return {
    sopClassUid: object.sopClassUid,
    sopInstanceUid: object.sopInstanceUid,
    transferSyntaxUid,
    association: { id: 1, callingAeTitle, calledAeTitle: 'DEMO_SCP', peer: { address: '127.0.0.1', port: 1 } },
    moveOriginator: undefined,
    signal: new AbortController().signal,
    dataSet: {
      transferSyntax: transferSyntaxUid,
      receivedBytes: dataSet.length,
      async pipe(sink) {
        for (let at = 0; at < end; at += fragmentBytes) {
          const fragment = dataSet.slice(at, Math.min(at + fragmentBytes, end));
          await sink.write(fragment);
          fragment.fill(0xee);
        }
        if (breaksWith !== undefined) throw breaksWith;
      },
      bytes: unused,
      parse: unused,
      discard: unused,
      [Symbol.asyncIterator]: () => ({ next: unused }),
    },
    fileMeta: (extra = {}) => ({
      mediaStorageSopClassUid: object.sopClassUid,
      mediaStorageSopInstanceUid: object.sopInstanceUid,
      transferSyntaxUid,
      implementationClassUid: '1.2.3',
      sendingApplicationEntityTitle: callingAeTitle,
      ...extra,
    }),
    saveTo: unused,
  };
}

function bytesOf(dataSet: unknown): Uint8Array {
  if (dataSet instanceof Uint8Array) return dataSet;
  throw new TypeError('test objects are arrays');
}
