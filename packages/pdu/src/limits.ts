/**
 * Caps on what a peer can make this codec hold or do. All of them are tested before anything is allocated for what they
 * bound, and none can be switched off. Bytes are bytes of a PDU as its length field counts them (without the six bytes of header).
 */
export interface Limits {
  /**
   * Longest A-ASSOCIATE-RQ or A-ASSOCIATE-AC (and PDU of unknown type). Default 1 MiB: these are gathered whole. 128
   * contexts with 40 transfer syntaxes each take some 160 kB, and user information, where a SAML assertion travels, ends
   * at 64 kB by its 16-bit length.
   */
  readonly associatePduBytes: number;
  /**
   * Longest P-DATA-TF. Default 16 MiB, more than peers announce or send. `PduReader` hands these on
   * as they arrive, so that this costs no memory; raise it when announcing maximum length 0 (unlimited) to peers that
   * then send a whole data set in one PDU.
   */
  readonly pDataTfBytes: number;
  /** Presentation contexts in one PDU. Default 128, as many as there are odd IDs. */
  readonly presentationContexts: number;
  /** Transfer syntaxes in one proposed context. Default 256, several times what the standard has. */
  readonly transferSyntaxes: number;
  /** Role selections, and as many extended and common extended negotiations. Default 512. */
  readonly negotiationItems: number;
  /** Related general SOP classes in one common extended negotiation. Default 256. */
  readonly relatedGeneralSopClasses: number;
  /** Items of unknown type in one PDU, presentation context or user information item. Default 256. */
  readonly unknownItems: number;
  /** Presentation data values that `decode` returns of one P-DATA-TF. Default 65536; `PduReader` keeps none. */
  readonly presentationDataValues: number;
}

/** The defaults of {@link Limits}. */
export const DEFAULT_LIMITS: Limits = {
  associatePduBytes: 0x100000,
  pDataTfBytes: 0x1000000,
  presentationContexts: 128,
  transferSyntaxes: 256,
  negotiationItems: 512,
  relatedGeneralSopClasses: 256,
  unknownItems: 256,
  presentationDataValues: 0x10000,
};

/** Some limits set, the others as in {@link DEFAULT_LIMITS}. */
export type LimitOptions = { readonly [K in keyof Limits]?: Limits[K] | undefined };

/** Fills in the defaults; an explicit `undefined` means the default as well, never "no limit". */
export function resolveLimits(options?: LimitOptions): Limits {
  if (options === undefined) return DEFAULT_LIMITS;
  const limits: { -readonly [K in keyof Limits]: number } = { ...DEFAULT_LIMITS };
  for (const name of LIMIT_NAMES) {
    const value = options[name];
    // NaN must not get through: every comparison with it is false, which would lift the cap.
    if (value !== undefined && value >= 0) limits[name] = value;
  }
  return limits;
}

/** Found once: limits are resolved for every connection. */
const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS).filter(isLimitName);

function isLimitName(name: string): name is keyof Limits {
  return name in DEFAULT_LIMITS;
}
