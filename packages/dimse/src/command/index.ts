export { decodeCommandSet } from './decode.js';
export { encodeCommandSet } from './encode.js';
export type { CommandFieldName, CommandFields } from './fields.js';
export { MESSAGES, type MessageDescription } from './messages.js';
export type * from './types.js';
