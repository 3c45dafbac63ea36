import { tests } from '../config/vitest.js';

export default tests({ include: ['**/*.test.ts'], testTimeout: 120_000, hookTimeout: 180_000 });
