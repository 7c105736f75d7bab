import { parseVersionSelector, SELECTOR_FORMS } from '../series/version-selector.ts';
import { text } from './fields.ts';

/** What names one version; which one that is, `resolveVersion` finds out. */
export const versionSchema = text((value) =>
  parseVersionSelector(value).length > 0 ? undefined : `it must be ${SELECTOR_FORMS}: write one of these`,
);
