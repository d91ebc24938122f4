import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The links of a page that lead nowhere: to a file that isn't there, or to a heading that its page doesn't have. */
export function brokenLinks(page: string): string[] {
  const links = withoutBlocks(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
  return [...links].flatMap(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    const holds = existsSync(target) && (anchor === undefined || anchors(target).includes(anchor));
    return holds ? [] : [`${page} links to ${path}${anchor === undefined ? '' : `#${anchor}`}`];
  });
}

/** What a heading is called in a link, on GitHub and in most other places. */
function anchors(page: string): string[] {
  const headings = withoutBlocks(page).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutBlocks(page: string): string {
  return readFileSync(page, 'utf8').replace(/^ {0,3}```.*?^ {0,3}```/gms, '');
}
