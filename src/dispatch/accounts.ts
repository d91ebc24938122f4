/** What became of the messages that were offered (law 28): each is counted once, when that is decided. */
export class Accounts {
  accepted = 0;
  refused = 0;
  late = 0;
  ahead = 0;
  duplicates = 0;

  get offered(): number {
    return this.accepted + this.refused + this.late + this.ahead + this.duplicates;
  }
}
