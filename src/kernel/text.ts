/** Text as people paste it from Excel, WPS or a chat: full-width digits and letters, odd spaces, invisible marks. */

/** Full-width digits and letters become half-width; every run of spaces one space; Chinese punctuation stays as written. */
export function normaliseText(text: string): string {
  // Most cells of a roster are in order already, and to see that takes one look.
  if (!/[０-９Ａ-Ｚａ-ｚ\u200b-\u200f\u2060\ufeff\s]/.test(text)) return text;
  return text
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, halfWidth)
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\s\u00a0\u3000]+/g, ' ')
    .trim();
}

/** For cells that must hold a number or a code: signs become half-width too, and no space survives. */
export function normaliseNumberText(text: string): string {
  return normaliseText(text)
    .replace(/[，．－＋／％：]/g, halfWidth)
    .replace(/ /g, '');
}

function halfWidth(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}
