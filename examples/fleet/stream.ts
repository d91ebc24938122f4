import { connect } from '@nats-io/transport-node';
import { type DurableDispatcher, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import type { Movement } from './stock.js';

/** The clock of the fleet: one stream of the server. */
export interface FleetClock {
  /** Identifies the log, so that positions of another one are refused. */
  readonly log: string;
  readonly dispatcher: DurableDispatcher<Movement>;
  close(): Promise<void>;
}

/** Opens the stream; the first that comes makes it. */
export async function openClock(server: string): Promise<FleetClock> {
  const connection = await connect({ servers: server });
  const log = await openJetStreamLog(connection, { stream: 'FLEET', subjects: 'fleet.>' });
  const dispatcher = await openDispatcher<Movement>(log);
  return {
    log: log.id,
    dispatcher,
    async close() {
      await dispatcher.close();
      await log.close();
      await connection.close();
    },
  };
}
