import { ClientDoor } from './door/door.ts';
import type { Platform } from './ports/platform.ts';

/** The client on a platform. Adapters (client-web, client-node) bring the platform; apps use the `Door` that comes back. */
export function createDoor(platform: Platform): ClientDoor {
  return new ClientDoor(platform);
}
