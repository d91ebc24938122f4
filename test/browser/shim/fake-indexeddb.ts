// A browser has one of its own.
export {};
