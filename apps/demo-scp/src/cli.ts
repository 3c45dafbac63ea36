#!/usr/bin/env node
/** The program `demo-scp`. Whether this Node can run it is looked at before anything else is loaded. */
import packageJson from '../package.json' with { type: 'json' };
import { collectChunksEarly } from './memory.js';
import { complaintAboutNode } from './needed-node.js';

const complaint = complaintAboutNode(process.versions.node, packageJson.engines.node);
if (complaint === undefined) {
  // Loading the rest makes the young generation grow, which then stays.
  collectChunksEarly();
  await import('./main.js');
} else {
  process.stderr.write(`demo-scp: ${complaint}\n`);
  process.exitCode = 2;
}
