import { tests } from '../config/vitest.js';

export default tests({ include: ['**/*.test.ts'], testTimeout: 120_000 });
