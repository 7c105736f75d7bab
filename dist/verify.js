process.argv[2] = 'verify';
await import('./index.js');
