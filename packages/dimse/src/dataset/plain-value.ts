/** A decoded value of any VR: what an element holds that is no sequence. */
export type PlainValue = string | number | bigint | Uint8Array;
