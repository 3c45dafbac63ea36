import { library } from '../../tooling/config/tsup.js';

export default library({
  index: 'src/index.ts',
  dataset: 'src/dataset/index.ts',
  testing: 'src/testing/index.ts',
  'codecs/jpeg': 'src/codecs/jpeg.ts',
  'codecs/jpeg-2000': 'src/codecs/jpeg-2000.ts',
  'codecs/jpeg-lossless': 'src/codecs/jpeg-lossless.ts',
  'codecs/jpeg-ls': 'src/codecs/jpeg-ls.ts',
});
