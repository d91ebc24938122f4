export { DispatcherFrontier as ReceiverFrontier } from './dispatcher-frontier.js';
