import { tests } from '../config/vitest.js';

export default tests({ include: ['**/*.test.ts'], hookTimeout: 120_000 });
