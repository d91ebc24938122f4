/** The colours that the stage draws with: those of the style sheet, in the theme that is on. */
export interface Palette {
  readonly surface: string;
  readonly zone: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly tick: string;
  readonly frontier: string;
  readonly flag: string;
  readonly onFlag: string;
  readonly onMarble: string;
  readonly bad: string;
  readonly regions: readonly string[];
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    surface: colour('--surface'),
    zone: colour('--zone'),
    ink: colour('--ink'),
    muted: colour('--muted'),
    line: colour('--line'),
    tick: colour('--tick'),
    frontier: colour('--frontier'),
    flag: colour('--accent'),
    onFlag: colour('--on-accent'),
    onMarble: colour('--on-marble'),
    bad: colour('--bad'),
    regions: [0, 1, 2, 3].map((region) => colour(`--region-${region}`)),
  };
}
