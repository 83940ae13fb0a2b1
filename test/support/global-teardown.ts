/** Ends the servers that global-setup.ts started. */
import { servers, tearDownServers } from './global-setup.js';

export default async function tearDown(): Promise<void> {
  await tearDownServers(servers.why401Servers);
}
