/** The first element of all messages of lines: others may use the same worker. */
export const MARK = 'rxjs-clocked-dispatch';
