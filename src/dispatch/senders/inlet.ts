/** A sender as an input of an operator sees it. */
export interface Inlet<I> {
  readonly closed: boolean;
  /** Takes an item; where there is no room, the overflow policy decides. Throws over what is no item. */
  next(item: I): void;
  error(error: unknown): void;
  complete(): void;
  /**
   * Gives an item its place: at once (`undefined`), or once there is room for it. `decided` is called as soon as the item
   * can't be given back any more: it was taken, or is late. It must not call back.
   */
  offer(item: I, decided: () => void): Promise<unknown> | undefined;
  /** Whether there is room where the last item went. */
  readonly hasRoom: boolean;
  /**
   * Calls back once there is room where the last item went. `keep`: a place is kept there until the next `offer`, or
   * until `giveUp` is called.
   */
  whenRoom(keep: boolean, ready: () => void): void;
  /** Nothing is offered any more: a place that is kept, or waited for, is free. */
  giveUp(): void;
  /** Called when nobody whom it could write to is left. */
  onDeserted(listener: () => void): void;
  /** Its items come from there. */
  follow(upstream: { readonly unique: boolean }): void;
}
