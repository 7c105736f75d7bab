process.argv[2] = 'restore';
await import('./index.js');
