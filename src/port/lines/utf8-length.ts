/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // Two units that are one character have four bytes together.
    if (isHigh(unit) && isLow(text.charCodeAt(i + 1))) i++;
  }
  return bytes;
}

/** Whether a text has more bytes than so many. Most texts are so short that nobody has to count. */
export function isLongerThan(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && utf8Length(text) > bytes;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Also false behind the end of a text, where it is NaN. */
function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
