import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { tests } from '../config/vitest.js';

/** What is compared with all that the others have exchanged. */
const LAST = 'interoperability.test.ts';

class LastOfAll extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLast = ({ moduleId }: TestSpecification) => moduleId.endsWith(LAST);
    return [...sorted.filter((each) => !isLast(each)), ...sorted.filter(isLast)];
  }
}

export default tests({
  include: ['**/*.test.ts'],
  globalSetup: ['exchanges/bundle-recorder.ts'],
  setupFiles: ['exchanges/setup.ts'],
  sequence: { sequencer: LastOfAll },
  testTimeout: 120_000,
  hookTimeout: 120_000,
  fileParallelism: false,
});
