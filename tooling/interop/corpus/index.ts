/** Objects to send: real ones, and generated ones. */
export { SHARED_FILES } from './corpus.ts';
export { freshUid, generateObject } from './generated.ts';
export { splitPart10 } from './part10.ts';
