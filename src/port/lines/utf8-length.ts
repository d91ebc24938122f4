/** So much of a text is counted at a time: each unit has three bytes at most. */
const UNITS = 2 ** 14;

const encoder: TextEncoder = /* @__PURE__ */ new TextEncoder();
let bytes: Uint8Array<ArrayBuffer> | undefined;

/** Bytes of a text in UTF-8. An encoder counts them ten times as fast as a loop does. */
export function utf8Length(text: string): number {
  bytes ??= new Uint8Array(3 * UNITS);
  let length = 0;
  let end: number;
  for (let begin = 0; begin < text.length; begin = end) {
    end = Math.min(text.length, begin + UNITS);
    // Two units that are one character have four bytes together, and six where they are counted apart.
    if (end < text.length && isHigh(text.charCodeAt(end - 1))) end--;
    length += encoder.encodeInto(text.slice(begin, end), bytes).written;
  }
  return length;
}

/** Whether a text has more bytes than so many. Most texts are so short that nobody has to count. */
export function isLongerThan(text: string, most: number): boolean {
  return text.length * 3 > most && utf8Length(text) > most;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
