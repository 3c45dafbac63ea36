import { tests } from '../../tooling/config/vitest.js';

// Black-box tests start processes, on machines that may be busy.
export default tests({ testTimeout: 60_000 });
