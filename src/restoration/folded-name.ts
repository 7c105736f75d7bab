/** A name as the most forgiving file system compares it: without case, form and characters that cannot be seen. */
export function foldedName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();
}
