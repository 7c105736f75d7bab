#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error('versioned-s3-backup needs Node.js 24 or newer, but this is ' + process.versions.node + ': install a newer one, or run `npm ci` in the checkout and take node_modules/.bin/node.');
  process.exit(2);
}
process.argv.splice(2, 0, 'cli');
await import('./index.js');
