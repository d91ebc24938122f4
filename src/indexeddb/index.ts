export { LogLostError, LogOutdatedError, LogUnavailableError } from './errors.js';
