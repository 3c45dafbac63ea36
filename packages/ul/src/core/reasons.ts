/** The result, source and reason fields of A-ASSOCIATE-RJ and A-ABORT in words. */

/** An A-ASSOCIATE-RJ in words. PS3.8 Table 9-21. */
export function rejectionInWords(result: number, source: number, reason: number): string {
  const words =
    rejectionReasons[source]?.[reason] ?? `unknown reason from ${rejectionSources[source] ?? 'an unknown source'}`;
  const advice = result === 2 ? '; rejected for now, try again later' : '';
  return `${words}${advice}`;
}

/** An A-ABORT in words. PS3.8 Table 9-26. */
export function abortInWords(source: number, reason: number): string {
  if (source === 0) return 'by the application (service-user)';
  if (source !== 2) return 'by an unknown source';
  return `by its upper layer (service-provider): ${abortReasons[reason] ?? 'unknown reason'}`;
}

/** What an application entity rejects an association with. PS3.8 Table 9-21. */
export interface RejectionValues {
  /** 1 rejected-permanent, 2 rejected-transient. */
  readonly result: number;
  /** 1 service-user, 2 service-provider (ACSE), 3 service-provider (presentation). */
  readonly source: number;
  /** Reason/diag. */
  readonly reason: number;
}

/** The rejections of PS3.8 Table 9-21 that this package gives. */
export const rejections = {
  /** The user gives no reason, and it is permanent. */
  noReason: { result: 1, source: 1, reason: 1 },
  /** The user gives no reason, but another try may succeed. */
  noReasonForNow: { result: 2, source: 1, reason: 1 },
  /** Application context name not supported. */
  applicationContextNotSupported: { result: 1, source: 1, reason: 2 },
  /** Calling AE title not recognized. */
  callingAeTitleNotRecognized: { result: 1, source: 1, reason: 3 },
  /** Called AE title not recognized. */
  calledAeTitleNotRecognized: { result: 1, source: 1, reason: 7 },
  /** Protocol version not supported. */
  protocolVersionNotSupported: { result: 1, source: 2, reason: 2 },
  /** Local limit exceeded. */
  localLimitExceeded: { result: 2, source: 3, reason: 2 },
} as const satisfies Record<string, RejectionValues>;

/** A-ABORT sources. PS3.8 Table 9-26. */
export const serviceUser = 0;
export const serviceProvider = 2;

/** A-ABORT reasons of the service-provider. PS3.8 Table 9-26. */
export const abortReason = {
  notSpecified: 0,
  unrecognizedPdu: 1,
  unexpectedPdu: 2,
  unrecognizedPduParameter: 4,
  unexpectedPduParameter: 5,
  invalidPduParameterValue: 6,
} as const;

const rejectionSources: Readonly<Record<number, string>> = {
  1: 'the application (service-user)',
  2: 'the upper layer (service-provider, ACSE)',
  3: 'the upper layer (service-provider, presentation)',
};

const rejectionReasons: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: {
    1: 'no reason given',
    2: 'application context name not supported',
    3: 'calling AE title not recognized',
    7: 'called AE title not recognized',
  },
  2: { 1: 'no reason given by the upper layer', 2: 'protocol version not supported' },
  3: { 1: 'temporary congestion', 2: 'local limit exceeded' },
};

const abortReasons: Readonly<Record<number, string>> = {
  0: 'reason not specified',
  1: 'unrecognized PDU',
  2: 'unexpected PDU',
  4: 'unrecognized PDU parameter',
  5: 'unexpected PDU parameter',
  6: 'invalid PDU parameter value',
};
