import { tests } from '../../tooling/config/vitest.js';

export default tests();
