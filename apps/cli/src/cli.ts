#!/usr/bin/env node
/** The program `dicomwire`. Whether this Node can run it is looked at before anything else is loaded. */
import packageJson from '../package.json' with { type: 'json' };
import { complaintAboutNode } from './needed-node.js';

const complaint = complaintAboutNode(process.versions.node, packageJson.engines.node);
if (complaint === undefined) {
  await import('./main.js');
} else {
  process.stderr.write(`dicomwire: ${complaint}\n`);
  process.exitCode = 2;
}
