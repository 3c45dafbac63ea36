import { tests } from '../config/vitest.js';

export default tests({ include: ['**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 });
