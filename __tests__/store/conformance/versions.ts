import { expect, it } from '@jest/globals';
import type { Conformance } from '../conformance.ts';
import { classOf, type NewPlace, type Place } from './place.ts';

export function describeVersions(place: NewPlace, { versioning }: Conformance): void {
  it('knows whether the bucket is versioned', async () => {
    const here = place();
    expect(await here.store.versioning()).toBe(versioning);
    const { versionId } = await here.store.put(here.key('a'), Buffer.from('a'));
    expect((versionId !== undefined && versionId !== 'null') === (versioning === 'enabled')).toBe(true);
  });

  if (versioning !== 'enabled') return;

  /** Newest version first; S3's clients tell markers apart from the rest, so their place among them is open. */
  const putTwiceAndHide = async (here: Place) => {
    await here.put('a', 'old');
    const key = await here.put('a', 'newer');
    await here.store.delete([{ key }]);
    const all = await here.versions();
    const [markers, versions] = [true, false].map((want) =>
      all.filter(({ isDeleteMarker }) => isDeleteMarker === want),
    );
    return { key, markers: markers ?? [], versions: versions ?? [] };
  };

  it('hides what is deleted without a version, and lists all there is', async () => {
    const here = place();
    const { key, markers, versions } = await putTwiceAndHide(here);
    expect(await classOf(here.store.get(key))).toBe('not-found');
    expect(await here.names()).toEqual([]);
    expect(markers).toMatchObject([{ key, isLatest: true, size: 0 }]);
    expect(versions).toMatchObject([
      { key, isLatest: false, size: 5 },
      { key, isLatest: false, size: 3 },
    ]);
  });

  it('reads a version that is hidden', async () => {
    const here = place();
    const { key, versions } = await putTwiceAndHide(here);
    const read = async (versionId = '') => {
      const { body } = await here.store.get(key, { versionId });
      return Buffer.concat(await Array.fromAsync(body)).toString();
    };
    expect([await read(versions[0]?.versionId), await read(versions[1]?.versionId)]).toEqual(['newer', 'old']);
    await here.store.delete([{ key, versionId: versions[1]?.versionId ?? '' }]);
    expect(await classOf(read(versions[1]?.versionId))).toBe('not-found');
  });

  it('names folders in which all is hidden, and those in which something is to be seen', async () => {
    const here = place();
    const key = await here.put('hidden/a');
    await here.put('seen/b/c');
    await here.put('file');
    await here.store.delete([{ key }]);
    const folders = (found: AsyncIterable<string>) =>
      Array.fromAsync(found, (folder) => folder.slice(here.prefix.length));
    expect(await folders(here.store.listPrefixes(here.prefix))).toEqual(['seen/']);
    expect(await folders(here.store.listVersionPrefixes(here.prefix))).toEqual(['hidden/', 'seen/']);
  });

  it('deletes versions and markers for good', async () => {
    const here = place();
    const { key, markers, versions } = await putTwiceAndHide(here);
    const targets = [...markers, ...versions].map(({ versionId }) => ({ key, versionId }));
    expect(await here.store.delete(targets.slice(0, 2))).toEqual([]);
    expect(await here.text(key)).toBe('old');
    expect(await here.store.delete([...targets, ...targets])).toEqual([]);
    expect(await here.versions()).toEqual([]);
  });
}
