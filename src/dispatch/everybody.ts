/** As the targets of a message: all channels that are there when it is delivered, also those that join before. */
export const EVERYBODY: readonly never[] = [];
