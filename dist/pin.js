process.argv[2] = 'pin';
await import('./index.js');
