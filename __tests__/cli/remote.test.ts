import { describe, expect, it } from '@jest/globals';
import { repositoryOf } from '../../src/cli/remote.ts';

describe('repositoryOf', () => {
  it.each([
    ['https://github.com/octo/widgets.git', 'octo/widgets'],
    ['https://github.com/octo/widgets', 'octo/widgets'],
    ['https://user:token@gitlab.com/group/sub/widgets.git/', 'group/sub/widgets'],
    ['ssh://git@example.com:2222/octo/widgets.git', 'octo/widgets'],
    ['git@github.com:octo/widgets.git', 'octo/widgets'],
    ['github.com:octo/widgets', 'octo/widgets'],
    ['git@[::1]:octo/widgets.git', 'octo/widgets'],
    ['git://example.com/octo/with%20space.git', 'octo/with space'],
    ['https://example.com/octo/50%', 'octo/50%'],
    ['/srv/git/widgets.git', ''],
    ['../widgets', ''],
    ['./odd:name', ''],
    ['file:///srv/git/widgets.git', ''],
    ['C:\\git\\widgets', ''],
    ['', ''],
  ])('of %j is %j', (remote, repository) => {
    expect(repositoryOf(remote)).toBe(repository);
  });
});
