/** The lines of a printed page, and what makes of them paragraphs again. */

export interface Line {
  words: string;
  left: number;
  right: number;
  /** The height of its letters. */
  size: number;
}

/** No official text is longer; a longer file is a collection. Ours. */
export const pageLimit = 1_000;

/**
 * A paragraph begins with an indent, or after a line that ends short of the margin; so a sentence that runs over three lines, or over the end of
 * a page, is one again. Numbers of pages are left out.
 */
export function paragraphsOf(pages: readonly (readonly Line[])[]): string {
  const paragraphs: string[] = [];
  let short = true;
  for (const page of pages) {
    const lines = page.filter(({ words }) => !/^[\s\-—–－·.第页/]*\d{0,4}[\s\-—–－·.第页/]*$/.test(words));
    const left = Math.min(...lines.map((line) => line.left));
    const right = Math.max(...lines.map((line) => line.right));
    for (const line of lines) {
      const words = line.words.trim();
      if (short || line.left > left + line.size) paragraphs.push(words);
      else
        paragraphs[paragraphs.length - 1] +=
          /[\w,.;]$/.test(paragraphs.at(-1)!) && /^\w/.test(words) ? ` ${words}` : words;
      short = line.right < right - 2 * line.size;
    }
  }
  return paragraphs.join('\n');
}
