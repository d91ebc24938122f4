import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const PATHS = {
  pause: 'M5 3h2.6v10H5zM8.4 3H11v10H8.4z',
  play: 'M4.5 2.6 13 8l-8.5 5.4z',
  silent: 'M2 6h2.6L8 3v10L4.6 10H2zM10 6l4 4m0-4-4 4',
  reload: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  send: 'M2 8h11M9 4l4 4-4 4',
} as const;

/** A small picture; whatever it is in has a name of its own. */
@Component({
  selector: 'desk-icon',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path [attr.d]="path()" />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
    }
    path {
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    :host(.solid) path {
      fill: currentColor;
      stroke: none;
    }
  `,
})
export class Icon {
  readonly name = input.required<keyof typeof PATHS>();
  protected readonly path = computed(() => PATHS[this.name()]);
}
