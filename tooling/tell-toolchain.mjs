// Run by run.mjs inside `npx -p node -p pnpm`: says, on one line, which Node runs and which folders hold it and pnpm.

import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const names = process.platform === 'win32' ? ['pnpm.exe', 'pnpm.cmd'] : ['pnpm'];
const pnpm = process.env.PATH.split(delimiter).find((folder) => names.some((name) => existsSync(join(folder, name))));

console.log(JSON.stringify({ node: process.versions.node, folders: [dirname(process.execPath), pnpm] }));
