import type { RunInfo } from '../series/model.ts';
import { code, link, type Markdown } from './markdown.ts';

const COMMIT = /^[0-9a-f]{40,64}$/;

/** Linked where the run's page tells where the repository's pages are: `<server>/<repository>/actions/runs/…`. */
export function commitLink({ commit: sha, repository, url }: RunInfo): Markdown {
  const [server = '', rest] = url.split(`/${repository}/actions/runs/`);
  const known = rest !== undefined && COMMIT.test(sha);
  return known ? link(code(sha), `${server}/${repository}/commit/${sha}`) : code(sha);
}
