import { tests } from '../config/vitest.js';

// What is bundled is taken as it is.
export default tests({ include: ['*.test.ts'], server: { deps: { external: [/service-values-/] } } });
