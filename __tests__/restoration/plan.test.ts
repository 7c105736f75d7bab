import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PlanInput, planRestore } from '../../src/restoration/plan.ts';
import type { Entry } from '../../src/series/model.ts';
import { file, type Planted } from '../commands/restore/scene.ts';
import { asyncOf, failure, fileEntry } from '../series/series-fixture.ts';
import { Scratch, targetAt } from './scratch.ts';

async function scratchWith(names: readonly string[]): Promise<Scratch> {
  const scratch = await Scratch.create();
  await mkdir(scratch.at('target'));
  await mkdir(scratch.at('temp'));
  for (const name of names) await writeFile(scratch.at('target', name), 'other');
  return scratch;
}

function inputFor(scratch: Scratch, entries: readonly Entry[], fields: Partial<PlanInput> = {}): PlanInput {
  return {
    entries: asyncOf(entries),
    isChosen: () => true,
    objectProblem: () => undefined,
    rules: { stripComponents: 0, overwrite: 'never', links: 'refuse' },
    target: targetAt(scratch.at('target')),
    temporaryDirectory: scratch.at('temp'),
    checkTotals() {},
    ...fields,
  };
}

const entriesOf = (items: readonly Planted[]) => items.map(({ entry }) => entry);

describe('planRestore', () => {
  it('hands on every entry once, a path before all below it, and cleans up', async () => {
    await using scratch = await scratchWith([]);
    const name = fc.constantFrom('a', 'b', '-', '!', 'é', '😀');
    const paths = fc.uniqueArray(fc.array(name, { minLength: 3, maxLength: 3 }).map((names) => names.join('/')));
    await fc.assert(
      fc.asyncProperty(paths, async (list) => {
        const plan = await planRestore(
          inputFor(
            scratch,
            list.map((path) => fileEntry(path)),
          ),
        );
        const steps = await Array.fromAsync(plan.steps());
        expect(steps.map(({ path }) => path).sort()).toEqual(list.toSorted());
        expect(steps.every(({ action, path, entry }) => action === 'write' && entry.path === path)).toBe(true);
        await plan.close();
      }),
      { numRuns: 30 },
    );
    expect(await readdir(scratch.at('temp'))).toEqual([]);
    expect(await readdir(scratch.at('target'))).toEqual([]);
  });

  it('counts what is chosen, left out and to be fetched', async () => {
    await using scratch = await scratchWith(['changed']);
    const items = [file('in/changed', 'xx'), file('in/new', 'yyy'), file('out'), file('top')];
    const plan = await planRestore(
      inputFor(scratch, entriesOf(items), {
        isChosen: ({ path }) => path !== 'out',
        rules: { stripComponents: 1, overwrite: 'changed', links: 'refuse' },
      }),
    );
    expect(plan).toMatchObject({
      totals: { files: 2, bytes: 5 },
      toFetch: { files: 2, bytes: 5 },
      left: 0,
      leftOut: { notChosen: 1, stripped: 1 },
    });
    expect(await Array.fromAsync(plan.steps(), ({ path, action }) => [path, action])).toEqual([
      ['changed', 'replace'],
      ['new', 'write'],
    ]);
    await plan.close();
  });

  it('names the first few of many conflicts and counts the rest', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await using scratch = await scratchWith(names);
    const entries = entriesOf(names.map((name) => file(name)));
    await expect(planRestore(inputFor(scratch, entries))).rejects.toEqual(
      failure('local', /already for "a", "b", "c", "d", "e" and 2 more\. Nothing was written\.$/, { found: '7' }),
    );
    expect(await readdir(scratch.at('temp'))).toEqual([]);
  });

  it('looks at nothing in a fresh target', async () => {
    await using scratch = await scratchWith(['a']);
    const target = targetAt(scratch.at('target'), { isFresh: true });
    const plan = await planRestore(inputFor(scratch, [fileEntry('a')], { target }));
    expect(await Array.fromAsync(plan.steps(), ({ action }) => action)).toEqual(['write']);
    await plan.close();
  });

  it('hands over the totals of the whole version, chosen or not, and leaves nothing when they are refused', async () => {
    await using scratch = await scratchWith([]);
    const refuse = () => {
      throw new Error('other totals');
    };
    const input = inputFor(scratch, entriesOf([file('a', 'x'), file('b', 'yy')]), { isChosen: () => false });
    const seen: unknown[] = [];
    await (await planRestore({ ...input, checkTotals: (totals) => void seen.push(totals) })).close();
    expect(seen).toEqual([{ files: 2, symlinks: 0, directories: 0, bytes: 3 }]);
    await expect(planRestore({ ...input, checkTotals: refuse })).rejects.toThrow('other totals');
    expect(await readdir(scratch.at('temp'))).toEqual([]);
  });
});
