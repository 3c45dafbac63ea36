// After a build, in the package's folder. The declaration bundler repeats what a shared part imports in every entry, as imports of
// nothing: `import '@dicomwire/ul';` in the declarations of a subpath that runs in browsers would ask its users for Node's types.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

for (const name of readdirSync('dist')) {
  if (!/[.]d[.]c?ts$/.test(name)) continue;
  const file = join('dist', name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^import '[^']+';\n+/gm, ''));
}
