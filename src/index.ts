import { COMMANDS } from './commands/all.ts';

/** `dist/index.js` itself is the backup action; the other entries in `dist/` pass a name, its post phase among them. */
const [, , entry = 'backup', ...args] = process.argv;

if (entry === 'cli') {
  const { main } = await import(/* webpackMode: "eager" */ './cli.ts');
  await main(args);
} else if (entry === 'post') {
  const { runPost } = await import(/* webpackMode: "eager" */ './github/run-post.ts');
  await runPost();
} else {
  const command = await COMMANDS[entry]?.();
  if (command === undefined) throw new Error(`There is no action ${entry}.`);
  const { runAction } = await import(/* webpackMode: "eager" */ './github/run-action.ts');
  await runAction(command);
}
