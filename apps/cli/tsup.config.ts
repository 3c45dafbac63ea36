import { application } from '../../tooling/config/tsup.js';

export default application({ cli: 'src/cli.ts' });
