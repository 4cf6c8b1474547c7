/** The pinyin of names. A name's spelling never changes, so it is remembered and never stale. */

let speller: typeof import('pinyin-pro').pinyin | undefined;
const remembered = new Map<string, readonly string[]>();
/** Beyond this the memory is emptied: our own bound, some ten megabytes. */
const MOST = 50_000;

/** The dictionary is read when somebody first types letters; most processes never do. */
export async function openSpelling(): Promise<(name: string) => readonly string[]> {
  speller ??= (await import('pinyin-pro')).pinyin;
  return syllablesOf;
}

function syllablesOf(name: string): readonly string[] {
  const known = remembered.get(name);
  if (known) return known;
  if (remembered.size >= MOST) remembered.clear();
  const syllables = speller!(name, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' })
    .map((one) => one.toLowerCase().trim())
    .filter(Boolean);
  remembered.set(name, syllables);
  return syllables;
}
