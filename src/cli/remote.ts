/** `host:path`, as scp writes it; a colon after a slash belongs to a path (git-clone, "GIT URLS"). */
const SCP_FORM = /^(?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:]+):(?!\/\/)(.+)$/s;

/**
 * The repository that the URL of a remote names: `owner/name`, or all of the path where a host has groups in groups.
 * Nothing else of the URL, which may hold a password.
 * @returns empty for a path of this machine
 */
export function repositoryOf(remote: string): string {
  return pathOf(remote)
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '');
}

function pathOf(remote: string): string {
  const url = remote.includes('://') ? URL.parse(remote) : null;
  if (url !== null) return url.protocol === 'file:' ? '' : decoded(url.pathname);
  // A single letter before the colon is a drive of Windows.
  return /^[A-Za-z]:/.test(remote) ? '' : (SCP_FORM.exec(remote)?.[1] ?? '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
