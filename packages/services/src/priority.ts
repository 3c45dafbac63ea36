/**
 * Priority of a C-service. PS3.7 9.1.1.1.4.
 */

/** Priority (0000,0700). */
export type Priority = 'low' | 'medium' | 'high';

/** The value of a priority in a command set; medium unless told. */
export function priorityCode(priority: Priority | undefined): number {
  return codes[priority ?? 'medium'];
}

/** The priority that a command set asks for; a value that means nothing is medium. */
export function priorityOfCode(code: number | undefined): Priority {
  return code === codes.high ? 'high' : code === codes.low ? 'low' : 'medium';
}

/** PS3.7 9.3.1.1, E.1. */
const codes = { low: 2, medium: 0, high: 1 } as const;
