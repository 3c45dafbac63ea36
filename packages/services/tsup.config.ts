import { library } from '../../tooling/config/tsup.js';

export default library({ index: 'src/index.ts', codecs: 'src/codecs.ts' });
