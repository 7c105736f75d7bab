process.argv[2] = 'prune';
await import('./index.js');
