/**
 * Every code and its class. A code is never given to another class: new ones are added at the end of their hundred, and
 * the code of a class that is removed stays here. Each has its section in docs/errors.md.
 */
export const CODES = {
  RCD000: 'ClockedDispatchError',
  RCD001: 'InvalidOptionError',
  RCD002: 'UnknownOptionError',
  RCD003: 'InvalidModeError',
  RCD004: 'InvalidArgumentError',
  RCD005: 'InvalidSourceError',
  RCD006: 'InvalidNameError',
  RCD007: 'DuplicateNameError',
  RCD008: 'UnknownReceiverError',
  RCD009: 'InvalidRouteError',
  RCD010: 'NullValueError',
  RCD011: 'InvalidMessageError',
  RCD012: 'InvalidTimestampError',
  RCD013: 'LateMessageError',
  RCD014: 'AheadMessageError',
  RCD015: 'DuplicateMessageError',
  RCD016: 'ClockExhaustedError',
  RCD017: 'OverflowError',
  RCD018: 'WindowError',
  RCD019: 'TooManyWaitingError',
  RCD020: 'TooManyHeldError',
  RCD021: 'GapError',
  RCD022: 'ClockBehindError',
  RCD023: 'ClosedError',
  RCD024: 'NoReceiverError',
  RCD025: 'ClockNotReachedError',
  RCD026: 'NoClockError',
  RCD027: 'MarbleRowError',

  // The log.
  RCD101: 'LogPositionError',
  RCD102: 'LogFencedError',
  RCD103: 'LogClosedError',
  RCD104: 'CheckpointError',
  RCD105: 'LogOutcomeUnknownError',
  RCD106: 'LogBusyError',
  RCD107: 'UnstorableValueError',
  RCD108: 'LogDamagedError',
  RCD109: 'LogFullError',
  RCD110: 'LogLockedError',
  RCD111: 'LogFolderError',
  RCD112: 'LogFormatError',
  RCD113: 'LogStoreError',
  RCD114: 'MissingPeerError',
  RCD115: 'CheckpointDamagedError',
  RCD116: 'LogOutdatedError',
  RCD117: 'LogLostError',
  RCD118: 'LogUnavailableError',
  RCD119: 'FoldError',

  // JetStream.
  RCD140: 'StreamAccessError',
  RCD141: 'PayloadTooLargeError',
  RCD142: 'StreamMissingError',
  RCD143: 'StreamReplacedError',
  RCD144: 'StreamUnfitError',
  RCD145: 'ForeignMessageError',

  // The line.
  RCD120: 'ProtocolError',
  RCD121: 'ProtocolVersionError',
  RCD122: 'PastGoneError',
  RCD123: 'SendUnknownError',
  RCD124: 'RefusedError',
  RCD125: 'RemoteError',
  RCD126: 'LineSilentError',
  RCD127: 'FrameTooLargeError',
  RCD130: 'UnsendableValueError',
  RCD131: 'LineClosedError',
} as const;

/** The stable code of an error class. */
export type ErrorCode = keyof typeof CODES;

/** The code that a class has in the list, so that the compiler finds a code under a wrong name. */
export type CodeOf<Name extends string> = {
  [C in ErrorCode]: (typeof CODES)[C] extends Name ? C : never;
}[ErrorCode];
