/**
 * The Verification service class, as provider. PS3.4 Annex A.
 */
import type { Service } from '../service.js';
import { verificationSopClass } from './verification-sop-class.js';

/** Answers every C-ECHO with Success. PS3.7 9.1.5. */
export function verification(): Service {
  return {
    name: 'verification',
    requests: ['C-ECHO-RQ'],
    sopClasses: [verificationSopClass],
    perform: async () => ({ status: 0x0000 }),
  };
}
