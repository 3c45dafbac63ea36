import { library } from '../../tooling/config/tsup.js';

export default library({ index: 'src/index.ts', dataset: 'src/dataset/index.ts', testing: 'src/testing/index.ts' });
