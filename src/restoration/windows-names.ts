/**
 * Names that Windows gives a meaning of its own. Source: Microsoft, "Naming Files, Paths, and Namespaces".
 */

/** Devices in every directory, whatever extension they are given; the superscripts count as digits. */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?$/i;
/** The colon also stands for alternate data streams (`file::$DATA`) and drives (`C:..\file`). */
const FORBIDDEN = /[<>:"|?*\\\p{Cc}]/u;
/** The system drops them, so that `.git.` would be `.git`. */
const DROPPED_END = /[. ]$/;
/** An 8.3 name may stand for another file: `GIT~1` for `.git`. */
const SHORT_NAME = /^[^.]{1,6}~\d{1,6}(?:\.[^.]{0,3})?$/;
const MAX_NAME_CHARACTERS = 255;

/** @returns why a path segment cannot be a name on Windows, or would be another name; undefined if it is one */
export function windowsNameProblem(name: string): string | undefined {
  if (FORBIDDEN.test(name)) return `${JSON.stringify(name)} has a character that Windows does not allow in names`;
  if (DEVICES.test(name)) return `${JSON.stringify(name)} is a device on Windows`;
  if (DROPPED_END.test(name)) return `${JSON.stringify(name)} ends in a dot or a space, which Windows drops`;
  if (SHORT_NAME.test(name)) return `${JSON.stringify(name)} has the form of an 8.3 name, which can stand for another`;
  if (name.length > MAX_NAME_CHARACTERS) return `it has a name of more than ${MAX_NAME_CHARACTERS} characters`;
  return undefined;
}
